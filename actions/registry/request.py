"""Which place does a request for trials mean, knowing what was asked before?"""

from __future__ import annotations

from collections.abc import Sequence

from guide.content.choice import chosen
from guide.content.wording import Wording
from guide.trials.mentions import Mention, candidates, find_place, only_place
from guide.trials.places import Gazetteer, Place, fold


def place_meant(
    text: str, choices: Sequence[str], gazetteer: Gazetteer, wording: Wording
) -> Mention:
    """The place of a message, or several where it has to be asked which.

    Args:
        text: what the patient wrote; never logged, never sent on.
        choices: labels of the places that the last reply asked to choose from.
        gazetteer: the places we know.
        wording: the words for "first", "last" and the like.
    """
    named = only_place(text, gazetteer) or find_place(text, gazetteer)
    if not choices:
        return named
    offered = [place for label in choices for place in find_place(label, gazetteer).places]
    inside = _namesakes_in(named.places, offered, gazetteer)
    if inside:
        return Mention(candidates(inside))
    if named.places or named.unknown:
        return named
    picks = chosen(text, choices, wording)
    if len(picks) == 1:
        return find_place(choices[picks[0]], gazetteer)
    return Mention(tuple(offered))  # "the fifth": asked once more


def _namesakes_in(
    regions: Sequence[Place], offered: Sequence[Place], gazetteer: Gazetteer
) -> list[Place]:
    """The Springfield of Illinois, when "Illinois" is the reply to which Springfield was meant.

    It need not be among those offered, which are only the largest.
    """
    if not offered or len(regions) != 1 or regions[0].kind == "city":
        return []
    region = regions[0]
    return [
        place
        for place in gazetteer.places[fold(offered[0].city)]
        if place.kind == "city"
        and place.country_code == region.country_code
        and region.state in ("", place.state)
    ]

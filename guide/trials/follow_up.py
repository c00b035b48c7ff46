"""Where the last reply about trials left off, and what asks to go on from there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from guide.trials.places import fold

KIND = "trials"


@dataclass(frozen=True)
class LastTrials:
    """`place` and those of `places` are labels, which find the same place again.

    `offset` is how many studies of the list were shown, `places` what the reply asked to choose
    from, `date` that of the list ("" for none), `newest` whether nothing was said since.
    """

    place: str = ""
    offset: int = 0
    places: tuple[str, ...] = ()
    date: str = ""
    newest: bool = True

    @property
    def choices(self) -> tuple[str, ...]:
        """What "the second one" is about: nothing once something else was said."""
        return self.places if self.newest else ()


def last_trials(said: Iterable[Mapping[str, Any]]) -> LastTrials | None:
    """The last reply about trials.

    Args:
        said: metadata of the bot messages, newest first (see guide.content.said).
    """
    for number, about in enumerate(said):
        if about.get("kind") == KIND:
            offset = about.get("offset")
            return LastTrials(
                place=str(about.get("place") or ""),
                offset=offset if isinstance(offset, int) and offset > 0 else 0,
                places=tuple(str(place) for place in about.get("places") or ()),
                date=str(about.get("data_date") or ""),
                newest=number == 0,
            )
    return None


def asks_for_more(text: str, last: LastTrials | None, phrases: Iterable[str]) -> bool:
    """Whether a message asks for the next studies of a list."""
    if last is None or last.choices:
        return False
    return fold(text) in {fold(phrase) for phrase in phrases}

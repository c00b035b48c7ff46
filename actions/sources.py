"""Where did you get that? The references of the last answer, or all of them."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.shared import answered, guarded, held, last_shown, outdated, say
from guide.content import Content, month_words
from guide.content.wording import Wording


class ActionSources(Action):
    """Lists references with their links."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_sources"

    @guarded
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Any]:
        """Reply with the sources of the answer shown last, else of the whole article."""
        if not outdated(dispatcher, tracker):
            content, wording = held()
            shown = last_shown(tracker).get("answers", [])
            known = tuple(id_ for id_ in shown if id_ in content.answers)
            say(
                dispatcher, tracker, sources_text(content, wording, known), "sources", answers=known
            )
        return [answered()]


def sources_text(content: Content, wording: Wording, ids: tuple[str, ...]) -> str:
    """The references of these answers, or of the article where none is given."""
    if not ids:
        listed = _listed(content, tuple(content.references))
        return f"{wording.say('sources_all')}\n\n{listed}"
    parts = []
    for id_ in ids:
        answer = content.answers[id_]
        name = "sources_of" if answer.references else "sources_of_none"
        text = wording.say(name, question=answer.title, month=month_words(answer.as_of))
        parts += [text, _listed(content, answer.references)]
    return "\n\n".join(part for part in parts if part)


def _listed(content: Content, ids: tuple[str, ...]) -> str:
    lines = []
    for id_ in ids:
        reference = content.references[id_]
        link = f" [{reference.link}]({reference.link})" if reference.link else ""
        lines.append(f"- {reference.citation}{link}")
    return "\n".join(lines)

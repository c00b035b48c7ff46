"""Where did you get that? The references of the last answer, or all of them; or the registry."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.registry.wording import Wording as TrialWording
from actions.shared import (
    answered,
    bot_messages,
    guarded,
    held,
    last_shown,
    outdated,
    say,
    shows_answer,
)
from guide.content import DATA, Content, month_words
from guide.content.trials import load_trials
from guide.content.wording import Wording
from guide.trials.follow_up import KIND, LastTrials, last_trials


class ActionSources(Action):
    """Lists references with their links."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_sources"

    @guarded
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Any]:
        """Reply with the source of what was shown last, else of the whole article."""
        if not outdated(dispatcher, tracker):
            content, wording = held()
            known: tuple[str, ...] = ()
            trials = trials_shown(tracker)
            if trials is None:
                shown = last_shown(tracker).get("answers", [])
                known = tuple(id_ for id_ in shown if id_ in content.answers)
                text = sources_text(content, wording, known)
            else:
                text = TrialWording(load_trials(DATA)).sources(trials.date)
            say(dispatcher, tracker, text, "sources", answers=known)
        return [answered()]


def trials_shown(tracker: Tracker) -> LastTrials | None:
    """The last reply about trials, unless an answer was shown after it."""
    shown = [m for m in bot_messages(tracker) if m.get("kind") == KIND or shows_answer(m)]
    last = last_trials(shown)
    return last if last and last.newest else None


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

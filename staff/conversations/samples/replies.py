"""What the guide would say, out of the live content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from guide.content import DATA, Content, load, month_words
from guide.content.trials import load_trials
from guide.content.wording import load_responses, load_wording


@dataclass(frozen=True)
class Reply:
    """A bot message; `action` is what Rasa would have run for it."""

    text: str
    kind: str
    action: str
    answers: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()


class Replies:
    """Replies of every kind.

    Raises:
        ContentError: the content has faults.
    """

    def __init__(self, countries: str) -> None:
        self.content: Content = load(DATA)
        self.wording = load_wording(DATA, self.content.article)
        self._responses = load_responses()
        self._trials = load_trials(DATA)
        self._countries = countries

    def answer(self, id_: str, more: bool = False) -> Reply:
        """An answer, or its second level."""
        answer = self.content.answers[id_]
        text = (answer.more or answer.answer) if more else answer.answer
        shown = f"{text}\n\n{self._source(id_)}"
        if more:
            return Reply(shown, "more", "utter_tell_me_more", (id_,), self.titles(answer.related))
        return Reply(shown, "answer", f"utter_{id_}", (id_,), self.titles(answer.related))

    def several(self, ids: Sequence[str]) -> Reply:
        """Two answers at once."""
        parts = [self._text("several")]
        for id_ in ids:
            answer = self.content.answers[id_]
            asked = self.wording.say("you_asked", question=answer.title)
            parts += [asked, answer.answer, self._source(id_)]
        return Reply("\n\n".join(parts), "several", "utter_several", tuple(ids))

    def proposals(self, ids: Sequence[str]) -> Reply:
        """A did-you-mean."""
        titles = self.titles(ids)
        numbered = "\n".join(f"{number}. {title}" for number, title in enumerate(titles, 1))
        text = f"{self._text('did_you_mean')}\n\n{numbered}\n\n{self.wording.say('choose_hint')}"
        buttons = (*titles, self.wording.say("none_of_these"))
        return Reply(text, "did_you_mean", "utter_did_you_mean", tuple(ids), buttons)

    def fixed(self, intent: str) -> Reply:
        """A refusal, small talk or a safety text."""
        kind = self._responses[f"utter_{intent}"][0]["metadata"]["kind"]
        return Reply(self._text(intent), kind, f"utter_{intent}")

    def worded(self, name: str, kind: str, action: str, buttons: Sequence[str] = ()) -> Reply:
        """A text of data/wording.yml."""
        return Reply(self.wording.say(name), kind, action, (), tuple(buttons))

    def sources(self, id_: str) -> Reply:
        """Where an answer comes from."""
        answer = self.content.answers[id_]
        month = month_words(answer.as_of)
        text = self.wording.say("sources_of", question=answer.title, month=month)
        listed = "\n".join(f"- {self.content.references[r].citation}" for r in answer.references)
        return Reply(f"{text}\n\n{listed}", "sources", "action_sources", (id_,))

    def trials(self, count: int) -> Reply:
        """A list of trials, without its studies."""
        texts, links = self._trials.texts, self._trials.links
        parts = [
            texts["anywhere"].format(count=count, countries=self._countries),
            texts["search"].format(link=links["search"]),
            texts["caution"],
        ]
        return Reply("\n\n".join(parts), "trials", "action_find_trials")

    def with_notice(self, reply: Reply) -> Reply:
        """As the first ordinary one of a conversation."""
        return replace(reply, text=f"{reply.text}\n\n{self.wording.say('notice')}")

    def titles(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Of answers."""
        return tuple(self.content.answers[id_].title for id_ in ids)

    def _source(self, id_: str) -> str:
        month = month_words(self.content.answers[id_].as_of)
        return self.wording.say("source_line", month=month)

    def _text(self, name: str) -> str:
        return self.wording.fill(self._responses[f"utter_{name}"][0]["text"])

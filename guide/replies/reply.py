"""Replies as plain values, put together from content and wording. No Rasa, no network."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from guide.content import Answer, Content, month_words
from guide.content.wording import Wording


@dataclass(frozen=True)
class Reply:
    """One bot message: Markdown text, button titles, and what staff and widget need to know.

    `withdrawn` are answers that it would have given, had staff not withdrawn them.
    """

    text: str
    kind: str
    answers: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    notice: bool = False
    withdrawn: tuple[str, ...] = ()

    def as_message(self, version: str) -> dict[str, Any]:
        """As Rasa passes it on: keys that it does not know travel as the event's metadata."""
        message: dict[str, Any] = {
            "text": self.text,
            "kind": self.kind,
            "answers": list(self.answers),
            "version": version,
        }
        if self.buttons:
            # The title is the payload: pressing and typing it are the same message.
            message["buttons"] = [{"title": b, "payload": b} for b in self.buttons]
        if self.notice:
            message["notice"] = True
        if self.withdrawn:
            message["withdrawn"] = list(self.withdrawn)
        return message


@dataclass(frozen=True)
class Composer:
    """Makes replies of the content.

    `withdrawn` is asked at each reply which answers staff withdrew; without it there are none.
    """

    content: Content
    wording: Wording
    starters: tuple[str, ...] = field(default=())
    withdrawn: Callable[[], Collection[str]] = field(default=frozenset)

    def source_line(self, answer: Answer) -> str:
        """Where an answer comes from and how old it is."""
        return self.wording.say("source_line", month=month_words(answer.as_of))

    def answer(self, id_: str) -> Reply:
        """A curated answer with its source; the titles of related answers as buttons."""
        if id_ in self.withdrawn():
            return self._doctor_line(id_)
        answer = self.content.answers[id_]
        text = f"{answer.answer}\n\n{self.source_line(answer)}"
        return Reply(text, "answer", (id_,), self.titles(answer.related))

    def several(self, ids: Sequence[str], opening: str, others: Sequence[str] = ()) -> Reply:
        """Answers in one message, each under its question and with its source.

        The titles of `others` that were asked for too are buttons, and said to be.
        """
        withdrawn = tuple(id_ for id_ in ids if id_ in self.withdrawn())
        given = tuple(id_ for id_ in ids if id_ not in withdrawn)
        if not given:
            return self._doctor_line(*withdrawn)
        parts = [opening]
        for id_ in ids:
            answer = self.content.answers[id_]
            parts.append(self.wording.say("you_asked", question=answer.title))
            if id_ in withdrawn:
                parts.append(self.wording.say("withdrawn"))
            else:
                parts += [answer.answer, self.source_line(answer)]
        titles = self.titles(others)
        if titles:
            parts.append(self.wording.say("several_others"))
        return Reply("\n\n".join(parts), "several", given, titles, withdrawn=withdrawn)

    def _doctor_line(self, *ids: str) -> Reply:
        """What stands in the place of withdrawn answers."""
        return Reply(self.wording.say("withdrawn"), "fallback", withdrawn=ids)

    def proposals(self, ids: Sequence[str], opening: str) -> Reply:
        """Two or three titles to choose from, and a way out. One of `ids` at least must stand."""
        ids = self.standing(ids)
        titles = self.titles(ids)
        numbered = "\n".join(f"{number}. {title}" for number, title in enumerate(titles, 1))
        text = f"{opening}\n\n{numbered}\n\n{self.wording.say('choose_hint')}"
        buttons = (*titles, self.wording.say("none_of_these"))
        return Reply(text, "did_you_mean", tuple(ids), buttons)

    def more(self, id_: str, nothing_more: str) -> Reply:
        """The second level of an answer, or what else there is to ask."""
        if id_ in self.withdrawn():
            return self._doctor_line(id_)
        answer = self.content.answers[id_]
        about = self.wording.say("about", question=answer.title)
        text = f"{about} {answer.more or nothing_more}\n\n{self.source_line(answer)}"
        return Reply(text, "more", (id_,), self.titles(answer.related))

    def standing(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Those that are answers, and not withdrawn."""
        withdrawn = self.withdrawn()
        return tuple(id_ for id_ in ids if id_ in self.content.answers and id_ not in withdrawn)

    def titles(self, ids: Sequence[str]) -> tuple[str, ...]:
        """The titles of answers to offer; ids that are none any more are left out."""
        return tuple(self.content.answers[id_].title for id_ in self.standing(ids))

    def with_notice(self, reply: Reply) -> Reply:
        """The first ordinary reply of a conversation ends with the notice."""
        return replace(reply, text=f"{reply.text}\n\n{self.wording.say('notice')}", notice=True)

    def urgent(self, kind: str, texts: Sequence[str], language: str = "en") -> Reply:
        """Safety texts, alone; first in the language that was recognised, where it has them."""
        own = self.wording.urgent.get(language, {})
        return Reply("\n\n".join([*([own[kind]] if kind in own else []), *texts]), kind)

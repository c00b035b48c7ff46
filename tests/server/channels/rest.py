"""A patient whose words a program hands on."""

from __future__ import annotations

from guide.channels.markup import parse
from tests.server.channels import JUDGEMENTS, Running, Shown, once, words_of_markdown
from tests.server.talk import Talk, answers, check_shape, kind, titles


class RestPatient:
    """See `Patient`. Replies come as Markdown, without judgements: they can be typed."""

    def __init__(self, running: Running) -> None:
        self._talk = Talk(running.guide)

    def say(self, text: str) -> Shown:
        """Type."""
        reply = self._talk.say(text)
        check_shape(reply)
        spans = [span for one in parse(reply["text"]) for item in one.items for span in item]
        return Shown(
            words_of_markdown(reply["text"]),
            once(span.href for span in spans),
            tuple(titles(reply)),
            kind=kind(reply),
            answers=tuple(answers(reply)),
            version=reply["metadata"]["version"],
        )

    def press(self, title: str) -> Shown:
        """Send the payload of a button, which is its title."""
        assert title in [*titles(self._talk.last), *JUDGEMENTS], titles(self._talk.last)
        return self.say(title)

"""What a pressed button says: a short signed token, so that nothing need be remembered.

A token holds what is asked, the version of the content that offered it, and a signature over
both and the conversation. It outlives a restart, fits into Telegram's 64 bytes, and can neither
be made up nor carried into another conversation.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

from guide.content import DATA, Content
from guide.content.examples import words_of
from guide.content.trials import load_trials
from guide.content.wording import Wording

MAX_BYTES = 64
_SIGNATURE_BYTES = 9  # 72 bits: a guess a second takes longer than the world has stood


@dataclass(frozen=True)
class Pressed:
    """What a press means: a text as if typed, or a judgement on answers.

    `helpful` is None for a text. `answers` and `version` are what is judged; of a version that is
    not today's, its beginning.
    """

    text: str
    helpful: bool | None = None
    answers: tuple[str, ...] = ()
    version: str = ""


class Payloads:
    """Signs and reads the tokens of buttons."""

    def __init__(self, secret: bytes, content: Content, wording: Wording) -> None:
        self._secret = secret
        self._content = content
        self._wording = wording
        self._near = load_trials(DATA).texts["button_near"].partition("{")[0]
        self._version = content.version[:6]

    def of_title(self, conversation: str, title: str) -> str:
        """The token of a button that means its title; "" where none fits."""
        return self._fitting(conversation, self._code(title))

    def of_feedback(self, conversation: str, helpful: bool, answers: tuple[str, ...]) -> str:
        """The token of "helpful" or "not helpful" for the answers of one reply."""
        return self._fitting(conversation, f"{'y' if helpful else 'x'}{'+'.join(answers)}")

    def read(self, conversation: str, token: object) -> Pressed | None:
        """What a token means; None for one that was not made here for this conversation."""
        if not isinstance(token, str) or len(token) > MAX_BYTES or not token.isprintable():
            return None
        signature, _, signed = token.partition(".")
        expected = self._signature(conversation, signed)
        if not hmac.compare_digest(signature.encode(), expected.encode()):
            return None
        version, _, code = signed.partition(".")
        return self._meaning(code[:1], code[1:], version)

    def _fitting(self, conversation: str, code: str) -> str:
        signed = f"{self._version}.{code}"
        token = f"{self._signature(conversation, signed)}.{signed}"
        fits = token.isprintable() and len(token.encode()) <= MAX_BYTES
        return token if fits else ""

    def _signature(self, conversation: str, signed: str) -> str:
        mac = hmac.new(self._secret, f"{conversation}\n{signed}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(mac.digest()[:_SIGNATURE_BYTES]).decode()

    def _code(self, title: str) -> str:
        """A question by its answer, as titles are long; a place by its name alone."""
        if title in self._content.by_title:
            return f"a{self._content.by_title[title]}"
        if title.startswith(self._near):
            return f"p{title.removeprefix(self._near)}"
        return f"t{title}"

    def _meaning(self, kind: str, rest: str, version: str) -> Pressed | None:
        if kind == "a":
            answer = self._content.answers.get(rest)
            return Pressed(answer.title) if answer else None
        if kind == "p":
            return Pressed(f"{self._near}{rest}")
        if kind == "t" and words_of(rest):
            return Pressed(rest)
        if kind in {"x", "y"}:
            name = "feedback_helpful" if kind == "y" else "feedback_unhelpful"
            whole = self._content.version if version == self._version else version
            return Pressed(self._wording.say(name), kind == "y", tuple(rest.split("+")), whole)
        return None

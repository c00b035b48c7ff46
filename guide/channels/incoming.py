"""Every message of every channel passes here first: cleaned, capped, screened for danger.

Nothing in this file waits for the conversation's lock, the model, the store or the action
server, so a message that tells of an emergency is answered whatever else hangs.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from guide.content import DATA, load
from guide.content.notice import URGENT_KINDS
from guide.content.wording import load_responses, load_wording
from guide.replies.nlg import urgent_reply
from guide.replies.reply import Composer, Reply
from guide.safety import load_patterns, screen

MAX_CHARACTERS = 2000
WARM = 5  # examples of each kind of danger that a server screens when it has started
# Typed text that Rasa would take for a command: "/restart", "/intent{...}", "EXTERNAL: ...".
_COMMAND = re.compile(r"^(?:\s*(?:/+|EXTERNAL\s*:))+\s*", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n]+")
# Joiners hold emoji and some scripts together; they carry nothing that the guide reads.
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


@dataclass(frozen=True)
class Incoming:
    """A cleaned message, and the reply where none of the rest is needed.

    `intent` names the urgent intent, so that the conversation's record can say what was seen.
    """

    text: str
    reply: Reply | None = None
    intent: str = ""


def clean(text: object) -> str:
    """What a patient typed, without what only machines see.

    Control, zero-width and lone surrogate characters go, white space is folded, a leading slash
    is taken off: a typed command is text. Anything but a string is no words.
    """
    if not isinstance(text, str):
        return ""
    # A surrogate pair that came in two halves is one character.
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    kept = "".join(
        c if c == "\n" or unicodedata.category(c) not in _INVISIBLE else ("" if c != "\t" else " ")
        for c in whole
    )
    return _COMMAND.sub("", _SPACES.sub(" ", kept)).strip()


class Gate:
    """Decides which messages go on to Rasa. One a server.

    Raises:
        ContentError: the content has faults.
        PatternError: the urgent patterns have; told at start and not at the first message.
    """

    def __init__(self) -> None:
        load_patterns()
        self.content = load(DATA)
        self.wording = load_wording(DATA, self.content.article)
        self._composer = Composer(self.content, self.wording)
        self._responses = load_responses()
        self.version = self.content.version

    def warm(self) -> None:
        """Patterns are compiled when they are first needed: not by the first who is in danger.

        Takes a second or two; a server does it in a thread as soon as it is there.
        """
        for kind in sorted(URGENT_KINDS & self.content.examples.keys()):
            examples = self.content.examples[kind]
            for example in examples[:: max(1, len(examples) // WARM)]:
                screen(example)

    def take(self, raw: object) -> Incoming:
        """Clean a message and answer it here if it is urgent, too long or has no words."""
        # The cap stands first: cleaning a book would hold up every other patient.
        length = len(raw) if isinstance(raw, str) else 0
        text = clean(raw[: 4 * MAX_CHARACTERS] if isinstance(raw, str) else raw)
        urgent = screen(text)
        if urgent is not None:
            reply = urgent_reply(self._composer, self._responses, urgent)
            return Incoming(text[:MAX_CHARACTERS], reply, urgent.kind)
        if length > MAX_CHARACTERS:
            told = self.wording.say("too_long", length=length, limit=MAX_CHARACTERS)
            return Incoming(text[:MAX_CHARACTERS], Reply(told, "error"))
        if not any(character.isalnum() for character in text):
            return Incoming(text, Reply(self.wording.say("no_words"), "error"))
        return Incoming(text)

    def worded(self, name: str) -> Reply:
        """A text of data/wording.yml for when something is in the way ("failed")."""
        return Reply(self.wording.say(name), "error")

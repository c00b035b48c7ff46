"""Rasa's NLG: turns the name of a response into what is said, knowing the conversation.

It runs in the chat server, so answers, proposals and refusals need no action server.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from guide.content import DATA, load
from guide.content.choice import chosen
from guide.content.notice import URGENT_KINDS, notice_due
from guide.content.wording import load_responses, load_wording
from guide.replies import history
from guide.replies.languages import language_line
from guide.replies.reply import Composer, Reply
from guide.safety import Urgent, screen
from guide.store import withdrawn as store

MAX_SEVERAL = 2
SERVICE_DOWN = {
    "find_trials": "service_down_trials",
    "ask_sources": "service_down_sources",
    "feedback_positive": "service_down_feedback",
    "feedback_negative": "service_down_feedback",
    "erase_conversation": "service_down_erase",
}
WITH_STARTERS = frozenset({"greet", "capabilities", "nlu_fallback", "oos_not_health", "deny"})


class Replies(NaturalLanguageGenerator):
    """Loaded by endpoints.yml; raises ContentError where the content has faults.

    `withdrawn` tells which answers staff withdrew, by default as the database has it.
    """

    def __init__(
        self,
        endpoint_config: Any = None,
        domain: Domain | None = None,
        withdrawn: Callable[[], Collection[str]] = store.current,
    ) -> None:
        content = load(DATA)
        wording = load_wording(DATA, content.article)
        withdrawn()  # the first look may wait for the database, a patient's turn must not
        self._composer = Composer(content, wording, wording.lists["starter_questions"], withdrawn)
        # Not the model's: Rasa makes this before it has loaded one.
        self._responses = load_responses()

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """The message for a response name; None says nothing (Rasa's convention)."""
        said = list(history.bot_messages(tracker.events))
        reply = self._reply(utter_action.removeprefix("utter_"), tracker, said)
        if reply is None:
            return None
        kinds = (history.metadata(message).get("kind") for message in said)
        if reply.kind not in URGENT_KINDS and notice_due(kinds):
            reply = self._composer.with_notice(reply)
        return reply.as_message(self._composer.content.version)

    def _reply(
        self, name: str, tracker: DialogueStateTracker, said: list[dict[str, Any]]
    ) -> Reply | None:
        message = tracker.latest_message
        text = (message.text if message else None) or ""
        decision = (message.parse_data if message else {}).get("decision", {})
        found = [
            id_ for id_ in decision.get("answers", []) if id_ in self._composer.content.answers
        ]
        if name in self._composer.content.answers:
            return self._composer.answer(name)
        if name in URGENT_KINDS:
            return self._urgent(name, text)
        if name == "service_down":
            return self._service_down(tracker)
        if name == "did_you_mean":
            return self._proposals(found, said, text)
        if name == "several" and found:
            return self._several(found, self._text(name, said)[0])
        if name in {"tell_me_more", "short_follow_up"}:
            return self._more(name, said)
        if name in {"choose", "affirm", "deny"}:
            return self._choice(name, text, said)
        return self._fixed(name, said, text)

    def _proposals(self, ids: list[str], said: list[dict[str, Any]], message: str) -> Reply:
        """What was proposed, as far as it stands; where nothing does, the plain refusal."""
        if self._composer.standing(ids):
            return self._composer.proposals(ids, self._text("did_you_mean", said)[0])
        return self._fixed("nlu_fallback", said, message)

    def _text(self, name: str, said: list[dict[str, Any]]) -> tuple[str, str]:
        """(text, kind) of a response; its second variation when the kind comes again."""
        variations = self._responses[f"utter_{name}"]
        kind = variations[0]["metadata"]["kind"]
        again = history.repeated(kind, said) and len(variations) > 1
        return self._composer.wording.fill(variations[1 if again else 0]["text"]), kind

    def _fixed(self, name: str, said: list[dict[str, Any]], message: str) -> Reply:
        text, kind = self._text(name, said)
        if name == "oos_other_language":
            line = language_line(message, self._composer.wording.languages)
            text = f"{line}\n\n{text}" if line else text
        starters = name in WITH_STARTERS or (kind == "fallback" and history.repeated(kind, said))
        return Reply(text, kind, buttons=self._starters() if starters else ())

    def _starters(self) -> tuple[str, ...]:
        return self._composer.titles(self._composer.starters)

    def _urgent(self, name: str, message: str) -> Reply:
        found = screen(message)
        if found is None or found.kind != name:  # the classifier's second opinion
            found = Urgent(name, "classifier", "en")  # type: ignore[arg-type]
        return urgent_reply(self._composer, self._responses, found)

    def _more(self, name: str, said: list[dict[str, Any]]) -> Reply:
        id_ = history.last_answer(said)
        if id_ is None or id_ not in self._composer.content.answers:
            return Reply(
                self._composer.wording.say("nothing_yet"), "small_talk", buttons=self._starters()
            )
        return self._composer.more(id_, self._text(name, said)[0])

    def _choice(self, name: str, message: str, said: list[dict[str, Any]]) -> Reply:
        """A pick from the buttons of the last message; "yes" takes the first proposal."""
        last = said[0] if said else {}
        about = history.metadata(last)
        titles = [b["title"] for b in last.get("buttons") or [] if "title" in b]
        by_title = self._composer.content.by_title
        options = [title for title in titles if title in by_title]
        proposing = about.get("kind") == "did_you_mean"
        if name == "deny" and proposing:
            return Reply(self._composer.wording.say("none_fits"), "fallback")
        picks = chosen(message, options, self._composer.wording)
        if name == "affirm" and proposing and not picks:
            picks = [0]
        ids = [by_title[options[p]] for p in picks] if name != "deny" else []
        if len(ids) == 1:
            return self._composer.answer(ids[0])
        if ids:
            return self._several(ids, self._composer.wording.say("several_picked"))
        return self._fixed(name, said, message)

    def _several(self, ids: list[str], opening: str) -> Reply:
        """Two answers are enough to read at once; what else was asked stays one press away."""
        return self._composer.several(ids[:MAX_SEVERAL], opening, ids[MAX_SEVERAL:])

    def _service_down(self, tracker: DialogueStateTracker) -> Reply | None:
        """Something only where the action did not answer (slot service_ok, data/rules.yml)."""
        if tracker.get_slot("service_ok") is not False:
            return None
        message = tracker.latest_message
        intent = message.intent.get("name") if message else None
        text = SERVICE_DOWN.get(str(intent))
        if text is None:
            return self._fixed("service_down", [], "")
        return Reply(self._composer.wording.say(text), "error")


def urgent_reply(composer: Composer, responses: dict[str, Any], found: Urgent) -> Reply:
    """The safety text of a finding, from domain.yml; the channels' own screen uses it too.

    Pills taken to die are an emergency and a crisis: then the crisis line follows.
    """
    kinds = [found.kind, "crisis"] if found.also_crisis else [found.kind]
    texts = [responses[f"utter_{kind}"][0]["text"] for kind in kinds]
    return composer.urgent(found.kind, texts, found.language)

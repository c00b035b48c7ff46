"""A made-up conversation as the rows that the store would have written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from guide.content.notice import URGENT_KINDS
from staff.conversations.samples.talk import Exchange

MARK = "sample-"  # after the channel in the id of a sample
Row = dict[str, Any]
WAIT = {"trials": 900.0, "error": 4000.0}  # milliseconds, median; others are quick
QUICK = 60.0


@dataclass(frozen=True)
class When:
    """A conversation's id, its beginning (seconds since 1970), and what staff made of it."""

    id: str
    key: str
    started: float
    review: Row
    tags: tuple[str, ...] = ()

    @property
    def channel(self) -> str:
        """The part of the id before the colon."""
        return self.id.partition(":")[0]


@dataclass
class Rows:
    """Rows of the tables; events and turns carry numbers that count from 0 within all of them."""

    conversations: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    turns: list[Row] = field(default_factory=list)
    turn_answers: list[Row] = field(default_factory=list)
    tags: list[Row] = field(default_factory=list)

    def add(self, when: When, exchanges: Sequence[Exchange], version: str, random: Random) -> None:
        """Add a conversation."""
        now = when.started
        self._event(when, now, "action", _action("action_session_start"))
        self._event(when, now, "session_started", {})
        self._event(when, now, "action", _action("action_listen"))
        for exchange in exchanges:
            took = QUICK if not exchange.scores else WAIT.get(exchange.reply.kind, QUICK)
            took *= random.lognormvariate(0, 0.5)
            first = len(self.events)
            for name, data in _events(exchange, when.channel, version, random):
                self._event(when, now, name, data)
            self._turn(when, now, exchange, version, took, first)
            last, now = now, now + took / 1000 + random.lognormvariate(3.4, 0.8)
        kinds = {exchange.reply.kind for exchange in exchanges}
        self.conversations.append(
            {
                "id": when.id, "key": when.key, "channel": when.channel, "started": when.started,
                "last": last, "turns": len(exchanges), "slots": "{}", "sample": True,
                "urgent": bool(kinds & URGENT_KINDS),
                "unhelpful": any(exchange.feedback == 0 for exchange in exchanges),
                **when.review,
            }
        )  # fmt: skip
        self.tags += [{"conversation": when.id, "tag": tag} for tag in when.tags]

    def _event(self, when: When, now: float, name: str, data: Row) -> None:
        whole = {"event": name, "timestamp": now, **data}
        intent = data["parse_data"]["intent"]["name"] if name == "user" else None
        self.events.append(
            {
                "id": len(self.events), "sender_id": when.id, "type_name": name,
                "timestamp": now, "intent_name": intent,
                "action_name": whole.get("name"), "data": json.dumps(whole),
            }
        )  # fmt: skip

    def _turn(
        self, when: When, now: float, exchange: Exchange, version: str, took: float, first: int
    ) -> None:
        reply, scores = exchange.reply, exchange.scores
        number = len(self.turns)
        self.turns.append(
            {
                "id": number, "conversation": when.id, "time": now, "channel": when.channel,
                "text": exchange.text, "kind": reply.kind, "answers": json.dumps(reply.answers),
                "intent": exchange.intent, "confidence": scores[0][1] if scores else None,
                "scores": json.dumps(scores), "version": version,
                "urgent": reply.kind in URGENT_KINDS, "milliseconds": round(took, 1),
                "feedback": exchange.feedback, "reason": exchange.reason,
                "outcome": exchange.outcome, "first_event": first,
                "last_event": len(self.events) - 1,
            }
        )  # fmt: skip
        self.turn_answers += [
            {"turn": number, "answer": answer, "time": now} for answer in reply.answers
        ]


def _events(
    exchange: Exchange, channel: str, version: str, random: Random
) -> Iterator[tuple[str, Row]]:
    """(kind, data) of what Rasa notes of a turn; of a failed one there is no reply."""
    intent = {
        "name": exchange.intent,
        "confidence": exchange.scores[0][1] if exchange.scores else 1.0,
    }
    ranking = [{"name": name, "confidence": score} for name, score in exchange.scores]
    read = {"text": exchange.text, "intent": intent, "entities": [], "intent_ranking": ranking}
    yield (
        "user",
        {
            "metadata": {}, "text": exchange.text, "parse_data": read, "input_channel": channel,
            "message_id": f"{random.getrandbits(128):032x}",
        },
    )  # fmt: skip
    yield "user_featurization", {"use_text_for_featurization": False}
    reply = exchange.reply
    if reply.kind == "error":
        return
    yield "action", _action(reply.action, "RulePolicy")
    about = {
        "utter_action": reply.action, "kind": reply.kind, "answers": list(reply.answers),
        "version": version,
    }  # fmt: skip
    buttons = [{"title": title, "payload": title} for title in reply.buttons]
    data = {"buttons": buttons} if buttons else {}
    yield "bot", {"metadata": about, "text": reply.text, "data": data}
    yield "action", _action("action_listen", "RulePolicy")


def _action(name: str, policy: str | None = None) -> Row:
    return {
        "name": name, "policy": policy, "confidence": 1.0 if policy else None,
        "action_text": None, "hide_rule_turn": False,
    }  # fmt: skip

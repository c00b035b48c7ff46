"""Made-up conversations: what is said in them, turn by turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from guide.content.notice import URGENT_KINDS
from staff.conversations.samples.replies import Replies, Reply
from staff.conversations.samples.settings import Shares

MAX_TURNS = 14
THEMES = 40  # things that many ask and the guide does not know
NEIGHBOURS = 5  # examples of one theme stand beside each other in their file
Scores = list[tuple[str, float]]


@dataclass
class Exchange:
    """A message and the reply to it; what is judged or chosen later is filled in then."""

    text: str
    intent: str
    reply: Reply
    scores: Scores
    feedback: int | None = None
    reason: str = ""
    outcome: str = ""


class Talk:
    """Makes conversations of the project's own questions and answers.

    Raises:
        ContentError: content or settings have faults.
    """

    def __init__(self, random: Random) -> None:
        self.random = random
        self.shares = Shares(random)
        self.replies = Replies(self.shares.values["countries"])
        self._examples = self.replies.content.examples
        self._answers = list(self.replies.content.answers)
        random.shuffle(self._answers)
        self._asked = _falling(len(self._answers))
        self._themes = [self._theme() for _ in range(THEMES)]
        self._steps: dict[str, Callable[[str], list[Exchange]]] = {
            "answer": lambda _: self._answer(self._popular()),
            "did_you_mean": lambda _: self._did_you_mean(),
            "refusal": lambda _: [self._refusal()],
            "advice": lambda _: [self._fixed("oos_personal_advice")],
            "several": lambda _: [self._several()],
            "more": self._more,
            "small_talk": lambda _: [self._fixed(self.shares.pick("small_talk"))],
            "sources": self._sources,
            "trials": lambda _: [self._trials()],
            "urgent": lambda _: [self._urgent()],
            "error": lambda _: [self._error()],
        }

    def exchanges(self) -> list[Exchange]:
        """The turns of one conversation."""
        wanted = min(1 + int(self.random.expovariate(1 / 3.6)), MAX_TURNS)
        found: list[Exchange] = []
        if self.random.random() < 0.15:
            found.append(self._fixed("greet"))
        last = ""
        while len(found) < wanted:
            found += self._steps[self.shares.pick("steps")](last)
            last = next((x.reply.answers[-1] for x in reversed(found) if x.reply.answers), "")
        self._notice(found)
        return found

    def _notice(self, found: Sequence[Exchange]) -> None:
        for exchange in found:
            if exchange.reply.kind not in URGENT_KINDS:
                exchange.reply = self.replies.with_notice(exchange.reply)
                return

    def _popular(self) -> str:
        return self.random.choices(self._answers, self._asked)[0]

    def _theme(self) -> tuple[str, list[str]]:
        intent = self.shares.pick("refusals")
        examples = self._examples[intent]
        start = self.random.randrange(max(1, len(examples) - NEIGHBOURS))
        return intent, list(examples[start : start + NEIGHBOURS])

    def _words(self, intent: str) -> str:
        return self._varied(self.random.choice(self._examples[intent]))

    def _varied(self, text: str) -> str:
        """People write the same in small letters, or without the question mark."""
        if self.random.random() < 0.2:
            text = text.lower()
        return text.rstrip("?. ") or text if self.random.random() < 0.2 else text

    def _scores(self, best: str, low: float, high: float) -> Scores:
        """Three scores; the best between these."""
        first = round(self.random.uniform(low, high), 4)
        second = round(self.random.uniform(0.2, 0.7) * min(first, 1 - first), 4)
        others = [name for name in self.random.sample(self._answers, 3) if name != best]
        return [(best, first), (others[0], second), (others[1], round(second / 3, 4))]

    def _fixed(self, intent: str) -> Exchange:
        scores = self._scores(intent, 0.55, 0.99)
        return Exchange(self._words(intent), intent, self.replies.fixed(intent), scores)

    def _answer(self, id_: str, text: str = "") -> list[Exchange]:
        """An answer, and what the patient found of it."""
        said = text or self._words(id_)
        scores = self._scores(id_, 0.6, 0.99)
        asked = Exchange(said, id_, self.replies.answer(id_), scores)
        return [asked, *self._judgement(asked)] if self.shares.happens("judged") else [asked]

    def _judgement(self, judged: Exchange) -> list[Exchange]:
        say = self.replies.wording.say
        if self.shares.happens("helpful"):
            judged.feedback = 1
            thanks = self.replies.worded("feedback_thanks", "small_talk", "action_feedback")
            return [Exchange(say("feedback_helpful"), "feedback_positive", thanks, [])]
        judged.feedback = 0
        reasons = self.replies.wording.lists["feedback_reasons"]
        why = self.replies.worded("feedback_why", "small_talk", "action_feedback", reasons)
        found = [Exchange(say("feedback_unhelpful"), "feedback_negative", why, [])]
        if self.shares.happens("reasons"):
            judged.reason = self.random.choice(reasons)
            noted = self.replies.worded("feedback_noted", "small_talk", "action_feedback")
            found.append(Exchange(judged.reason, "feedback_negative", noted, []))
        return found

    def _did_you_mean(self) -> list[Exchange]:
        id_ = self._popular()
        others = [name for name in self.random.sample(self._answers, 3) if name != id_]
        reply = self.replies.proposals([id_, *others[:2]])
        asked = Exchange(self._words(id_), "did_you_mean", reply, self._scores(id_, 0.2, 0.5))
        if self.shares.happens("taken"):
            asked.outcome = "chosen"
            words = self.random.choice([self.replies.titles([id_])[0], "1"])
            return [asked, *self._answer(id_, words)]
        asked.outcome = "declined"
        none = self.replies.worded("none_fits", "fallback", "utter_deny")
        said = self.replies.wording.say("none_of_these")
        return [asked, Exchange(said, "deny", none, self._scores("deny", 0.7, 0.99))]

    def _refusal(self) -> Exchange:
        """Often one of the things that many ask."""
        if self.random.random() < 0.2:
            words = self._words(self.shares.pick("refusals"))
            scores = self._scores(self._popular(), 0.05, 0.3)
            return Exchange(words, "nlu_fallback", self.replies.fixed("nlu_fallback"), scores)
        if self.random.random() < 0.6:
            intent, texts = self.random.choices(self._themes, _falling(THEMES))[0]
            text = self._varied(self.random.choice(texts))
        else:
            intent = self.shares.pick("refusals")
            text = self._words(intent)
        return Exchange(text, intent, self.replies.fixed(intent), self._scores(intent, 0.35, 0.95))

    def _several(self) -> Exchange:
        ids = self.random.sample(self._answers, 2)
        text = " ".join(self._words(id_) for id_ in ids)
        return Exchange(text, "several", self.replies.several(ids), self._scores(ids[0], 0.5, 0.9))

    def _more(self, last: str) -> list[Exchange]:
        if not last:
            return self._answer(self._popular())
        scores = self._scores("tell_me_more", 0.7, 0.99)
        text = self._words("tell_me_more")
        return [Exchange(text, "tell_me_more", self.replies.answer(last, more=True), scores)]

    def _sources(self, last: str) -> list[Exchange]:
        if not last:
            return self._answer(self._popular())
        scores = self._scores("ask_sources", 0.7, 0.99)
        return [
            Exchange(self._words("ask_sources"), "ask_sources", self.replies.sources(last), scores)
        ]

    def _trials(self) -> Exchange:
        reply = self.replies.trials(self.random.randint(20, 60))
        scores = self._scores("find_trials", 0.7, 0.99)
        return Exchange(self._words("find_trials"), "find_trials", reply, scores)

    def _urgent(self) -> Exchange:
        """Some are found by their words, before anything is scored."""
        found = self._fixed(self.shares.pick("urgent"))
        if self.random.random() < 0.7:
            found.scores = []
        return found

    def _error(self) -> Exchange:
        reply = self.replies.worded("failed", "error", "action_listen")
        return Exchange(self._words(self._popular()), "", reply, [])


def _falling(count: int) -> list[float]:
    """Weights: few are asked often, many now and then."""
    return [1 / (rank + 2) for rank in range(count)]

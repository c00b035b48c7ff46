"""What the chat server did, by channel. Counted where it happens, in guide.channels."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

from guide.metrics.labels import SECONDS, begin, label

CHANNELS = ("web", "slack", "telegram", "rest")
KINDS = (
    "answer", "several", "more", "sources", "trials", "did_you_mean", "fallback",
    "personal_advice", "urgent", "emergency", "crisis", "small_talk", "error",
)  # fmt: skip

_TURNS = Counter("guide_turns", "Replies to messages, by their kind", ["channel", "kind"])
_SECONDS = Histogram(
    "guide_reply_seconds",
    "Seconds from a message to its reply, without the way to and from the platform",
    ["channel"],
    buckets=SECONDS,
)
_BY_CHANNEL = {
    name: Counter(f"guide_{name}", about, ["channel"])
    for name, about in {
        "failures": "What broke; the log has a line with an incident for each",
        "replies_not_stored": "Replies whose turn is not in the conversation's record",
        "urgent_not_recorded": "Urgent messages that were answered and are in no record",
        "limited": "Messages refused because there were too many of them",
        "redelivered": "Messages that came again, and were not answered twice",
        "taken_up": "Messages that another server had accepted and left",
    }.items()
}
begin(_TURNS, CHANNELS, KINDS)
begin(_SECONDS, CHANNELS)
for _counter in _BY_CHANNEL.values():
    begin(_counter, CHANNELS)


def replied(channel: str, kind: str, seconds: float) -> None:
    """A message got its reply.

    Args:
        channel: where.
        kind: the reply's.
        seconds: that it took.
    """
    known = label(channel, CHANNELS)
    _TURNS.labels(known, label(kind, KINDS)).inc()
    _SECONDS.labels(known).observe(seconds)


def count(name: str, channel: str) -> None:
    """One more of a counter by channel: its name without `guide_`."""
    _BY_CHANNEL[name].labels(label(channel, CHANNELS)).inc()

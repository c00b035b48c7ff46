"""Figures for Prometheus: what the chat server and the action server did, and how long it took.

Labels come from closed sets (channels, kinds of replies, outcomes), all of which stand at 0 from
the start: no label holds what a client sent, and an alert sees the first of anything.
"""

from guide.metrics.listener import ACTIONS_PORT, CHAT_PORT, serve

__all__ = ["ACTIONS_PORT", "CHAT_PORT", "serve"]

"""The App Home: what the guide is for, questions to start with, privacy, and no medical advice."""

from __future__ import annotations

from typing import Any

from guide.channels.markup import parse, to_slack
from guide.channels.outgoing import Button
from guide.channels.slack_translate import choices, sections
from guide.content.wording import Wording


def home(starters: tuple[Button, ...], wording: Wording) -> dict[str, Any]:
    """The view of Slack's views.publish.

    Args:
        starters: questions with tokens of the person's direct conversation.
        wording: the texts.
    """
    title = {"type": "plain_text", "text": wording.say("slack_home_title"), "emoji": False}
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": title},
            *_text("slack_home_purpose", wording),
            *_text("slack_home_ask", wording),
            *choices(starters),
            {"type": "divider"},
            *_text("slack_home_advice", wording),
            *_text("slack_home_privacy", wording),
        ],
    }


def _text(name: str, wording: Wording) -> list[dict[str, Any]]:
    return sections(to_slack(parse(wording.say(name))))

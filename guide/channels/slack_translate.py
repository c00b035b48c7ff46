"""Slack's payloads to messages, and replies to Slack's messages. Pure: no network, no state."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from guide.channels.markup import parse, to_slack
from guide.channels.outgoing import Button, Outgoing
from guide.content.wording import Wording

CHANNEL = "slack"
MAX_SECTION = 3000  # characters, as those below
MAX_BUTTON = 75
MAX_ELEMENTS = 25  # in one block of buttons
MAX_BLOCKS_TEXT = 12_000  # Slack refuses messages with more than about 13,000 in their blocks
MAX_TEXT = 39_000  # of the 40,000 that Slack takes
CHOICES, FEEDBACK = "choices", "feedback"
# What a person writes; edits, deletions, bots and notices of Slack have other subtypes.
_WRITTEN = {None, "file_share", "thread_broadcast", "me_message"}
_MARKED = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


@dataclass(frozen=True)
class Message:
    """What someone did in Slack.

    `kind` is text, press, command, or home (the App Home was opened). `thread` is where an answer
    belongs, "" in place. `shown` is the pressed message (ts, text, blocks), {} where Slack does
    not let us change it. `received` is when it was accepted, in seconds since 1970.
    """

    event_id: str
    kind: str
    team: str
    user: str
    channel: str
    private: bool
    text: str = ""
    token: str = ""
    thread: str = ""
    file: bool = False
    response_url: str = ""
    block_id: str = ""
    shown: dict[str, Any] = field(default_factory=dict)
    received: float = 0.0

    @property
    def conversation(self) -> str:
        """The id of the conversation: nothing of a direct one reaches a channel."""
        mine = f"{CHANNEL}:{self.team}:{self.user}"
        return mine if self.private else f"{mine}:{self.channel}:{self.thread or 'command'}"

    def as_json(self) -> str:
        """For the inbox."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, body: str) -> Message:
        """What `as_json` made.

        Raises:
            TypeError, ValueError: another version of this file made it.
        """
        return cls(**json.loads(body))


def read(payload: Mapping[str, Any]) -> Message | None:
    """The message of an event, a press or a command; None for what nobody said to the guide."""
    message: Message | None
    if "command" in payload:
        message = _command(payload)
    elif payload.get("type") == "block_actions":
        message = _press(payload)
    else:
        message = _event(payload, payload.get("event") or {})
    return message if message and message.team and message.user and message.channel else None


def _event(payload: Mapping[str, Any], event: Mapping[str, Any]) -> Message | None:
    kind, team = event.get("type"), payload.get("team_id") or payload.get("enterprise_id") or ""
    user, channel = event.get("user") or "", event.get("channel") or ""
    event_id = f"{team}:{payload.get('event_id')}"
    if kind == "app_home_opened" and event.get("tab") == "home":
        return Message(event_id, "home", team, user, user, private=True)
    ours = event.get("bot_id") or event.get("hidden") or event.get("edited")
    if ours or event.get("subtype") not in _WRITTEN:
        return None
    private = kind == "message" and event.get("channel_type") == "im"
    if not private and kind != "app_mention":
        return None
    thread = event.get("thread_ts") or ("" if private else event.get("ts") or "")
    text, file = plain(event.get("text") or ""), bool(event.get("files"))
    return Message(event_id, "text", team, user, channel, private, text, thread=thread, file=file)


def _command(payload: Mapping[str, Any]) -> Message:
    team = payload.get("team_id") or payload.get("enterprise_id") or ""
    return Message(
        f"{team}:{payload.get('trigger_id')}",
        "command",
        team,
        payload.get("user_id") or "",
        payload.get("channel_id") or "",
        # Its answer is seen by one person, but in the channel.
        private=False,
        text=plain(payload.get("text") or ""),
        response_url=payload.get("response_url") or "",
    )


def _press(payload: Mapping[str, Any]) -> Message | None:
    action: Mapping[str, Any] = next(iter(payload.get("actions") or ()), {})
    if action.get("type") != "button" or action.get("url"):
        return None
    container, shown = payload.get("container") or {}, payload.get("message") or {}
    team = ((payload.get("team") or payload.get("enterprise")) or {}).get("id") or ""
    user = (payload.get("user") or {}).get("id") or ""
    home = container.get("type") == "view"
    ephemeral = bool(container.get("is_ephemeral"))
    channel = user if home else (payload.get("channel") or {}).get("id") or ""
    private = home or (channel.startswith("D") and not ephemeral)
    changeable = bool(shown) and not home and not ephemeral
    ts = shown.get("ts") or container.get("message_ts") or ""
    # A second press on the same button is the same press while the button can be taken away.
    press = f"{channel}:{ts}:{action.get('action_id')}"
    thread = shown.get("thread_ts") or container.get("thread_ts") or ""
    return Message(
        f"{team}:{press if changeable else action.get('action_ts')}:{user}",
        "press",
        team,
        user,
        channel,
        private,
        plain((action.get("text") or {}).get("text") or ""),
        action.get("value") or "",
        thread or ("" if private or ephemeral else ts),
        response_url=(payload.get("response_url") or "") if ephemeral else "",
        block_id=action.get("block_id") or "",
        shown={key: shown.get(key) for key in ("ts", "text", "blocks")} if changeable else {},
    )


def plain(text: str) -> str:
    """Slack's markup of what a person typed, undone: links as read, people's names left out."""
    shown = _MARKED.sub(lambda m: "" if m[1] == "@" else _label(m[1], m[2], m[3]), text)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        shown = shown.replace(entity, character)
    return shown.strip()


def _label(sign: str, target: str, label: str | None) -> str:
    if sign == "#" and label:
        return f"#{label}"
    return label or ("" if sign else target.removeprefix("mailto:"))


def render(outgoing: Outgoing, wording: Wording) -> dict[str, Any]:
    """{text, blocks} of one message. `text` is all of it, for screen readers know nothing else."""
    text = to_slack(parse(outgoing.text))
    titles = [f"{number}. {_escaped(b.title)}" for number, b in enumerate(outgoing.buttons, 1)]
    blocks = sections(text) + choices(outgoing.buttons)
    if outgoing.feedback:
        names = ("feedback_helpful", "feedback_unhelpful")
        judge = [Button(wording.say(n), t) for n, t in zip(names, outgoing.feedback, strict=True)]
        blocks.append(_buttons(FEEDBACK, judge, 1))
    whole = "\n\n".join(filter(None, [text, "\n".join(titles)]))
    return {"text": _pieces(whole, MAX_TEXT)[0], "blocks": blocks}


def sections(text: str) -> list[dict[str, Any]]:
    """Blocks of mrkdwn text, cut between paragraphs; what is beyond all limits stays in `text`."""
    parts = _pieces(text, MAX_SECTION)
    fitting = parts[: MAX_BLOCKS_TEXT // MAX_SECTION]
    if len(fitting) < len(parts):
        fitting[-1] = f"{fitting[-1][: MAX_SECTION - 2]} …"
    texts = [{"type": "mrkdwn", "text": part} for part in fitting if part]
    return [{"type": "section", "text": text} for text in texts]


def choices(buttons: tuple[Button, ...]) -> list[dict[str, Any]]:
    """Blocks of buttons to choose from."""
    starts = range(0, len(buttons), MAX_ELEMENTS)
    return [
        _buttons(f"{CHOICES}-{start}", buttons[start : start + MAX_ELEMENTS], start + 1)
        for start in starts
    ]


def _buttons(block_id: str, buttons: Iterable[Button], first: int) -> dict[str, Any]:
    elements = [
        _button(f"{block_id.partition('-')[0]}-{number}", button)
        for number, button in enumerate(buttons, first)
    ]
    return {"type": "actions", "block_id": block_id, "elements": elements}


def _button(action_id: str, button: Button) -> dict[str, Any]:
    title = button.title
    short = title if len(title) <= MAX_BUTTON else f"{title[: MAX_BUTTON - 1].rstrip()}…"
    value = {"value": button.payload} if button.payload else {}
    text = {"type": "plain_text", "text": short, "emoji": False}
    return {"type": "button", "action_id": action_id, "text": text, **value}


def chosen(message: Message, wording: Wording) -> dict[str, Any]:
    """The pressed message with "You chose ..." where the pressed buttons stood."""
    told = wording.say("you_chose", title=_escaped(message.text))
    instead = {"type": "context", "elements": [{"type": "mrkdwn", "text": told}]}
    group = message.block_id.partition("-")[0]
    blocks: list[dict[str, Any]] = []
    for block in message.shown.get("blocks") or []:
        if str(block.get("block_id", "")).partition("-")[0] != group:
            blocks.append(block)
        elif instead not in blocks:
            blocks.append(instead)
    text = message.shown.get("text") or ""
    return {"text": f"{text[:MAX_TEXT]}\n\n{told}", "blocks": blocks}


def _escaped(text: str) -> str:
    """As Slack wants text that must not be read as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _pieces(text: str, limit: int, marks: tuple[str, ...] = ("\n\n", "\n", " ")) -> list[str]:
    """Parts of at most `limit` characters, cut at the largest mark that does; never in a link."""
    if len(text) <= limit:
        return [text]
    if not marks:
        return [text[at : at + limit] for at in range(0, len(text), limit)]
    mark, parts = marks[0], [""]
    # A space is inside a link's label where ">" comes before the next "<".
    for part in re.split(rf"{mark}(?![^<]*>)", text):
        joined = f"{parts[-1]}{mark}{part}" if parts[-1] else part
        if len(joined) <= limit:
            parts[-1] = joined
        else:
            parts += _pieces(part, limit, marks[1:])
    return [part for part in parts if part]

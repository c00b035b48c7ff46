"""Updates as Telegram sends them, replies as it takes them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.channels.incoming import Gate
from guide.channels.markup import parse, to_plain
from guide.channels.outgoing import Button, Outgoing
from guide.channels.telegram_translate import (
    LIMIT,
    Received,
    after_press,
    plain,
    read,
    render,
)
from tests.standins.telegram_rules import UPDATES, checked_buttons, checked_text, units

ANN = {"id": 7, "is_bot": False, "first_name": "Ann", "last_name": "Roe", "username": "annroe"}
BOT = {"id": 1, "is_bot": True, "first_name": "Guide", "username": "guide_bot"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ann"}
GROUP = {"id": -100, "type": "supergroup", "title": "Lupus friends"}


def message(chat: dict[str, Any] = PRIVATE, **content: Any) -> dict[str, Any]:
    """An update with a message."""
    about = {"message_id": 9, "date": 1_790_000_000, "chat": chat, "from": ANN}
    return {"update_id": 5, "message": {**about, **content}}


def command(text: str, length: int) -> dict[str, Any]:
    return {"text": text, "entities": [{"type": "bot_command", "offset": 0, "length": length}]}


PHOTO = [{"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9}]
FILE = {"file_id": "a", "file_unique_id": "b"}
VOICE = {**FILE, "duration": 3}
STICKER = {
    **FILE, "type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False,
}  # fmt: skip
PLACE = {"latitude": 42.36, "longitude": -71.06}
ONLY_TEXT, LOCATION = "telegram_only_text", "telegram_location"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"text": "hello"}, Received(5, 7, text="hello")),
        ({"text": "/start"}, Received(5, 7, text="/start", command="start")),
        ({"text": "/START"}, Received(5, 7, text="/START", command="start")),
        ({"text": "/start web-1"}, Received(5, 7, text="/start web-1", command="start")),
        ({"text": "/help@guide_bot "}, Received(5, 7, text="/help@guide_bot ", command="help")),
        # Almost a command.
        ({"text": "/help me now"}, Received(5, 7, text="/help me now")),
        ({"text": "/start I have chest pain"}, Received(5, 7, text="/start I have chest pain")),
        ({"text": "/"}, Received(5, 7, text="/")),
        ({"text": "1/2"}, Received(5, 7, text="1/2")),
        ({"text": '/restart{"a": 1}'}, Received(5, 7, text='/restart{"a": 1}')),
        # No text.
        ({"voice": VOICE}, Received(5, 7, note=ONLY_TEXT)),
        ({"photo": PHOTO}, Received(5, 7, note=ONLY_TEXT)),
        ({"photo": PHOTO, "caption": "is this a rash"},
         Received(5, 7, text="is this a rash", note=ONLY_TEXT)),
        ({"sticker": STICKER}, Received(5, 7, note=ONLY_TEXT)),
        ({"document": FILE}, Received(5, 7, note=ONLY_TEXT)),
        ({"video_note": {**VOICE, "length": 9}}, Received(5, 7, note=ONLY_TEXT)),
        ({"dice": {"emoji": "x", "value": 3}}, Received(5, 7, note=ONLY_TEXT)),
        ({"contact": {"phone_number": "1", "first_name": "A"}}, Received(5, 7, note=ONLY_TEXT)),
        ({"rich_message": {"blocks": []}}, Received(5, 7, note=ONLY_TEXT)),
        ({"location": PLACE}, Received(5, 7, note=LOCATION)),
        ({"venue": {"location": PLACE, "title": "a", "address": "b"}, "location": PLACE},
         Received(5, 7, note=LOCATION)),
    ],
)  # fmt: skip
def test_what_somebody_writes(content: dict[str, Any], expected: Received) -> None:
    assert read(message(**content)) == expected


@pytest.mark.parametrize(
    "content",
    [
        {"pinned_message": {"message_id": 1, "date": 1, "chat": PRIVATE, "text": "x"}},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
        {"write_access_allowed": {}},
        {"text": ""},
        {"text": "hello", "from": BOT},
        {"text": "hello", "from": None},
    ],
)
def test_what_asks_for_nothing(content: dict[str, Any]) -> None:
    assert read(message(**content)) is None


@pytest.mark.parametrize(
    ("content", "answered"),
    [
        (command("/start@guide_bot", 16), True),
        ({"text": "@guide_bot what is it", "entities": [
            {"type": "mention", "offset": 0, "length": 10}]}, True),
        ({"text": "why", "reply_to_message": {
            "message_id": 1, "date": 1, "chat": GROUP, "from": BOT, "text": "hi"}}, True),
        ({"new_chat_members": [BOT]}, True),
        ({"photo": PHOTO, "caption": "@guide_bot", "caption_entities": [
            {"type": "mention", "offset": 0, "length": 10}]}, True),
        ({"text": "my doctor says it is worse"}, False),
        ({"new_chat_members": [ANN]}, False),
        ({"photo": PHOTO}, False),
    ],
)  # fmt: skip
def test_of_a_group_nothing_but_the_place_is_kept(content: dict[str, Any], answered: bool) -> None:
    received = read(message(GROUP, **content))
    assert received == (Received(5, -100, private=False) if answered else None)


SHOWN = {
    "message_id": 3, "date": 1_790_000_000, "chat": PRIVATE, "from": BOT, "text": "A <b> & c",
    "entities": [{"type": "bold", "offset": 0, "length": 1}],
    "reply_markup": {"inline_keyboard": [[{"text": "One", "callback_data": "t1"}],
                                         [{"text": "Two", "callback_data": "t2"}]]},
}  # fmt: skip
OLD = {"message_id": 3, "date": 0, "chat": PRIVATE}


def press(**content: Any) -> dict[str, Any]:
    return {"update_id": 5, "callback_query": {
        "id": "77", "from": ANN, "chat_instance": "1", "message": SHOWN, "data": "t1", **content,
    }}  # fmt: skip


def test_a_pressed_button() -> None:
    assert read(press()) == Received(
        5, 7, query="77", token="t1", message=3, shown="<b>A</b> &lt;b&gt; &amp; c",
        buttons=(("One", "t1"), ("Two", "t2")),
    )  # fmt: skip


def test_a_button_of_an_old_message_still_says_what_it_says() -> None:
    assert read(press(message=OLD)) == Received(5, 7, query="77", token="t1", message=3)


@pytest.mark.parametrize(
    "content",
    [{"message": None}, {"data": None}, {"message": {**SHOWN, "chat": GROUP}}],
)
def test_a_button_that_is_not_ours_only_stops_spinning(content: dict[str, Any]) -> None:
    assert read(press(**content)) == Received(5, 7, private=False, query="77")


@pytest.mark.parametrize("kind", sorted(UPDATES - {"message", "callback_query"}))
def test_other_kinds_of_updates_ask_for_nothing(kind: str) -> None:
    assert read({"update_id": 5, kind: message(text="hello")["message"]}) is None


@pytest.mark.parametrize(
    "payload",
    [
        None, [], "hello", 5, {}, {"message": {}}, {**message(text="a"), "update_id": "5"},
        {"update_id": 5, "message": []}, {"update_id": 5, "message": {"text": "hello"}},
        message({"id": "x", "type": "private"}, text="a"), message(text=5), message(text=["a"]),
        message(date="today", text="a"), message(date=10**30, text="a"),
        message(text="a", entities=5), {"update_id": 5, "callback_query": {"id": "1"}},
    ],
)  # fmt: skip
def test_another_shape_than_telegrams_asks_for_nothing(payload: object) -> None:
    assert read(payload) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["update_id", "message", "chat", "from", "id", "type", "date", "text",
                         "callback_query", "data", "entities", "location"]),
        inner,
    ),
    max_leaves=20,
)  # fmt: skip


@given(st.fixed_dictionaries({"update_id": st.integers()}, optional={
    "message": JSON, "callback_query": JSON}) | JSON)  # fmt: skip
def test_no_shape_is_an_error(payload: object) -> None:
    assert read(payload) is None or isinstance(read(payload), Received)


def test_a_reply_is_html_with_a_button_a_row_and_judgements_last(gate: Gate) -> None:
    outgoing = Outgoing(
        "**Bold** and *not* <b>tags</b> & [a link](https://a.example/?x=1&y=2)", "answer",
        buttons=(Button("One?", "t1"), Button("Too long", ""), Button("Two?", "t2")),
        feedback=("y1", "x1"),
    )  # fmt: skip
    (sent,) = render(outgoing, gate.wording)
    assert sent["text"] == (
        "<b>Bold</b> and <i>not</i> &lt;b&gt;tags&lt;/b&gt; &amp; "
        '<a href="https://a.example/?x=1&amp;y=2">a link</a>'
    )
    assert sent["parse_mode"] == "HTML"
    assert sent["link_preview_options"].is_disabled is True
    rows = sent["reply_markup"].to_dict()["inline_keyboard"]
    assert [[button["text"] for button in row] for row in rows] == [
        ["One?"], ["Two?"], ["Helpful"], ["Not helpful"],
    ]  # fmt: skip
    assert [row[0]["callback_data"] for row in rows] == ["t1", "t2", "y1", "x1"]


def test_every_answer_is_one_message_that_telegram_takes(gate: Gate) -> None:
    for answer in gate.content.answers.values():
        for text in filter(None, (answer.answer, answer.more)):
            (sent,) = render(Outgoing(f"{text}\n\n{gate.wording.say('notice')}", "a"), gate.wording)
            shown, entities = checked_text(sent)
            assert units(shown) < LIMIT
            assert "**" not in shown
            assert {one["type"] for one in entities} <= {"bold", "italic", "text_link"}


def test_a_reply_without_buttons_has_no_keyboard(gate: Gate) -> None:
    (sent,) = render(Outgoing("Hello", "small_talk", buttons=(Button("Long", ""),)), gate.wording)
    assert "reply_markup" not in sent


@pytest.mark.parametrize("word", ["A sentence of words. ", "🧬 <&> **b** ", "x" * 50])
def test_a_long_reply_is_split_at_sentences_and_loses_nothing(gate: Gate, word: str) -> None:
    text = word * (12_000 // len(word))
    sent = render(
        Outgoing(text, "several", buttons=(Button("One?", "t1"),), feedback=("y", "x")),
        gate.wording,
    )
    shown = [checked_text(one)[0] for one in sent]
    assert len(sent) > 2
    assert all(0 < units(one) <= LIMIT for one in shown)
    whole = to_plain(parse(text))
    assert "".join("".join(shown).split()) == "".join(whole.split())
    if word.startswith("A sentence"):
        assert all(one.endswith(".") for one in shown)
    assert [("reply_markup" in one) for one in sent] == [False] * (len(sent) - 1) + [True]


def test_a_message_that_telegram_can_not_read_has_its_words(gate: Gate) -> None:
    (sent,) = render(Outgoing("**a** <b> & [c](https://d.example)", "answer"), gate.wording)
    assert plain(sent)["text"] == "a <b> & c"
    assert set(plain(sent)) == {"text", "link_preview_options"}


PRESSED = Received(
    5, 7, query="q", token="t1", message=3, shown="Text",
    buttons=(("One <?>", "t1"), ("Two?", "t2"), ("Helpful", "y"), ("Not helpful", "x")),
)  # fmt: skip


@pytest.mark.parametrize(
    ("token", "text", "left"),
    [
        ("t1", "Text\n\n<i>You chose: One &lt;?&gt;</i>", ["Helpful", "Not helpful"]),
        ("x", "Text\n\n<i>You chose: Not helpful</i>", ["One <?>", "Two?"]),
    ],
)
def test_used_buttons_give_way_to_what_was_chosen(
    gate: Gate, token: str, text: str, left: list[str]
) -> None:
    pressed = Received(**{**PRESSED.__dict__, "token": token})
    edit = after_press(pressed, gate.wording)
    assert edit["text"] == text
    rows = edit["reply_markup"].to_dict()["inline_keyboard"]
    assert [row[0]["text"] for row in rows] == left
    assert checked_buttons(edit["reply_markup"].to_dict())


def test_what_was_chosen_is_left_out_where_it_has_no_room(gate: Gate) -> None:
    full = "x" * (LIMIT - 5)
    edit = after_press(Received(**{**PRESSED.__dict__, "shown": full}), gate.wording)
    assert edit["text"] == full


def test_an_old_message_loses_its_buttons_only(gate: Gate) -> None:
    edit = after_press(Received(5, 7, query="q", token="t1", message=3), gate.wording)
    assert edit == {"reply_markup": None}

"""Messages cleaned, capped and screened before anything else sees them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guide.channels.incoming import MAX_CHARACTERS, Gate, clean

ANYTHING = st.one_of(
    st.text(st.characters()),  # lone surrogates included
    st.text(" /\t\n\u200b\u2066EXTERNALexternal:{}\ud83d\ude42a", max_size=30),
    st.none(),
    st.integers(),
    st.binary(),
    st.lists(st.text()),
    st.dictionaries(st.text(), st.text()),
)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("How much is it?", "How much is it?"),
        ("  how \t much\u00a0 is   it ", "how much is it"),
        ("one\n\n two", "one\n\n two"),
        ("", ""),
        (" \n\t ", ""),
        # What only machines see.
        ("co\u200bst \u200ccost\ufeff", "cost cost"),
        ("\u202ecost\u202c \u2066x\u2069", "cost x"),
        ("a\x00b\x07c\x1b[31md", "abc[31md"),
        ("a\rb\x85c", "abc"),
        ("co\u00adst", "cost"),
        # Halves of characters: joined where both came, dropped where one is alone.
        ("\ud83d\ude42", "\U0001f642"),
        ("cost\ud83d", "cost\ufffd"),
        ("\ude42cost", "\ufffdcost"),
        # Emoji and other scripts stay.
        ("\U0001f642 how much", "\U0001f642 how much"),
        ("¿Cuánto cuesta?", "¿Cuánto cuesta?"),
        ("多少钱", "多少钱"),
        # HTML and Markdown are text.
        ("<b>cost</b> & <script>x</script>", "<b>cost</b> & <script>x</script>"),
        ("**cost** [x](y)", "**cost** [x](y)"),
        # Commands are text.
        ("/restart", "restart"),
        (" //intent{\"name\": \"x\"}", "intent{\"name\": \"x\"}"),
        ("/ / cost", "cost"),
        ("/", ""),
        ("EXTERNAL: cost", "cost"),
        ("external : cost", "cost"),
        ("EXTERNAL: EXTERNAL:/restart", "restart"),
        ("/EXTERNAL: x", "x"),
        ("\u200b/restart", "restart"),
        ("\u2066/\u2069/restart", "restart"),
        # No commands.
        ("price and/or risk", "price and/or risk"),
        ("is external: a word?", "is external: a word?"),
        ("externally", "externally"),
        # No text.
        (None, ""), (5, ""), (b"cost", ""), (["cost"], ""), ({"text": "cost"}, ""), (True, ""),
    ],
)  # fmt: skip
def test_what_is_read(typed: object, read: str) -> None:
    assert clean(typed) == read


@settings(deadline=None)
@given(ANYTHING)
def test_nothing_that_is_typed_breaks_it_or_commands(typed: object) -> None:
    read = clean(typed)
    assert read == read.strip()
    assert not read.startswith("/")
    assert not read.upper().startswith("EXTERNAL:")
    assert read.encode("utf-8").decode("utf-8") == read
    assert "\x00" not in read
    assert clean(read) == read


@settings(deadline=None)
@given(ANYTHING)
def test_every_message_goes_on_or_is_answered(gate: Gate, typed: object) -> None:
    incoming = gate.take(typed)
    assert len(incoming.text) <= MAX_CHARACTERS
    if incoming.reply is None:
        assert any(character.isalnum() for character in incoming.text)
    else:
        assert incoming.reply.text.strip()


@pytest.mark.parametrize(
    "typed", ["How much is it?", "/restart", "2", "\U0001f642 ok", "多少钱", "é"]
)
def test_ordinary_messages_go_on(gate: Gate, typed: str) -> None:
    incoming = gate.take(typed)
    assert (incoming.text, incoming.reply, incoming.intent) == (clean(typed), None, "")


@pytest.mark.parametrize(
    "typed",
    [
        "", "   ", "\n\n", "?!", "...", "-", "___", "/", "//", "EXTERNAL:", "\x00", "\ud83d",
        "\u200b\u200d", "\U0001f642\U0001f44d", None, 7, 3.5, [], {"message": "cost"}, b"cost",
    ],
)  # fmt: skip
def test_no_words_are_told_kindly(gate: Gate, typed: object) -> None:
    incoming = gate.take(typed)
    assert incoming.reply is not None
    assert "I did not find any words" in incoming.reply.text
    assert (incoming.reply.kind, incoming.intent) == ("error", "")


@pytest.mark.parametrize("length", [MAX_CHARACTERS + 1, 8 * MAX_CHARACTERS, 50_000])
def test_too_long_is_told_with_its_length(gate: Gate, length: int) -> None:
    incoming = gate.take(("how much does it cost " * 3000)[:length])
    assert incoming.reply is not None
    assert f"{length} characters" in incoming.reply.text
    assert f"up to {MAX_CHARACTERS}" in incoming.reply.text
    assert "911" in incoming.reply.text
    assert incoming.reply.kind == "error"


def test_just_short_enough_goes_on(gate: Gate) -> None:
    typed = ("how much does it cost " * 3000)[: MAX_CHARACTERS - 1] + "?"
    assert gate.take(typed).reply is None


def test_long_without_words_is_too_long(gate: Gate) -> None:
    reply = gate.take("?" * 50_000).reply
    assert reply is not None
    assert "50000 characters" in reply.text


@pytest.mark.parametrize(
    ("typed", "kind", "words"),
    [
        ("I have chest pain", "emergency", "Call 911 now"),
        ("/i have chest pain", "emergency", "Call 911 now"),
        ("I HAVE CH\u200bEST PAIN", "emergency", "Call 911 now"),
        ("<p>I have chest pain</p>", "emergency", "Call 911 now"),
        ("I want to kill myself", "crisis", "988"),
        ("me duele el pecho y no puedo respirar", "emergency", "Llame al 911"),
        ("quiero suicidarme", "crisis", "988"),
        # However long: what stands at its beginning is read.
        ("I have chest pain. " + "It began yesterday. " * 2499, "emergency", "Call 911 now"),
        ("so " * 500 + "I have chest pain " + "so " * 16_000, "emergency", "Call 911 now"),
    ],
    ids=lambda value: value[:30],
)
def test_danger_is_answered_here(gate: Gate, typed: str, kind: str, words: str) -> None:
    incoming = gate.take(typed)
    assert incoming.reply is not None
    assert (incoming.reply.kind, incoming.intent) == (kind, kind)
    assert words in incoming.reply.text
    assert "information only" not in incoming.reply.text
    assert len(incoming.text) <= MAX_CHARACTERS


def test_pills_taken_to_die_get_both_texts(gate: Gate) -> None:
    reply = gate.take("i took all my pills to kill myself").reply
    assert reply is not None
    assert reply.kind == "emergency"
    assert reply.text.index("Call 911 now") < reply.text.index("988")


def test_a_failed_turn_is_told_in_words(gate: Gate) -> None:
    reply = gate.worded("failed")
    assert reply.kind == "error"
    assert "try again" in reply.text
    assert "911" in reply.text

"""What pressed buttons say, and that nobody else can say it."""

from __future__ import annotations

import base64
import gzip
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.channels.incoming import Gate
from guide.channels.payloads import MAX_BYTES, Payloads, Pressed
from guide.content import DATA
from guide.content.trials import load_trials

SECRET = b"one secret of the servers, 32 at least"
HERE = "telegram:7"


@pytest.fixture(scope="module")
def payloads(gate: Gate) -> Payloads:
    return Payloads(SECRET, gate.content, gate.wording)


def offered(gate: Gate) -> list[str]:
    """Every title of ours that can be a button."""
    return [
        *gate.content.by_title,
        *gate.wording.lists["feedback_reasons"],
        gate.wording.say("none_of_these"),
        load_trials(DATA).more_phrases[0],
        "Trials near Boston, Massachusetts",
    ]


def test_every_button_of_ours_fits_and_means_its_title(gate: Gate, payloads: Payloads) -> None:
    for title in offered(gate):
        token = payloads.of_title(HERE, title)
        assert 0 < len(token.encode()) <= MAX_BYTES, title
        assert payloads.read(HERE, token) == Pressed(title)


def test_every_judgement_of_ours_fits_and_means_its_answers(gate: Gate, payloads: Payloads) -> None:
    longest = sorted(gate.content.answers, key=len)[-2:]
    for answers in [*((id_,) for id_ in gate.content.answers), tuple(longest)]:
        for helpful in (True, False):
            token = payloads.of_feedback(HERE, helpful, answers)
            assert 0 < len(token.encode()) <= MAX_BYTES, answers
            pressed = payloads.read(HERE, token)
            assert pressed is not None
            assert (pressed.helpful, pressed.answers) == (helpful, answers)
            assert pressed.version == gate.content.version


@pytest.mark.parametrize(("helpful", "said"), [(True, "Helpful"), (False, "Not helpful")])
def test_a_judgement_is_said_in_words(payloads: Payloads, helpful: bool, said: str) -> None:
    pressed = payloads.read(HERE, payloads.of_feedback(HERE, helpful, ("cost",)))
    assert pressed is not None
    assert pressed.text == said


def test_nearly_every_american_city_fits(payloads: Payloads) -> None:
    states = dict(
        line.split("\t")[1:3]
        for line in (DATA / "places" / "regions.tsv").read_text(encoding="utf-8").splitlines()
        if line.startswith("US\t")
    )
    with gzip.open(DATA / "places" / "cities.tsv.gz", "rt", encoding="utf-8") as file:
        rows = [line.split("\t") for line in file]
    cities = [f"{row[0]}, {states[row[1]]}" for row in rows if row[2] == "US" and row[1] in states]
    tokens = {city: payloads.of_title(HERE, f"Trials near {city}") for city in cities}
    too_long = [city for city, token in tokens.items() if not token]
    assert len(cities) > 10_000
    assert all(len(city.encode()) > 40 for city in too_long)
    assert len(too_long) < 10
    assert all(
        payloads.read(HERE, token) == Pressed(f"Trials near {city}")
        for city, token in tokens.items()
        if token
    )


@pytest.mark.parametrize(
    "title",
    [
        "Trials near Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
        "x" * 44,
        "é" * 22,
        "\U0001f642" * 11,
        "two\nlines",
        "a\u00a0place",
    ],
)
def test_a_title_that_cannot_be_carried_has_no_token(payloads: Payloads, title: str) -> None:
    assert payloads.of_title(HERE, title) == ""


@pytest.mark.parametrize(
    "title", ["x" * 43, "\u00e9" * 21, "Trials near " + "x" * 43, "a.b.c", "y"]
)
def test_a_title_that_just_fits_is_carried_whole(payloads: Payloads, title: str) -> None:
    assert payloads.read(HERE, payloads.of_title(HERE, title)) == Pressed(title)


def test_a_token_is_nothing_in_another_conversation(payloads: Payloads) -> None:
    token = payloads.of_title(HERE, "None of these")
    for elsewhere in ("telegram:8", "slack:7", "web:7", "telegram:77", "telegram:7\n", "", "7"):
        assert payloads.read(elsewhere, token) is None


def test_a_token_of_another_secret_is_nothing(gate: Gate, payloads: Payloads) -> None:
    other = Payloads(b"another secret of other servers, 32 too", gate.content, gate.wording)
    for token in (
        other.of_title(HERE, "None of these"),
        other.of_feedback(HERE, True, ("cost",)),
    ):
        assert other.read(HERE, token) is not None
        assert payloads.read(HERE, token) is None


def test_altered_anywhere_it_is_nothing(payloads: Payloads) -> None:
    for token in (
        payloads.of_title(HERE, "How much does it cost?"),
        payloads.of_title(HERE, "None of these"),
        payloads.of_feedback(HERE, False, ("cost", "cure")),
    ):
        assert payloads.read(HERE, token) is not None
        for place in range(len(token)):
            other = "A" if token[place] != "A" else "B"
            for changed in (
                token[:place] + other + token[place + 1 :],
                token[:place] + token[place + 1 :],
                token[:place] + other + token[place:],
            ):
                assert payloads.read(HERE, changed) is None, changed
        for changed in (f"{token} ", f" {token}", f"{token}\n", token.swapcase(), token * 2):
            assert payloads.read(HERE, changed) is None


@pytest.mark.parametrize(
    "forged",
    [
        "", ".", "..", "...", "acost", ".acost", "..acost", "AAAAAAAAAAAA.123456.acost",
        "How much does it cost?", "/restart", '/inform{"a": 1}', "EXTERNAL: x", "x" * 65,
        "\u00e9" * 30, "\ud83d", "\x00", "a\nb", "x" * 10_000_000,
        None, True, 0, 5, 1.5, b"AAAAAAAAAAAA.123456.acost", [], ["acost"], {"token": "acost"},
    ],
    ids=lambda value: repr(value)[:20],
)  # fmt: skip
def test_what_was_not_made_here_is_nothing(payloads: Payloads, forged: object) -> None:
    assert payloads.read(HERE, forged) is None


@given(st.one_of(st.text(), st.text("ax.y+_-", min_size=12, max_size=64)))
def test_a_guess_is_nothing(payloads: Payloads, guess: str) -> None:
    assert payloads.read(HERE, guess) is None


def test_a_signature_is_not_taken_from_one_meaning_to_another(payloads: Payloads) -> None:
    """Whoever holds a token cannot move the border between its parts."""
    signature, rest = payloads.of_title(HERE, "None of these").split(".", 1)
    for moved in (rest.replace(".", "", 1), f".{rest}", f"{rest}.", rest.replace(".", "..", 1)):
        assert payloads.read(HERE, f"{signature}.{moved}") is None


def test_it_says_too_little_to_be_guessed(payloads: Payloads) -> None:
    """72 bits of signature; two conversations share nothing of it."""
    tokens = [payloads.of_title(f"web:{number}", "None of these") for number in range(300)]
    signatures = {token.split(".")[0] for token in tokens}
    assert len(signatures) == 300
    assert {len(base64.urlsafe_b64decode(signature)) for signature in signatures} == {9}


def test_buttons_outlive_a_restart_and_a_change_of_content(gate: Gate, payloads: Payloads) -> None:
    tokens = {title: payloads.of_title(HERE, title) for title in offered(gate)}
    judged = payloads.of_feedback(HERE, False, ("cost",))
    later = Payloads(SECRET, replace(gate.content, version="fedcba987654"), gate.wording)
    for title, token in tokens.items():
        assert later.read(HERE, token) == Pressed(title)
    pressed = later.read(HERE, judged)
    assert pressed is not None
    assert pressed.answers == ("cost",)
    assert pressed.version == gate.content.version[:6]


def test_a_renamed_answer_is_still_the_one_that_was_offered(gate: Gate, payloads: Payloads) -> None:
    token = payloads.of_title(HERE, gate.content.answers["cost"].title)
    renamed = replace(gate.content.answers["cost"], title="What is the price?")
    content = replace(gate.content, answers={**gate.content.answers, "cost": renamed})
    assert Payloads(SECRET, content, gate.wording).read(HERE, token) == Pressed(renamed.title)


def test_a_withdrawn_answer_is_nothing(gate: Gate, payloads: Payloads) -> None:
    token = payloads.of_title(HERE, gate.content.answers["cost"].title)
    others = {id_: answer for id_, answer in gate.content.answers.items() if id_ != "cost"}
    content = replace(gate.content, answers=others)
    assert Payloads(SECRET, content, gate.wording).read(HERE, token) is None


def test_a_reason_stays_what_was_pressed_when_reasons_change_places(
    gate: Gate, payloads: Payloads
) -> None:
    reasons = gate.wording.lists["feedback_reasons"]
    token = payloads.of_title(HERE, reasons[0])
    turned = replace(
        gate.wording, lists={**gate.wording.lists, "feedback_reasons": tuple(reversed(reasons))}
    )
    assert Payloads(SECRET, gate.content, turned).read(HERE, token) == Pressed(reasons[0])

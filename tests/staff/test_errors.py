"""What goes wrong is told in words, and its log line holds nothing that anybody typed."""

from __future__ import annotations

import io
import json
import logging
import re
import urllib.parse
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client, override_settings

from staff.logs import Lines, lines
from tests.staff.failing import WORDS

Sign = Callable[[str], Client]
LEVELS = (logging.WARNING, logging.DEBUG)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the site's own handler writes."""
    handlers = logging.getLogger().handlers
    handler = next(one for one in handlers if isinstance(one.formatter, Lines))
    assert isinstance(handler, logging.StreamHandler)
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


@pytest.fixture
def failing(client_of: Sign) -> Iterator[Client]:
    """A reader on a site with views that fail."""
    client = client_of("reader")
    client.raise_request_exception = False
    with override_settings(ROOT_URLCONF="tests.staff.failing"):
        yield client


def assert_tells_nothing(log: str) -> None:
    """None of the patient's words, whole or in parts, nor how they stand in an address."""
    for word in [*WORDS.split(), urllib.parse.quote(WORDS), "db.example", "typed-in-a-form"]:
        if len(word) > 3:
            assert word not in log


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        (f"plainly/{WORDS}/", 500, ("plainly/<str:text>", "ValueError < KeyError")),
        ("sql/", 503, ("sql", "OperationalError < OperationalError")),
        ("guide/", 503, ("guide", "OperationalError < OperationalError")),
        ("away/", 503, ("away", "OperationalError")),
    ],
)  # fmt: skip
def test_a_failing_page_is_logged_without_what_it_failed_on(
    failing: Client, log: io.StringIO, level: int, path: str, status: int, told: tuple[str, str]
) -> None:
    root = logging.getLogger()
    names = ["", "django", "django.db.backends", "axes"]
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(level)
    connection.force_debug_cursor = level == logging.DEBUG
    try:
        page = failing.post(f"/failing/{path}?q={WORDS}", {"text": "typed-in-a-form"})
    finally:
        connection.force_debug_cursor = False
        for name in names:
            logging.getLogger(name).setLevel(before[name])
    assert root.level == logging.WARNING
    assert page.status_code == status
    written = log.getvalue()
    route, kinds = told
    line = (
        rf"ERROR django.request: {status} POST /failing/{route}/ incident \w{{8}} {kinds} "
        r"at tests/staff/failing.py:\d+"
    )
    assert re.search(line, written)
    assert_tells_nothing(written)
    assert_tells_nothing(page.content.decode())


@pytest.mark.parametrize(
    ("path", "words"), [("plainly/x/", "Something went wrong"), ("away/", "does not answer")]
)
def test_the_page_shows_the_number_of_the_log_line(
    failing: Client, log: io.StringIO, path: str, words: str
) -> None:
    page = failing.get(f"/failing/{path}").content.decode()
    number = re.search(r"incident (\w{8})", log.getvalue())
    assert number
    assert number[1] in page
    assert words in page
    assert "CAR T Guide" in page  # the site's own layout


def test_what_libraries_say_is_told_by_its_place_only(failing: Client, log: io.StringIO) -> None:
    failing.get("/failing/quoting/")
    lines = log.getvalue().splitlines()
    assert re.fullmatch(r"WARNING urllib3.connection: at staff/failing.py:\d+ quoting", lines[0])
    assert re.fullmatch(r"ERROR some.library: at staff/failing.py:\d+ quoting ValueError", lines[1])
    assert_tells_nothing(log.getvalue())


def test_lines_as_json_tell_no_more(
    failing: Client, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIDE_LOG", "json")
    handler = next(one for one in logging.getLogger().handlers if one.formatter is not None)
    monkeypatch.setattr(handler, "formatter", lines())
    failing.post(f"/failing/plainly/{WORDS}/?q={WORDS}", {"text": "typed-in-a-form"})
    failing.get("/failing/quoting/")
    page, warning, error = [json.loads(line) for line in log.getvalue().splitlines()]
    told = "500 POST /failing/plainly/<str:text>/ incident"
    assert page["event"].startswith(told)
    assert page["error"].startswith("ValueError < KeyError at tests/staff/failing.py:")
    assert {line["server"] for line in (page, warning, error)} == {"staff"}
    assert re.fullmatch(r"at staff/failing.py:\d+ quoting", warning["event"])
    assert re.match("ValueError", error["error"])
    assert_tells_nothing(log.getvalue())


def test_our_own_words_are_told(log: io.StringIO) -> None:
    logging.getLogger("staff.health").warning("the figure is %d", 7)
    logging.getLogger("guide.store").warning("the store failed: %s", "OperationalError")
    assert log.getvalue().splitlines() == [
        "WARNING staff.health: the figure is 7",
        "WARNING guide.store: the store failed: OperationalError",
    ]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/failing/refused/", 400, "could not be read"),
        ("/failing/gone/", 404, "Nothing is here"),
        (f"/conversations/{WORDS}/?q={WORDS}", 404, "Nothing is here"),
        ("/audit/", 403, "Not for your account"),
        ("/account/codes/new/", 405, "Not this way"),
    ],
)
def test_each_refusal_is_a_page_in_words(
    failing: Client, log: io.StringIO, path: str, status: int, words: str
) -> None:
    page = failing.get(path)
    assert page.status_code == status
    assert words in page.content.decode()
    assert "Main" in page.content.decode()  # the menu stands, one can go on
    assert_tells_nothing(page.content.decode())
    assert_tells_nothing(log.getvalue())


def test_a_wrong_host_is_not_quoted_in_the_log(client_of: Sign, log: io.StringIO) -> None:
    client_of("reader").get("/", headers={"host": "evil.example"})
    assert "evil" not in log.getvalue()
    assert "400 GET" in log.getvalue()


def test_a_wrong_password_leaves_no_name_in_the_log(log: io.StringIO) -> None:
    for _ in range(6):
        Client().post("/account/log-in/", {"username": "typed-in-a-form", "password": "x"})
    assert "axes" in log.getvalue()
    assert_tells_nothing(log.getvalue())


@pytest.mark.parametrize("path", ["/", "/health/", "/account/log-in/", "/no/such/page/"])
def test_without_a_database_every_page_says_so(
    client_of: Sign, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    client = client_of("reader")
    client.raise_request_exception = False

    connection.close()
    monkeypatch.setitem(connection.settings_dict, "NAME", "/no/such/folder/staff.db")
    page = client.get(path)
    assert page.status_code == 503
    assert "The database does not answer" in page.content.decode()
    assert "Content-Security-Policy" in page
    monkeypatch.undo()
    connection.close()

"""Slack on the real server: `rasa run` with the trained model, against a stand-in of Slack."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from guide.store.inbox import LEASE_SECONDS
from tests.conftest import Guide, running_guide
from tests.server.talk import CONTENT, SOURCE_START
from tests.standins.slack import TOKEN, Slack
from tests.standins.slack_requests import (
    SECRET,
    Body,
    command,
    encoded,
    event,
    mention,
    message,
    opened,
    press,
    press_at_home,
    signed,
    titles,
)

pytestmark = pytest.mark.server
COST = CONTENT.answers["cost"]
AGAIN = {"x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout"}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('slack') / 'guide.db'}"


@pytest.fixture(scope="module")
def slack(database: str) -> Iterator[Slack]:
    """With the settings of a guide that knows it."""
    with Slack() as running, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLACK_SIGNING_SECRET", SECRET)
        patch.setenv("SLACK_BOT_TOKEN", TOKEN)
        patch.setenv("SLACK_API_URL", running.api_url)
        patch.setenv("DATABASE_URL", database)
        yield running


@pytest.fixture(scope="module")
def on_slack(
    model: Path, slack: Slack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Guide]:
    with running_guide(tmp_path_factory.mktemp("on_slack")) as running, running.action_server():
        yield running


@pytest.fixture(autouse=True)
def forget(slack: Slack) -> None:
    """Each test sees what happens in it, and speaks as another person (see `somebody`)."""
    for kept in (slack.posted, slack.updated, slack.whispered, slack.homes, slack.responses):
        kept.clear()
    slack.errors.clear()


def somebody(slack: Slack, name: str) -> str:
    """A person whom the guide has not met, known to Slack."""
    user = f"U0{name.upper()}"
    slack.channels |= {user, f"D{user[1:]}"}
    return user


def send(guide: Guide, body: Body, **headers: str) -> tuple[int, bytes]:
    """(status, body) of a signed request, which Slack wants within 3 seconds."""
    raw, kind = encoded(body)
    address = f"{guide.url}/webhooks/slack/events"
    request = urllib.request.Request(address, raw, signed(raw, kind, **headers))
    try:
        with urllib.request.urlopen(request, timeout=3) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def say(guide: Guide, slack: Slack, inner: Body) -> dict[str, Any]:
    """The next message that people see after an event."""
    before = len(slack.posted)
    assert send(guide, event(inner))[0] == 200
    found: dict[str, Any] = slack.wait_for(lambda: slack.posted[before:])[0]
    return found


def test_a_conversation_in_a_direct_message(on_slack: Guide, slack: Slack) -> None:
    user = somebody(slack, "dm")
    first = say(on_slack, slack, message("How much does it cost?", user))
    assert "*$375,000 to $475,000*" in first["text"]
    assert SOURCE_START in first["text"]
    assert "administrators of this workspace" in first["text"]
    assert first["channel"] == f"D{user[1:]}"
    related = CONTENT.answers[COST.related[0]].title
    assert related in titles(first["blocks"])
    assert send(on_slack, press(first, related, user))[0] == 200
    second = slack.wait_for(lambda: slack.posted[1:])[0]
    assert "administrators of this workspace" not in second["text"]
    updated = slack.wait_for(lambda: slack.updated)[0]
    assert updated["ts"] == first["ts"]
    assert f"You chose: {related}" in updated["text"]
    third = say(on_slack, slack, message("tell me more", user))
    assert third["text"] != second["text"]
    assert send(on_slack, press(second, "Helpful", user))[0] == 200
    assert "Thank you" in slack.wait_for(lambda: slack.posted[3:])[0]["text"]
    assert slack.errors == []


def test_a_mention_knows_nothing_of_the_direct_talk(on_slack: Guide, slack: Slack) -> None:
    user = somebody(slack, "thread")
    say(on_slack, slack, message("How much does it cost?", user))
    posted = say(on_slack, slack, mention("tell me more", user))
    assert posted["thread_ts"] == "1699999999.000200"
    assert "$" not in posted["text"]
    assert "Everyone in this channel" in posted["text"]


def test_a_command_is_answered_to_the_asker_alone(on_slack: Guide, slack: Slack) -> None:
    user = somebody(slack, "command")
    body = command("How much does it cost?", slack.response_url("command"), user)
    status, raw = send(on_slack, body)
    answer = json.loads(raw)
    assert (status, answer["response_type"]) == (200, "ephemeral")
    if "blocks" not in answer:  # "one moment"
        answer = slack.wait_for(lambda: slack.responses)[0]
        assert answer["replace_original"]
    assert "$375,000" in answer["text"]
    assert slack.posted == []


def test_the_home_starts_a_conversation(on_slack: Guide, slack: Slack) -> None:
    user = somebody(slack, "home")
    assert send(on_slack, event(opened(user=user)))[0] == 200
    home = slack.wait_for(lambda: slack.homes)[0]
    question = titles(home["view"]["blocks"])[0]
    assert send(on_slack, press_at_home(home, question))[0] == 200
    posted = slack.wait_for(lambda: slack.posted)[0]
    assert posted["channel"] == user
    assert posted["text"].startswith(f"*{question}*")


def test_danger_is_answered_within_a_second(on_slack: Guide, slack: Slack) -> None:
    began = time.monotonic()
    posted = say(on_slack, slack, message("I have chest pain", somebody(slack, "danger")))
    assert time.monotonic() - began < 1
    assert posted["text"].startswith("*Call 911 now")
    assert "administrators" not in posted["text"]


def test_who_is_not_slack_is_refused(on_slack: Guide, slack: Slack) -> None:
    raw, kind = encoded(event(message("hello", somebody(slack, "mallory"))))
    for headers in (signed(raw, kind, secret="x" * 32), signed(raw, kind, age_s=900), {}):
        request = urllib.request.Request(f"{on_slack.url}/webhooks/slack/events", raw, headers)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=3)
        assert refused.value.code == 401
    assert slack.posted == []


def test_the_log_holds_no_words(on_slack: Guide, slack: Slack) -> None:
    user = somebody(slack, "private")
    say(on_slack, slack, message("my name is Zqxwmarker, how much is it?", user))
    slack.channels -= {f"D{user[1:]}"}
    assert send(on_slack, event(message("Zqxwmarker again", user)))[0] == 200
    slack.wait_for(lambda: slack.errors)
    text = on_slack.chat_log.read_text(encoding="utf-8", errors="replace")
    assert "zqxw" not in text.lower()


def test_a_restart_loses_nothing_and_answers_nothing_twice(
    model: Path, slack: Slack, database: str, tmp_path: Path
) -> None:
    user = somebody(slack, "restart")
    kept, done = event(message("How much does it cost?", user)), event(message("hello", user))
    try:
        with running_guide(tmp_path) as first:
            say(first, slack, done["event"] | {"text": "hi"})
            assert send(first, done)[0] == 200
            slack.wait_for(lambda: slack.posted[1:])
            slack.mode, slack.retry_after = "ratelimited", "3600"
            assert send(first, kept)[0] == 200
            time.sleep(3)
    finally:
        slack.mode = "ok"
    slack.posted.clear()
    engine = sa.create_engine(database)
    with engine.begin() as connection:
        stale = f"UPDATE inbox SET claimed = claimed - {LEASE_SECONDS + 1} WHERE NOT done"
        assert connection.execute(sa.text(stale)).rowcount == 1
    with running_guide(tmp_path) as second:
        assert send(second, done, **AGAIN)[0] == 200
        posted = slack.wait_for(lambda: slack.posted)
        assert send(second, kept, **AGAIN)[0] == 200
        time.sleep(1)
        assert len(posted) == 1
        assert "$375,000" in posted[0]["text"]

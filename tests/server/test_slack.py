"""Slack on the real server: `rasa run` with the trained model, against a stand-in of Slack."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import sqlalchemy as sa

from guide.store.inbox import LEASE_SECONDS
from tests.conftest import Guide, running_guide
from tests.server.channels.slack import say, send, somebody
from tests.server.talk import CONTENT, SOURCE_START
from tests.standins.slack import Slack
from tests.standins.slack_requests import (
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


@pytest.fixture(autouse=True)
def forget(slack: Slack) -> None:
    """Each test sees what happens in it, and speaks as another person (see `somebody`)."""
    for kept in (slack.posted, slack.updated, slack.whispered, slack.homes, slack.responses):
        kept.clear()
    slack.errors.clear()


def test_a_conversation_in_a_direct_message(guide: Guide, slack: Slack) -> None:
    user = somebody(slack, "dm")
    first = say(guide, slack, message("How much does it cost?", user))
    assert "*$375,000 to $475,000*" in first["text"]
    assert SOURCE_START in first["text"]
    assert "administrators of this workspace" in first["text"]
    assert first["channel"] == f"D{user[1:]}"
    related = CONTENT.answers[COST.related[0]].title
    assert related in titles(first["blocks"])
    assert send(guide, press(first, related, user))[0] == 200
    second = slack.wait_for(lambda: slack.posted[1:])[0]
    assert "administrators of this workspace" not in second["text"]
    updated = slack.wait_for(lambda: slack.updated)[0]
    assert updated["ts"] == first["ts"]
    assert f"You chose: {related}" in updated["text"]
    third = say(guide, slack, message("tell me more", user))
    assert third["text"] != second["text"]
    assert send(guide, press(second, "Helpful", user))[0] == 200
    assert "Thank you" in slack.wait_for(lambda: slack.posted[3:])[0]["text"]
    assert slack.errors == []


def test_a_mention_knows_nothing_of_the_direct_talk(guide: Guide, slack: Slack) -> None:
    user = somebody(slack, "thread")
    say(guide, slack, message("How much does it cost?", user))
    posted = say(guide, slack, mention("tell me more", user))
    assert posted["thread_ts"] == "1699999999.000200"
    assert "$" not in posted["text"]
    assert "Everyone in this channel" in posted["text"]


def test_a_command_is_answered_to_the_asker_alone(guide: Guide, slack: Slack) -> None:
    user = somebody(slack, "command")
    body = command("How much does it cost?", slack.response_url("command"), user)
    status, raw = send(guide, body)
    answer = json.loads(raw)
    assert (status, answer["response_type"]) == (200, "ephemeral")
    if "blocks" not in answer:  # "one moment"
        answer = slack.wait_for(lambda: slack.responses)[0]
        assert answer["replace_original"]
    assert "$375,000" in answer["text"]
    assert slack.posted == []


def test_the_home_starts_a_conversation(guide: Guide, slack: Slack) -> None:
    user = somebody(slack, "home")
    assert send(guide, event(opened(user=user)))[0] == 200
    home = slack.wait_for(lambda: slack.homes)[0]
    question = titles(home["view"]["blocks"])[0]
    assert send(guide, press_at_home(home, question))[0] == 200
    posted = slack.wait_for(lambda: slack.posted)[0]
    assert posted["channel"] == user
    assert posted["text"].startswith(f"*{question}*")


def test_danger_is_answered_within_a_second(guide: Guide, slack: Slack) -> None:
    began = time.monotonic()
    posted = say(guide, slack, message("I have chest pain", somebody(slack, "danger")))
    assert time.monotonic() - began < 1
    assert posted["text"].startswith("*Call 911 now")
    assert "administrators" not in posted["text"]


def test_who_is_not_slack_is_refused(guide: Guide, slack: Slack) -> None:
    raw, kind = encoded(event(message("hello", somebody(slack, "mallory"))))
    for headers in (signed(raw, kind, secret="x" * 32), signed(raw, kind, age_s=900), {}):
        request = urllib.request.Request(f"{guide.url}/webhooks/slack/events", raw, headers)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=3)
        assert refused.value.code == 401
    assert slack.posted == []


def test_the_log_holds_no_words(guide: Guide, slack: Slack) -> None:
    user = somebody(slack, "private")
    say(guide, slack, message("my name is Zqxwmarker, how much is it?", user))
    slack.channels -= {f"D{user[1:]}"}
    assert send(guide, event(message("Zqxwmarker again", user)))[0] == 200
    slack.wait_for(lambda: slack.errors)
    text = guide.chat_log.read_text(encoding="utf-8", errors="replace")
    assert "zqxw" not in text.lower()


def test_a_restart_loses_nothing_and_answers_nothing_twice(model: Path, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'guide.db'}"
    with Slack() as slack:
        user = somebody(slack, "restart")
        kept, done = event(message("How much does it cost?", user)), event(message("hello", user))
        with running_guide(tmp_path, slack, DATABASE_URL=database) as first:
            say(first, slack, done["event"] | {"text": "hi"})
            assert send(first, done)[0] == 200
            slack.wait_for(lambda: slack.posted[1:])
            slack.mode, slack.retry_after = "ratelimited", "3600"
            assert send(first, kept)[0] == 200
            time.sleep(3)
        slack.mode = "ok"
        slack.posted.clear()
        with sa.create_engine(database).begin() as connection:
            stale = f"UPDATE inbox SET claimed = claimed - {LEASE_SECONDS + 1} WHERE NOT done"
            assert connection.execute(sa.text(stale)).rowcount == 1
        with running_guide(tmp_path, slack, DATABASE_URL=database) as second:
            assert send(second, done, **AGAIN)[0] == 200
            posted = slack.wait_for(lambda: slack.posted)
            assert send(second, kept, **AGAIN)[0] == 200
            time.sleep(1)
            assert len(posted) == 1
            assert "$375,000" in posted[0]["text"]

"""/health of a real server on the trained model."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest
import sqlalchemy as sa

from guide.content import DATA, load
from guide.store.database import engine_of
from guide.store.tables import WITHDRAWN, make_tables
from tests.conftest import Guide, running_guide
from tests.server.talk import CONTENT, WORDING

pytestmark = pytest.mark.server


def health(guide: Guide) -> dict[str, object]:
    with urllib.request.urlopen(f"{guide.url}/health", timeout=10) as reply:
        assert reply.status == 200
        return dict(json.load(reply))


def test_a_running_guide_is_ready(lone_guide: Guide, model: Path) -> None:
    told = health(lone_guide)
    assert (told["status"], told["not_ready"]) == ("ready", [])
    assert told["content"] == load(DATA).version
    assert told["model"] == model.name.removesuffix(".tar.gz")
    assert told["inbox"] == 0


def test_it_tells_nothing_of_what_was_said(lone_guide: Guide) -> None:
    lone_guide.say("my secret question about the price", "secretive")
    assert "secret" not in json.dumps(health(lone_guide))


def test_a_withdrawn_answer_is_refused_in_the_chat(model: Path, tmp_path: Path) -> None:
    """From the start on; while it runs, unit tests show that the set follows the database."""
    url = f"sqlite:///{tmp_path / 'guide.db'}"
    engine = engine_of(url)
    make_tables(engine)
    row = {"answer": "cost", "time": 1.0, "by": "ann", "reason": "is being checked"}
    with engine.begin() as connection:
        connection.execute(sa.insert(WITHDRAWN).values(**row))
    title = CONTENT.answers["cost"].title
    with running_guide(tmp_path, DATABASE_URL=url) as guide:
        refused = guide.say(title)
        assert refused["text"].startswith(WORDING.say("withdrawn"))
        assert (refused["metadata"]["kind"], refused["metadata"]["answers"]) == ("fallback", [])
        related = guide.say(CONTENT.answers["insurance"].title)
        assert title not in [button["title"] for button in related["buttons"]]

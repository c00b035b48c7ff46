"""Try, Go live and Undo on the site. A stand-in tries; Go live and Undo are the real commands."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client

from guide.learn.candidate import version
from guide.learn.lock import only_one, running
from guide.learn.places import candidate, write_json
from guide.settings import ROOT
from guide.train import fingerprint, model_of
from staff.audit.models import Entry
from staff.teach import learning
from tests.staff.fake_learn import REPORT, WORSE

Sign = Callable[[str], Client]
PAGE = "/teach/release/"
STAND_IN = [sys.executable, "-m", "tests.staff.fake_learn"]


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Content, models and drafts of this test alone."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.setenv("GUIDE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("GUIDE_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("GUIDE_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr(learning, "PATIENCE_SECONDS", 120.0)  # however busy the machine is


@pytest.fixture
def tries(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Sets how a Try ends; one that hangs is ended with the test."""

    def ends(how: str) -> None:
        monkeypatch.setenv("FAKE_LEARN", how)
        monkeypatch.setattr(learning, "command", lambda *_: [*STAND_IN, "guide.learn"])

    yield ends
    learning.stop()


def said(client: Client, path: str, **fields: str) -> str:
    response = client.post(f"{PAGE}{path}/", fields, follow=True)
    assert response.status_code == 200
    return " ".join(str(message) for message in response.context["messages"])


def page(client: Client) -> str:
    response = client.get(PAGE)
    assert response.status_code == 200
    return response.content.decode()


def ended() -> None:
    """Waits until no Try runs."""
    end = time.monotonic() + 20
    while running() and time.monotonic() < end:
        time.sleep(0.05)
    assert not running()


def poll(client: Client) -> dict[str, object]:
    response = client.get(f"{PAGE}progress.json")
    assert response["Content-Type"] == "application/json"
    return dict(response.json())


def test_before_the_first_try(client_of: Sign) -> None:
    html = page(client_of("manager"))
    assert "Nothing was tried yet" in html and "There is nothing to undo" in html
    assert poll(client_of("reviewer")) == {"ended": True}


def test_a_reviewer_reads_and_presses_nothing(
    client_of: Sign, tries: Callable[[str], None]
) -> None:
    tries("done")
    html = page(client_of("reviewer"))
    assert "A manager can start a Try" in html and "<button" not in html.split("<main")[1]
    for path in ("try", "live", "undo", "stop"):
        assert client_of("reviewer").post(f"{PAGE}{path}/").status_code == 403
    assert not candidate().exists()


def test_a_try_that_ends_well(client_of: Sign, tries: Callable[[str], None]) -> None:
    tries("done")
    client = client_of("manager")
    assert "has begun" in said(client, "try")
    ended()
    html = page(client)
    assert "3 new sentences to train on and 1 to measure by" in html
    assert "Urgent found" in html and "holds" in html and "nlu/reviewed.yml" in html
    assert "No held-out question got another reply" in html
    assert Entry.objects.get(action="tried").name == "manager"


def test_a_try_that_got_worse_shows_each_question(
    client_of: Sign, tries: Callable[[str], None]
) -> None:
    tries("worse")
    client = client_of("manager")
    assert "has begun" in said(client, "try")
    ended()
    html = page(client)
    assert "a &lt;b&gt;question&lt;/b&gt;" in html
    assert "right, by patterns" in html and "worse</strong> (urgent found)" in html
    assert "1, of which 1 worse" in html


def test_faults_are_told_with_file_and_key(client_of: Sign, tries: Callable[[str], None]) -> None:
    tries("faults")
    client = client_of("manager")
    said(client, "try")
    ended()
    html = page(client)
    assert "faq/cost.yml" in html and '<td dir="auto">answer</td><td>is empty</td>' in html


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("refused", "Please wait until it is done."),
        ("breaks", "RuntimeError: a line of the log"),
    ],
)
def test_a_try_that_does_not_begin(
    client_of: Sign, tries: Callable[[str], None], how: str, told: str
) -> None:
    tries(how)
    assert told in said(client_of("manager"), "try")
    assert not Entry.objects.filter(action="tried").exists()


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("fails", "There is no change to try."),
        ("dies", "It ended before it was done. Please start it again."),
    ],
)
def test_a_try_that_fails_or_dies_is_shown_as_such(
    client_of: Sign, tries: Callable[[str], None], how: str, told: str
) -> None:
    tries(how)
    client = client_of("manager")
    said(client, "try")
    ended()
    html = page(client)
    assert f"The last Try failed: {told}" in html and ">Try</button>" in html
    assert poll(client) == {
        "percent": 2, "message": told, "ended": True, "failed": True, "hangs": False,
    }  # fmt: skip


def test_a_try_that_hangs_is_told_and_can_be_stopped(
    client_of: Sign, tries: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    tries("hangs")
    client = client_of("manager")
    assert "has begun" in said(client, "try")
    state = poll(client)
    assert (state["ended"], state["percent"], state["hangs"]) == (False, 2, False)
    html = page(client)
    assert 'value="2"' in html and 'role="status">Training' in html and ">Try</button>" not in html
    assert 'id="hangs" hidden' in html
    monkeypatch.setattr(learning, "QUIET_SECONDS", 0.0)
    assert poll(client)["hangs"] is True and 'id="hangs" hidden' not in page(client)
    assert "being stopped" in said(client, "stop")
    ended()
    assert "The last Try failed" in page(client)
    assert Entry.objects.filter(action="stopped a try").exists()
    assert "No Try runs" in said(client, "stop")


def test_a_second_try_waits_for_the_first(client_of: Sign) -> None:
    """The real command: it refuses before it trains anything."""
    with only_one("try", "somebody"):
        told = said(client_of("manager"), "try")
    assert "Try is running" in told and "started by somebody" in told


def tried(**changes: object) -> str:
    """A Try of one more sentence, as the real command leaves it; its release."""
    from guide.settings import data_folder

    data = candidate() / "data"
    shutil.copytree(data_folder(), data)
    examples = "    examples: |\n      - what would it be in quetzals\n"
    name = "nlu/reviewed.yml"
    (data / name).write_text(f'version: "3.1"\nnlu:\n  - intent: cost\n{examples}', "utf-8")
    release = fingerprint(data)
    (candidate() / "models").mkdir()
    (candidate() / "models" / model_of(release).name).write_bytes(b"a model")
    about = {
        "live": fingerprint(), "candidate": release, "changed_files": [name],
        "live_version": version(data_folder()), "candidate_version": version(data),
    }  # fmt: skip
    write_json(candidate() / "report.json", {**REPORT, **about, **changes})
    state = {"step": "done", "percent": 100, "message": "", "started": time.time()}
    write_json(candidate() / "progress.json", state)
    return release


def test_go_live_and_undo(client_of: Sign, tmp_path: Path) -> None:
    before, release = fingerprint(), tried()
    client = client_of("manager")
    assert f"Live: {release}" in said(client, "live")
    assert (tmp_path / "models" / "live").read_text().strip() == release
    html = page(client)
    assert f"Release <code>{release}</code>, since 20" in html and "brought live by manager" in html
    assert "is live already" in html
    entry = Entry.objects.get(action="went live")
    assert (entry.name, entry.subject, entry.detail) == ("manager", release, {})
    model_of(before).write_bytes(b"the former model")
    assert f"{before} is live again" in said(client, "undo")
    assert fingerprint() == before and "There is nothing to undo" in page(client)
    assert Entry.objects.get(action="undid").subject == before


def test_go_live_is_refused_while_a_guarded_figure_is_worse(client_of: Sign) -> None:
    before = fingerprint()
    tried(**WORSE)
    client = client_of("manager")
    html = page(client)
    assert WORSE["reasons"][0] in html
    assert '<button type="button" disabled aria-describedby="why-not">Go live</button>' in html
    assert "got worse" in said(client, "live")
    assert "got worse" in said(client, "live", reason="   ")
    assert fingerprint() == before and not Entry.objects.filter(action="went live").exists()


def test_a_manager_overrules_with_a_reason(client_of: Sign) -> None:
    release = tried(**WORSE)
    client = client_of("manager")
    reason = "--overrule the lost question is a double, says Karen Smith at 617-555-0123"
    told = said(client, "live", reason=reason)
    assert f"Live: {release}" in told and "Personal details were removed" in told
    detail = json.dumps(Entry.objects.get(action="went live").detail)
    assert "the lost question is a double" in detail and "555" not in detail
    assert "the lost question is a double" in page(client)


@pytest.mark.parametrize("name", ["report.json", "progress.json"])
@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", "{\"step\": 5}", "\x00", '{"faults": 1, "figures": {}, "flips": [1]}',
     '{"faults": [], "reasons": null, "figures": [{"name": "x", "old": "y"}], "time": "z",'
     ' "candidate": {}, "flips": [{"set": 1}], "sentences": []}'],
)  # fmt: skip
def test_files_that_cannot_be_read(client_of: Sign, name: str, content: str) -> None:
    tried()
    (candidate() / name).write_text(content, encoding="utf-8")
    html = page(client_of("manager"))
    assert "Try</button>" in html
    poll(client_of("manager"))


def test_entries_that_cannot_be_read_are_counted(client_of: Sign) -> None:
    tried(figures=[*REPORT["figures"], {"name": "odd"}], flips=[{"set": 1}, "x"])
    assert "3 entries of the report could not be read" in page(client_of("manager"))

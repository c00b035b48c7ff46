"""`python -m guide.learn`: what staff may try, put live and take back, and what they are told."""

from __future__ import annotations

import fcntl
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from guide.learn import children, labels
from guide.learn.labels import Label
from guide.learn.lock import only_one
from guide.learn.places import candidate, draft, files_of, read_json, write
from guide.learn.words import Refused, say
from guide.settings import models_folder, var_folder
from guide.store.database import database_url, engine_of
from guide.train import fingerprint, noted
from tests.unit.content.small_content import SmallContent
from tests.unit.learn.conftest import Children, Learn
from tests.unit.learn.labelled import add
from tests.unit.learn.measured import MADE_UP, measurement

Edit = Callable[[str, str, str], None]
COST = "faq/cost.yml"
WORSE = measurement({**MADE_UP, ("near_misses", "my dose?"): ("wrong",)})


def change_cost(edit: Edit, to: str = "That is all that we know.") -> None:
    edit(COST, "That is all we know.", to)


def report() -> dict[str, Any]:
    return read_json(candidate() / "report.json") or {}


def test_a_change_is_tried_put_live_and_taken_back(
    learn: Learn, edit: Edit, live: SmallContent
) -> None:
    former, before = fingerprint(), (live.folder / COST).read_bytes()
    change_cost(edit)
    code, said = learn("try")
    assert (code, say("allowed") in said) == (0, True)
    assert (live.folder / COST).read_bytes() == before  # patients see nothing of a Try
    assert report()["changed_files"] == [COST]
    code, said = learn("live")
    assert code == 0
    new = report()["candidate"]
    assert new in said
    assert b"that we know" in (live.folder / COST).read_bytes()
    assert (fingerprint(), noted("live"), noted("former")) == (new, new, former)
    assert (models_folder() / f"guide-{new}.tar.gz").read_text() == "a model"
    assert files_of(draft()) == []
    assert learn("undo")[0] == 0
    assert (live.folder / COST).read_bytes() == before
    assert (fingerprint(), noted("live")) == (former, former)
    assert (models_folder() / f"guide-{former}.tar.gz").exists()
    assert files_of(draft()) == [COST]
    assert learn("undo") == (1, say("no_undo") + "\n")


def test_a_worse_guide_goes_live_only_with_a_reason(
    learn: Learn, edit: Edit, processes: Children, live: SmallContent
) -> None:
    change_cost(edit)
    processes.candidate = WORSE
    code, said = learn("try")
    assert code == 1
    assert "'my dose?': refused -> wrong" in said
    assert report()["allowed"] is False
    for arguments in (["live"], ["live", "--overrule", "  "]):
        code, said = learn(*arguments)
        assert code == 1
        assert "Near-misses refused got worse: 2 of 2 messages fail, 1 before." in said
        assert b"that we know" not in (live.folder / COST).read_bytes()
    reason = "Bob Smith, 212-555-0147, says that it is right"
    assert learn("live", "--overrule", reason)[0] == 0
    assert b"that we know" in (live.folder / COST).read_bytes()
    undo = json.loads(learn("status", "--json")[1])["undo"]
    assert undo["reason"] == "<NAME>, <PHONE>, says that it is right"


def test_faults_are_told_with_file_and_key_and_nothing_is_trained(
    learn: Learn, edit: Edit, processes: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(COST, "facts: [F2]", "facts: [F2, F99]")
    taught = [Label("a b", "nobody", False), Label("how many dollars", "cells", False)]
    monkeypatch.setattr(labels, "approved", lambda *_: taught)
    code, said = learn("try")
    assert code == 1
    assert "faq/cost.yml: facts: names the unknown fact 'F99'" in said
    assert "nlu/reviewed.yml: nobody: names the unknown answer or kind of refusal" in said
    assert ": how many dollars: stands in cells too" in said
    assert processes.trained == []
    assert {fault["file"] for fault in report()["faults"]} == {COST, "nlu/reviewed.yml"}
    assert learn("live")[0] == 1
    assert json.loads(learn("status", "--json")[1])["progress"]["step"] == "failed"


@pytest.mark.parametrize(
    "name", ["wording.yml", "safety/5_crisis.yml", "faq/Cost.yml", "faq/../rules.yml.bak", "x"]
)
def test_staff_change_answers_and_sentences_only(
    learn: Learn, processes: Children, name: str
) -> None:
    write(draft() / name, b"x: y\n")
    code, said = learn("try")
    assert (code, say("not_for_staff") in said) == (1, True)
    assert processes.trained == []


def test_a_link_out_of_the_draft_is_refused(learn: Learn, tmp_path: Path) -> None:
    (draft() / "faq").mkdir(parents=True)
    (tmp_path / "secret").write_text("s3cret")
    (draft() / "faq/cost.yml").symlink_to(tmp_path / "secret")
    code, said = learn("try")
    assert (code, say("not_for_staff") in said) == (1, True)
    assert "s3cret" not in (candidate() / "data" / COST).read_text()


def test_what_is_not_of_todays_live_content_is_refused(
    learn: Learn, edit: Edit, live: SmallContent
) -> None:
    change_cost(edit)
    learn("try")
    live.edit("faq/cells.yml", "done in a lab", "done in one lab")
    assert learn("live") == (1, say("stale") + "\n")
    assert learn("try")[0] == 0
    assert learn("live")[0] == 0
    assert "one lab" in (live.folder / "faq/cells.yml").read_text()


def test_what_was_tampered_with_after_the_try_is_refused(learn: Learn, edit: Edit) -> None:
    change_cost(edit)
    learn("try")
    write(candidate() / "data" / COST, b"title: x\n")
    assert learn("live") == (1, say("stale") + "\n")


def test_a_model_of_another_program_is_refused(
    learn: Learn, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_cost(edit)
    learn("try")
    monkeypatch.setattr("guide.learn.release.fingerprint", lambda *_: "0" * 12)
    assert learn("live") == (1, say("other_program") + "\n")


def test_a_draft_that_changed_after_the_try_does_not_go_live(
    learn: Learn, edit: Edit, live: SmallContent
) -> None:
    change_cost(edit)
    learn("try")
    change_cost(edit, "Nobody tried this.")
    assert learn("live")[0] == 0
    assert "that we know" in (live.folder / COST).read_text()
    assert "Nobody tried this" in (draft() / COST).read_text()


def test_undo_does_not_lose_a_change_made_since(
    learn: Learn, edit: Edit, live: SmallContent
) -> None:
    change_cost(edit)
    learn("try")
    learn("live")
    live.edit(COST, "that we know", "that anyone knows")
    assert learn("undo") == (1, say("undo_stale", file=COST) + "\n")
    assert "anyone knows" in (live.folder / COST).read_text()


def test_a_new_answer_goes_with_undo(learn: Learn, edit: Edit, live: SmallContent) -> None:
    text = (live.folder / "faq/fever.yml").read_text().replace("title: Does", "title: Can")
    text = text.replace("will i get hot", "is it warm").replace("is there a fever", "am i to sweat")
    text = text.replace("how hot does one get", "must i open a window")
    write(draft() / "faq/heat.yml", text.encode())
    assert learn("try")[0] == 0
    assert learn("live")[0] == 0
    assert (live.folder / "faq/heat.yml").exists()
    assert learn("undo")[0] == 0
    assert not (live.folder / "faq/heat.yml").exists()


@pytest.mark.parametrize(
    ("command", "name"), [("live", "no_try"), ("undo", "no_undo"), ("try", "nothing")]
)
def test_before_there_is_anything_it_is_said(learn: Learn, command: str, name: str) -> None:
    assert learn(command) == (1, say(name) + "\n")


@pytest.mark.parametrize("command", ["try", "live", "undo", "labels"])
def test_a_second_one_is_told_who_is_at_it(learn: Learn, command: str) -> None:
    with only_one("try", "ann"):
        code, said = learn(command)
        assert code == 1
        assert said.startswith("Try is running since 20")
        assert "started by ann" in said
        running = json.loads(learn("status", "--json")[1])["running"]
        assert (running["what"], running["by"]) == ("try", "ann")
    assert json.loads(learn("status", "--json")[1])["running"] is None


def test_a_failed_training_is_told_and_cannot_go_live(
    learn: Learn, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise Refused(say("not_trained", error="no memory"))

    change_cost(edit)
    monkeypatch.setattr(children, "train", fail)
    assert learn("try") == (1, "The training failed: no memory\n")
    progress = json.loads(learn("status", "--json")[1])["progress"]
    assert (progress["step"], progress["message"]) == ("failed", "The training failed: no memory")
    assert learn("live")[0] == 1


@pytest.mark.parametrize(
    ("error", "told"), [(SystemExit(143), "stopped"), (OSError("disk full"), "broken")]
)
def test_a_try_that_ends_otherwise_has_failed(
    learn: Learn, edit: Edit, monkeypatch: pytest.MonkeyPatch, error: BaseException, told: str
) -> None:
    def end(*_: object) -> None:
        raise error

    change_cost(edit)
    monkeypatch.setattr(children, "train", end)
    with pytest.raises(type(error)):
        learn("try")
    progress = json.loads(learn("status", "--json")[1])["progress"]
    assert progress["message"] == say(told, error="OSError")


def test_without_questions_nothing_is_tried(
    learn: Learn, edit: Edit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    change_cost(edit)
    monkeypatch.setenv("GUIDE_QUESTIONS", str(tmp_path / "nowhere"))
    code, said = learn("try")
    assert (code, "GUIDE_QUESTIONS" in said) == (1, True)


def test_an_unreachable_database_is_told_without_its_address(
    learn: Learn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:s3cret@127.0.0.1:1/none")
    assert learn("labels") == (1, "The labels could not be read: OperationalError\n")


def test_what_is_taught_holds_no_personal_details(learn: Learn, live: SmallContent) -> None:
    sentence = "my name is Bob Smith, is it dear, call 212-555-0147"
    add(engine_of(database_url()), [{"sentence": sentence}])
    assert learn("labels") == (0, say("labels_new", examples=1, held_out=0) + "\n")
    assert "- my name is <NAME>, is it dear, call <PHONE>" in (
        draft() / "nlu/reviewed.yml"
    ).read_text(encoding="utf-8")


def test_a_look_at_the_status_bars_nobody(learn: Learn, live: SmallContent) -> None:
    with (var_folder() / "learn.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # as `running` does
        threading.Timer(0.1, lambda: fcntl.flock(file, fcntl.LOCK_UN)).start()
        assert learn("labels") == (0, say("labels_none") + "\n")


@pytest.mark.parametrize("arguments", [(), ("tri",), ("live", "--overrule"), ("status", "now")])
def test_misuse(learn: Learn, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        learn(*arguments)
    assert ended.value.code == 2

"""Unanswered and Teach in a browser: labelled and approved by mouse and by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from guide.learn import places
from guide.learn.lock import only_one
from guide.learn.progress import Progress
from guide.store.tables import LABELS
from tests.staff.fake_learn import REPORT, WORSE
from tests.staff.rows import conversation, turn
from tests.staff_browser.conftest import StaffSite
from tests.staff_browser.looks import assert_well_made

ASKED = ("what is the price of an infusion", "how much do they charge for the infusion",
         "price of one infusion please", "infusion price??")  # fmt: skip
LABELLED = "SELECT text, verdict, target FROM labels JOIN turns ON turns.id = labels.turn"
LOADING_MS = 60_000  # of what finds personal details, once in a server's life
DOGS = "can my dog catch lupus"


@pytest.fixture(autouse=True)
def talk(staff_site: StaffSite) -> Iterator[list[int]]:
    """Five messages that were refused, one of them in an urgent conversation."""
    engine = staff_site.engine
    conversation("web:a", engine=engine)
    conversation("web:u", engine=engine, urgent=True)
    scores = [["cost", 0.41], ["insurance", 0.2]]
    ids = [turn("web:a", text, engine=engine, kind="fallback", scores=scores) for text in ASKED]
    yield [*ids, turn("web:u", DOGS, engine=engine, kind="fallback")]
    staff_site.empty()


def labels(site: StaffSite) -> dict[str, str]:
    """Message -> verdict and target."""
    with site.engine.connect() as connection:
        rows = connection.execute(sa.text(LABELLED)).all()
        return {text: f"{verdict} {target}".strip() for text, verdict, target in rows}


def add_labels(site: StaffSite, turns: list[int], **columns: object) -> None:
    values = {"time": 1.0, "by": "reviewer", "verdict": "answer", "target": "cost", **columns}
    with site.engine.begin() as connection:
        connection.execute(LABELS.insert(), [{"turn": id_, **values} for id_ in turns])


def test_a_group_is_labelled_by_its_title(
    page_of: Callable[[str], Page], staff_site: StaffSite
) -> None:
    page = page_of("reviewer")
    page.get_by_role("link", name="Unanswered").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text(DOGS)
    group = page.locator("section", has_text="4 messages")
    group.get_by_label("Belongs to the answer").fill("How much does it cost?")
    group.get_by_role("button", name="Belongs to it").click()
    expect(page.get_by_role("status")).to_contain_text("How much does it cost?”; messages: 4")
    assert labels(staff_site) == dict.fromkeys(ASKED, "answer cost")
    expect(page.get_by_text("4 messages")).to_have_count(0)


def test_only_what_is_ticked_is_labelled_and_taken_back(
    page_of: Callable[[str], Page], staff_site: StaffSite
) -> None:
    page = page_of("reviewer")
    page.goto(f"{staff_site.url}/unanswered/")
    group = page.locator("section", has_text="4 messages")
    group.get_by_text("1 more").click()
    group.get_by_label(ASKED[1]).check()
    group.get_by_label(ASKED[3]).check()
    group.get_by_role("button", name="New answer needed").click()
    assert labels(staff_site) == dict.fromkeys((ASKED[1], ASKED[3]), "new_answer")
    page.get_by_role("link", name="What was labelled").click()
    page.locator("section", has_text=ASKED[3]).get_by_role("button", name="Take back").click()
    expect(page.get_by_role("status")).to_contain_text("taken back")
    assert labels(staff_site) == {ASKED[1]: "new_answer"}


def test_unanswered_by_keyboard_alone(
    page_of: Callable[[str], Page], staff_site: StaffSite
) -> None:
    page = page_of("reviewer")
    page.goto(f"{staff_site.url}/unanswered/")
    field = page.locator("section", has_text=DOGS).get_by_label("Belongs to the answer")
    reach(page, field.get_attribute("id"))
    page.keyboard.type("how much does it cost")
    page.keyboard.press("Enter")  # the field's own button, not a guess
    expect(page.get_by_role("status")).to_contain_text("messages: 1")
    assert labels(staff_site) == {DOGS: "answer cost"}


def test_teach_by_keyboard_alone(
    page_of: Callable[[str], Page], staff_site: StaffSite, talk: list[int]
) -> None:
    add_labels(staff_site, talk[:1])
    page = page_of("reviewer")
    page.goto(f"{staff_site.url}/teach/")
    reach(page, f"sentence-{talk[0]}")
    page.keyboard.press("Control+A")
    page.keyboard.type("the bill in guatemalan quetzals")
    page.keyboard.press("Enter")  # keeps it, and approves nothing
    expect(page.get_by_role("status")).to_contain_text("is kept", timeout=LOADING_MS)
    expect(page.get_by_label("Sentence to learn")).to_have_value("the bill in guatemalan quetzals")
    reach(page, f"read-{talk[0]}")
    page.keyboard.press("Space")
    while page.evaluate("document.activeElement.name") != "approve_read":
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Approved: 1", timeout=LOADING_MS)
    expect(page.get_by_role("table", name="The newest approved sentences")).to_contain_text(
        "the bill in guatemalan quetzals"
    )


def reach(page: Page, id_: str | None) -> None:
    """By the Tab key, as far as it takes."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == id_:
            return
    pytest.fail(f"{id_} is not reached by Tab")


@pytest.mark.parametrize("address", ["unanswered/", "unanswered/labels/", "teach/"])
@pytest.mark.parametrize("full", [True, False])
def test_the_pages_are_well_made(
    page_of: Callable[[str], Page], staff_site: StaffSite, talk: list[int], address: str, full: bool
) -> None:
    if full:
        add_labels(staff_site, talk[:1])
        add_labels(staff_site, talk[1:2], approved_by="reviewer", sentence="a sentence " * 40)
        add_labels(staff_site, talk[2:3], verdict="new_answer", target="")
    else:
        staff_site.empty()
    page = page_of("manager")
    page.goto(f"{staff_site.url}/{address}")
    assert_well_made(page)


@pytest.fixture
def candidate(staff_site: StaffSite, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """What the last Try of the site left; nothing at first."""
    monkeypatch.setenv("GUIDE_VAR", staff_site.environment["GUIDE_VAR"])
    places.clear(places.candidate())
    yield places.candidate()
    places.clear(places.candidate())


def test_the_page_before_a_try_is_well_made(
    page_of: Callable[[str], Page], staff_site: StaffSite, candidate: Path
) -> None:
    page = page_of("manager")
    page.goto(f"{staff_site.url}/teach/release/")
    expect(page.get_by_text("Nothing was tried yet. What a Try shows")).to_be_visible()
    assert_well_made(page)


def test_the_page_of_a_report_is_well_made(
    page_of: Callable[[str], Page], staff_site: StaffSite, candidate: Path
) -> None:
    places.write_json(candidate / "report.json", {**REPORT, **WORSE})
    state = {"step": "done", "percent": 100, "message": "", "started": 1.0}
    places.write_json(candidate / "progress.json", state)
    page = page_of("manager")
    page.goto(f"{staff_site.url}/teach/release/")
    expect(page.get_by_role("table", name="Questions with another reply")).to_be_visible()
    assert_well_made(page)


def test_the_page_follows_a_try(
    page_of: Callable[[str], Page], staff_site: StaffSite, candidate: Path
) -> None:
    candidate.mkdir()
    page = page_of("manager")
    with only_one("try", "manager"):
        progress = Progress("manager")
        progress.step("training")
        page.goto(f"{staff_site.url}/teach/release/")
        expect(page.get_by_role("status")).to_have_text("Training")
        assert_well_made(page)
        progress.step("evaluating live")
        expect(page.get_by_role("status")).to_contain_text("Asking the live guide")
        expect(page.get_by_label("How far the Try is")).to_have_js_property("value", 75)
        places.write_json(candidate / "report.json", REPORT)
        progress.step("done")
    expect(page.get_by_role("table", name="Figures before and after")).to_be_visible()

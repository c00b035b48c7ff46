"""Overview, answers and mending in a browser."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.staff.rows import conversation, turn
from tests.staff_browser.conftest import StaffSite
from tests.staff_browser.looks import assert_well_made

PageOf = Callable[[str], Page]
DRAWN = """canvas => {
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const colours = new Set();
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3]) colours.add(data.slice(i, i + 3).join());
  }
  return colours.size;
}"""
TABLE = """table => [...table.tBodies[0].rows].map(
  (row) => [...row.cells].map((cell) => cell.textContent))"""


@pytest.fixture
def talked(staff_site: StaffSite) -> Iterator[str]:
    """Conversations of some days; the key of the urgent one."""
    engine, now = staff_site.engine, time.time()
    key = conversation("web:urgent", engine=engine, urgent=True)
    conversation("slack:a", engine=engine)
    turn("web:urgent", "chest pain", engine=engine, kind="emergency", urgent=True)
    for days in range(5):
        for number in range(days + 1):
            turn(
                "slack:a", f"what is the price {number}", engine=engine, kind="answer",
                answers=["cost"], feedback=number % 2, reason="Too long" if number else "",
                time=now - 86400 * days, milliseconds=80.0 + number,
            )  # fmt: skip
        turn("slack:a", "weather", engine=engine, kind="fallback", time=now - 86400 * days)
    turn("slack:a", engine=engine, kind="did_you_mean", answers=["cost"], outcome="chosen")
    yield key
    staff_site.empty()


@pytest.fixture
def drafts(staff_site: StaffSite) -> Iterator[Path]:
    """The folder of the draft, empty again afterwards."""
    folder = Path(staff_site.environment["GUIDE_VAR"]) / "draft" / "faq"
    yield folder
    for path in folder.glob("*.yml"):
        path.unlink()


@pytest.fixture
def open_(page_of: PageOf, staff_site: StaffSite) -> Callable[[str, str], Page]:
    """Signs in and opens an address."""

    def go(role: str, path: str) -> Page:
        page = page_of(role)
        page.goto(f"{staff_site.url}{path}")
        return page

    return go


Open = Callable[[str, str], Page]


def test_every_plot_is_drawn_and_its_table_says_the_same(open_: Open, talked: str) -> None:
    page = open_("reader", "/?days=7")
    plots = json.loads(page.locator("#plots").text_content() or "")
    assert len(plots) == 8
    for plot in plots:
        canvas = page.locator(f"canvas[data-plot={plot['id']}]")
        expect(canvas).to_be_visible()
        page.wait_for_timeout(50)
        assert canvas.evaluate(DRAWN) > 2, plot["id"]
        section = page.locator("section", has=page.locator(f"#plot-{plot['id']}"))
        section.locator("summary").click()
        shown = section.locator("table").evaluate(TABLE)
        values = [[row[0], *row[1:]] for row in shown]
        columns = zip(*(one["values"] for one in plot["series"]), strict=True)
        expected = [
            [label, *("–" if value is None else str(value) for value in row)]
            for label, row in zip(plot["labels"], columns, strict=True)
        ]
        assert values == expected, plot["id"]


def test_the_plots_follow_dark_and_print_in_light(open_: Open, talked: str) -> None:
    page = open_("reader", "/?days=7")
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    plot = "Chart.getChart(document.querySelector('[data-plot=messages]'))"
    colour = f"() => {plot}.data.datasets[0].borderColor"
    assert page.evaluate(colour) == "#00629b"
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    expect(page.locator("[data-plot=messages]")).to_be_visible()
    page.wait_for_function(f"() => ({colour})() === '#7cc0ec'")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(colour) == "#00629b"
    assert page.locator("details:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(colour) == "#7cc0ec"
    assert page.locator("main details[open]").count() == 0


def test_lines_differ_without_colours(open_: Open, talked: str) -> None:
    page = open_("reader", "/?days=7")
    looks = page.evaluate(
        """() => Chart.getChart(document.querySelector("[data-plot=replies]")).data.datasets
             .map((one) => [String(one.borderDash), one.pointStyle])"""
    )
    assert len({dash for dash, _ in looks}) == len({marker for _, marker in looks}) == 3


def test_without_motion_nothing_moves(page_of: PageOf, staff_site: StaffSite, talked: str) -> None:
    page = page_of("reader")
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{staff_site.url}/?days=7")
    moving = "Chart.getChart(document.querySelector('[data-plot=messages]')).options.animation"
    assert page.evaluate(f"() => {moving}") is False


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("reader", "/?days=7"), ("reader", "/?days=365"), ("reader", "/?first=x"),
        ("reader", "/answers/"), ("manager", "/answers/of/cost/"), ("reader", "/answers/dated/"),
        ("reviewer", "/mend/"), ("reviewer", "/mend/new/"), ("reviewer", "/mend/of/icans/"),
    ],
)  # fmt: skip
def test_pages_are_well_made(open_: Open, talked: str, drafts: Path, role: str, path: str) -> None:
    assert_well_made(open_(role, path))


def test_empty_pages_are_well_made(open_: Open, page_of: PageOf) -> None:
    assert_well_made(open_("reader", "/"))


def test_a_form_with_faults_conflict_and_draft_is_well_made(
    open_: Open, drafts: Path, staff_site: StaffSite
) -> None:
    page = open_("reviewer", "/mend/of/cost/")
    page.get_by_label("Title").fill("")
    page.get_by_label("Facts", exact=True).fill("F999")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("Not saved.")).to_be_visible()
    assert_well_made(page)
    page.get_by_label("Title").fill("What does it cost in all?")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("names the unknown fact 'F999'")).to_be_visible()
    assert_well_made(page)
    page.get_by_label("Facts", exact=True).fill("F29, F30, F31, F70, F71, F72")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved as a draft")).to_be_visible()
    assert_well_made(page)
    page.goto(f"{staff_site.url}/mend/")
    page.locator("summary").click()
    assert_well_made(page)


def test_an_answer_is_mended_by_keyboard_alone(open_: Open, drafts: Path) -> None:
    page = open_("reviewer", "/answers/of/cost/")
    page.get_by_role("link", name="Edit").focus()
    page.keyboard.press("Enter")
    page.get_by_label("More", exact=True).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" The article says no more.")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Check":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("Checked, not saved yet")).to_be_visible()
    expect(page.locator("ins", has_text="The article says no more.")).to_be_visible()
    page.get_by_role("button", name="Save draft").press("Enter")
    expect(page.get_by_text("Saved as a draft")).to_be_visible()
    assert "The article says no more." in (drafts / "cost.yml").read_text()


def test_what_was_typed_outlives_the_session(
    open_: Open, drafts: Path, staff_site: StaffSite
) -> None:
    page = open_("reviewer", "/mend/of/cost/")
    page.get_by_label("Title").fill("A title of long thought?")
    page.context.clear_cookies(name="staff_session")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_label("Name").fill("reviewer")
    page.get_by_label("Password").fill("a long enough pass phrase")
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{staff_site.url}/mend/of/cost/")
    expect(page.get_by_label("Title")).to_have_value("How much does it cost?")
    page.get_by_role("button", name="Bring it back").click()
    expect(page.get_by_label("Title")).to_have_value("A title of long thought?")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved as a draft")).to_be_visible()
    expect(page.get_by_text("was not saved")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("was not saved")).to_have_count(0)


def test_an_answer_is_withdrawn_and_brought_back(open_: Open, staff_site: StaffSite) -> None:
    page = open_("manager", "/answers/of/cost/")
    page.get_by_label("Reason").fill("The price is old")
    page.get_by_label("I want patients not to get this answer any more").check()
    page.get_by_role("button", name="Withdraw this answer").click()
    expect(page.get_by_text("Withdrawn. Within 20 seconds")).to_be_visible()
    assert_well_made(page)
    page.get_by_role("button", name="Bring it back").click()
    expect(page.get_by_text("Brought back. Within 20 seconds")).to_be_visible()
    staff_site.empty()


def test_the_urgent_conversation_is_one_click_away(open_: Open, talked: str) -> None:
    page = open_("reader", "/")
    section = page.locator("section", has=page.locator("#urgent"))
    assert page.locator("main > *").nth(1).get_attribute("aria-labelledby") == "urgent"
    section.locator("li a").click()
    expect(page).to_have_url(re.compile(f"/conversations/{talked}/"))

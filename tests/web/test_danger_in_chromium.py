"""The bar of immediate danger in a real browser: it comes by itself, covers nothing that has the focus, and rings.

The scenes are long, as opening a page costs more than all that is asked of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from pathway.web.rendering import STATIC
from storage.tables import Alert
from support import databases, desk, rows
from support.desk import Desk
from support.front_door import MANAGER, OFFICER, FrontDoor
from support.visitor import DESK, RealTime, Visitor

pytestmark = pytest.mark.needs("chromium", "styles")
NARROW = {"width": 320, "height": 568}
SHORT = {"width": 320, "height": 256}  # a screen of 1280 by 1024, enlarged four times
TABS = 60
# What rings, written down in place of ringing; the browser's own ways to ring are not on trial here.
HEARD = """
  const Real = window.AudioContext;
  window.heard = [];
  window.AudioContext = class extends Real { constructor() { super(); heard.push("sound"); } };
  window.Notification = class {
    static permission = "granted";
    static async requestPermission() { return "granted"; }
    constructor(title, { body }) { heard.push(`${title}: ${body}`); }
    close() {}
  };
"""
# How much of the element that has the focus lies under the bar, in pixels of height; none where it is in the bar.
COVERED = """() => {
  const [bar, one] = [document.querySelector(".app-danger"), document.activeElement];
  if (bar.contains(one) || one === document.body) return 0;
  const [over, under] = [bar.getBoundingClientRect(), one.getBoundingClientRect()];
  return Math.max(0, Math.min(over.bottom, under.bottom) - Math.max(over.top, under.top));
}"""


@pytest.fixture(scope="module")
def front(_migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A front door at which nobody is in danger yet."""
    folder = tmp_path_factory.mktemp("danger")
    with databases.sqlite_copy(_migrated_file, folder / "pathway.db") as database:
        yield desk.at(FrontDoor.opened(database, RealTime(), "2009-03-26 10:00"))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _nobody_in_danger(front: Desk) -> Iterator[None]:
    """Each scene begins and ends without danger."""
    yield
    with front.door.database.read() as session:
        alerts = [one for one in rows.everything(session, Alert) if one.kind == "immediate danger"]
    for alert in alerts:
        front.door.acknowledge(alert)


def choose_what_rings(page: Page) -> None:
    page.goto("/my-notices")
    page.get_by_label("Play a sound").check()
    page.get_by_label("Show a notice of this computer").check()
    page.get_by_text("Kept on this device.").wait_for()


def test_it_comes_by_itself_rings_where_that_was_chosen_and_one_click_leaves_the_page_as_it_is(visitor, front):
    page = visitor.sign_in(MANAGER).page
    page.add_init_script(HEARD)
    choose_what_rings(page)
    assert visitor.faults() == []
    page.goto("/contacts/new")
    page.get_by_label("What was seen, heard or said").fill("Half a sentence")
    assert "DANGER" not in page.title()
    contact = front.door.log("Urgent", immediate_danger=True)
    page.wait_for_selector(f".app-danger >> text=contact {contact.ref}")
    assert page.title().startswith("(1) DANGER Log a contact")
    assert page.locator("[role=alert]").last.inner_text() == "1 child in immediate danger"
    assert page.evaluate("heard") == ["sound", "Pathway: A child is in immediate danger"]
    assert len(page.workers) == 1  # its timer goes on in a tab that nobody looks at
    assert STATIC.joinpath("danger-tick.js").read_text().rstrip().endswith("4000);")
    assert visitor.faults() == []
    page.get_by_role("button", name="I have it").click()
    page.wait_for_selector(".app-danger >> text=Duty Manager has it since")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Enter")
    page.get_by_label("What was done").fill("Police are there.")
    assert visitor.faults() == []
    page.get_by_role("button", name="Acknowledge").click()
    page.wait_for_selector(".app-danger", state="detached")
    assert page.title().startswith("Log a contact")
    assert page.get_by_label("What was seen, heard or said").input_value() == "Half a sentence"
    page.goto("/rulebook")
    assert page.evaluate("heard") == []  # once for each alert, not on each page
    assert visitor.complaints == []


def test_it_covers_nothing_that_has_the_focus_and_at_most_15_percent_of_a_narrow_window(visitor, front):
    for child in ("One", "Two"):
        front.door.log(child, immediate_danger=True)
    page = visitor.sign_in(MANAGER).page
    for size in (DESK, NARROW, SHORT):
        page.set_viewport_size(size)
        page.goto("/contacts/new")
        bar = page.locator(".app-danger").bounding_box()
        assert bar["height"] <= 0.15 * size["height"]
        assert bar["y"] + bar["height"] == size["height"]
        assert "2 children in immediate danger" in page.locator(".app-danger__summary").inner_text()
        covered = []
        for key in ["Tab"] * TABS + ["Shift+Tab"] * (TABS // 2):
            page.keyboard.press(key)
            covered += [(key, page.evaluate("document.activeElement.outerHTML"))] if page.evaluate(COVERED) else []
        assert covered == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.locator(".app-danger__summary").click()
    assert page.get_by_role("button", name="I have it").count() == 2
    assert visitor.faults(".app-danger") == []
    page.keyboard.press("Escape")
    assert page.locator(".app-danger__panel").is_hidden()
    page.locator(".app-danger__summary").click()
    page.get_by_label("What was seen, heard or said").focus()
    page.mouse.move(5, 5)
    assert page.locator(".app-danger__panel").is_hidden()


def test_without_scripts_the_next_page_shows_it_and_one_click_leads_back(visitor, front, chromium, address):
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    visitor = Visitor(context.new_page(), front, address)
    page = visitor.sign_in(OFFICER).page
    page.goto("/rulebook")
    assert page.locator(".app-danger").count() == 0
    front.door.log("Quiet", immediate_danger=True)
    page.goto("/find?q=Somebody")
    assert page.title().startswith("(1) DANGER ")
    page.get_by_role("button", name="I have it").click()
    page.wait_for_url("**/find?q=Somebody&notice=taken-on")
    assert "Screening Officer has it since" in page.inner_text(".app-danger")
    assert page.locator(".app-danger__panel").is_hidden()
    page.locator(".app-danger__summary").click()
    assert page.locator(".app-danger__panel").is_visible()
    context.close()


def test_an_ended_session_puts_no_sign_in_page_into_the_bar(visitor):
    page = visitor.sign_in(MANAGER).page
    page.goto("/rulebook")
    page.context.clear_cookies()
    with page.expect_event("requestfailed", lambda request: "/danger-banner" in request.url):
        page.evaluate("window.dispatchEvent(new Event('focus'))")
    assert page.get_by_label("Password").count() == 0
    assert page.locator("#danger-banner").inner_html().strip() == ""

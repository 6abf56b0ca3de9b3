"""The board in a real browser: it refreshes itself, says politely what is new, and can be stopped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from pathway.web.rendering import STATIC
from storage.tables import Contact
from support import board, databases, desk
from support.desk import Desk
from support.front_door import MANAGER, OFFICER, FrontDoor
from support.visitor import RealTime, Visitor

pytestmark = pytest.mark.needs("chromium", "styles")
NARROW = {"width": 320, "height": 568}
# The page's own question is asked at once in place of in fifteen seconds.
NOW = "document.dispatchEvent(new Event('visibilitychange'))"


@pytest.fixture(scope="module")
def front(_migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A front door at which one family waits."""
    folder = tmp_path_factory.mktemp("board")
    with databases.sqlite_copy(_migrated_file, folder / "pathway.db") as database:
        door = FrontDoor.opened(database, RealTime(), "2009-03-26 10:00")  # type: ignore[arg-type]
        door.log("Steady", "Second")
        yield desk.at(door)


@pytest.fixture
def page(visitor: Visitor) -> Page:
    """The board, open before a duty manager."""
    visitor.sign_in(MANAGER).page.goto("/board")
    return visitor.page


def steady(front: Desk) -> Contact:
    with front.door.database.read() as session:
        return session.get_one(Contact, 1)


def said(page: Page) -> str:
    return page.locator("#board-said").inner_text()


def test_only_what_is_new_comes_and_it_is_said_politely_and_the_focus_stays(page, front, visitor):
    kept = page.evaluate_handle("document.querySelector('#families > li')")
    first = steady(front)
    page.locator(f"[id='open-{first.ref}']").focus()
    page.evaluate(NOW)
    page.wait_for_function("document.getElementById('board-when').textContent.includes('every 15 seconds')")
    assert said(page) == ""
    other = front.door.log("Arriving")
    page.evaluate(NOW)
    page.wait_for_selector(f"[id='family-{other.ref}']")
    assert "1 family has come" in said(page)
    assert page.locator("#board-said").get_attribute("role") == "status"  # which waits until the reader has finished
    assert page.locator("#counter-all .app-counter__number").inner_text() == "2"
    assert page.evaluate("one => one.isConnected", kept)  # the card that reads as it did is the same piece of the page
    assert page.evaluate("document.activeElement.id") == f"open-{first.ref}"
    board.take(front.door, first, by=OFFICER)
    page.evaluate(NOW)
    page.wait_for_selector("text=Screening Officer is on it")
    assert "1 family has changed" in said(page)
    assert not page.evaluate("one => one.isConnected", kept)
    assert page.evaluate("document.activeElement.id") == f"open-{first.ref}"  # its card was replaced, the link has it
    board.give_back(front.door, first, by=OFFICER)
    assert visitor.faults() == []


def test_a_card_that_goes_with_the_focus_leaves_it_to_the_title_of_the_list(front, visitor):
    other = front.door.log("Leaving")
    page = visitor.sign_in(MANAGER).page
    page.goto("/board")
    (child,) = front.door.referrals(other)
    page.locator(f"[id='on-it-{other.ref}']").focus()
    front.door.decide(child)
    front.door.hand_over_letters()
    page.evaluate(NOW)
    page.wait_for_selector(f"[id='family-{other.ref}']", state="detached")
    assert "1 family has left" in said(page)
    assert page.evaluate("document.activeElement.id") == "board-title"
    assert visitor.complaints == []


def test_it_asks_by_itself_every_15_seconds_until_it_is_stopped_and_the_next_page_remembers(page, front, visitor):
    assert "const EVERY = 15_000;" in STATIC.joinpath("board.js").read_text()
    page.get_by_role("button", name="Stop refreshing").press("Enter")
    assert said(page) == "The board does not refresh itself any more."
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(NOW)
    page.goto("/board?show=later")
    assert "It does not refresh itself." in page.locator("#board-when").inner_text()
    page.evaluate(NOW)
    assert [url for url in asked if "/board/changes" in url] == []
    with page.expect_response("**/board/changes?**") as answer:
        page.get_by_role("button", name="Refresh by itself again").click()
    assert answer.value.status == 304
    assert visitor.complaints == []


def test_an_answer_that_does_not_come_is_said_where_the_time_stands(page, visitor):
    page.route("**/board/changes?**", lambda route: route.abort())
    page.evaluate(NOW)
    page.wait_for_selector("text=Not refreshed since")
    page.unroute("**/board/changes?**")
    page.evaluate(NOW)
    page.wait_for_selector("text=It refreshes itself every 15 seconds")
    page.context.clear_cookies()
    page.evaluate(NOW)
    page.wait_for_selector("text=or you are signed out")
    assert page.locator("input[type=password]").count() == 0
    visitor.complaints.clear()  # the browser says that it was refused an answer


def test_i_am_on_it_leaves_the_page_as_it_is_and_the_button_keeps_the_focus(page, front, visitor):
    first = steady(front)
    page.evaluate("window.same = true")
    page.locator(f"[id='on-it-{first.ref}']").press("Enter")
    page.wait_for_selector("text=You are on it")
    assert page.evaluate("window.same && document.activeElement.id") == f"on-it-{first.ref}"
    page.keyboard.press("Enter")
    page.wait_for_selector("text=You are on it", state="detached")
    board.take(front.door, first, by=OFFICER)
    page.get_by_role("button", name="I am on it").first.click()
    page.wait_for_selector("text=That was not done")
    assert "Screening Officer is on it since" in page.inner_text(".govuk-error-summary")
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    assert visitor.faults() == []
    board.give_back(front.door, first, by=OFFICER)


def test_without_scripts_every_card_works_and_a_link_refreshes(front, chromium, address):
    context = chromium.new_context(base_url=address, java_script_enabled=False, viewport=NARROW)
    visitor = Visitor(context.new_page(), front, address)
    page = visitor.sign_in(MANAGER).page
    page.goto("/board")
    assert page.get_by_role("button", name="Stop refreshing").count() == 0
    page.get_by_role("button", name="I am on it").first.click()
    page.wait_for_selector("text=You are on it")
    page.get_by_role("button", name="Give it back").click()
    page.wait_for_selector("text=Given back")
    page.get_by_role("link", name="Refresh").click()
    page.wait_for_url("**/board")
    context.close()

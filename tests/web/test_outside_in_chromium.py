"""The form for professionals in a real browser: the draft stays there, and everything is done by keyboard.

The scenes are long, as opening a page costs more than all that is asked of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.tables import Contact, Draft
from support import databases, desk, rows, sent_from_outside
from support.desk import Desk
from support.front_door import OFFICER, FrontDoor
from support.visitor import RealTime, Visitor

pytestmark = pytest.mark.needs("chromium", "styles")
PHONE = {"width": 320, "height": 800}
KEPT = "localStorage.getItem('pathway-draft-from-outside')"
WHO = (
    ("referrer_name", "Ada Ferreira"),
    ("referrer_agency", "Park Lane School"),
    ("source_code", "Schools"),
    ("referrer_phone", "020 7946 0111"),
    ("referrer_email", "ada@school.example.org"),
    ("concern_facts", "No food at home."),
    ("children.0.forename", "Mia"),
    ("children.0.surname", "Harlow"),
)


@pytest.fixture(scope="module")
def front(_migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A front door to which nobody has sent anything yet."""
    folder = tmp_path_factory.mktemp("outside")
    with databases.sqlite_copy(_migrated_file, folder / "pathway.db") as database:
        yield desk.at(FrontDoor.opened(database, RealTime(), "2009-03-26 10:00"))  # type: ignore[arg-type]


def everything(front, table):
    with front.door.database.read() as session:
        return list(rows.everything(session, table))


def press(visitor, words):
    """Presses a button of the page that leads to another."""
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name=words).click()


def test_a_draft_stays_in_the_browser_alone_until_the_form_is_sent_by_keyboard_on_a_telephone(visitor, front):
    known, drafts = everything(front, Contact), everything(front, Draft)
    page = visitor.page
    page.set_viewport_size(PHONE)
    page.goto("/refer")
    for field, typed in WHO:
        visitor.tab_to(field)
        page.keyboard.type(typed)
    page.get_by_text("kept in this browser alone").wait_for()
    press(visitor, "Add another child")
    page.wait_for_selector("[id='children.1.forename']:focus")
    page.keyboard.type("Maya")
    page.goto("/worried")  # what was typed last is kept as the page is left
    assert (everything(front, Contact), everything(front, Draft)) == (known, drafts)
    page.goto("/refer")
    assert page.locator("#concern_facts").input_value() == ""
    assert visitor.faults() == []
    visitor.enter("Go on with the draft")
    assert page.locator("[id='children.1.forename']").input_value() == "Maya"
    assert page.locator("#referrer_name").input_value() == "Ada Ferreira"
    assert page.locator("#source_code").input_value() == "2A"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert visitor.faults() == []
    visitor.enter("Send to First Response Team")
    *others, contact = everything(front, Contact)
    assert others == known
    assert contact.ref in page.inner_text("h1 + div")
    assert page.evaluate(KEPT) is None
    assert page.context.cookies() == []
    page.goto("/refer")
    assert page.get_by_text("a draft that you did not send").count() == 0
    assert visitor.complaints == []


def test_a_form_with_errors_takes_the_focus_to_its_summary_and_keeps_the_draft_and_it_can_be_thrown_away(visitor):
    page = visitor.page
    page.set_viewport_size(PHONE)
    page.goto("/refer")
    page.fill("#concern_facts", "A bruise.")
    press(visitor, "Send to")
    page.wait_for_selector(".govuk-error-summary:focus")
    assert page.title().startswith("Error: ")
    assert visitor.faults() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("link", name="Your name: This is needed").click()
    assert page.evaluate("document.activeElement.id") == "referrer_name"
    assert "A bruise." in page.evaluate(KEPT)
    page.goto("/refer")
    page.fill("#concern_facts", "Something else.")  # before it is said what becomes of the draft
    page.get_by_text("Say above what becomes of the draft").wait_for()
    assert "A bruise." in page.evaluate(KEPT)
    press(visitor, "Throw it away")
    assert page.evaluate(KEPT) is None
    assert page.locator("#concern_facts").input_value() == ""


def test_a_draft_is_thrown_away_after_seven_days(visitor):
    page = visitor.page
    page.goto("/refer")
    eight_days = 8 * 24 * 3600 * 1000
    page.evaluate(
        "age => localStorage.setItem('pathway-draft-from-outside', "
        "JSON.stringify({at: Date.now() - age, fields: [['concern_facts', 'Old.']]}))",
        eight_days,
    )
    page.goto("/refer")
    assert page.get_by_text("a draft that you did not send").count() == 0
    assert page.evaluate(KEPT) is None


def test_without_scripts_the_form_is_sent_in_one_post(chromium, front, address):
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/refer")
    assert page.get_by_text("nothing is kept until you send").is_visible()
    for field, typed in WHO:
        place = page.locator(f"[id='{field}']")
        place.select_option("2A") if field == "source_code" else place.fill(typed)
    before = len(everything(front, Contact))
    page.get_by_role("button", name="Send to").click()
    page.wait_for_url("**/refer/received/*")
    assert len(everything(front, Contact)) == before + 1
    context.close()


def test_an_officer_takes_a_contact_over_in_two_clicks(visitor, front):
    contact = sent_from_outside.send(front.door, "Zora")
    page = visitor.sign_in(OFFICER).page
    page.goto("/check-in")
    clicks = [
        page.get_by_role("link", name="Zora Harlow"),
        page.get_by_role("button", name="Take it over"),
    ]
    for click in clicks:
        with page.expect_navigation():
            click.click()
    assert page.url.split("?")[0].endswith(f"/contacts/{contact.ref}")
    assert contact.ref not in sent_from_outside.waiting(front.door)
    assert visitor.complaints == []


def test_the_link_is_confirmed_by_keyboard(visitor, front):
    contact = sent_from_outside.send(front.door, "Link")
    page = Visitor.leave(visitor).page
    page.goto(f"/refer/confirm/{sent_from_outside.link_in(sent_from_outside.receipt(front.door, contact))}")
    visitor.tab_to("surname")
    page.keyboard.type("Ferreira")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Your address is confirmed" in page.inner_text("h1")
    assert visitor.faults() == []

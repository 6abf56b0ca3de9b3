"""A call in a real browser: three siblings by few clicks and tabs, and what is said while they are typed.

The scenes are long, as opening a page costs more than all that is asked of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.tables import Access, Contact, NamedChild
from support import databases, desk, matching, rows
from support.by_hand import Hand
from support.desk import Desk
from support.front_door import OFFICER, FrontDoor
from support.visitor import RealTime

pytestmark = pytest.mark.needs("chromium", "styles")
NEW = "/contacts/new"
LINE = "Ada Ferreira, Park Lane Primary"
FACTS = "Came without food again. Bruise on Noah’s arm, seen by the nurse at 9."
MOST_CLICKS_AND_TABS = 24
A_MINUTE_AT_150_MS = 400


@pytest.fixture(scope="module")
def front(_migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A front door that knows one child, named by a teacher."""
    folder = tmp_path_factory.mktemp("calls")
    with databases.sqlite_copy(_migrated_file, folder / "pathway.db") as database:
        door = FrontDoor.opened(database, RealTime(), "2009-03-26 10:00")  # type: ignore[arg-type]
        ada = {"referrer_name": "Ada Ferreira", "referrer_agency": "Park Lane Primary", "source_code": "2A"}
        matching.child(door, "Mia", address="14 Elm Road, London N15 3AA", sex="F")
        door.log("Tom", **ada, referrer_phone="020 7946 0555", referrer_email="ada@school.example.org")
        yield desk.at(door)


def three_siblings(hand: Hand) -> None:
    """What somebody types who hears it on the telephone, from the first click to the last."""
    hand.click("referrer_name")
    hand.type("ada")
    hand.choose("referrer_name", LINE)
    hand.click("children.0.forename")
    hand.type("Maya", "Harlow", "6 5 2004", "F", "14 Elm Road, N15 3AA", "Park Lane", "", "")
    hand.type("Noah", "", "7", "M", "", "Zoe", "", "about 4", "F")
    hand.click("concern_facts")
    hand.type(FACTS)
    hand.click_button("Log contact")


def test_three_siblings_of_one_call_take_fewer_than_25_clicks_and_tabs(visitor, front):
    page = visitor.sign_in(OFFICER).page
    page.goto(NEW)
    hand = Hand(page)
    three_siblings(hand)
    assert hand.clicks + hand.tabs <= MOST_CLICKS_AND_TABS, hand
    assert hand.clicks + hand.tabs + hand.keys <= A_MINUTE_AT_150_MS, hand
    with front.door.database.read() as session:
        contact = rows.everything(session, Contact)[-1]
        told = [(one.forename, one.surname, one.sex, one.school) for one in rows.everything(session, NamedChild)[-3:]]
    assert told == [(name, "Harlow", sex, "Park Lane") for name, sex in (("Maya", "F"), ("Noah", "M"), ("Zoe", "F"))]
    assert (contact.referrer_agency, contact.source_code) == ("Park Lane Primary", "2A")
    assert (contact.referrer_phone, contact.referrer_email) == ("020 7946 0555", "ada@school.example.org")
    assert contact.ref in page.locator(".govuk-panel").inner_text()
    assert visitor.faults() == []
    assert visitor.complaints == []


@pytest.mark.parametrize("width", [1280, 320])
def test_who_is_perhaps_known_is_said_when_a_row_is_left_and_answered_by_keyboard_alone(visitor, front, width):
    page = visitor.sign_in(OFFICER).page
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(NEW)
    before = looks(front)
    page.locator("[id='children.0.forename']").focus()
    Hand(page).type("Miah", "Harlow", "6 5 2004", "F", "14 Elm Road, N15 3AA", "", "", "")
    assert page.evaluate("document.activeElement.id") == "children.1.forename"
    page.get_by_text("Perhaps known: Mia Harlow").first.wait_for()
    assert "Child 1: perhaps known" in page.locator("#row-said").inner_text()
    assert looks(front) == before + 1
    assert "Nothing is typed here yet: left out." in page.inner_text("#child-rows")
    assert visitor.faults() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for key in ("Shift+Tab", "Shift+Tab", "Shift+Tab", "ArrowUp"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.checked && document.activeElement.value") == "another"
    assert page.locator(".app-row").count() == 2
    assert visitor.complaints == []


def looks(front):
    with front.door.database.read() as session:
        return len([one for one in rows.everything(session, Access) if one.what.startswith("children perhaps known")])


def test_a_row_that_was_begun_by_a_key_too_many_is_no_child(visitor, front):
    before = named(front)  # by whichever tests came before on this front door
    page = visitor.sign_in(OFFICER).page
    page.goto(NEW)
    hand = Hand(page)
    hand.click("source_code")
    hand.type("2A")
    hand.click("children.0.forename")
    hand.type("Lea", "Quill", "", "", "", "", "", "")
    hand.click("concern_facts")
    hand.type("Alone.")
    hand.click_button("Log contact")
    assert named(front) == [*before, "Lea"]


def named(front: Desk) -> list[str]:
    """The children of all contacts, as they were logged."""
    with front.door.database.read() as session:
        return [one.forename for one in rows.everything(session, NamedChild)]


def test_the_full_form_and_its_errors_are_accessible_at_320_pixels(visitor, front):
    page = visitor.sign_in(OFFICER).page
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(NEW)
    Hand(page).click("children.0.forename")
    Hand(page).type("Mia", "Harlow", "never", "F", "", "", "", "", "Leo", "", "5")
    page.get_by_role("button", name="Add an adult").click()
    page.wait_for_selector("[id='adults.0.forename']:focus")
    page.get_by_role("button", name="Log contact").last.click()
    page.wait_for_selector(".govuk-error-summary:focus")
    page.get_by_role("link", name="Child 1, Birth date or age").click()
    assert page.evaluate("document.activeElement.id") == "children.0.birth_date"
    for fold in page.locator("details.app-fold").all():
        fold.evaluate("one => one.open = true")
    assert visitor.faults() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert visitor.complaints == []

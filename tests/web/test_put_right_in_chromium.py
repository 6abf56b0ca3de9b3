"""A child found, taken apart, corrected and added to: by keyboard alone at 320 pixels, with scripts and without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from support import added, databases, desk, matching
from support.desk import Desk
from support.front_door import MANAGER, OFFICER, FrontDoor
from support.visitor import RealTime, Visitor

PHONE = {"width": 320, "height": 800}
KNOWN = {"birth_date": "1999-01-03", "nhs_number": "401 023 2137"}

pytestmark = pytest.mark.needs("chromium", "styles")


@pytest.fixture(scope="module")
def front(_migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A front door without a child, and its pages on a free port."""
    folder = tmp_path_factory.mktemp("put-right")
    with databases.sqlite_copy(_migrated_file, folder / "pathway.db") as database:
        door = FrontDoor.opened(database, RealTime(), "2009-03-26 10:00")  # type: ignore[arg-type]
        yield desk.at(door, mailbox=folder)


@pytest.fixture(params=["with scripts", "without scripts"])
def phone(request: pytest.FixtureRequest, chromium: Browser, front: Desk, address: str) -> Iterator[Visitor]:
    """Somebody at a narrow screen who is not signed in."""
    scripts = request.param == "with scripts"
    context = chromium.new_context(base_url=address, java_script_enabled=scripts, viewport=PHONE)
    yield Visitor(context.new_page(), front, address)
    context.close()


def text(phone):
    """What the page says; it is never wider than the screen, and the console is silent."""
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert phone.complaints == []
    return phone.page.inner_text("main")


def test_a_child_is_found_from_any_page(phone, front):
    matching.child(front.door, "Łukasz", "O’Brien", birth_date="2015-02-01")
    phone.sign_in(OFFICER).page.goto("/letters")
    phone.type_into("find", "lukasz obrien")
    with phone.page.expect_navigation():
        phone.page.keyboard.press("Enter")
    assert "Łukasz O’Brien" in text(phone)
    phone.enter("Łukasz O’Brien")
    assert "Łukasz O’Brien" in text(phone)


def test_a_child_is_given_a_record_of_its_own(phone, front):
    first, second, third = (matching.child(front.door, "Kezia", "Quince", **KNOWN) for _ in range(3))
    phone.sign_in(MANAGER).page.goto(f"/referrals/{third.ref}")
    phone.enter("This is another child")
    for other in (first, second):
        phone.tab_to(f"whose.{other.ref}")
        phone.page.keyboard.press("Space")
    phone.type_into("reason", "Another mother.")
    phone.enter("Give it a record of its own")
    assert "record of its own" in text(phone)
    with front.door.database.read():
        assert (
            front.door.fresh(third).person_id != front.door.fresh(first).person_id == front.door.fresh(second).person_id
        )


def test_a_detail_is_corrected_once_it_was_seen_what_follows(phone, front):
    child = matching.child(front.door, "Mai", "Harlow", birth_date="2004-05-06")
    phone.sign_in(OFFICER).page.goto(f"/referrals/{child.ref}")
    phone.enter("Correct a detail of the child")
    phone.enter("Correct first names")
    phone.type_into("value", "Mia")
    phone.tab_to("how")
    phone.page.keyboard.press("Space")
    phone.type_into("reason", "The school spelt it.")
    phone.enter("Show what follows")
    assert "What follows" in text(phone)
    phone.enter("Save the correction")
    assert "Mia Harlow" in text(phone)


def test_information_is_added_with_a_file(phone, front):
    contact = front.door.log("Noah")
    phone.sign_in(OFFICER).page.goto(f"/contacts/{contact.ref}")
    phone.enter("Add information")
    phone.tab_to("who")
    phone.page.keyboard.press("Space")
    phone.tab_to("channel")
    phone.page.keyboard.type("Tel")
    phone.type_into("text", "The aunt has him.")
    phone.page.locator("#files").set_input_files(
        {"name": "report.pdf", "mimeType": "application/pdf", "buffer": added.PDF}
    )
    phone.enter("Add to the record")
    assert "The aunt has him." in text(phone)
    assert "report.pdf" in text(phone)


def test_what_was_typed_is_there_again_after_the_session_ended(phone, front):
    phone.sign_in(OFFICER).page.goto("/contacts/new")
    phone.type_into("concern_facts", "Two bruises")
    phone.page.context.clear_cookies()
    phone.enter("Check what I typed")
    assert "What you typed is kept" in text(phone)
    phone.sign_in_by_the_form(OFFICER)
    phone.page.get_by_text("You have text from").wait_for()
    assert phone.page.locator("#concern_facts").input_value() == "Two bruises"

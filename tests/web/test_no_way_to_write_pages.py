"""The pages for letters that can't simply go by e-mail, and for referrers not to be contacted or named."""

from __future__ import annotations

import pytest

from rules.vocabulary import Role
from storage.tables import Access
from support import rows
from support.front_door import MANAGER, OFFICER, person_in
from support.no_way_to_write import NOWHERE

HOME = "3 High Street, Northmoor, N17 6AA"
WHY = {"reason": "Letters there are opened."}


def decided(desk, **more):
    """The one child of a contact decided, and the outcome letter."""
    contact = desk.door.log("Mia", **NOWHERE | more)
    desk.door.decide(*desk.door.referrals(contact))
    return contact, desk.door.letters(contact, "outcome")[-1]


@pytest.fixture
def desk(either):
    return either.sign_in(MANAGER)


def test_a_letter_without_any_address_is_on_the_owed_list_as_such(desk):
    contact, letter = decided(desk)
    assert "No address" in desk.open("/letters?owed=1").words
    page = desk.open(f"/letters/{letter.id}")
    assert f"/contacts/{contact.ref}/address" in page.links
    assert f"/letters/{letter.id}/excuse" in page.links


def test_an_address_found_on_its_page_makes_the_letter_printable(desk):
    contact, letter = decided(desk)
    page = desk.fill(f"/contacts/{contact.ref}/address", address="3 High Street\nNorthmoor\nn176aa")
    assert "The address is kept" in page.words
    assert "To be posted" in desk.open("/letters?owed=1").words
    assert "Ada Ferreira 3 High Street Northmoor N17 6AA" in desk.open(f"/letters/{letter.id}/print").words


def test_an_odd_address_is_said_and_kept(desk):
    contact, _ = decided(desk)
    page = desk.fill(f"/contacts/{contact.ref}/address", email="ada@", address="3 High Street")
    assert desk.status == 422
    assert "E-mail: This is not an e-mail address that can be written to" in page.words
    assert page.form().values["address"] == "3 High Street"


def test_the_letter_is_printed_as_it_was_written_without_any_menu(desk):
    contact, letter = decided(desk, referrer_address=HOME)
    page = desk.open(f"/letters/{letter.id}/print")
    assert "/referrals" not in page.links
    assert "Dear Ada Ferreira" in page.words
    assert f"Our reference: {contact.ref}" in page.words
    assert " style=" not in desk.html


def test_typed_words_stay_words_on_paper(desk):
    contact = desk.door.log("Mia", **NOWHERE)
    desk.door.decide(*desk.door.referrals(contact), reasons='<script>alert("x")</script> style="color: red"')
    letter = desk.door.letters(contact, "outcome")[-1]
    desk.open(f"/letters/{letter.id}/print")
    assert "<script>alert" not in desk.html
    assert "&lt;script&gt;alert" in desk.html


def test_told_by_telephone_is_recorded_with_its_note_and_the_letter_stays_owed(desk):
    _, letter = decided(desk)
    left = {"delivery": "by telephone", "handed_over_at": "26 3 2009", "handed_over_at_time": "10:00"}
    assert "Say why it was only told" in desk.fill(f"/letters/{letter.id}", **left).words
    page = desk.fill(f"/letters/{letter.id}", **left, note="No address for a month.")
    assert "The letter is still owed in writing" in page.words
    assert "Thu 26 Mar 2009, 10:00, Duty Manager: No address for a month." in page.words
    assert f"/letters/{letter.id}" in desk.open("/letters?owed=1").links


def test_a_manager_records_why_a_letter_can_not_be_sent(desk):
    _, letter = decided(desk)
    assert "Fill it in" in desk.fill(f"/letters/{letter.id}/excuse").words
    page = desk.fill(f"/letters/{letter.id}/excuse", reason="The school is closed.")
    assert "Can’t be sent" in page.words
    assert "The school is closed." in page.words
    assert "No letter is owed" in desk.open("/letters?owed=1").words
    assert "This letter is not owed any more" in desk.open(f"/letters/{letter.id}/excuse").words


def test_a_letter_that_can_be_sent_offers_no_excuse(desk):
    _, letter = decided(desk, referrer_address=HOME)
    assert f"/letters/{letter.id}/excuse" not in desk.open(f"/letters/{letter.id}").links
    assert "There is an address" in desk.open(f"/letters/{letter.id}/excuse").words


def test_an_officer_finds_addresses_but_excuses_nothing(browser):
    _, letter = decided(browser.sign_in(OFFICER))
    page = browser.open(f"/letters/{letter.id}")
    assert f"/letters/{letter.id}/print" in page.links
    assert f"/letters/{letter.id}/excuse" not in page.links
    browser.open(f"/letters/{letter.id}/excuse")
    assert browser.status == 403


def test_unsafe_to_contact_is_marked_and_lifted_on_its_page(desk):
    contact, letter = decided(desk, referrer_email="ada@school.example.org")
    place = f"/contacts/{contact.ref}/unsafe"
    assert "nothing more is written to the referrer" in desk.fill(place, **WHY).words
    assert "Cancelled before it left" in desk.open(f"/letters/{letter.id}").words
    assert "/print" not in str(desk.open(f"/letters/{letter.id}").links)
    page = desk.fill(place, reason="She has moved out.")
    assert "is owed again" in page.words
    assert "Mark as unsafe to contact" in page.words


def test_a_reason_is_needed(desk):
    contact, _ = decided(desk)
    for place in ("unsafe", "identity"):
        assert "Fill it in" in desk.fill(f"/contacts/{contact.ref}/{place}").words
        assert desk.status == 422


def test_an_identity_is_protected_and_shared_again_on_its_page(desk):
    contact, _ = decided(desk)
    place = f"/contacts/{contact.ref}/identity"
    assert "Identity not to be shared" in desk.fill(place, reason="She fears the father.").words
    assert "Ada Ferreira" not in desk.sign_in(OFFICER).open(f"/contacts/{contact.ref}").words
    assert "A manager who may see it" in desk.open(place).words
    desk.sign_in(MANAGER).fill(place, reason="She agrees now.")
    assert "Ada Ferreira" in desk.sign_in(OFFICER).open(f"/contacts/{contact.ref}").words


def test_an_identity_can_be_protected_when_the_contact_is_logged(desk):
    typed = {
        "source_code": "2A",
        "referrer_name": "Ada Ferreira",
        "concern_facts": "No food.",
        "identity_protected": "yes",
    }
    page = desk.sign_in(OFFICER).fill("/contacts/new", **typed, children__0__forename="Mia", do="log")
    assert "Contact logged" in page.words
    assert "Referrer’s identity is protected" in page.words
    assert "Ada Ferreira" not in page.words


def test_a_print_that_is_refused_stands_in_the_access_log(browser):
    _, letter = decided(browser.sign_in(OFFICER), identity_protected=True)
    browser.open(f"/letters/{letter.id}/print")
    assert browser.status == 403
    with browser.door.database.read() as session:
        last = rows.everything(session, Access)[-1]
    assert (last.what, last.allowed, last.contact_id) == ("print letter", False, 1)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DIRECTOR])
def test_who_only_reads_is_offered_nothing_to_change(browser, role):
    contact, _ = decided(browser.sign_in(person_in(role)))
    links = browser.open(f"/contacts/{contact.ref}").links
    assert not {f"/contacts/{contact.ref}/{place}" for place in ("address", "unsafe", "identity")} & set(links)

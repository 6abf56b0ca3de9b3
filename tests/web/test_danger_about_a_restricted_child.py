"""Promise: danger about a restricted child reaches at once whoever may open it; its logger is refused nothing."""

from __future__ import annotations

import pytest

from rules.vocabulary import Role
from storage.tables import Contact, Referral
from support import danger, hands, rows
from support.front_door import MANAGER, OFFICER, person_in

SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)
MIA = {"forename": "Mia", "surname": "Harlow", "birth_date": "2006-08-01", "nhs_number": "209 902 4359"}
NUMBER = {"nhs_number": "2099024359"}
MIA_TYPED = {"forename": "Mia", "surname": "Harlow", "birth_date": "1 8 2006"} | NUMBER
TYPED = {"source_code": "2A", "concern_facts": "The father is at the door.", "do": "log"}


@pytest.fixture
def desk(browser):
    """Mia's record opens to the service manager alone; an officer is signed in."""
    (mia,) = browser.door.referrals(browser.door.log("Mia", children=[MIA], by=MANAGER))
    hands.restrict(browser.door, mia, by=SERVICE_MANAGER)
    browser.door.move_to("2009-03-26 10:30")
    return browser.sign_in(OFFICER)


def log(desk, *children, **more):
    form = desk.open("/contacts/new")
    fields = {
        f"children__{number}__{field}": value
        for number, child in enumerate(children or (MIA_TYPED,))
        for field, value in child.items()
    }
    return desk.send(form, "/contacts/new", **TYPED, **fields, **more)


def newest(desk, table=Contact):
    with desk.door.database.read() as session:
        return max(rows.everything(session, table), key=lambda row: row.id)


def test_whoever_may_open_it_is_told_at_once_and_the_logger_reads_what_happens_next(desk):
    page = log(desk, immediate_danger="yes")
    contact = newest(desk)
    assert (desk.status, desk.path) == (200, f"/contacts/{contact.ref}/logged")
    assert contact.ref in page.words
    assert "If nobody has called 999, call now." in page.words
    assert danger.alerts_to(desk.door, Role.SERVICE_MANAGER)
    assert danger.alerts_to(desk.door, Role.DUTY_MANAGER)
    told = page.words[page.words.index("Who has been told") :]
    assert "Duty Manager Service Manager" in told
    assert "Mia" not in page.words
    assert contact.ref in desk.open(f"/contacts/{contact.ref}").words
    assert (desk.status, desk.path) == (200, f"/contacts/{contact.ref}/logged")


def test_the_duty_manager_is_told_that_those_named_know_and_may_break_the_glass(desk):
    log(desk, immediate_danger="yes")
    contact, referral = newest(desk), newest(desk, Referral)
    for path in (f"/contacts/{contact.ref}", f"/referrals/{referral.ref}/decide"):
        page = desk.sign_in(MANAGER).open(path)
        assert desk.status == 403
        assert "it opens only to people named" in page.words
        assert "Those to whom the record opens have been told at once. Told so far: " in page.words
        assert f"/children/{referral.person_id}/break-glass" in page.links


def test_of_brothers_and_sisters_the_others_stay_open(desk):
    mia, leo = MIA_TYPED, {"forename": "Leo", "surname": "Harlow"}
    page = log(desk, mia, leo, immediate_danger="yes")
    leo = f"{newest(desk).ref}-2"
    assert f"/referrals/{leo}" in page.links
    assert f"/referrals/{leo}" in desk.sign_in(MANAGER).open(f"/contacts/{newest(desk).ref}").links
    assert "Leo" in desk.open(f"/referrals/{leo}").words


def test_without_danger_the_logger_is_refused_nothing_and_can_mark_it_afterwards(desk):
    page = log(desk)
    assert "Nobody has been alerted" in page.words
    path = f"/contacts/{newest(desk).ref}/logged"
    page = desk.fill(path, reason="He has a knife.")
    assert "Service Manager" in page.words
    assert danger.alerts_to(desk.door, Role.SERVICE_MANAGER)


def test_nobody_else_reads_that_page(desk):
    log(desk, immediate_danger="yes")
    path = f"/contacts/{newest(desk).ref}/logged"
    for who in (MANAGER, person_in(Role.TEAM_MANAGER)):
        desk.sign_in(who).open(path)
        assert desk.status == 403
    desk.post(path, reason="x")
    assert desk.status == 403


def test_where_nobody_may_open_both_children_those_are_told_who_may_open_one(desk):
    (ivy,) = desk.door.referrals(desk.door.log("Ivy", by=MANAGER))
    hands.restrict(desk.door, ivy, by=person_in(Role.HEAD_OF_SERVICE))
    contact = desk.door.log("Mia", children=[MIA, {"forename": "Ivy", "surname": "Harlow"}], immediate_danger=True)
    assert len(desk.door.referrals(contact)) == 2
    assert danger.alerts_to(desk.door, Role.SERVICE_MANAGER)


def test_a_wrong_number_of_a_restricted_record_hides_no_other_child(desk):
    page = log(desk, {"forename": "Tom", "surname": "Reed", "birth_date": "3 4 2005"} | NUMBER)
    assert desk.path == f"/contacts/{newest(desk).ref}"
    assert "Tom Reed" in page.words
    assert "Tom Reed" in desk.open("/referrals").words
    assert "Mia" not in page.words


def test_the_bar_names_the_contact_to_whoever_may_decide_and_offers_nobody_shut_out_to_take_it(desk):
    log(desk, immediate_danger="yes")
    contact = newest(desk)
    for who, named, offered in ((MANAGER, True, False), (OFFICER, False, False), (SERVICE_MANAGER, True, True)):
        desk.sign_in(who).open("/danger-banner")
        assert "1 child in immediate danger" in desk.html
        assert (contact.ref in desk.html) is named
        assert ("I have it" in desk.html) is offered
        assert ("/acknowledge" in desk.html) is offered
        assert "Mia" not in desk.html
        assert "Restricted record: it opens only to people named" in desk.html or named
    desk.sign_in(MANAGER).post(f"/alerts/{danger.open_alert(desk.door, contact).id}/take-on")
    assert desk.status == 403

"""The page of alerts: who was told, who is next, and the acknowledgement."""

from __future__ import annotations

import pytest

from pathway.engine.staff import accounts
from rules.vocabulary import AlertKind, Role
from storage.tables import Alert, id_of
from support import rows
from support.front_door import MANAGER, person_in

NO_LADDER = '{"name": "system", "hold_seconds": 0, "rungs": []}'
OWNER = person_in(Role.SYSTEM_OWNER)


@pytest.fixture
def late(either):
    (referral,) = either.door.referrals(either.door.log("Mia", received="2009-03-25 09:00"))
    either.sign_in(MANAGER)
    return either.door.alert_of(referral)


def acknowledge(desk, alert, note):
    return desk.send(desk.open("/alerts"), "/alerts", note=note)


def test_an_alert_says_when_it_should_have_opened_when_it_did_and_who_is_next(either, late):
    words = either.open("/alerts").words
    assert "Overdue: decision within 24 hours" in words
    assert "Due Thu 26 Mar 2009, 09:00; opened Thu 26 Mar 2009, 10:00 (1 h late)" in words
    assert "Duty manager Thu 26 Mar 2009, 09:00 Thu 26 Mar 2009, 10:00 1 h late Duty Manager" in words
    assert "Service manager Thu 26 Mar 2009, 11:00 Next, unless it is met before" in words


def test_acknowledging_holds_the_ladder_and_says_until_when(either, late):
    page = acknowledge(either, late, "Ringing the school.")
    assert "Alert acknowledged" in page.words
    assert "Acknowledged Thu 26 Mar 2009, 10:00 by Duty Manager; held until Thu 26 Mar 2009, 14:00" in page.words
    assert "Service manager Thu 26 Mar 2009, 14:00 Next" in page.words
    assert "Ringing the school." in page.words


def test_an_acknowledgement_needs_a_note(either, late):
    page = acknowledge(either, late, "  ")
    assert either.status == 422
    assert f"#note-{late.id}" in page.links
    assert f"note-{late.id}" in page.ids


def test_two_clicks_acknowledge_once(either, late):
    page = either.open("/alerts")
    for note in ("First.", "Second."):
        either.send(page, "/alerts", note=note)
    with either.door.database.read() as session:
        assert session.get_one(Alert, id_of(late)).acknowledgement_note == "First."


def test_an_alert_that_closed_meanwhile_is_said_to_be_closed(either, late):
    page = either.open("/alerts")
    with either.door.database.read() as session:
        referral = either.door.referrals(rows.everything(session, rows.tables.Contact)[0])[0]
    either.door.decide(referral)
    page = either.send(page, f"/alerts/{late.id}/acknowledge", note="Too late.")
    assert either.status == 409
    assert "closed already" in page.words


def test_closed_alerts_stand_on_a_tab_of_their_own(either, late):
    with either.door.database.read() as session:
        referral = either.door.referrals(rows.everything(session, rows.tables.Contact)[0])[0]
    either.door.decide(referral)
    assert "Overdue" not in either.open("/alerts").words
    page = either.open("/alerts?tab=closed")
    assert "Overdue: decision within 24 hours" in page.words
    assert "closed Thu 26 Mar 2009, 10:00" in page.words


def test_immediate_danger_stands_first(browser):
    browser.door.log("Mia", received="2009-03-24 09:00")
    browser.door.log("Noah", received="2009-03-25 09:00", immediate_danger=True)
    words = browser.sign_in(MANAGER).open("/alerts").words
    assert words.index("Immediate danger") < words.index("Due Wed 25 Mar 2009")


def test_the_system_owner_sees_alerts_about_the_system_and_none_about_a_child(browser):
    now = browser.door.now
    browser.door.log("Mia", received="2009-03-25 09:00")
    with browser.door.database.write() as session:
        told = {
            "headline": "Messages are refused",
            "next_step": "Look.",
            "ladder": '{"name": "system", "hold_seconds": 0, "rungs": []}',
        }
        when = {"due_at": now, "opened_at": now, "anchor_at": now}
        session.add(Alert(kind=AlertKind.SYSTEM, subject_key="address:x", **told, **when))
        email = "owner@council.example.org"
        accounts.add_user(
            session,
            username=OWNER.username,
            name=OWNER.name,
            email=email,
            password_hash="x",
            roles=OWNER.roles,
            now=now,
        )
    page = browser.sign_in(OWNER).open("/alerts")
    assert "Messages are refused" in page.words
    assert "Overdue" not in page.words


@pytest.mark.parametrize("number", ["999", "99999999999999999999"])
def test_an_alert_that_is_not_there_is_not_found(browser, number):
    browser.sign_in(MANAGER).post(f"/alerts/{number}/acknowledge", note="x")
    assert browser.status == 404


def test_without_an_alert_the_page_says_so(browser):
    assert "No alert is open" in browser.sign_in(MANAGER).open("/alerts").words

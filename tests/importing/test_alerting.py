"""The one alert of an import, and an import that is live."""

from __future__ import annotations

from pathway.importing import alerting
from rules.vocabulary import AlertKind, Role
from storage.queries import contact_rows
from storage.tables import Alert, Letter
from support.old_system import UNDECIDED, UNTOLD, imported, line, sibling, written
from support.rows import everything


def alerts(office):
    with office.database.read() as session:
        return everything(session, Alert)


def the_contact(office):
    with office.database.read() as session:
        return contact_rows.by_ref(session, "OLD-1")


def test_undecided_history_is_one_alert_to_the_service_manager_with_a_link(office, tmp_path):
    imported(office.database, written(tmp_path, line(**UNDECIDED), sibling("Leo", **UNDECIDED)))
    (alert,) = alerts(office)
    office.sweep()
    (message,) = office.messages()
    assert alert.kind == AlertKind.IMPORT
    assert message.recipient_address == office.messages(to=Role.SERVICE_MANAGER)[0].recipient_address
    assert "2 children, the oldest received on 10/03/2009 09:00" in message.subject
    assert b"http://127.0.0.1:8000/" in message.content


def test_decided_history_is_no_alert(office, tmp_path):
    imported(office.database, written(tmp_path, line(**UNTOLD)))
    assert alerts(office) == []


def test_the_alert_closes_when_everybody_is_decided_about(office, tmp_path):
    imported(office.database, written(tmp_path, line(**UNDECIDED)))
    alerting.review(office.database, now=office.now)
    assert alerts(office)[0].closed_at is None
    (referral,) = office.referrals(the_contact(office))
    office.decide(referral)
    alerting.review(office.database, now=office.now)
    assert alerts(office)[0].closed_at == office.now


def test_live_and_late_alerts_at_the_next_sweep(office, tmp_path):
    imported(office.database, written(tmp_path, line(**UNDECIDED)), live=True)
    assert alerts(office) == []
    office.sweep()
    assert {alert.kind for alert in alerts(office)} == {AlertKind.CLOCK}
    assert office.messages(to=Role.DUTY_MANAGER)


def test_live_and_in_time_warns_like_any_other(office, tmp_path):
    recent = {"received": "05/04/2009 16:00"}
    imported(office.database, written(tmp_path, line(**recent, **UNDECIDED)), live=True)
    office.watch_for(hours=2)
    assert office.messages(to=Role.SCREENING_OFFICER, kind="warning")


def test_live_and_decided_owes_the_letter_that_the_old_system_did_not_send(office, tmp_path):
    imported(office.database, written(tmp_path, line(**UNTOLD)), live=True)
    (message,) = office.messages(to="ada@school.example.org")
    assert message.kind == "outcome"


def test_live_and_told_owes_nothing(office, tmp_path):
    imported(office.database, written(tmp_path, line()), live=True)
    with office.database.read() as session:
        assert everything(session, Letter) == []

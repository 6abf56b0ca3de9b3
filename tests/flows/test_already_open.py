"""Already open: worker and team manager get the new information with an alert that each of them acknowledges."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pathway.engine.decisions import new_information
from rules.errors import InvalidInput, NotAllowed, Refused
from rules.rulebook import Ladder, Rung
from rules.vocabulary import Role
from storage.queries import referral_rows
from storage.tables import id_of
from support.front_door import MANAGER, OFFICER, TEAM_MANAGER, london, person_in
from support.referring_onward import SOCIAL_WORKER, team_manager_of, worker_who_signs_in
from support.second_thoughts import correct

THURSDAY = "2009-03-26 10:00"
SAM, TARA = "social.worker@council.example.org", "team.manager@council.example.org"


@pytest.fixture
def door(open_door):
    return open_door(THURSDAY)


@pytest.fixture
def worker(door):
    return worker_who_signs_in(door)


def pass_on(door, worker, **more):
    (mia,) = door.referrals(
        door.log("Mia", **{"concern_facts": "Seen at the window, crying.\nAgain on Tuesday."} | more)
    )
    decided = door.decide(mia, "already-open", worker_id=worker.id, reasons="Open to Sam since January.")
    door.sweep()
    return decided


def alerts_of(door, referral):
    with door.database.read() as session:
        decision = referral_rows.latest_decision(session, id_of(referral))
    return [door.alert(f"new information:{decision.id}:{part}") for part in ("worker", "manager")]


def test_it_is_refused_where_no_worker_is_named(door):
    (mia,) = door.referrals(door.log("Mia"))
    with pytest.raises(Refused, match="Name the allocated worker"):
        door.decide(mia, "already-open")


@pytest.mark.parametrize("number", [-1, 0, 999, 2**40, "9" * 5000])
def test_it_is_refused_for_a_worker_whom_there_is_not(door, number):
    (mia,) = door.referrals(door.log("Mia"))
    with pytest.raises(
        InvalidInput, match=r"worker_id: There is (no such active worker|none with this number)\. Choose"
    ):
        door.decide(mia, "already-open", worker_id=number)
    assert door.fresh(mia).state == "awaiting decision"


def test_the_decision_names_the_worker(door, worker):
    mia = pass_on(door, worker)
    with door.database.read() as session:
        assert referral_rows.latest_decision(session, id_of(mia)).worker_id == worker.id
    assert [event.summary for event in door.events(mia) if event.kind == "new information sent"] == [
        "New information sent to Sam Okoro, who has the child already, and to the team manager"
    ]


@pytest.mark.parametrize("address", [SAM, TARA])
def test_worker_and_team_manager_are_sent_what_was_said(door, worker, address):
    mia = pass_on(door, worker, professional_opinion="I think that he is left alone.")
    (message,) = door.messages(address, "new information")
    text = message.content.decode()
    for words in ("Seen at the window, crying.", "Again on Tuesday.", "left alone", mia.ref, f"/referrals/{mia.ref}"):
        assert words in text
    assert mia.ref in message.subject
    assert [name for name in ("Mia", "Harlow") if name in message.subject] == []


@pytest.mark.parametrize(
    ("more", "named"),
    [({}, True), ({"identity_protected": True}, False), ({"source_code": "1B"}, False)],
)
def test_only_a_professional_whose_identity_is_shared_is_named(door, worker, more, named):
    pass_on(door, worker, **more)
    for message in (*door.messages(SAM, "new information"), *door.messages(TARA, "new information")):
        assert ("Ada Ferreira" in message.content.decode()) is named


def test_there_is_an_alert_for_each_of_them(door, worker):
    mia = pass_on(door, worker)
    for alert in alerts_of(door, mia):
        assert (alert.kind, alert.worker_id, alert.referral_id) == ("new information", worker.id, mia.id)
        assert "Mia" not in alert.headline


def test_each_alert_is_closed_by_whoever_acknowledges_it_and_by_that_alone(door, worker):
    mia = pass_on(door, worker)
    theirs, managers = alerts_of(door, mia)
    door.acknowledge(theirs, "I shall visit today.", by=SOCIAL_WORKER)
    assert [alert and alert.id for alert in alerts_of(door, mia)] == [None, managers.id]
    door.acknowledge(managers, "Talked over with Sam.", by=TEAM_MANAGER)
    assert alerts_of(door, mia) == [None, None]
    taken = [event.summary for event in door.events(mia) if event.kind == "new information taken"]
    assert taken == [
        "New information taken by Social Worker: I shall visit today.",
        "New information taken by Team Manager: Talked over with Sam.",
    ]


def test_the_referral_stays_open_until_both_have_acknowledged_it(door, worker):
    mia = pass_on(door, worker)
    door.hand_over_letters()
    theirs, managers = alerts_of(door, mia)
    door.acknowledge(theirs, by=SOCIAL_WORKER)
    assert door.fresh(mia).state == "decided"
    door.acknowledge(managers, by=TEAM_MANAGER)
    assert door.fresh(mia).state == "closed"


@pytest.mark.parametrize("by", [MANAGER, OFFICER, person_in(Role.HEAD_OF_SERVICE)])
def test_nobody_else_reads_it_in_their_stead(door, worker, by):
    for alert in alerts_of(door, pass_on(door, worker)):
        with pytest.raises(NotAllowed, match="somebody else's"):
            door.acknowledge(alert, by=by)


def test_a_social_worker_acknowledges_only_what_was_told_to_that_worker(door, worker):
    _, managers = alerts_of(door, pass_on(door, worker))
    others, _ = alerts_of(door, pass_on(door, door.add_worker("Mei Tan")))
    for alert in (managers, others):
        with pytest.raises(NotAllowed):
            door.acknowledge(alert, by=SOCIAL_WORKER)


def test_a_social_worker_acknowledges_no_alert_about_a_clock(door, worker):
    (late,) = door.referrals(door.log("Ben"))
    door.watch_for(hours=25)
    with pytest.raises(NotAllowed):
        door.acknowledge(door.alert_of(late), by=SOCIAL_WORKER)


def test_unread_each_alert_climbs_its_own_ladder(door, worker):
    mia = pass_on(door, worker)
    theirs, managers = alerts_of(door, mia)
    door.acknowledge(managers, by=TEAM_MANAGER)
    door.watch_for(hours=23.9)
    assert len(door.messages(TARA, "new information")) == 1
    door.watch_for(hours=0.2)
    assert len(door.messages(TARA, "new information")) == 2
    door.watch_for(hours=48)
    assert [message.alert_id for message in door.messages(Role.SERVICE_MANAGER, "alert")] == [theirs.id]


def test_a_worker_who_does_not_sign_in_gets_the_e_mail_and_a_manager_acknowledges(door):
    worker = door.add_worker("Mei Tan")
    mia = pass_on(door, worker)
    (message,) = door.messages("mei@council.example.org", "new information")
    assert message.recipient_name == "Mei Tan"
    theirs, _ = alerts_of(door, mia)
    door.acknowledge(theirs, "Mei knows.", by=TEAM_MANAGER)
    door.sweep()
    assert [message.recipient_name for message in door.messages(kind="alert closed")] == ["Mei Tan"]


def test_nothing_is_passed_on_to_a_worker_who_has_left(door, worker):
    door.leave(SOCIAL_WORKER)
    with pytest.raises(InvalidInput) as refused:
        pass_on(door, worker)
    assert [fault.place for fault in refused.value.faults] == ["worker_id"]


def test_only_the_managers_of_the_team_are_told_where_there_are_any(door, worker):
    tess = team_manager_of(door, worker)
    mia = pass_on(door, worker)
    assert door.messages(TARA, "new information") == []
    assert len(door.messages("tess@council.example.org", "new information")) == 1
    door.acknowledge(alerts_of(door, mia)[1], by=tess)


def test_a_worker_named_for_an_outcome_that_needs_none_is_left_out(door, worker):
    (mia,) = door.referrals(door.log("Mia"))
    door.decide(mia, "no-further-action", worker_id=worker.id)
    with door.database.read() as session:
        decision = referral_rows.latest_decision(session, id_of(mia))
    assert (decision.worker_id, decision.receiver) == (None, "")
    assert door.messages(SAM) == []


def test_in_immediate_danger_the_headline_says_so(door, worker):
    mia = pass_on(door, worker, immediate_danger=True)
    assert all(alert.headline.startswith("Immediate danger. ") for alert in alerts_of(door, mia))


@pytest.mark.parametrize(
    ("role", "roles"),
    [
        (Role.SOCIAL_WORKER, ["social worker", "team manager", "service manager"]),
        (Role.TEAM_MANAGER, ["team manager", "team manager", "service manager"]),
    ],
)
def test_the_ladder_of_each_is_cut_from_that_of_the_book(role, roles):
    assert [rung.role for rung in new_information.part_of(new_information.LADDER, role).alerts] == roles


def test_a_book_whose_ladder_forgets_one_of_them_does_not_leave_them_untold():
    forgetful = Ladder(name="x", rungs=(Rung(offset=timedelta(0), role=Role.TEAM_MANAGER),))
    cut = new_information.part_of(forgetful, Role.SOCIAL_WORKER)
    assert cut.alerts[0].role is Role.SOCIAL_WORKER


def test_the_clock_of_the_decision_is_met(door, worker):
    mia = pass_on(door, worker)
    assert door.clock(mia).stopped_at == london(THURSDAY)


def test_a_corrected_decision_closes_what_nobody_need_read_any_more(door, worker):
    mia = pass_on(door, worker)
    before = [alert.subject_key for alert in alerts_of(door, mia)]
    correct(door, mia, "assessment")
    assert [door.alert(subject) for subject in before] == [None, None]
    correct(door, mia, "already-open", worker_id=worker.id)
    assert all(alerts_of(door, mia))

"""Promise: within its grace a decision is undone with a reason; both stay on record, and nobody gains time by it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from datetime import date, timedelta

import pytest

from notifications.outbox import queue
from pathway.engine import inputs
from pathway.engine.act import Act
from pathway.engine.decisions import correcting, deciding, decision_input, undoing, within_grace
from pathway.engine.inputs import ReasonInput
from pathway.engine.intake import immediate_danger
from pathway.reports import replay as replays
from pathway.reports import timeliness
from pathway.web.views import chronology_view
from rules.books import replay
from rules.errors import InvalidInput, NotAllowed, Refused
from rules.messages import MessageState
from rules.timing import undone
from rules.vocabulary import EventKind, Role
from storage.queries import referral_rows
from storage.queries.reports import replay_rows
from storage.queries.staff import staff_rows
from storage.tables import Contact, Notice, Person, Referral, id_of
from support import added, grace, printed_letters, referring_onward, rows, second_thoughts
from support.front_door import MANAGER, OFFICER, FrontDoor, london, person_in

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"
SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)
ANONYMOUS = {"source_code": "9", "referrer_name": "", "referrer_email": ""}
QUEUED, GONE, STOPPED = MessageState.QUEUED, MessageState.HANDED_OVER, MessageState.CANCELLED


@pytest.fixture
def door(open_door: Door) -> FrontDoor:
    door = open_door(TUESDAY)
    grace.give(door)
    return door


def logged(door: FrontDoor, *names: str, **more: object) -> tuple[Contact, list[Referral]]:
    contact = door.log(*names or ("Mia",), **more)
    door.hand_over_letters()
    return contact, list(door.referrals(contact))


def decided(door: FrontDoor, outcome: str = "no-further-action", **more: object) -> tuple[Contact, Referral]:
    contact, (mia,) = logged(door, **more)
    return contact, door.decide(mia, outcome)


def test_the_decision_is_revoked_and_stays_on_record_with_who_undid_it_and_why(door: FrontDoor) -> None:
    _, mia = decided(door)
    grace.pass_by(door, 3)
    now = grace.undo(door, mia)
    assert (now.state, now.outcome, now.decided_at, now.grace_until) == ("awaiting decision", None, None, None)
    (one,) = grace.undone(door, mia)
    assert (one.undone_at, one.undone_by, one.reason) == (door.now, MANAGER.username, grace.WRONG)
    with door.database.read() as session:
        assert [one.outcome for one in referral_rows.decisions(session, id_of(mia))] == ["no-further-action"]
    (event,) = [event for event in door.events(mia) if event.kind == EventKind.DECISION_UNDONE]
    assert (event.summary, event.actor) == (f"Decision undone: {grace.WRONG}", MANAGER.username)


def test_the_letter_that_waits_is_cancelled_and_nobody_gets_it(door: FrontDoor) -> None:
    contact, mia = decided(door)
    grace.undo(door, mia)
    grace.pass_by(door, 60)
    grace.work(door)
    assert (grace.outcomes(door, contact), door.fresh(mia).state) == ([STOPPED], "awaiting decision")


def test_the_next_decision_stands_beside_it_and_one_letter_goes(door: FrontDoor) -> None:
    contact, mia = decided(door)
    grace.undo(door, mia)
    grace.pass_by(door, 30)
    door.decide(mia, "assessment", reasons="Bruises were seen.")
    grace.pass_by(door, 10)
    grace.work(door)
    assert grace.outcomes(door, contact) == [STOPPED, GONE]
    assert "Bruises were seen." in door.letters(contact)[-1].text
    assert grace.standing(door, mia) == "assessment"
    with door.database.read() as session:
        assert len(referral_rows.decisions(session, id_of(mia))) == 2


# -- the duty to decide ----------------------------------------------------------------------------------------


def test_the_duty_to_decide_is_owed_again_at_its_first_due_moment(door: FrontDoor) -> None:
    _, mia = decided(door)
    grace.pass_by(door, 5)
    grace.undo(door, mia)
    (clock,) = door.rounds(mia, "decision")
    assert (clock.state, clock.due_at, clock.stopped_at) == ("running", london("2009-03-11 09:00"), None)
    door.watch_for(hours=24)
    assert (door.clock(mia).breached_at, door.alert_of(mia).due_at) == (london("2009-03-11 09:00"),) * 2


def test_decided_just_in_time_and_undone_afterwards_it_is_late_at_once(door: FrontDoor) -> None:
    _, (mia,) = logged(door)
    door.screen(mia)
    door.move_to("2009-03-11 08:55")
    door.decide(mia)
    grace.pass_by(door, 7)
    grace.undo(door, mia)
    assert door.clock(mia).breached_at == london("2009-03-11 09:00")
    assert door.alert_of(mia).closed_at is None


def test_the_ladder_of_a_late_decision_goes_on_as_it_would_have(door: FrontDoor) -> None:
    _, (mia,) = logged(door)
    door.screen(mia)
    door.move_to("2009-03-11 09:00")
    door.sweep()
    alert = door.alert_of(mia)
    door.move_to("2009-03-11 10:00")
    door.decide(mia)
    assert door.alert(f"clock:{door.clock(mia).id}") is None
    grace.pass_by(door, 5)
    grace.undo(door, mia)
    again = door.alert_of(mia)
    assert (again.id, again.next_at) == (alert.id, london("2009-03-11 11:00"))
    door.sweep()
    assert [one.kind for one in door.messages(Role.SERVICE_MANAGER)] == []
    door.move_to("2009-03-11 11:00")
    door.sweep()
    assert len(door.messages(Role.SERVICE_MANAGER)) == 1


def test_a_ladder_that_somebody_held_is_held_on(door: FrontDoor) -> None:
    _, (mia,) = logged(door)
    door.screen(mia)
    door.move_to("2009-03-11 09:00")
    door.sweep()
    door.acknowledge(door.alert_of(mia))
    grace.pass_by(door, 30)
    door.decide(mia)
    grace.pass_by(door, 5)
    grace.undo(door, mia)
    assert door.alert_of(mia).held_until == london("2009-03-11 13:00")


def test_whoever_was_told_that_a_late_decision_is_made_is_told_that_it_is_owed_again(door: FrontDoor) -> None:
    _, (mia,) = logged(door)
    door.screen(mia)
    door.move_to("2009-03-11 10:00")
    door.sweep()
    door.decide(mia)
    grace.pass_by(door, 7)
    door.sweep()
    grace.undo(door, mia)
    grace.pass_by(door, 7)
    door.sweep()
    door.decide(mia)
    grace.pass_by(door, 7)
    door.sweep()
    kinds = [one.kind for one in alert_notices(door, mia) if one.recipient_name == MANAGER.name]
    assert kinds == ["alert", "alert closed", "alert", "alert closed"]


def alert_notices(door: FrontDoor, referral: Referral) -> list[Notice]:
    key = f"clock:{door.clock(referral).id}"
    with door.database.read() as session:
        found = [one for one in rows.everything(session, Notice) if one.subject_key == key and one.alert_id]
    return sorted(found, key=id_of)


# -- what the decision opened ----------------------------------------------------------------------------------


def test_what_was_accepted_is_so_no_more_and_its_clocks_apply_no_more(door: FrontDoor) -> None:
    _, mia = decided(door, "assessment")
    worker = door.add_worker()
    door.allocate(mia, worker)
    now = grace.undo(door, mia)
    assert (now.state, now.accepted_at, now.worker_id) == ("awaiting decision", None, None)
    (allocation,) = door.rounds(mia, "allocation")
    assert (allocation.state, allocation.not_applicable_because, allocation.stopped_at) == (
        "not applicable",
        "decision undone",
        None,
    )
    with door.database.read() as session:
        assert staff_rows.open_children(session, id_of(worker)) == 0


def test_the_allocation_clock_ends_and_begins_anew_with_the_next_decision(door: FrontDoor) -> None:
    _, mia = decided(door, "assessment")
    grace.undo(door, mia)
    assert [clock.state for clock in door.rounds(mia, "allocation")] == ["not applicable"]
    grace.pass_by(door, 30)
    door.decide(mia, "assessment")
    first, second = door.rounds(mia, "allocation")
    assert (first.not_applicable_because, second.state, second.started_at) == ("decision undone", "running", door.now)


def test_a_receiver_is_written_nothing_and_leaves_the_list(door: FrontDoor) -> None:
    _, (mia,) = logged(door)
    referring_onward.refer_onward(door, mia)
    grace.undo(door, mia)
    grace.pass_by(door, 60)
    grace.work(door)
    assert [one.state for one in door.messages("hub@earlyhelp.example.org")] == [STOPPED]
    assert referring_onward.waiting(door) == []


def test_the_worker_who_has_the_child_already_is_told_nothing(door: FrontDoor) -> None:
    worker = referring_onward.worker_who_signs_in(door)
    _, (mia,) = logged(door)
    door.decide(mia, "already-open", worker_id=worker.id)
    grace.undo(door, mia)
    grace.pass_by(door, 60)
    grace.work(door)
    assert door.messages(Role.SOCIAL_WORKER) == []


def test_a_second_look_that_it_asked_for_waits_no_more_and_is_asked_for_again(door: FrontDoor) -> None:
    for days in (200, 90):
        door.log("Mia", received_at=door.now - timedelta(days=days))
    _, mia = decided(door)
    assert second_thoughts.looks_waiting(door) == [mia.ref]
    grace.undo(door, mia)
    assert second_thoughts.looks_waiting(door) == []
    grace.pass_by(door, 30)
    door.decide(mia)
    assert second_thoughts.looks_waiting(door) == [mia.ref]


def test_whoever_asked_whether_it_stands_has_the_answer(door: FrontDoor) -> None:
    contact, mia = decided(door)
    added.add(door, contact)
    assert door.alert(f"stands:{mia.id}") is not None
    grace.undo(door, mia)
    assert door.alert(f"stands:{mia.id}") is None


def test_of_a_family_one_decision_is_undone_and_the_others_stand(door: FrontDoor) -> None:
    contact, (mia, leo) = logged(door, "Mia", "Leo")
    door.decide(mia)
    door.decide(leo, "assessment")
    grace.undo(door, leo)
    assert (grace.standing(door, mia), grace.standing(door, leo)) == ("no-further-action", None)
    grace.pass_by(door, 30)
    grace.work(door)
    assert grace.outcomes(door, contact) == [STOPPED]
    door.decide(leo)
    grace.pass_by(door, 10)
    grace.work(door)
    assert grace.outcomes(door, contact) == [STOPPED, GONE]
    assert (door.fresh(mia).state, door.fresh(leo).state) == ("closed", "closed")


def test_a_change_is_undone_together_with_what_it_changed(door: FrontDoor) -> None:
    contact, mia = decided(door)
    grace.pass_by(door, 2)
    second_thoughts.correct(door, mia, "assessment")
    grace.pass_by(door, 2)
    now = grace.undo(door, mia)
    assert (now.state, grace.standing(door, mia), len(grace.undone(door, mia))) == ("awaiting decision", None, 2)
    assert grace.outcomes(door, contact) == [STOPPED, STOPPED]
    assert door.clock(mia).state == "running"


def test_what_was_decided_before_its_checks_is_decided_again_after_them(door: FrontDoor) -> None:
    contact, (mia, leo) = logged(door, "Mia", "Leo", immediate_danger=True)
    decision = {"outcome": "no-further-action", "level_of_need": "1", "reasons": "Seen at home."}
    door.give(deciding.decide, mia, (decision_input.DecisionInput, decision), by=MANAGER)
    door.give(immediate_danger.withdraw, contact, (ReasonInput, {"reason": "Nobody was hurt."}), by=MANAGER)
    door.decide(leo)
    now = grace.undo(door, mia)
    assert now.state == "awaiting decision"
    door.screen(mia)
    assert door.decide(mia).outcome == "no-further-action"


# -- who may, and until when -----------------------------------------------------------------------------------


def test_whoever_may_decide_may_undo_whoever_decided(door: FrontDoor) -> None:
    _, mia = decided(door)
    assert grace.undo(door, mia, by=SERVICE_MANAGER).state == "awaiting decision"


def test_nobody_else_may(door: FrontDoor) -> None:
    _, mia = decided(door)
    with pytest.raises(NotAllowed):
        grace.undo(door, mia, by=OFFICER)


def test_a_reason_is_needed(door: FrontDoor) -> None:
    _, mia = decided(door)
    with pytest.raises(InvalidInput, match="reason"):
        grace.undo(door, mia, reason=" ")


def test_what_is_undone_can_not_be_undone_again(door: FrontDoor) -> None:
    _, mia = decided(door)
    grace.undo(door, mia)
    with pytest.raises(Refused, match="awaiting decision"):
        grace.undo(door, mia)


def test_once_the_letter_is_claimed_undoing_is_past(door: FrontDoor) -> None:
    _, mia = decided(door, "assessment")
    grace.pass_by(door, 10)
    with door.database.write() as session:
        queue.claim(session, now=door.now, lease=timedelta(minutes=5), limit=9, by="a dispatcher")
    with pytest.raises(Refused, match="Undoing is past: correct the decision instead"):
        grace.undo(door, mia)
    assert grace.of(door, mia).past == within_grace.CLAIMED


def test_a_letter_that_nobody_has_claimed_is_undone_after_the_grace(door: FrontDoor) -> None:
    contact, mia = decided(door)
    grace.pass_by(door, 25)
    door.sweep()
    grace.undo(door, mia)
    assert grace.outcomes(door, contact) == [STOPPED]


def test_a_letter_that_was_printed_is_not_undone(door: FrontDoor) -> None:
    letter = printed_letters.letter(door)
    with door.database.read() as session:
        (mia,) = referral_rows.of_contact(session, letter.contact_id)
    grace.pass_by(door, 11)
    door.sweep()
    printed_letters.print_all(door, letter)
    with pytest.raises(Refused, match="was printed"):
        grace.undo(door, mia)


def test_where_there_is_no_letter_undoing_is_past_when_the_grace_is_over(door: FrontDoor) -> None:
    _, mia = decided(door, "assessment", **ANONYMOUS)
    grace.pass_by(door, 9.9)
    assert grace.of(door, mia).is_open
    grace.pass_by(door, 0.1)
    assert grace.of(door, mia).past.startswith("Its grace was over at 09:10 on 10 March 2009.")
    with pytest.raises(Refused, match="Undoing is past"):
        grace.undo(door, mia)


def test_a_decision_without_a_grace_is_not_undone(door: FrontDoor) -> None:
    grace.give(door, 0)
    _, mia = decided(door, "assessment")
    with pytest.raises(Refused, match="had no grace"):
        grace.undo(door, mia)


# -- races -----------------------------------------------------------------------------------------------------


def _undo_of(door: FrontDoor, mia: Referral) -> str:
    try:
        with door.acting(MANAGER) as act:
            undoing.undo(act, id_of(mia), ReasonInput(reason=grace.WRONG))
    except Refused as refused:
        return str(refused)
    return "undone"


def _claim(door: FrontDoor, session: object) -> int:
    lease = timedelta(minutes=5)
    return len(queue.claim(session, now=door.now, lease=lease, limit=9, by="a dispatcher"))  # type: ignore[arg-type]


def _claimed(door: FrontDoor) -> int:
    with door.database.write() as session:
        return _claim(door, session)


def test_a_dispatcher_that_claims_first_wins_and_the_undoing_says_so(door: FrontDoor) -> None:
    contact, mia = decided(door)
    grace.pass_by(door, 10)
    with ThreadPoolExecutor(1) as pool:
        with door.database.write() as session:
            assert _claim(door, session) == 1
            undo: Future[str] = pool.submit(_undo_of, door, mia)
            with pytest.raises(StillWaiting):
                undo.result(timeout=0.2)
        assert within_grace.CLAIMED in undo.result()
    assert (grace.outcomes(door, contact), door.fresh(mia).state) == (["sending"], "decided")


def test_an_undoing_that_comes_first_wins_and_nobody_claims_the_letter(door: FrontDoor) -> None:
    contact, mia = decided(door)
    grace.pass_by(door, 10)

    with ThreadPoolExecutor(1) as pool:
        with door.acting(MANAGER) as act:
            undoing.undo(act, id_of(mia), ReasonInput(reason=grace.WRONG))
            claimed = pool.submit(_claimed, door)
        assert claimed.result() == 0
    assert (grace.outcomes(door, contact), door.fresh(mia).state) == ([STOPPED], "awaiting decision")


def _change(act: Act, mia: Referral) -> None:
    typed = {"outcome": "assessment", "level_of_need": "3", "primary_need": "N1", "reasons": "Bruises were seen."}
    data = inputs.parse(correcting.CorrectionInput, typed | {"correction_reason": "The wrong box was ticked."})
    correcting.correct(act, id_of(mia), data, version=None)


def test_a_dispatcher_that_claims_first_wins_and_what_is_changed_goes_as_a_corrected_letter(door: FrontDoor) -> None:
    contact, mia = decided(door)
    grace.pass_by(door, 10)

    def change() -> None:
        with door.acting(MANAGER) as act:
            _change(act, mia)

    with ThreadPoolExecutor(1) as pool:
        with door.database.write() as session:
            assert _claim(door, session) == 1
            changed = pool.submit(change)
            with pytest.raises(StillWaiting):
                changed.result(timeout=0.2)
        changed.result()
    assert grace.outcomes(door, contact) == ["sending", "queued"]
    assert grace.standing(door, mia) == "assessment"


def test_a_change_that_comes_first_wins_and_only_the_letter_with_what_stands_is_claimed(door: FrontDoor) -> None:
    contact, mia = decided(door)
    grace.pass_by(door, 10)

    with ThreadPoolExecutor(1) as pool:
        with door.acting(MANAGER) as act:
            _change(act, mia)
            claimed = pool.submit(_claimed, door)
        claimed.result()
    stopped, other = grace.outcomes(door, contact)
    assert stopped == STOPPED
    assert other in ("queued", "sending")


# -- figures and the record ------------------------------------------------------------------------------------


def test_an_undone_decision_is_never_the_decision_in_the_timeliness_figures(door: FrontDoor) -> None:
    _, mia = decided(door)
    grace.undo(door, mia)
    day = date(2009, 3, 10)
    door.move_to("2009-03-11 10:00")
    door.decide(mia)
    with door.database.read() as session:
        total = timeliness.measure(session, start=day, end=day, as_at=door.now).total
    assert (total.decided.met, total.decided.missed) == (0, 1)


def test_a_replay_knows_nothing_of_what_was_undone(door: FrontDoor) -> None:
    _, mia = decided(door, "assessment")
    grace.undo(door, mia)
    grace.pass_by(door, 30)
    door.decide(mia, "assessment")
    with door.database.read() as session:
        (stored,) = replay_rows.stored(session, [id_of(mia)], beside=replays.BESIDE)
        facts = undone.without(stored.events)
        case = replays._case(stored)
    assert [one.kind for one in facts].count(EventKind.DECIDED) == 1
    assert [one.kind for one in facts].count(EventKind.ACCEPTED) == 1
    assert [one.at for one in case.facts if one.event is EventKind.DECIDED] == [door.now]
    assert isinstance(case, replay.Case)


def test_the_record_and_the_chronology_mark_it_as_undone(door: FrontDoor) -> None:
    _, mia = decided(door)
    grace.undo(door, mia)
    with door.database.read() as session:
        found = chronology_view.of_child(session, session.get_one(Person, mia.person_id))
    (entry,) = [one for one in found.entries if one.is_undone]
    assert entry.title == "Undone: Decision: No further action"
    assert f"Decision undone: {grace.WRONG}" in [one.title for one in found.entries]

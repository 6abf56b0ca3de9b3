"""Promise: the clocks after the decision run from milestones, each entered with the moment when it happened."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest

from rules.errors import InvalidInput, NotAllowed, Refused
from rules.vocabulary import Role
from storage.tables import Clock, Referral
from support.front_door import OFFICER, FrontDoor, london, person_in

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"
WORKER = person_in(Role.SOCIAL_WORKER)


def accepted(door: FrontDoor) -> Referral:
    (referral,) = door.referrals(door.log("Mia"))
    return door.decide(referral, "strategy-discussion", level_of_need="4")


def spans(found: list[Clock]) -> list[tuple[object, object]]:
    return [(clock.started_at, clock.stopped_at) for clock in found]


def test_an_accepted_child_is_owed_an_initial_assessment_in_7_working_days(open_door: Door) -> None:
    door = open_door(TUESDAY)
    mia = accepted(door)
    assert door.clock(mia, "initial_assessment").due_at == london("2009-03-19 17:00")
    door.move_to("2009-03-19 16:00")
    door.record(mia, "initial assessment authorised")
    clock = door.clock(mia, "initial_assessment")
    assert (clock.stopped_at, clock.breached_at) == (door.now, None)


def test_the_conference_clock_hangs_on_the_strategy_discussion_that_started_the_enquiry(open_door: Door) -> None:
    door = open_door(TUESDAY)
    mia = accepted(door)
    door.move_to("2009-03-18 09:00")
    door.record(mia, "strategy discussion held", at="2009-03-11 10:00", enquiry_started=False)
    assert door.rounds(mia, "conference") == []
    door.record(mia, "strategy discussion held", at="2009-03-12 10:00")
    door.record(mia, "strategy discussion held", at="2009-03-16 10:00")
    (clock,) = door.rounds(mia, "conference")
    assert (clock.started_at, clock.due_at) == (london("2009-03-12 10:00"), london("2009-04-02 17:00"))
    assert clock.started_on == "strategy discussion held"


def test_minutes_core_group_and_first_review_follow_the_conference(open_door: Door) -> None:
    door = open_door(TUESDAY)
    mia = accepted(door)
    door.move_to("2009-03-20 17:00")
    door.record(mia, "conference held", at="2009-03-20 10:00")
    due = {kind: door.clock(mia, kind).due_at for kind in ("minutes", "core_group", "first_review")}
    assert due == {
        "minutes": london("2009-03-25 17:00"),
        "core_group": london("2009-04-03 16:45"),
        "first_review": london("2009-06-21 00:00"),  # the 20th is a Saturday: due when it ends
    }


def test_reviews_go_round_and_every_round_is_kept(open_door: Door) -> None:
    door = open_door(TUESDAY)
    mia = accepted(door)
    door.move_to("2010-03-01 09:00")
    door.record(mia, "conference held", at="2009-03-20 10:00")
    for held in ("2009-06-15 10:00", "2009-12-01 10:00"):
        door.record(mia, "review held", at=held)
    first, second = door.rounds(mia, "later_review")
    assert (first.round, first.stopped_at, first.breached_at) == (1, london("2009-12-01 10:00"), None)
    assert (second.round, second.state, second.due_at) == (2, "running", london("2010-06-01 17:00"))
    assert door.clock(mia, "first_review").stopped_at == london("2009-06-15 10:00")


def test_a_milestone_entered_late_stops_its_clock_at_the_moment_when_it_happened(open_door: Door) -> None:
    door = open_door(TUESDAY)
    mia = accepted(door)
    door.move_to("2009-03-23 10:00")
    door.sweep()
    assert door.alert_of(mia, "initial_assessment")
    door.record(mia, "initial assessment authorised", at="2009-03-18 15:00")
    clock = door.clock(mia, "initial_assessment")
    assert (clock.stopped_at, clock.breached_at) == (london("2009-03-18 15:00"), None)
    assert door.alert(f"clock:{clock.id}") is None
    (entered,) = [event for event in door.events(mia) if event.kind == "initial assessment authorised"]
    assert (entered.occurred_at, entered.recorded_at) == (london("2009-03-18 15:00"), door.now)


def test_an_overdue_milestone_alerts_the_team_manager_and_climbs(open_door: Door) -> None:
    door = open_door(TUESDAY)
    mia = accepted(door)
    door.move_to("2009-03-19 17:00")
    door.sweep()
    alert = door.alert_of(mia, "initial_assessment")
    assert "initial assessment" in alert.headline
    door.move_to("2009-03-20 17:00")
    door.sweep()
    assert any(alert.headline in message.subject for message in door.messages(Role.SERVICE_MANAGER, "alert"))


def test_a_clock_whose_moment_had_passed_before_it_was_entered_alerts_at_once(open_door: Door) -> None:
    door = open_door(TUESDAY)
    mia = accepted(door)
    door.move_to("2009-04-20 10:00")
    door.record(mia, "strategy discussion held", at="2009-03-11 10:00")
    assert door.alert_of(mia, "conference").due_at == london("2009-04-01 17:00")


def test_the_order_of_entry_changes_nothing(open_door: Door) -> None:
    door = open_door(TUESDAY)
    happened = [
        ("strategy discussion held", "2009-03-11 10:00"),
        ("strategy discussion held", "2009-03-13 10:00"),
        ("conference held", "2009-03-25 10:00"),
        ("review held", "2009-06-01 10:00"),
    ]
    children = [accepted(door) for _ in range(6)]
    door.move_to("2009-07-01 09:00")
    seen = set()
    for child, order in zip(children, list(permutations(happened))[::4], strict=True):
        for kind, at in order:
            door.record(child, kind, at=at)
        seen.add(str([spans(door.rounds(child, kind)) for kind in ("conference", "first_review", "later_review")]))
    assert len(seen) == 1
    assert spans(door.rounds(children[0], "conference")) == [(london("2009-03-11 10:00"), london("2009-03-25 10:00"))]


def test_a_review_that_was_forgotten_makes_the_rounds_that_there_would_have_been(open_door: Door) -> None:
    door = open_door(TUESDAY)
    mia = accepted(door)
    door.move_to("2010-03-01 09:00")
    for held in ("2009-03-20 10:00", "2009-12-01 10:00", "2009-08-03 10:00"):
        door.record(mia, "review held", at=held)
    moments = [london(at) for at in ("2009-03-20 10:00", "2009-08-03 10:00", "2009-12-01 10:00")]
    assert spans(door.rounds(mia, "later_review")) == list(zip(moments, [*moments[1:], None], strict=True))
    assert not any(clock.breached_at for clock in door.rounds(mia, "later_review"))


def test_an_assessment_after_its_45_working_days_needs_the_reason_for_the_overrun(open_door: Door) -> None:
    door = open_door("2026-03-02 09:00", book="working-together-2023")
    mia = accepted(door)
    assert door.clock(mia, "assessment").due_at == london("2026-05-07 17:00")
    door.move_to("2026-05-08 10:00")
    with pytest.raises(InvalidInput, match=r"reason_for_overrun: This was due on 7 May 2026"):
        door.record(mia, "assessment authorised")
    assert door.clock(mia, "assessment").state == "running"
    door.record(mia, "assessment authorised", reason_for_overrun="The father was abroad until April.")
    clock = door.clock(mia, "assessment")
    assert clock.breached_at == london("2026-05-07 17:00")
    assert any("The father was abroad" in event.summary for event in door.events(mia))


def test_an_assessment_in_time_needs_no_reason(open_door: Door) -> None:
    door = open_door("2026-03-02 09:00", book="working-together-2023")
    mia = accepted(door)
    door.move_to("2026-05-08 10:00")
    door.record(mia, "assessment authorised", at="2026-05-07 17:00")
    assert door.clock(mia, "assessment").breached_at is None


def test_the_45_working_days_count_from_the_point_of_referral_and_not_from_acceptance(open_door: Door) -> None:
    door = open_door("2026-03-02 09:00", book="working-together-2023")
    (mia,) = door.referrals(door.log("Mia"))
    door.move_to("2026-03-05 09:00")
    door.decide(mia, "assessment")
    clock = door.clock(mia, "assessment")
    assert (clock.started_on, clock.started_at) == ("received", london("2026-03-02 09:00"))
    assert clock.due_at == london("2026-05-07 17:00")


def test_a_referral_that_is_not_accepted_starts_no_later_clock(open_door: Door) -> None:
    door = open_door("2026-03-02 09:00", book="working-together-2023")
    (mia,) = door.referrals(door.log("Mia"))
    door.decide(mia)
    assert door.rounds(mia, "assessment") == []


def test_a_child_is_seen_when_seen_alone_where_an_enquiry_was_started(open_door: Door) -> None:
    door = open_door("2026-03-02 09:00", book="working-together-2023")
    mia = accepted(door)
    door.record(mia, "strategy discussion held")
    door.move_to("2026-03-02 15:00")
    door.record(mia, "child seen", seen_alone=False)
    assert door.clock(mia, "child_seen").state == "stopped"
    assert door.clock(mia, "child_seen_enquiry").state == "running"
    door.move_to("2026-03-02 16:00")
    door.record(mia, "child seen")
    assert door.clock(mia, "child_seen_enquiry").stopped_at == door.now


def test_the_history_keeps_who_took_part_and_nothing_can_change_it(open_door: Door) -> None:
    door = open_door(TUESDAY)
    mia = accepted(door)
    door.record(mia, "strategy discussion held", by=WORKER)
    (kept,) = door.milestones(mia)
    assert (kept.recorded_by, kept.enquiry_started, kept.took_part) == (
        WORKER.username,
        True,
        "Police, health visitor, school.",
    )


@pytest.mark.parametrize(
    ("kind", "more", "place"),
    [
        ("conference held", {"at": "2009-03-12 09:00"}, "occurred_at: This moment lies in the future"),
        ("conference held", {"at": "2009-03-10 08:59"}, "occurred_at: This is before the contact was received"),
        ("strategy discussion held", {"took_part": " "}, "took_part: This is needed"),
        ("strategy discussion held", {"enquiry_started": None}, "enquiry_started: This is needed"),
        ("child seen", {"seen_alone": None}, "seen_alone: This is needed"),
        ("review held", {"seen_alone": True}, "seen_alone: Only a visit"),
        ("review held", {"enquiry_started": True}, "enquiry_started: Only a strategy discussion"),
    ],
)
def test_an_odd_milestone_is_refused_at_its_field(open_door: Door, kind: str, more: dict[str, str], place: str) -> None:
    door = open_door(TUESDAY)
    mia = accepted(door)
    with pytest.raises(InvalidInput, match=place):
        door.record(mia, kind, **more)
    assert door.milestones(mia) == []


def test_milestones_are_for_accepted_referrals_and_for_those_whom_the_book_names(open_door: Door) -> None:
    door = open_door(TUESDAY)
    (mia,) = door.referrals(door.log("Mia"))
    with pytest.raises(Refused, match="this one is received"):
        door.record(mia, "conference held")
    door.decide(mia, "assessment")
    with pytest.raises(NotAllowed):
        door.record(mia, "conference held", by=OFFICER)


def test_closing_ends_what_is_owed_but_what_was_late_stays_missed(open_door: Door) -> None:
    door = open_door(TUESDAY)
    mia = door.allocate(accepted(door), door.add_worker())
    door.hand_over_letters()
    door.move_to("2009-03-20 09:00")
    door.record(mia, "conference held")
    door.close(mia)
    assert (door.clock(mia, "minutes").state, door.clock(mia, "minutes").not_applicable_because) == (
        "not applicable",
        "closed",
    )
    assert door.clock(mia, "initial_assessment").breached_at == london("2009-03-19 17:00")

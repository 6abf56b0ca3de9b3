"""A new bank holiday or closure is a new version of the calendar, and moves what is running only when somebody says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime

import pytest

from pathway.engine.actors import SYSTEM
from pathway.engine.alerts import ladders
from pathway.engine.alerts.ladders import Matter
from pathway.engine.changeover import calendar_changeover, changeover_plan
from pathway.engine.changeover.changeover_plan import Order, ReferralMove
from pathway.engine.rulebooks import council_versions, published_books
from rules.errors import InvalidInput, NotFound
from rules.timing.calendar import Calendar
from rules.vocabulary import AlertKind, EventKind, Role
from storage.sessions import Database
from support import whole
from support.front_door import FrontDoor, london

Door = Callable[..., FrontDoor]
FUNERAL = date(2022, 9, 19)
ADA = council_versions.actor_named("Ada Okafor")
ORDER = Order(reason="Bank holiday for the State Funeral", actor=ADA, through="root (command line)")


def newest(database: Database) -> Calendar:
    with database.read() as session:
        return council_versions.calendar_called(session, "england").calendar


def publish(door: FrontDoor, calendar: Calendar, reason: str = "A test") -> None:
    with door.database.write() as session:
        council_versions.publish_calendar(session, calendar, name="england", reason=reason, actor=ADA, now=door.now)


def close(door: FrontDoor, *days: tuple[date, str], opened: Iterable[date] = ()) -> None:
    publish(door, council_versions.changed_calendar(newest(door.database), closed=days, opened=opened))


def plan(door: FrontDoor) -> calendar_changeover.CalendarPlan:
    with door.database.read() as session:
        return calendar_changeover.plan(session, "england")


def move(door: FrontDoor) -> list[ReferralMove]:
    return changeover_plan.carry_out(door.database, plan(door), ORDER, now=door.now)


def deadlines(moves: list[ReferralMove]) -> list[tuple[str, str, datetime, datetime]]:
    return [(one.ref, clock.kind, clock.old_due, clock.new_due) for one in moves for clock in one.deadlines]


@pytest.fixture
def september(open_door: Door) -> FrontDoor:
    """Thursday 8 September 2022: nobody knows yet that Monday 19 September will be a bank holiday."""
    door = open_door("2022-09-08 10:00", book="working-together-2023")
    known = newest(door.database)
    publish(door, replace(known, holidays=known.holidays - {FUNERAL}))
    door.move_to("2022-09-08 10:01")
    return door


def received(door: FrontDoor, at: str, name: str):
    door.move_to(at)
    (referral,) = door.referrals(door.log(name))
    return referral


def proclaim(door: FrontDoor) -> None:
    """Saturday 10 September 2022: the day of the funeral is made a bank holiday."""
    close(door, (FUNERAL, "State Funeral of Queen Elizabeth II"))


def test_the_tenth_of_september_2022(september: FrontDoor) -> None:
    accepted = received(september, "2022-09-09 10:00", "Mia")
    september.decide(accepted, "assessment", level_of_need="3")
    september.move_to("2022-09-10 19:00")
    proclaim(september)
    (deadline,) = deadlines(changeover_plan.preview(september.database, plan(september), now=september.now))
    # 45 working days: nine weeks, and now one day more.
    assert deadline == (accepted.ref, "assessment", london("2022-11-11 16:45"), london("2022-11-14 17:00"))
    move(september)
    assert september.clock(accepted, "assessment").due_at == london("2022-11-14 17:00")


def test_only_deadlines_that_count_the_day_move(september: FrontDoor) -> None:
    friday = received(september, "2022-09-16 10:00", "Mia")  # one working day: due on Monday 19 at 17:00
    thursday = received(september, "2022-09-15 10:00", "Noah")
    september.move_to("2022-09-16 12:00")
    proclaim(september)
    expected = [
        (friday.ref, kind, london("2022-09-19 17:00"), london("2022-09-20 17:00"))
        for kind in ("acknowledgement", "decision_working_day")
    ]
    foreseen = changeover_plan.preview(september.database, plan(september), now=september.now)
    assert deadlines(foreseen) == expected
    assert move(september) == foreseen
    assert september.clock(friday, "decision_working_day").due_at == london("2022-09-20 17:00")
    assert september.clock(friday).due_at == london("2022-09-17 10:00")  # 24 hours are 24 hours
    assert september.clock(thursday, "decision_working_day").due_at == london("2022-09-16 16:45")


def test_the_reason_stands_in_each_history_with_both_moments(september: FrontDoor) -> None:
    friday = received(september, "2022-09-16 10:00", "Mia")
    proclaim(september)
    move(september)
    events = [event for event in september.events(friday) if event.kind == EventKind.CALENDAR_MOVED]
    (of_decision,) = [event for event in events if json.loads(event.details)["clock"] == "decision_working_day"]
    assert of_decision.actor == "Ada Okafor"
    assert of_decision.summary.endswith(
        "new due moment. Calendar england moved to version 3: Bank holiday for the State Funeral"
    )
    told = json.loads(of_decision.details)
    assert (told["old_due_at"], told["due_at"]) == ("2022-09-19T16:00:00+00:00", "2022-09-20T16:00:00+00:00")
    assert told["reason"] == ORDER.reason


def test_nothing_moves_until_somebody_says_so_and_new_clocks_count_by_the_new_version(september: FrontDoor) -> None:
    before = received(september, "2022-09-16 10:00", "Mia")
    proclaim(september)
    september.sweep()
    assert september.clock(before, "decision_working_day").due_at == london("2022-09-19 17:00")
    after = received(september, "2022-09-16 13:00", "Noah")
    assert september.clock(after, "decision_working_day").due_at == london("2022-09-20 17:00")


def test_an_upgrade_that_knows_another_holiday_moves_nothing(september: FrontDoor) -> None:
    """The shipped calendar knows 19 September; publishing what is shipped again is what each start does."""
    friday = received(september, "2022-09-16 10:00", "Mia")
    before = whole.contents(september.database)
    with september.database.write() as session:
        published_books.publish_shipped(session, now=september.now)
    assert whole.contents(september.database) == before
    assert FUNERAL not in newest(september.database).holidays
    assert september.clock(friday, "decision_working_day").due_at == london("2022-09-19 17:00")


@pytest.mark.parametrize("noticed", [True, False], ids=["noticed", "not noticed"])
def test_judged_clocks_never_change(september: FrontDoor, noticed) -> None:
    late, met = (received(september, "2022-09-16 10:00", name) for name in ("Mia", "Noah"))
    september.decide(met)
    september.move_to("2022-09-19 18:00")
    if noticed:
        september.sweep()
    before = [september.clock(one, "decision_working_day") for one in (late, met)]
    proclaim(september)
    assert [kind for _, kind, *_ in deadlines(move(september))] == ["closing"]  # the decided one's, not judged yet
    assert [september.clock(one, "decision_working_day") for one in (late, met)] == before


def test_the_preview_leaves_no_trace_and_a_second_move_finds_nothing(september: FrontDoor) -> None:
    received(september, "2022-09-16 10:00", "Mia")
    proclaim(september)
    before = whole.contents(september.database)
    assert changeover_plan.preview(september.database, plan(september), now=september.now)
    assert whole.contents(september.database) == before
    assert move(september)
    after = whole.contents(september.database)
    assert move(september) == []
    assert whole.contents(september.database) == after


def test_warnings_follow_the_new_moment(september: FrontDoor) -> None:
    friday = received(september, "2022-09-16 10:00", "Mia")
    september.decide(friday)  # only the acknowledgement is still owed
    september.move_to("2022-09-16 16:00")
    proclaim(september)
    move(september)
    september.move_to("2022-09-19 16:30")
    september.sweep()
    titles = [message.subject for message in september.messages(kind="warning")]
    assert not [title for title in titles if "acknowledge" in title.lower()]
    september.move_to("2022-09-20 15:30")
    september.sweep()
    titles = [message.subject for message in september.messages(kind="warning")]
    assert [title for title in titles if "acknowledge" in title.lower()]


def test_an_open_alert_of_a_clock_that_is_no_longer_late_is_closed_with_the_reason(september: FrontDoor) -> None:
    friday = received(september, "2022-09-16 10:00", "Mia")
    subject = f"clock:{september.clock(friday, 'decision_working_day').id}"
    with september.acting(SYSTEM) as act:
        rule = act.book.clocks["decision_working_day"]
        matter = Matter(
            kind=AlertKind.CLOCK,
            subject_key=subject,
            headline="Overdue",
            next_step="Decide",
            ladder=rule.ladder,
            due_at=september.now,
        )
        ladders.open_alert(act, matter)
    proclaim(september)
    move(september)
    assert september.alert(subject) is None
    september.sweep()  # what there is for a person goes out with the next sweep
    closed = september.messages(Role.DUTY_MANAGER, kind="alert closed")
    assert len(closed) == 1
    assert b"State Funeral" in closed[0].content


def test_an_extra_opening_brings_a_deadline_forward(september: FrontDoor) -> None:
    at = received(september, "2022-08-26 10:00", "Mia")  # Friday before the bank holiday of 29 August
    assert september.clock(at, "decision_working_day").due_at == london("2022-08-30 17:00")
    close(september, opened=[date(2022, 8, 29)])
    (first, second) = deadlines(move(september))
    assert first[3] == second[3] == london("2022-08-29 17:00")


def test_a_day_is_a_closure_or_with_a_name_a_holiday(september: FrontDoor) -> None:
    close(september, (date(2022, 9, 21), ""), (FUNERAL, "State Funeral"), opened=[date(2022, 12, 26)])
    found = newest(september.database)
    assert date(2022, 9, 21) in found.closed
    assert (FUNERAL in found.holidays, found.names[FUNERAL]) == (True, "State Funeral")
    assert found.is_working_day(date(2022, 12, 26))
    assert (found.version, found.name) == ("3", "england")


def test_the_same_calendar_again_is_no_new_version(september: FrontDoor) -> None:
    publish(september, newest(september.database))
    with september.database.read() as session:
        assert council_versions.calendar_called(session, "england").row.version == 2


def test_closing_a_day_that_was_opened_undoes_the_opening(september: FrontDoor) -> None:
    boxing_day = date(2022, 12, 26)
    close(september, opened=[boxing_day])
    close(september, (boxing_day, ""))
    assert not newest(september.database).is_working_day(boxing_day)


@pytest.mark.parametrize(
    ("closed", "opened", "told"),
    [
        ([(date(2022, 12, 27), "")], [], "is closed already"),
        ([(date(2022, 9, 17), "")], [], "has no opening hours anyway"),
        ([], [date(2022, 9, 20)], "is open already"),
        ([(date(2022, 9, 20), "")], [date(2022, 9, 20)], "closed and opened at once"),
    ],
)
def test_a_day_on_which_nothing_changes_is_refused(september: FrontDoor, closed, opened, told) -> None:
    with pytest.raises(InvalidInput, match=told):
        council_versions.changed_calendar(newest(september.database), closed=closed, opened=opened)


def test_a_calendar_that_nobody_published_is_told(september: FrontDoor) -> None:
    with september.database.read() as session, pytest.raises(NotFound, match="published are: england"):
        calendar_changeover.plan(session, "atlantis")


def test_who_published_a_version_and_why_is_kept(september: FrontDoor) -> None:
    publish(september, replace(newest(september.database), closed=frozenset({date(2022, 9, 21)})), "Flood")
    with september.database.read() as session:
        row = council_versions.calendar_called(session, "england").row
    assert (row.published_by, row.reason) == ("Ada Okafor", "Flood")
    assert SYSTEM.username != row.published_by

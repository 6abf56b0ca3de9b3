"""One referral's facts under other rules: due moments, breaches, and who would have been told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pathway.engine.rulebooks import shipped
from rules.books import parse, replay
from rules.books.replay import Case, Duty, Fact, Terms
from rules.rulebook import Limit
from rules.vocabulary import EventKind, NotApplicable, Role, Unit
from support.front_door import london

BOOK = parse.parse(shipped.book_text("haringey-2009"), "haringey-2009")
CALENDAR = parse.parse_calendar(shipped.calendar_text("england"), "england")
TUESDAY = london("2009-03-10 09:00")
AS_AT = london("2009-04-10 09:00")
EDT = Role.EMERGENCY_DUTY_TEAM


def case(*facts: tuple[EventKind, str], acknowledged: tuple[str, ...] = (), **more) -> Case:
    """A referral received on Tuesday 10 March 2009 at nine, and what else happened."""
    happened = [Fact(event=EventKind.RECEIVED, at=TUESDAY), *(Fact(event=kind, at=london(at)) for kind, at in facts)]
    answers = tuple(("decision", london(at)) for at in acknowledged)
    return Case(ref="PW-1", received_at=TUESDAY, facts=tuple(happened), acknowledged=answers, **more)


def terms(kind: str = "decision", limit: Limit | None = None) -> dict[str, list[Terms]]:
    rule = BOOK.clocks[kind]
    one = Terms(rule=rule, calendar=CALENDAR, out_of_hours_role=EDT, limit=limit or rule.limit)
    return {kind: [one]}


def only(case: Case, kind: str = "decision", *, as_at: datetime = AS_AT, limit: Limit | None = None) -> Duty:
    (duty,) = replay.run(case, terms(kind, limit), as_at=as_at)
    return duty


def told(duty: Duty) -> list[tuple[str, str]]:
    return [(f"{CALENDAR.local(one.at):%d %H:%M}", str(one.role)) for one in duty.told]


def test_a_duty_met_in_time_has_its_warnings_and_no_alert():
    duty = only(case((EventKind.DECIDED, "2009-03-11 08:00")))
    assert (duty.due_at, duty.breached, duty.alerts) == (london("2009-03-11 09:00"), False, ())
    assert told(duty) == [
        ("11 03:00", "screening officer"),
        ("11 07:00", "emergency duty team"),
        ("11 07:00", "duty manager"),
    ]


def test_nobody_is_warned_of_what_is_done():
    assert only(case((EventKind.DECIDED, "2009-03-11 03:00"))).told == ()


@pytest.mark.parametrize(
    ("decided", "breached", "alerts"),
    [
        ("2009-03-11 09:00", False, []),
        ("2009-03-11 09:01", True, [("11 09:00", "duty manager")]),
        ("2009-03-11 11:30", True, [("11 09:00", "duty manager"), ("11 11:00", "service manager")]),
    ],
)
def test_the_ladder_is_climbed_until_the_duty_is_met(decided, breached, alerts):
    duty = only(case((EventKind.DECIDED, decided)))
    assert duty.breached is breached
    assert [one for one in told(duty) if one[0] >= "11 09:00"] == alerts


def test_an_acknowledgement_holds_the_ladder_where_there_is_an_alert_to_hold():
    duty = only(case((EventKind.DECIDED, "2009-03-11 18:00"), acknowledged=("2009-03-11 10:00",)))
    assert told(duty)[3:] == [
        ("11 09:00", "duty manager"),
        ("11 14:00", "service manager"),  # four hours after it was acknowledged
    ]
    early = only(case((EventKind.DECIDED, "2009-03-11 12:00"), acknowledged=("2009-03-11 08:00",)))
    assert told(early)[-1] == ("11 11:00", "service manager")


def test_a_duty_that_is_owed_still_is_judged_at_the_moment_of_looking():
    assert not only(case(), as_at=london("2009-03-11 08:59")).breached
    late = only(case(), as_at=london("2009-03-11 09:00"))
    assert late.breached
    assert told(late)[-1] == ("11 09:00", "duty manager")


@pytest.mark.parametrize(
    ("closed", "due_at", "breached"),
    [("2009-03-11 08:00", None, False), ("2009-03-11 10:00", "2009-03-11 09:00", True)],
)
def test_a_duty_still_owed_when_the_referral_is_closed(closed, due_at, breached):
    duty = only(case((EventKind.CLOSED, closed)))
    assert (duty.due_at, duty.breached) == (london(due_at) if due_at else None, breached)


def test_a_duty_that_does_not_apply_tells_nobody():
    duty = only(case(exempt=frozenset({NotApplicable.ANONYMOUS})), "feedback")
    assert duty == Duty(kind="feedback", round=1, due_at=None)
    assert only(case(exempt=frozenset({NotApplicable.ANONYMOUS}))).due_at is not None


def test_nothing_is_owed_where_nothing_started_it():
    assert replay.run(case(), terms("allocation"), as_at=AS_AT) == ()


def test_a_rung_that_repeats_itself_ends():
    rule = BOOK.clocks["decision"]
    last = replace(rule.ladder.rungs[-1], repeat=timedelta(hours=1))
    ladder = replace(rule.ladder, rungs=(*rule.ladder.rungs[:-1], last))
    endless = Terms(rule=replace(rule, ladder=ladder), calendar=CALENDAR, out_of_hours_role=None, limit=rule.limit)
    (duty,) = replay.run(case(), {"decision": [endless]}, as_at=london("2029-03-10 09:00"))
    assert len(duty.alerts) == 2 + 90 * 24 - 6


@pytest.mark.parametrize(("undoes", "rounds"), [(EventKind.FEEDBACK_GIVEN, 2), (EventKind.ACKNOWLEDGED, 1)])
def test_a_letter_that_came_back_brings_back_only_the_duty_that_it_had_met(undoes, rounds):
    rule = replace(BOOK.clocks["feedback"], again_on=frozenset({EventKind.LETTER_RETURNED}))
    facts = (
        *case((EventKind.FEEDBACK_GIVEN, "2009-03-11 09:00")).facts,
        Fact(event=EventKind.LETTER_RETURNED, at=london("2009-03-13 09:00"), undoes=undoes),
    )
    one = Terms(rule=rule, calendar=CALENDAR, out_of_hours_role=EDT, limit=rule.limit)
    found = replay.run(replace(case(), facts=facts), {"feedback": [one]}, as_at=AS_AT)
    assert [duty.due_at for duty in found] == [london("2009-03-12 09:00"), london("2009-03-15 09:00")][:rounds]


def test_a_referral_that_is_reopened_is_owed_another_round():
    rule = replace(BOOK.clocks["decision"], again_on=frozenset({EventKind.REOPENED}))
    one = Terms(rule=rule, calendar=CALENDAR, out_of_hours_role=EDT, limit=rule.limit)
    facts = case(
        (EventKind.DECIDED, "2009-03-10 12:00"),
        (EventKind.CLOSED, "2009-03-12 12:00"),
        (EventKind.REOPENED, "2009-03-17 12:00"),
    )
    first, second = replay.run(facts, {"decision": [one]}, as_at=AS_AT)
    assert (first.breached, second.due_at, second.breached) == (False, london("2009-03-18 12:00"), True)


def test_only_what_goes_another_way_is_a_change():
    facts = case((EventKind.DECIDED, "2009-03-10 22:00"))
    own = replay.run(facts, terms() | terms("feedback"), as_at=AS_AT)
    new = replay.run(facts, terms(limit=Limit(12, Unit.HOURS)) | terms("feedback"), as_at=AS_AT)
    (change,) = replay.changes(own, new)
    assert (change.kind, change.round, change.own.breached, change.new.breached) == ("decision", 1, False, True)
    assert replay.changes(own, own) == ()


def test_a_clock_that_one_of_both_books_lacks_is_a_change():
    own = replay.run(case(), terms(), as_at=AS_AT)
    (lost,), (added,) = replay.changes(own, ()), replay.changes((), own)
    assert (lost.new, added.own, added.kind) == (None, None, "decision")


def test_an_hour_of_danger_that_was_withdrawn_is_neither_met_nor_missed():
    marked, withdrawn = EventKind.DANGER_MARKED, EventKind.DANGER_WITHDRAWN
    happened = case((marked, "2009-03-10 09:00"), (withdrawn, "2009-03-10 12:00"), (marked, "2009-03-10 13:00"))
    assert only(happened, "danger", as_at=london("2009-03-10 13:30")).due_at == london("2009-03-10 14:00")

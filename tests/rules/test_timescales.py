"""Due moments by every unit, and what the facts say about a duty."""

from __future__ import annotations

from datetime import UTC, date, timedelta

import pytest

from rules.errors import BeyondCalendar, NaiveMoment, NegativeAmount
from rules.rulebook import Counting, Limit
from rules.timing import timescales
from rules.timing.timescales import due_moment
from rules.vocabulary import Unit
from support.moments import book, england, limit, london, naive, nine_to_five, utc

DUE = [
    ("30 seconds", "2009-03-02 10:00", "2009-03-02 10:00:30"),
    ("90 minutes", "2009-03-06 16:40", "2009-03-06 18:10"),
    ("24 hours", "2009-04-09 17:10", "2009-04-10 17:10"),  # Good Friday
    ("24 hours", "2009-03-28 12:00", "2009-03-29 13:00"),
    ("24 hours", "2009-10-24 12:00", "2009-10-25 11:00"),
    ("24 hours", "2026-10-24 12:00", "2026-10-25 11:00"),
    ("48 hours", "2009-03-27 16:40", "2009-03-29 17:40"),
    ("90 working seconds", "2009-03-06 16:44", "2009-03-09 08:45:30"),
    ("30 working minutes", "2009-03-06 16:30", "2009-03-09 09:00"),
    ("8 working hours", "2009-04-09 16:00", "2009-04-14 15:45"),
    ("1 working day", "2009-04-09 17:10", "2009-04-15 17:00"),
    ("45 working days", "2026-03-02 10:00", "2026-05-07 17:00"),
    ("10 calendar days", "2009-03-02 10:00", "2009-03-12 17:00"),
    ("5 calendar days", "2009-03-02 10:00", "2009-03-08 00:00"),  # a Saturday: when that day ends
    ("1 month", "2009-03-02 10:00", "2009-04-02 17:00"),
    ("3 months", "2009-11-30 10:00", "2010-03-01 00:00"),  # Sunday 28 February: when that day ends
]


@pytest.mark.parametrize(("amount", "start", "expected"), DUE)
def test_each_unit_counts_in_its_own_way(amount, start, expected):
    assert due_moment(limit(amount), london(start), england()) == london(expected)


@pytest.mark.parametrize("start", ["2009-03-28 12:00", "2009-10-24 12:00", "2026-03-28 23:30", "2026-10-25 00:30"])
def test_24_hours_over_a_clock_change_is_24_hours(start):
    """1. Instants are stored and compared in UTC. Elapsed limits are added in UTC: 24 hours over a clock change is 24
    hours."""
    due = due_moment(Limit(24, Unit.HOURS), london(start), england())
    assert due - london(start) == timedelta(hours=24)
    assert due.tzinfo is UTC


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2009-01-31", 1, "2009-02-28"),
        ("2008-01-31", 1, "2008-02-29"),
        ("2009-08-31", 6, "2010-02-28"),
        ("2009-12-31", 12, "2010-12-31"),
        ("2009-03-30", 11, "2010-02-28"),
        ("2009-03-15", 3, "2009-06-15"),
        ("2009-03-15", 0, "2009-03-15"),
    ],
)
def test_months_are_clamped_to_the_months_end(day, months, expected):
    """5. Months: calendar months, clamped to the month's end."""
    assert timescales.add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("amount", "options", "expected"),
    [
        ("5 calendar days", {"roll": "forward"}, "2009-03-09 17:00"),
        ("5 calendar days", {"roll": "back"}, "2009-03-06 16:45"),
        ("5 calendar days", {"first_day": 1}, "2009-03-06 16:45"),
        ("5 calendar days", {"due_time": "09:30"}, "2009-03-07 09:30"),
        ("3 months", {"first_day": 1}, "2009-06-01 17:00"),
        ("3 months", {"due_time": "24:00"}, "2009-06-03 00:00"),
    ],
)
def test_options_of_calendar_dates(amount, options, expected):
    due = due_moment(limit(amount), london("2009-03-02 10:00"), england(), Counting(**options))
    assert due == london(expected)


def test_clocks_start_when_the_contact_was_received():
    """2. Clocks start at received_at, not at recorded_at; ... (A Friday contact logged on Monday is already late.)"""
    decision = book("haringey-2009").clocks["decision"]
    due = due_moment(decision.limit, london("2009-03-06 16:40"), england(), decision.counting)
    assert due == london("2009-03-07 16:40")
    assert timescales.is_breach(due, met_at=None, now=london("2009-03-09 09:00"))


@pytest.mark.parametrize(
    ("met", "now", "breach"),
    [
        (None, "2009-03-03 10:00", False),
        (None, "2009-03-03 10:00:01", True),
        ("2009-03-03 10:00", "2009-03-20 10:00", False),
        ("2009-03-03 10:00:01", "2009-03-20 10:00", True),
        ("2009-03-02 12:00", "2009-03-02 12:00", False),
    ],
)
def test_the_facts_judge(met, now, breach):
    """8. A duty met after the due moment is a breach even if no sweep ran in between: the facts judge, the sweep only
    tells."""
    met_at = london(met) if met else None
    assert timescales.is_breach(london("2009-03-03 10:00"), met_at=met_at, now=london(now)) is breach


def test_a_start_in_any_zone_gives_the_same_moment():
    local = utc("2009-07-01 11:00").astimezone(england().local(utc("2009-07-01 11:00")).tzinfo)
    for unit in Unit:
        assert due_moment(Limit(2, unit), local, england()) == due_moment(
            Limit(2, unit), utc("2009-07-01 11:00"), england()
        )


@pytest.mark.parametrize("unit", Unit)
def test_no_limit_is_due_at_once_or_at_the_first_chance(unit):
    due = due_moment(Limit(0, unit), london("2009-03-02 10:00"), nine_to_five())
    assert due in (london("2009-03-02 10:00"), london("2009-03-02 17:00"))


@pytest.mark.parametrize("unit", Unit)
def test_a_negative_limit_is_refused(unit):
    with pytest.raises(NegativeAmount, match="whole number from 0 up"):
        due_moment(Limit(-1, unit), london("2009-03-02 10:00"), england())


@pytest.mark.parametrize("unit", Unit)
def test_a_naive_start_is_refused(unit):
    with pytest.raises(NaiveMoment):
        due_moment(Limit(1, unit), naive("2009-03-02 10:00"), england())


@pytest.mark.parametrize("unit", Unit)
def test_a_limit_past_all_calendars_is_refused(unit):
    with pytest.raises(BeyondCalendar, match="shorten"):
        due_moment(Limit(10**14, unit), london("2009-03-02 10:00"), england())

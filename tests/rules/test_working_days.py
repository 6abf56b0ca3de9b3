"""Working days: the worked values of the domain notes, receipts after closing, and the named options."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rules.rulebook import Counting
from rules.timing import working_time
from rules.timing.calendar import Calendar
from support.moments import england, london, nine_to_five

WORKED = [
    ("2009-04-09", 1, "2009-04-14", "2009-04-09"),
    ("2009-04-09", 2, "2009-04-15", "2009-04-14"),
    ("2026-04-02", 1, "2026-04-07", "2026-04-02"),
    ("2026-03-02", 45, "2026-05-07", "2026-05-06"),
    ("2026-03-02", 15, "2026-03-23", "2026-03-20"),
    ("2026-03-27", 10, "2026-04-14", "2026-04-13"),
]


def day_due(start: str, n: int, **options) -> date:
    due = working_time.add_working_days(england(), london(start), n, counting=Counting(**options))
    return england().local(due).date()


@pytest.mark.parametrize(("start", "days", "due_day0", "due_start_counts"), WORKED)
def test_worked_values(start, days, due_day0, due_start_counts):
    """4. Working days: the day of receipt is day 0; ..."""
    assert day_due(f"{start} 10:00", days) == date.fromisoformat(due_day0)
    assert day_due(f"{start} 10:00", days, first_day=1) == date.fromisoformat(due_start_counts)


RECEIPTS = [
    ("2009-03-02 10:00", "2009-03-03 17:00"),
    ("2009-03-05 16:59", "2009-03-06 16:45"),  # due on a Friday, which closes earlier
    ("2009-03-05 17:00", "2009-03-06 16:45"),  # at closing is not after closing
    ("2009-03-05 17:00:01", "2009-03-09 17:00"),
    ("2009-03-06 16:40", "2009-03-09 17:00"),
    ("2009-03-06 16:46", "2009-03-10 17:00"),
    ("2009-03-07 12:00", "2009-03-10 17:00"),
    ("2009-03-08 23:59", "2009-03-10 17:00"),
    ("2009-04-09 17:10", "2009-04-15 17:00"),
    ("2009-04-10 09:00", "2009-04-15 17:00"),  # Good Friday
    ("2009-12-24 12:00", "2009-12-29 17:00"),
    ("2009-12-25 12:00", "2009-12-30 17:00"),
    ("2009-12-31 12:00", "2010-01-04 17:00"),
    ("2009-03-27 12:00", "2009-03-30 17:00"),  # the clocks go forward in between
    ("2009-10-23 12:00", "2009-10-26 17:00"),
]


@pytest.mark.parametrize(("received", "due"), RECEIPTS)
def test_one_working_day_from_each_kind_of_receipt(received, due):
    """4. ... received on a day off or after closing counts as received on the next working day; due at the close of the
    nth working day."""
    assert working_time.add_working_days(england(), london(received), 1) == london(due)


@pytest.mark.parametrize(
    ("received", "options", "due"),
    [
        ("2009-03-07 12:00", {"day_off_receipt": "that day"}, "2009-03-09 17:00"),
        ("2009-03-05 18:00", {"day_off_receipt": "that day"}, "2009-03-06 16:45"),
        ("2009-03-07 12:00", {"first_day": 1}, "2009-03-09 17:00"),
        ("2009-03-07 12:00", {"first_day": 1, "day_off_receipt": "that day"}, "2009-03-09 17:00"),
        ("2009-03-02 12:00", {"first_day": 1}, "2009-03-02 17:00"),
        ("2009-03-02 12:00", {"due_time": "12:00"}, "2009-03-03 12:00"),
        ("2009-03-02 12:00", {"due_time": "24:00"}, "2009-03-04 00:00"),
        ("2009-10-22 12:00", {"due_time": "23:30"}, "2009-10-23 23:30"),
    ],
)
def test_the_options_in_which_systems_differ(received, options, due):
    found = working_time.add_working_days(england(), london(received), 1, counting=Counting(**options))
    assert found == london(due)


def test_no_working_days_end_on_day_0():
    assert working_time.add_working_days(england(), london("2009-03-07 12:00"), 0) == london("2009-03-09 17:00")


def test_a_closure_an_opening_and_a_day_closed_every_year():
    calendar = Calendar(
        zone="Europe/London",
        week=(((9 * 3600, 17 * 3600),),) * 5 + ((), ()),
        closed=frozenset({date(2026, 12, 29)}),
        closed_every_year=frozenset({(12, 30)}),
        holidays=frozenset({date(2026, 12, 28), date(2026, 12, 31)}),
        opened=frozenset({date(2026, 12, 31)}),
    )
    assert working_time.next_working_day(calendar, date(2026, 12, 25)) == date(2026, 12, 31)
    assert working_time.next_working_day(calendar, date(2027, 12, 29)) == date(2027, 12, 31)


def test_an_opening_on_a_weekday_without_hours_changes_nothing():
    calendar = replace(nine_to_five(), opened=frozenset({date(2026, 11, 28)}))
    assert not working_time.is_working_day(calendar, date(2026, 11, 28))


def test_the_working_day_before_a_month_of_holidays():
    assert working_time.previous_working_day(england(), date(2010, 1, 4)) == date(2009, 12, 31)
    assert working_time.previous_working_day(england(), date(2009, 4, 14)) == date(2009, 4, 9)


def test_a_day_off_ends_at_midnight():
    assert working_time.close_of_day(england(), date(2009, 4, 10)) == london("2009-04-11 00:00")


def test_the_state_funeral_moved_a_deadline_by_a_day():
    """19 September 2022 became a bank holiday on 10 September."""
    received = london("2022-09-16 10:00")
    before = replace(england(), holidays=england().holidays - {date(2022, 9, 19)})
    assert working_time.add_working_days(before, received, 1) == london("2022-09-19 17:00")
    assert working_time.add_working_days(england(), received, 1) == london("2022-09-20 17:00")

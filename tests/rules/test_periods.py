"""Periods of figures: whole days on the wall, half open, and a year that begins in April."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.figures import derive, periods

MONDAY = date(2009, 3, 9)


@pytest.mark.parametrize(
    ("key", "start", "last"),
    [
        ("yesterday", date(2009, 3, 8), date(2009, 3, 8)),
        ("last-week", date(2009, 3, 2), date(2009, 3, 8)),
        ("last-month", date(2009, 2, 1), date(2009, 2, 28)),
        ("last-quarter", date(2008, 10, 1), date(2008, 12, 31)),
        ("year", date(2008, 4, 1), date(2009, 3, 8)),
    ],
)
def test_the_presets_as_seen_on_a_monday_in_march(key, start, last):
    found = periods.preset(key, MONDAY)
    assert (found.start, found.last) == (start, last)


def test_on_the_first_of_april_the_year_that_has_just_ended_is_meant():
    found = periods.preset("year", date(2009, 4, 1))
    assert (found.start, found.last) == (date(2008, 4, 1), date(2009, 3, 31))


def test_on_the_second_of_april_the_new_year_has_one_day():
    assert periods.preset("year", date(2009, 4, 2)).days == 1


@given(today=some.dates(min_value=date(2001, 1, 1)), key=some.sampled_from(sorted(periods.PRESETS)))
def test_every_preset_has_a_day_and_ends_before_today(today, key):
    found = periods.preset(key, today)
    assert found.start < found.end <= today


@given(today=some.dates(min_value=date(2001, 1, 1)))
def test_a_week_begins_on_monday_and_a_quarter_with_its_month(today):
    week, quarter = periods.preset("last-week", today), periods.preset("last-quarter", today)
    assert (week.start.weekday(), week.days, week.end.weekday()) == (0, 7, 0)
    assert (quarter.start.day, quarter.start.month % 3, quarter.end.day) == (1, 1, 1)


def test_the_last_hour_before_midnight_in_summer_belongs_to_the_day_on_the_wall():
    row = derive.Row(figure="contacts", part="1A", key="contact:1", at=datetime(2009, 6, 30, 23, 30, tzinfo=UTC))
    assert row.day == date(2009, 7, 1)


@given(hour=some.integers(min_value=0, max_value=24 * 400))
def test_each_moment_is_on_exactly_one_day_and_the_days_meet(hour):
    at = datetime(2009, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
    row = derive.Row(figure="contacts", part="1A", key="contact:1", at=at)
    assert row.day in {at.date(), at.date() + timedelta(days=1)}

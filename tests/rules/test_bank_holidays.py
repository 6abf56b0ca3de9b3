"""Bank holidays against the list that the government publishes, and how far ahead they are known."""

from __future__ import annotations

import json
from datetime import date
from importlib import metadata
from pathlib import Path

from rules.timing import bank_holidays
from storage import clock

LIST = Path(__file__).with_name("data") / "bank_holidays_england_and_wales.json"
PUBLISHED = {date.fromisoformat(event["date"]) for event in json.loads(LIST.read_text("utf-8"))["events"]}
YEARS = range(2012, 2029)


def test_weekday_holidays_equal_the_published_list():
    """9. Holidays come packaged (holidays, subdivision ENG; equal to the published list once the true dates on weekends
    are dropped); ..."""
    ours = {day for day in bank_holidays.england() if day.year in YEARS}
    assert ours == {day for day in PUBLISHED if day.weekday() < 5}


def test_the_list_covers_the_years_it_is_compared_over():
    assert {day.year for day in PUBLISHED} == set(YEARS)


def test_next_year_is_not_missing():
    """9. ... a test fails when next year is missing. No deadline ever needs the network."""
    next_year = clock.utc_now().year + 1
    assert len([day for day in bank_holidays.england() if day.year == next_year]) >= 8, metadata.version("holidays")


def test_every_year_of_the_calendar_has_its_eight_or_more():
    counts = {year: sum(day.year == year for day in bank_holidays.england()) for year in range(2000, 2101)}
    assert {year: count for year, count in counts.items() if count < 8} == {}


def test_easter_2009_has_names():
    names = bank_holidays.england_names()
    assert (names[date(2009, 4, 10)], names[date(2009, 4, 13)]) == ("Good Friday", "Easter Monday")


def test_no_holiday_stands_on_a_weekend():
    assert [day for day in bank_holidays.england() if day.weekday() >= 5] == []

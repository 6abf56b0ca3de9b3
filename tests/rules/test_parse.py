"""Reading books and calendars: what the words of a book become."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from pathway.engine.rulebooks import shipped
from rules import letters, toml_tables, words
from rules.books import parse
from rules.errors import TimeError
from rules.rulebook import Counting, Limit
from rules.timing import counting
from rules.timing.calendar_terms import calendar_from_terms, calendar_to_terms
from rules.vocabulary import EventKind, Unit
from support.moments import book, day_and_night, england, hours

HARINGEY = book("haringey-2009")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24 hours", Limit(24, Unit.HOURS)),
        ("1 hour", Limit(1, Unit.HOURS)),
        ("1 working day", Limit(1, Unit.WORKING_DAYS)),
        ("45 Working  Days", Limit(45, Unit.WORKING_DAYS)),
        ("3 months", Limit(3, Unit.MONTHS)),
        ("90 working minutes", Limit(90, Unit.WORKING_MINUTES)),
        ("10 calendar days", Limit(10, Unit.CALENDAR_DAYS)),
        ("10 days", None),  # which days?
        ("0 hours", None),
        ("-1 hours", None),
        ("1.5 hours", None),
        ("hours", None),
    ],
)
def test_limits_in_words(text, expected):
    assert toml_tables.limit_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6 hours before", hours(-6)),
        ("When due", hours(0)),
        ("at once", hours(0)),
        ("30 minutes after", hours(0.5)),
        ("2 days after", hours(48)),
        ("1 week before", timedelta(days=-7)),
        ("after", None),
        ("2 hours later", None),
        ("99999999999 hours after", None),
    ],
)
def test_offsets_in_words(text, expected):
    assert toml_tables.offset_of(text) == expected


@pytest.mark.parametrize("unit", Unit)
def test_every_limit_is_read_as_it_is_written(unit):
    for amount in (1, 2):
        assert toml_tables.limit_of(str(Limit(amount, unit))) == Limit(amount, unit)


def test_a_clock_may_count_in_another_way():
    text = shipped.book_text("haringey-2009").replace(
        'limit     = "1 working day"', 'counting = { first_day = 1, due_time = "12:00" }\nlimit = "1 working day"'
    )
    assert parse.parse(text, "other").clocks["allocation"].counting == Counting(first_day=1, due_time="12:00")


@pytest.mark.parametrize("terms", [{"at_close": "shut"}, {"first_day": True}, {"roll": 1}, {"due_time": "noon"}])
def test_an_unknown_option_is_refused(terms):
    with pytest.raises(TimeError, match=next(iter(terms))):
        counting.from_terms(terms)


def test_a_book_knows_which_clocks_an_event_starts_and_stops():
    assert [clock.kind for clock in HARINGEY.clocks_started_by(EventKind.RECEIVED)] == ["decision", "feedback"]
    assert [clock.kind for clock in HARINGEY.clocks_stopped_by(EventKind.ALLOCATED)] == [
        "allocation",
        "urgent_allocation",
    ]


@pytest.mark.parametrize("calendar", [england(), day_and_night("Asia/Kathmandu")], ids=["england", "kathmandu"])
def test_a_stored_calendar_version_needs_no_library(calendar):
    terms = json.loads(json.dumps(calendar_to_terms(calendar)))
    assert calendar_from_terms(terms) == calendar
    assert calendar_from_terms(terms).names == calendar.names
    assert "england" not in json.dumps(terms["closed"])


def test_closures_openings_and_holidays_of_a_calendar():
    calendar = calendar_from_terms(
        {
            "week": {"mon": [["09:00", "12:00"], ["13:00", "24:00"]]},
            "closed": ["england", "2026-12-29", "12-24", "02-29"],
            "holidays": {"2026-07-01": "Founder's day"},
            "open": ["2026-12-28"],
        }
    )
    assert calendar.week[0] == ((32_400, 43_200), (46_800, 86_400))
    assert calendar.closed == {date(2026, 12, 29)}
    assert calendar.closed_every_year == {(12, 24), (2, 29)}
    assert calendar.names[date(2026, 7, 1)] == "Founder's day"
    assert not calendar.is_closed(date(2026, 12, 28))
    assert calendar.is_closed(date(2026, 8, 31))


def test_letters_fill_in_their_fields():
    values = {"reference": "C-1", "council": "Haringey"}
    assert letters.fill_in("{council} holds {reference}.", values) == "Haringey holds C-1."
    assert letters.unknown_fields("{reference} {child} {") == ("child", "{")


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [("dutty manager", "did you mean 'duty manager'?"), ("zzz", "use one of: duty manager, social worker")],
)
def test_the_nearest_word_is_offered(typed, remedy):
    assert words.nearest(typed, ["social worker", "duty manager"]) == remedy

"""Hours that count: named instants, both nights of the clock change, Easter 2009, Christmas."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from rules.errors import BeyondCalendar, EndBeforeStart, NaiveMoment, NegativeAmount, NeverOpens, TimeError
from rules.timing import working_time
from rules.timing.calendar import Calendar
from support.moments import day_and_night, england, hours, london, naive, nine_to_five, utc

HOURS_LATER = [
    ("2009-03-02 10:00", 3600, "2009-03-02 11:00"),
    ("2009-03-02 08:00", 3600, "2009-03-02 09:45"),  # before opening at 08:45
    ("2009-03-02 16:30", 3600, "2009-03-03 09:15"),
    ("2009-03-06 16:40", 3600, "2009-03-09 09:40"),  # Friday closes at 16:45
    ("2009-03-07 12:00", 3600, "2009-03-09 09:45"),
    ("2009-04-09 16:59:59", 2, "2009-04-14 08:45:01"),  # over Easter 2009
    ("2009-04-09 17:00", 1, "2009-04-14 08:45:01"),
    ("2009-03-27 16:00", 7200, "2009-03-30 10:00"),  # over the clock change of 29 March 2009
    ("2009-10-23 16:00", 7200, "2009-10-26 10:00"),  # and of 25 October 2009
    ("2009-12-24 16:00", 7200, "2009-12-29 09:45"),  # Christmas Day, weekend, Boxing Day's substitute
    ("2026-12-24 16:00", 7200, "2026-12-29 09:45"),
]


@pytest.mark.parametrize(("start", "seconds", "expected"), HOURS_LATER)
def test_only_time_inside_opening_hours_counts(start, seconds, expected):
    """3. Working hours: only time inside opening hours (Europe/London) counts."""
    assert working_time.add_working_seconds(england(), london(start), seconds) == london(expected)


@pytest.mark.parametrize(
    ("start", "seconds", "close", "opening"),
    [
        ("2009-03-02 16:00", 3600, "2009-03-02 17:00", "2009-03-03 08:45"),
        ("2009-03-06 15:45", 3600, "2009-03-06 16:45", "2009-03-09 08:45"),
        ("2009-04-09 08:45", 8.25 * 3600, "2009-04-09 17:00", "2009-04-14 08:45"),
        ("2009-04-09 18:00", 8.25 * 3600, "2009-04-14 17:00", "2009-04-15 08:45"),
    ],
)
def test_time_that_runs_out_exactly_at_closing(start, seconds, close, opening):
    """3. ... Time that runs out exactly at closing is due at closing."""
    add = working_time.add_working_seconds
    assert add(england(), london(start), int(seconds)) == london(close)
    assert add(england(), london(start), int(seconds), at_close="next opening") == london(opening)


def test_a_lunch_break_does_not_count():
    hours_of_day = ((9 * 3600, 12 * 3600), (13 * 3600, 17 * 3600))
    calendar = Calendar(zone="Europe/London", week=(hours_of_day,) * 7)
    start = london("2009-03-02 11:00")
    assert working_time.add_working_seconds(calendar, start, 3600) == london("2009-03-02 12:00")
    assert working_time.add_working_seconds(calendar, start, 3601) == london("2009-03-02 13:00:01")


def test_no_time_from_a_closed_moment_ends_at_the_next_opening():
    add = working_time.add_working_seconds
    assert add(england(), london("2009-04-11 12:00"), 0) == london("2009-04-14 08:45")
    assert add(england(), london("2009-03-02 10:00"), 0) == london("2009-03-02 10:00")
    assert add(england(), london("2009-03-02 17:00"), 0) == london("2009-03-02 17:00")


@pytest.mark.parametrize(("day", "length"), [("2009-03-28", 24), ("2009-03-29", 23), ("2009-10-25", 25)])
def test_a_day_open_around_the_clock_has_as_many_hours_as_the_clocks_give_it(day, length):
    start = london(f"{day} 00:00")
    end = working_time.close_of_day(day_and_night(), date.fromisoformat(day))
    assert working_time.working_seconds_between(day_and_night(), start, end) == length * 3600
    assert working_time.add_working_seconds(day_and_night(), start, length * 3600) == end


@pytest.mark.parametrize(
    ("opens", "closes", "night", "counted"),
    [
        (0, 5, "2009-03-29", 4 * 3600),
        (0, 5, "2009-10-25", 6 * 3600),
        (1.5, 3, "2009-03-29", 3600),  # opens at 01:30, which is 02:00 BST that night
        (1, 1.5, "2009-03-29", 0),  # these hours do not exist
        (1.5, 3, "2009-10-25", 2.5 * 3600),  # from the first 01:30 to 03:00 GMT
    ],
)
def test_opening_hours_across_a_clock_change(opens, closes, night, counted):
    calendar = Calendar(zone="Europe/London", week=(((int(opens * 3600), int(closes * 3600)),),) * 7)
    start = london(f"{night} 00:00")
    assert working_time.working_seconds_between(calendar, start, start + hours(12)) == counted


@pytest.mark.parametrize(
    ("moment", "is_open", "opening"),
    [
        ("2009-04-09 08:44:59", False, "2009-04-09 08:45"),
        ("2009-04-09 08:45", True, "2009-04-09 08:45"),
        ("2009-04-09 16:59:59", True, "2009-04-09 16:59:59"),
        ("2009-04-09 17:00", False, "2009-04-14 08:45"),
        ("2009-04-10 12:00", False, "2009-04-14 08:45"),
        ("2099-12-24 17:00", False, "2099-12-29 08:45"),
    ],
)
def test_the_office_is_open_until_it_closes(moment, is_open, opening):
    assert working_time.is_open(england(), london(moment)) is is_open
    assert working_time.next_opening(england(), london(moment)) == london(opening)


@pytest.mark.parametrize(
    ("start", "end", "counted"),
    [
        ("2009-03-02 10:00", "2009-03-02 10:00", timedelta(0)),
        ("2009-04-09 16:00", "2009-04-14 09:45", hours(2)),
        ("2009-04-10 00:00", "2009-04-14 08:45", timedelta(0)),
        ("2009-03-02 00:00", "2009-03-09 00:00", hours(41)),
        ("2009-03-02 10:00:00.250", "2009-03-02 10:00:00.750", timedelta(milliseconds=500)),
    ],
)
def test_counted_time_between_two_moments(start, end, counted):
    assert working_time.working_time_between(england(), london(start), london(end)) == counted
    assert working_time.working_seconds_between(england(), london(start), london(end)) == counted // timedelta(
        seconds=1
    )


def test_a_century_adds_up_from_its_years():
    years = [london(f"{year}-01-01 00:00") for year in range(2000, 2101)]
    total = working_time.working_seconds_between(england(), years[0], years[-1])
    assert total == sum(working_time.working_seconds_between(england(), begin, end) for begin, end in pairwise(years))


@pytest.mark.parametrize(
    "zone", ["America/Sao_Paulo", "Pacific/Apia", "America/St_Johns", "Asia/Gaza", "Africa/Casablanca"]
)
def test_around_the_clock_every_second_counts_in_any_zone(zone):
    """Zones that skip midnights and days, or go back just after midnight."""
    start, end = utc("2009-10-01 00:00"), utc("2012-02-01 00:00")
    assert working_time.working_time_between(day_and_night(zone), start, end) == end - start
    assert working_time.add_working_time(day_and_night(zone), start, end - start) == end


def test_the_clocks_went_back_just_after_a_months_first_midnight():
    """In Newfoundland 1 November 2009 began at 00:00, was 31 October again from 00:01 on, and began once more."""
    second_time = utc("2009-11-01 03:00")
    calendar = day_and_night("America/St_Johns")
    assert calendar.local(second_time).isoformat()[:16] == "2009-10-31T23:30"
    assert working_time.is_open(calendar, second_time)
    assert working_time.add_working_seconds(calendar, second_time, 3600) == second_time + hours(1)


def test_two_zones_open_at_different_moments():
    assert working_time.next_opening(nine_to_five("Asia/Kathmandu"), utc("2026-11-02 00:00")) == utc("2026-11-02 03:15")


@pytest.mark.parametrize(
    ("week", "error"),
    [
        (((),) * 7, NeverOpens),
        (((),) * 6, TimeError),
        ((((9, 9),),) + ((),) * 6, TimeError),
        ((((9, 90_000),),) + ((),) * 6, TimeError),
        ((((9, 20), (15, 30)),) + ((),) * 6, TimeError),
    ],
)
def test_hours_that_cannot_be_are_refused(week, error):
    with pytest.raises(error):
        Calendar(zone="Europe/London", week=week)


def test_a_calendar_closed_every_day_never_opens_and_says_so():
    every_day = frozenset((day.month, day.day) for day in (date(2000, 1, 1) + timedelta(days=n) for n in range(366)))
    calendar = Calendar(zone="Europe/London", week=(((0, 60),),) * 7, closed_every_year=every_day)
    with pytest.raises(NeverOpens, match="does not open again"):
        working_time.next_opening(calendar, utc("2026-01-01 00:00"))


BAD_COUNTS = [
    (lambda: working_time.add_working_seconds(england(), naive("2009-03-02 00:00"), 1), NaiveMoment),
    (lambda: working_time.is_open(england(), naive("2009-03-02 00:00")), NaiveMoment),
    (lambda: working_time.add_working_seconds(england(), utc("2009-03-02 09:00"), -1), NegativeAmount),
    (lambda: working_time.add_working_days(england(), utc("2009-03-02 09:00"), -1), NegativeAmount),
    (
        lambda: working_time.working_seconds_between(england(), utc("2009-03-02 09:00"), utc("2009-03-01 09:00")),
        EndBeforeStart,
    ),
    (lambda: working_time.add_working_seconds(england(), utc("2100-12-31 09:00"), 10**6), BeyondCalendar),
    (lambda: working_time.add_working_seconds(england(), utc("2026-12-31 09:00"), 10**12), BeyondCalendar),
    (lambda: working_time.add_working_days(england(), utc("2026-12-31 09:00"), 10**9), BeyondCalendar),
    (lambda: working_time.is_open(england(), utc("1999-12-31 09:00")), BeyondCalendar),
]


@pytest.mark.parametrize(("count", "error"), BAD_COUNTS)
def test_what_cannot_be_counted_is_a_named_error_that_says_what_to_do(count, error):
    with pytest.raises(error, match=r"; (write|give|check|shorten)"):
        count()

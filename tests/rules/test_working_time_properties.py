"""Working time against a second, naive implementation, and the laws that adding and measuring time must keep."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from rules.rulebook import Limit
from rules.timing import timescales, working_time
from rules.timing.calendar import Calendar
from rules.timing.timescales import LedgerEntry
from rules.vocabulary import Unit
from support import walks

CASES = int(os.environ.get("PATHWAY_CASES", "300"))
thorough = settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))

# No bound lies inside an hour that a clock change skips or repeats: there the walk, which reads the wall, may differ.
BOUNDS = [0, 3 * 3600, 23_400, 31_500, 32_400, 43_200, 45_000, 47_700, 61_200, 79_200, 86_400]
ZONES = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Havana", "UTC"]
# Weeks with a clock change, with Easter and with Christmas.
WINDOWS = [
    datetime(2009, 3, 24, tzinfo=UTC),
    datetime(2009, 4, 7, tzinfo=UTC),
    datetime(2009, 10, 20, tzinfo=UTC),
    datetime(2026, 10, 30, tzinfo=UTC),
    datetime(2026, 12, 22, tzinfo=UTC),
]
HOLIDAYS = frozenset({date(2009, 4, 10), date(2009, 4, 13), date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)})
WALK = 9 * 24 * 60


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """One of twenty-four calendars: few enough to walk each window once, odd enough to differ."""
    number = draw(st.integers(0, 23))
    return made(number)


def made(number: int) -> Calendar:
    """Calendar number so-and-so, always the same one."""
    day = [
        ((BOUNDS[number % 5], BOUNDS[5 + number % 6]),),
        ((BOUNDS[3], BOUNDS[5]), (BOUNDS[6 + number % 2], BOUNDS[8 + number % 3])),
        (),
    ]
    week = tuple(day[(number * 7 + weekday * (number % 3 + 1)) % 3] for weekday in range(7))
    return Calendar(
        zone=ZONES[number % len(ZONES)],
        week=week if any(week) else (day[0],) * 7,
        holidays=HOLIDAYS if number % 2 else frozenset(),
        closed_every_year=frozenset({(12, 24)}) if number % 4 == 0 else frozenset(),
        opened=frozenset({date(2009, 4, 10)}) if number % 4 == 1 else frozenset(),
    )


moments = st.builds(
    lambda window, minute: window + timedelta(minutes=minute),
    st.sampled_from(WINDOWS),
    st.integers(0, 2 * 24 * 60),
)
seconds = st.integers(0, 60 * 3600)


@thorough
@given(calendars(), st.sampled_from(WINDOWS), st.integers(0, 3 * 24 * 60), st.integers(1, 2000))
def test_adding_minutes_agrees_with_a_walk(calendar, window, start, amount):
    walked = walks.add_minutes(walks.open_minutes(calendar, window, WALK), start, amount)
    assume(walked is not None)
    due = working_time.add_working_seconds(calendar, window + walks.MINUTE * start, amount * 60)
    assert due == window + walks.MINUTE * walked


@thorough
@given(calendars(), st.sampled_from(WINDOWS), st.integers(0, WALK - 1), st.integers(0, WALK - 1))
def test_measuring_minutes_agrees_with_a_walk(calendar, window, one, other):
    low, high = sorted((one, other))
    walked = sum(walks.open_minutes(calendar, window, WALK)[low:high])
    start, end = window + walks.MINUTE * low, window + walks.MINUTE * high
    assert working_time.working_seconds_between(calendar, start, end) == walked * 60


@thorough
@given(calendars(), st.sampled_from(WINDOWS), st.integers(0, WALK - 1))
def test_being_open_agrees_with_the_clock_on_the_wall(calendar, window, minute):
    moment = window + walks.MINUTE * minute
    assert working_time.is_open(calendar, moment) == walks.is_open(calendar, moment)


@thorough
@given(calendars(), moments, st.integers(0, 70))
def test_adding_working_days_agrees_with_a_walk(calendar, moment, days):
    assert working_time.add_working_days(calendar, moment, days) == walks.add_working_days(calendar, moment, days)


@thorough
@given(calendars(), moments, seconds, st.integers(0, 999_999))
def test_adding_counted_time_and_measuring_it_back_agree(calendar, moment, amount, microsecond):
    start = moment.replace(microsecond=microsecond)
    due = working_time.add_working_seconds(calendar, start, amount)
    assert working_time.working_time_between(calendar, start, due) == timedelta(seconds=amount)


@thorough
@given(calendars(), moments, seconds, seconds, st.sampled_from(["close", "next opening"]))
def test_more_time_never_gives_an_earlier_moment(calendar, moment, one, other, at_close):
    less, more = sorted((one, other))
    add = working_time.add_working_seconds
    assert add(calendar, moment, less, at_close=at_close) <= add(calendar, moment, more, at_close=at_close)


@thorough
@given(calendars(), moments, st.integers(0, 3600), st.integers(1, 60 * 3600))
def test_a_later_start_never_gives_an_earlier_moment(calendar, moment, wait, amount):
    later = moment + timedelta(seconds=wait)
    add = working_time.add_working_seconds
    assert add(calendar, moment, amount) <= add(calendar, later, amount)


limits = st.builds(Limit, st.integers(1, 30), st.sampled_from(Unit))
pauses = st.builds(
    lambda window, minute, length: LedgerEntry(
        paused_from=window + timedelta(minutes=minute), paused_to=window + timedelta(minutes=minute + length)
    ),
    st.sampled_from(WINDOWS),
    st.integers(0, 5 * 24 * 60),
    st.integers(0, 3 * 24 * 60),
)


@thorough
@given(calendars(), moments, limits, st.lists(pauses, max_size=4), pauses)
def test_a_pause_never_makes_a_deadline_earlier(calendar, moment, limit, ledger, another):
    without = timescales.due_moment(limit, moment, calendar, ledger=ledger)
    assert timescales.due_moment(limit, moment, calendar, ledger=[*ledger, another]) >= without


@thorough
@given(calendars(), moments, limits, st.lists(pauses, max_size=4), st.randoms())
def test_the_order_of_the_ledger_is_no_matter(calendar, moment, limit, ledger, random):
    shuffled = random.sample(ledger, len(ledger))
    due = timescales.due_moment(limit, moment, calendar, ledger=ledger)
    assert timescales.due_moment(limit, moment, calendar, ledger=[*shuffled, *ledger]) == due


@thorough
@given(calendars(), moments, st.integers(1, 2000), st.lists(pauses, max_size=4))
def test_a_paused_clock_counts_its_limit_outside_the_pauses(calendar, moment, amount, ledger):
    """7. A pause gives back only the counted time that lies inside it."""
    due = timescales.due_moment(Limit(amount, Unit.WORKING_MINUTES), moment, calendar, ledger=ledger)
    counted, at = timedelta(0), moment
    for pause in sorted(ledger, key=lambda entry: entry.paused_from):
        if at < pause.paused_from < due:
            counted += working_time.working_time_between(calendar, at, pause.paused_from)
        if pause.paused_from < due:
            at = max(at, pause.paused_to)
    counted += working_time.working_time_between(calendar, at, due)
    assert counted == timedelta(minutes=amount)

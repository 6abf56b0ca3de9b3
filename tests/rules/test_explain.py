"""Explanations in plain English, whose steps add up to the due moment."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.rulebook import Counting, Limit
from rules.timing import spoken, timescales
from rules.timing.explain import Explanation, explain
from rules.timing.timescales import LedgerEntry
from rules.vocabulary import Unit
from support.moments import day_and_night, england, limit, london, nine_to_five

CALENDARS = [england(), nine_to_five("America/New_York"), day_and_night()]


AFTER_CLOSING = (
    "Received Thu 9 Apr 2009 17:10, after closing at 17:00: "
    "counts as Tue 14 Apr 2009, day 0 (Good Friday, weekend, Easter Monday)."
)
GIVEN_BACK = (
    "Paused from Mon 2 Mar 2009 11:00 to Mon 2 Mar 2009 12:00: 1 h of office hours given back, "
    "due Tue 3 Mar 2009 12:15 instead of Tue 3 Mar 2009 11:15."
)
RUN_OUT = "the time has run out as the office closes, and what runs out then is due at the next opening."
EASTER = "(Good Friday, weekend, Easter Monday)"


def told(amount: str, start: str, **options) -> tuple[str, ...]:
    return explain(limit(amount), london(start), england(), Counting(**options)).sentences


def test_easter_2009():
    assert told("1 working day", "2009-04-09 17:10") == (
        AFTER_CLOSING,
        "Wed 15 Apr 2009: day 1.",
        "Due when the office closes: Wed 15 Apr 2009 17:00.",
    )


def test_working_days_are_told_in_runs():
    assert told("5 working days", "2009-04-08 10:00") == (
        "Received Wed 8 Apr 2009 10:00: this is day 0.",
        "Thu 9 Apr 2009: day 1.",
        "Fri 10 Apr to Mon 13 Apr 2009 do not count (Good Friday, weekend, Easter Monday).",
        "Tue 14 Apr to Fri 17 Apr 2009: days 2 to 5.",
        "Due when the office closes: Fri 17 Apr 2009 16:45.",
    )


def test_working_hours_say_what_is_left():
    assert told("8 working hours", "2009-04-09 16:10") == (
        "Received Thu 9 Apr 2009 16:10.",
        "Thu 9 Apr 2009 16:10 to 17:00: 50 min of office hours, 7 h 10 min left.",
        f"Closed from Thu 9 Apr 2009 17:00: counts again from Tue 14 Apr 2009 08:45 {EASTER}.",
        "Tue 14 Apr 2009 08:45 to 15:55: 7 h 10 min of office hours; the time has run out: due Tue 14 Apr 2009 15:55.",
        "Due Tue 14 Apr 2009 15:55.",
    )


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        ("2009-03-28 12:00", "due Sun 29 Mar 2009 13:00. The clocks went forward by 1 h meanwhile."),
        ("2009-10-24 12:00", "due Sun 25 Oct 2009 11:00. The clocks went back by 1 h meanwhile."),
        ("2009-04-09 17:10", "due Fri 10 Apr 2009 17:10."),
    ],
)
def test_24_hours_tell_of_a_clock_change(start, sentence):
    assert told("24 hours", start)[1] == f"24 hours, counted day and night: {sentence}"


@pytest.mark.parametrize(
    ("amount", "start", "options", "sentence"),
    [
        (
            "3 months",
            "2009-11-30 10:00",
            {"roll": "forward"},
            "Sun 28 Feb 2010 is a day off (weekend): moved to Mon 1 Mar 2010.",
        ),
        (
            "3 months",
            "2009-11-30 10:00",
            {},
            "The office is closed that day, so it is due when the day ends: Mon 1 Mar 2010 00:00.",
        ),
        (
            "1 working day",
            "2009-03-07 12:00",
            {"first_day": 1},
            "Received Sat 7 Mar 2009 12:00: counts as Mon 9 Mar 2009, day 1 (weekend).",
        ),
        (
            "1 working day",
            "2009-03-02 12:00",
            {"first_day": 1},
            "Received Mon 2 Mar 2009 12:00: this day counts as day 1.",
        ),
        ("1 working day", "2009-03-02 12:00", {"due_time": "12:00"}, "Due at 12:00: Tue 3 Mar 2009 12:00."),
        ("2 calendar days", "2009-03-02 12:00", {}, "2 calendar days from Mon 2 Mar 2009: Wed 4 Mar 2009."),
        (
            "1 working day",
            "2009-03-07 12:00",
            {"first_day": 1, "day_off_receipt": "that day"},
            "Received Sat 7 Mar 2009 12:00: a day off, so the next working day is day 1.",
        ),
    ],
)
def test_options_are_told(amount, start, options, sentence):
    assert sentence in told(amount, start, **options)


def test_pauses_and_extensions_are_told():
    ledger = [
        LedgerEntry(paused_from=london("2009-03-02 11:00"), paused_to=london("2009-03-02 12:00")),
        LedgerEntry(paused_from=london("2009-03-02 18:00"), paused_to=london("2009-03-03 08:00")),
        LedgerEntry(extension=limit("8 working hours")),
    ]
    explained = explain(limit("90 working minutes"), london("2009-03-02 10:00"), england(), ledger=ledger)
    assert explained.sentences[-4:] == (
        "Extended by 8 working hours: due Tue 3 Mar 2009 11:15 instead of Mon 2 Mar 2009 11:30.",
        GIVEN_BACK,
        "Paused from Mon 2 Mar 2009 18:00 to Tue 3 Mar 2009 08:00: outside office hours, so nothing is given back.",
        "Due Tue 3 Mar 2009 12:15.",
    )


def test_time_that_runs_out_at_closing_is_due_at_the_next_opening_where_the_book_says_so():
    assert told("7 working hours", "2009-03-06 09:45", at_close="next opening")[-3:] == (
        f"Fri 6 Mar 2009 09:45 to 16:45: 7 h of office hours; {RUN_OUT}",
        "Closed from Fri 6 Mar 2009 16:45: due at the next opening, Mon 9 Mar 2009 08:45 (weekend).",
        "Due Mon 9 Mar 2009 08:45.",
    )


def test_json_names_moments_in_utc_and_counts():
    terms = json.loads(json.dumps(explain(limit("24 hours"), london("2009-07-01 12:00"), england()).to_terms()))
    assert terms["from"] == "2009-07-01T11:00:00Z"
    assert terms["due"] == terms["steps"][-1]["to"] == "2009-07-02T11:00:00Z"
    assert terms["steps"][-1]["counts"] == {"amount": 86_400, "unit": "seconds"}


starts = st.integers(0, 60 * 24 * 60).map(lambda minutes: london("2009-03-01 00:00") + timedelta(minutes=minutes))
counted = st.builds(Limit, st.integers(1, 60), st.sampled_from(Unit))
options = st.builds(
    Counting,
    day_off_receipt=st.sampled_from(["next working day", "that day"]),
    first_day=st.sampled_from([0, 1]),
    at_close=st.sampled_from(["close", "next opening"]),
    roll=st.sampled_from(["stay", "forward"]),
    due_time=st.sampled_from(["", "23:30"]),
)
pauses = st.builds(
    lambda start, minutes: LedgerEntry(paused_from=start, paused_to=start + timedelta(minutes=minutes)),
    starts,
    st.integers(0, 5000),
)


def total(explained: Explanation) -> int:
    return sum(step.counts for step in explained.steps if step.kind == "count")


@settings(max_examples=200, deadline=None)
@given(counted, starts, st.sampled_from(CALENDARS), options, st.lists(pauses, max_size=3))
def test_the_steps_add_up(amount, start, calendar, counting, ledger):
    explained = explain(amount, start, calendar, counting, ledger=ledger)
    assert explained.due_at == timescales.due_moment(amount, start, calendar, counting, ledger=ledger)
    assert all(one.end == other.start and one.start <= one.end for one, other in pairwise(explained.steps))
    assert (explained.steps[0].start, explained.steps[-1].end) == (start, explained.due_at)
    assert total(explained) == amount.amount * timescales.SECONDS.get(amount.unit, 1)


@settings(max_examples=200, deadline=None)
@given(counted, starts, st.sampled_from(CALENDARS), options, st.lists(pauses, max_size=3))
def test_every_explanation_closes_with_the_due_moment(amount, start, calendar, counting, ledger):
    explained = explain(amount, start, calendar, counting, ledger=ledger)
    assert explained.sentences[-1].startswith("Due ")
    assert explained.sentences[-1].endswith(f"{spoken.moment_words(calendar, explained.due_at)}.")


def test_an_explanation_of_a_year_stays_readable():
    sentences = told("250 working days", "2009-03-02 10:00")
    assert len(sentences) < 120

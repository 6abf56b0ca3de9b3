"""JSON lines: many due moments and measurements, with an answer for each line whatever it says."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathway.cli import rule_files
from rules.books.batch import Answerer

ANSWERER = Answerer(rule_files.book_and_calendar, rule_files.calendar_named)
WEEK = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
EXAMPLE = {
    "calendar": {"zone": "Europe/London", "week": {"mon": [["09:00", "17:00"]]}, "closed": "england", "open": []},
    "from": "2026-11-23T10:00:00Z",
    "limit": {"amount": 90, "unit": "working minutes"},
    "pauses": ["2026-11-23T11:00:00Z/2026-11-23T12:00:00Z"],
    "at_close": "close",
}


def due(**terms) -> dict:
    return json.loads(ANSWERER.due(json.dumps(terms)))


def between(**terms) -> dict:
    return json.loads(ANSWERER.between(json.dumps(terms)))


def test_the_example_with_its_own_terms():
    assert due(**EXAMPLE) == {"due": "2026-11-23T12:30:00Z"}


def test_a_line_that_names_a_book():
    assert due(book="haringey-2009", clock="decision", **{"from": "2009-03-06T16:40:00Z"}) == {
        "due": "2009-03-07T16:40:00Z"
    }
    terms = {"book": "working-together-2023", "clock": "acknowledgement", "from": "2026-04-02T17:10:00+01:00", "id": 7}
    assert due(**terms) == {"id": 7, "due": "2026-04-08T16:00:00Z"}


TERMS = [
    ({"amount": 30, "unit": "seconds"}, {}, "2026-11-23T10:00:30Z"),
    ({"amount": 1, "unit": "hour"}, {}, "2026-11-23T11:00:00Z"),
    ({"amount": 7, "unit": "working hours"}, {}, "2026-11-23T17:00:00Z"),
    ({"amount": 7, "unit": "working hours"}, {"at_close": "next opening"}, "2026-11-24T09:00:00Z"),
    ({"amount": 1, "unit": "working days"}, {}, "2026-11-24T17:00:00Z"),
    ({"amount": 1, "unit": "working days"}, {"first_day": 1}, "2026-11-23T17:00:00Z"),
    ({"amount": 1, "unit": "working days"}, {"due_time": "12:00"}, "2026-11-24T12:00:00Z"),
    ({"amount": 5, "unit": "calendar days"}, {}, "2026-11-29T00:00:00Z"),
    ({"amount": 5, "unit": "calendar days"}, {"roll": "forward"}, "2026-11-30T17:00:00Z"),
    ({"amount": 3, "unit": "months"}, {}, "2027-02-23T17:00:00Z"),
    (
        {"amount": 1, "unit": "working days"},
        {"extensions": [{"amount": 2, "unit": "working days"}]},
        "2026-11-26T17:00:00Z",
    ),
    ({"amount": 1, "unit": "hours"}, {"pauses": ["2026-11-23T10:30:00Z/"]}, None),
    (
        {"amount": 1, "unit": "hours"},
        {"pauses": ["2026-11-23T10:30:00Z/"], "as_at": "2026-11-23T12:00:00Z"},
        "2026-11-23T12:30:00Z",
    ),
]


@pytest.mark.parametrize(("limit", "options", "expected"), TERMS)
def test_units_and_options(limit, options, expected):
    calendar = {"zone": "Europe/London", "week": WEEK, "closed": ["2026-12-25", "12-26"]}
    answer = due(calendar=calendar, limit=limit, **{"from": "2026-11-23T10:00:00Z"}, **options)
    assert answer["due"] == expected
    assert ("paused" in answer) == (expected is None)


BAD = [
    ({"calendar": {"zone": "Europe/Lundon", "week": WEEK}}, "zone"),
    ({"calendar": {"week": {}}}, "week"),
    ({"calendar": {"week": {"mon": []}}}, "never opens"),
    ({"calendar": {"week": {"mon": [["17:00", "09:00"]]}}}, "week.mon[0]"),
    ({"calendar": None}, "calendar"),
    ({"calendar": "wales"}, "wales"),
    ({"limit": {"amount": -1, "unit": "hours"}}, "from 0 up"),
    ({"limit": {"amount": -1, "unit": "working days"}}, "can't be"),
    ({"limit": {"amount": 1.5, "unit": "hours"}}, "limit.amount"),
    ({"limit": {"amount": True, "unit": "hours"}}, "limit.amount"),
    ({"limit": {"amount": 1, "unit": "fortnights"}}, "limit.unit"),
    ({"limit": {"amount": 1, "unit": ["hours"]}}, "limit.unit"),
    ({"limit": None}, "limit"),
    ({"limit": {"amount": 10**30, "unit": "hours"}}, "shorten"),
    ({"limit": {"amount": 10**9, "unit": "working days"}}, "holidays of 2000 to 2100"),
    ({"from": "2026-11-23T10:00:00"}, "no time zone"),
    ({"from": "yesterday"}, "from"),
    ({"from": 5}, "from"),
    ({"from": "2150-01-01T00:00:00Z"}, "holidays of 2000 to 2100"),
    ({"pauses": ["2026-11-23T12:00:00Z/2026-11-23T11:00:00Z"]}, "ends before it starts"),
    ({"pauses": ["2026-11-23T12:00:00Z"]}, "pauses[0]"),
    ({"pauses": "x/y"}, "lists"),
    ({"at_close": "shut"}, "at_close"),
    ({"at_clos": "close"}, "did you mean 'at_close'"),
]


@pytest.mark.parametrize(("change", "told"), BAD)
def test_a_bad_line_says_what_is_wrong(change, told):
    answer = due(**{**EXAMPLE, **change})
    assert list(answer) == ["error"]
    assert told in answer["error"]


@pytest.mark.parametrize(
    "line", ["", "garbage", "[]", "1", '{"from"', "[" * 100_000, '{"book": 5}', "{}", '"x"', "NaN"]
)
def test_what_is_no_question_gets_an_error_too(line):
    assert list(json.loads(ANSWERER.due(line))) == ["error"]
    assert list(json.loads(ANSWERER.between(line))) == ["error"]


@pytest.mark.parametrize(
    "terms",
    [
        {"book": "haringey", "clock": "decision"},
        {"book": "haringey-2009", "clock": "decided"},
        {"book": "haringey-2009"},
    ],
)
def test_an_unknown_book_or_clock(terms):
    assert "error" in due(**terms, **{"from": "2009-03-06T16:40:00Z"})


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        ("2026-11-23T10:00:00Z", "2026-11-23T11:30:00Z", 5400),
        ("2026-11-20T16:00:00Z", "2026-11-23T10:00:00Z", 7200),
        ("2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z", 0),
    ],
)
def test_counted_time_between_two_moments(start, end, seconds):
    calendar = {"zone": "Europe/London", "week": WEEK}
    assert between(calendar=calendar, **{"from": start, "to": end}) == {"working_seconds": seconds}
    assert "error" in between(calendar=calendar, **{"from": end, "to": start})


def test_between_may_name_a_book_or_a_shipped_calendar():
    moments = {"from": "2009-04-09T15:00:00Z", "to": "2009-04-14T09:00:00Z"}
    assert (
        between(book="haringey-2009", **moments) == between(calendar="england", **moments) == {"working_seconds": 8100}
    )


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["england", "mon", "09:00"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["mon", "zone", "week", "amount", "unit"]), inner)
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([*EXAMPLE, "as_at", "extensions", "roll", "due_time", "first_day"]), anything, st.booleans())
def test_whatever_stands_in_a_line_it_gets_an_answer(key, value, inside):
    change = {"calendar": {**EXAMPLE["calendar"], "closed": value}} if inside else {key: value}
    answer = due(**{**EXAMPLE, **change})
    assert len({"due", "error"} & answer.keys()) == 1


DECISION = {"book": "haringey-2009", "clock": "decision"}
SHORT = {**EXAMPLE, "pauses": []}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"book": "x" * 256, "clock": "decision", "from": "2009-03-06T16:40:00Z"}, "No book and no file"),
        ({"book": "x" * 70_000, "clock": "decision", "from": "2009-03-06T16:40:00Z"}, "No book and no file"),
        ({"book": "a\0b", "clock": "decision", "from": "2009-03-06T16:40:00Z"}, "No book and no file"),
        ({**DECISION, "from": "0001-01-01T00:00:00+14:00"}, "before year 1"),
        ({**DECISION, "from": "9999-12-31T23:59:59-14:00"}, "after year 9999"),
        ({**DECISION, "from": "9999-12-31T23:59:59Z"}, "past the year 9999"),
        ({**SHORT, "pauses": ["0001-01-01T00:00:00+14:00/"]}, "before year 1"),
        ({**SHORT, "as_at": "9999-12-31T23:59:59-01:00"}, "after year 9999"),
        ({**SHORT, "limit": {"amount": 10**30, "unit": "months"}}, "past the year 9999"),
    ],
)
def test_what_lies_beyond_all_bounds_is_an_answer_of_its_line(asked, told):
    error = due(**asked)["error"]
    assert told in error
    assert len(error) < 300

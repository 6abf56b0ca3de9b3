"""Dates and times as people type them, and forms as nested fields."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from pathway.web import forms, times, typed
from pathway.web.forms import Form
from rules.errors import Fault, InvalidInput, Refused


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("27 3 2009", date(2009, 3, 27)),
        ("27/3/2009", date(2009, 3, 27)),
        ("27.03.09", date(2009, 3, 27)),
        ("27-3-1999", date(1999, 3, 27)),
        (" 27 March 2009 ", date(2009, 3, 27)),
        ("27th mar 2009", date(2009, 3, 27)),
        ("2009-03-27", date(2009, 3, 27)),
        ("1 1 98", date(1998, 1, 1)),
        ("29 2 2008", date(2008, 2, 29)),
        ("29 2 2009", None),
        ("3/27/2009", None),
        ("27 3", None),
        ("1 1 1066", None),
        ("27 Smarch 2009", None),
        ("", None),
        ("٢٧ 3 2009x", None),
    ],
)
def test_a_date_is_read_day_first(text, meant):
    assert typed.day(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("16:40", time(16, 40)),
        ("16.40", time(16, 40)),
        ("1640", time(16, 40)),
        ("940", time(9, 40)),
        ("9", time(9, 0)),
        ("4.40pm", time(16, 40)),
        ("12 am", time(0, 0)),
        ("12:30 PM", time(12, 30)),
        ("24:00", None),
        ("16:60", None),
        ("13pm", None),
        ("noon", None),
        ("", None),
    ],
)
def test_a_time_of_day_is_read_in_many_ways(text, meant):
    assert typed.clock(text) == meant


@pytest.mark.parametrize(
    ("day", "clock", "utc", "odd"),
    [
        ("27 3 2009", "16:40", datetime(2009, 3, 27, 16, 40, tzinfo=UTC), {}),
        ("27 6 2009", "16:40", datetime(2009, 6, 27, 15, 40, tzinfo=UTC), {}),
        ("29 3 2009", "01:30", datetime(2009, 3, 29, 1, 0, tzinfo=UTC), {"existed": False}),
        ("25 10 2009", "01:30", datetime(2009, 10, 25, 0, 30, tzinfo=UTC), {"twice": True}),
    ],
)
def test_a_local_moment_becomes_one_in_utc(day, clock, utc, odd):
    assert typed.moment(day, clock, place="at") == typed.Moment(utc=utc, **odd)


def test_a_moment_names_both_of_its_parts_when_both_are_wrong():
    with pytest.raises(InvalidInput) as caught:
        typed.moment("soon", "later", place="at")
    assert [fault.place for fault in caught.value.faults] == ["at", "at_time"]


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("0", 0), ("-1", 0), ("", 0), ("7x", 0), ("²", 0), ("2147483647", 2147483647), ("2147483648", 0)],
)
def test_a_whole_number_fits_a_column(text, number):
    assert typed.whole(text) == number


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "less than a minute"),
        (59, "59 min"),
        (60, "1 h"),
        (190, "3 h 10 min"),
        (1440, "1 day"),
        (3120, "2 days 4 h"),
        (-190, "3 h 10 min"),
    ],
)
def test_an_amount_of_time_in_words(minutes, words):
    assert times.span(timedelta(minutes=minutes)) == words


@pytest.mark.parametrize(
    ("minutes", "words"), [(-10, "10 min left"), (0, "overdue by less than a minute"), (190, "overdue by 3 h 10 min")]
)
def test_what_is_due_in_words(minutes, words):
    due = datetime(2009, 3, 27, 16, 40, tzinfo=UTC)
    assert times.due(due, now=due + timedelta(minutes=minutes)) == words


def test_a_moment_is_shown_in_london_time():
    assert times.at(datetime(2009, 6, 1, 8, 5, tzinfo=UTC)) == "Mon 1 Jun 2009, 09:05"


def test_dotted_names_become_lists_and_mappings():
    pairs = [("a", "1"), ("c.1.x", "second"), ("c.0.x", "first"), ("c.10.x", "third")]
    assert forms.nest(pairs) == {"a": "1", "c": [{"x": "first"}, {"x": "second"}, {"x": "third"}]}


@pytest.mark.parametrize("pairs", [[("a", "1"), ("a.b", "2")], [("a.b", "2"), ("a", "1")], [("..", "x")], [("", "x")]])
def test_names_that_contradict_each_other_do_no_harm(pairs):
    assert isinstance(forms.nest(pairs), dict)


def test_the_summary_follows_the_page_and_names_the_fields():
    faults = (
        Fault(place="b", problem="too long"),
        Fault(place="z", problem="odd"),
        Fault(place="a", problem="is needed"),
    )
    form = Form(faults=faults)
    form.error("a", "First")
    form.error("b", "Second")
    assert form.summary() == [("z: odd.", ""), ("First: Is needed.", "a"), ("Second: Too long.", "b")]


def test_a_refusals_reasons_stand_above_the_fields():
    form = Form().refused(Refused(["Not yet.", "Not so."]))
    assert form.summary() == [("Not yet.", ""), ("Not so.", "")]

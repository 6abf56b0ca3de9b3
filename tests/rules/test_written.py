"""Days and moments as people and other systems write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.timing import written

BORN, THERE = date(2005, 2, 1), datetime(2009, 3, 10, 18, 56, tzinfo=UTC)
DAYS = [
    "2005-02-01",
    "2005-02-01 00:00:00",
    "2005-02-01T00:00:00",
    "2005-02-01T00:00:00.000Z",
    "01/02/2005 00:00",
    "01-Feb-2005",
    "1 February 2005",
    "1 Feb 2005",
    "01.02.2005",
    "01-02-2005",
    "1st Feb. 2005",
    "01/02/2005 12:00 AM",
    "2005/02/01",
    "\u00a01\u00a0Feb 2005 ",
    "Feb 1, 2005",
    "February 1st 2005",
    "Tuesday, 1 February 2005",
    "tue 01/02/2005",
    "20050201",
]
MOMENTS = [
    "2009-03-10T18:56:00Z",
    "2009-03-10 18:56:00.000",
    "10-Mar-2009 18:56",
    "10.03.2009 18:56",
    "10-03-2009 18:56",
    "10/03/2009 6:56 PM",
    "10/03/2009 18.56",
    "2009-03-10T18:56",
    "2009-03-10T19:56:00+01:00",
    "10 March 2009, 18:56",
    "2009-03-10T13:56:00-0500",
    "10/03/2009 18:56:00",
    "Tue 10/03/2009 18:56",
    "Mar 10, 2009 6:56 PM",
    "20090310 18:56:00",
]


@pytest.mark.parametrize("text", DAYS)
def test_a_day_is_read_in_every_shape_that_is_sure(text):
    assert written.day(text) == BORN


@pytest.mark.parametrize("text", MOMENTS)
def test_a_moment_is_read_in_every_shape_that_is_sure(text):
    found = written.moment(text)
    assert found is not None
    assert found.utc == THERE


@pytest.mark.parametrize("text", ["2008-06-30T23:00:00Z", "2008-07-01T00:00:00Z", "2008-07-01T00:00:00+01:00"])
def test_midnight_here_or_there_is_the_day_that_was_meant(text):
    assert written.day(text) == date(2008, 7, 1)


@pytest.mark.parametrize(
    "text",
    [
        "03/10/09",
        "03/13/2009",
        "2009-13-01",
        "01/02/2005 10:30",
        "31.02.2005",
        "1 Smarch 2005",
        "2005",
        "2005-02",
        "1066-01-01",
        "9" * 5000,
        "",
        "soon",
        "01/02/2005 00:00 X",
        "Wed 1 Feb 2005",
        "Feb 30, 2005",
        "20051301",
        "01022005",
    ],
)
def test_what_may_be_another_day_or_none_is_not_read(text):
    assert written.day(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "10/03/2009",
        "10/03/2009 18",
        "10/03/2009 25:00",
        "10/03/2009 18:56:61",
        "10/03/09 18:56",
        "2009-03-10T18:56:00+25:00x",
        "",
    ],
)
def test_a_moment_without_its_time_is_none(text):
    assert written.moment(text) is None


def test_people_may_write_short_years():
    assert (written.day("27.03.09", short_years=True), written.day("27.03.09")) == (date(2009, 3, 27), None)


SHAPES = ["%Y-%m-%d", "%d/%m/%Y", "%d-%b-%Y", "%d %B %Y", "%d.%m.%Y", "%Y-%m-%d 00:00:00", "%Y-%m-%dT00:00:00"]


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)), st.sampled_from(SHAPES))
def test_every_day_comes_back_from_every_shape(there, shape):
    assert written.day(there.strftime(shape)) == there


@given(st.text(max_size=40))
def test_any_text_is_a_day_or_none(text):
    assert isinstance(written.day(text), date | None)
    assert written.moment(text) is None or written.moment(text).utc

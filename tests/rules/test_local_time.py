"""Local times that do not exist, that happen twice, or that nobody can count with."""

from __future__ import annotations

from datetime import UTC

import pytest

from rules.errors import NaiveMoment, TimeError, UnknownZone
from rules.timing.zones import aware, existed, localise, to_microseconds
from support.moments import naive, utc

NAMED = [
    ("2009-01-15 12:00", "Europe/London", "2009-01-15 12:00", True),
    ("2009-07-15 12:00", "Europe/London", "2009-07-15 11:00", True),
    ("2009-03-29 00:59", "Europe/London", "2009-03-29 00:59", True),
    ("2009-03-29 01:00", "Europe/London", "2009-03-29 01:00", False),
    ("2009-03-29 01:30", "Europe/London", "2009-03-29 01:00", False),
    ("2009-03-29 01:59:59", "Europe/London", "2009-03-29 01:00", False),
    ("2009-03-29 02:00", "Europe/London", "2009-03-29 01:00", True),
    ("2009-10-25 00:59", "Europe/London", "2009-10-24 23:59", True),
    ("2009-10-25 01:00", "Europe/London", "2009-10-25 00:00", True),
    ("2009-10-25 01:30", "Europe/London", "2009-10-25 00:30", True),
    ("2009-10-25 02:00", "Europe/London", "2009-10-25 02:00", True),
    ("2026-03-29 01:30", "Europe/London", "2026-03-29 01:00", False),
    ("2026-10-25 01:30", "Europe/London", "2026-10-25 00:30", True),
    ("2011-12-30 12:00", "Pacific/Apia", "2011-12-30 10:00", False),  # a day that Samoa left out
    ("2017-10-15 00:00", "America/Sao_Paulo", "2017-10-15 03:00", False),  # a midnight that did not exist
    ("2026-10-04 02:10", "Australia/Lord_Howe", "2026-10-03 15:30", False),  # a gap of half an hour
    ("2026-06-01 00:00", "Asia/Kathmandu", "2026-05-31 18:15", True),
]


@pytest.mark.parametrize(("local", "zone", "expected", "exists"), NAMED)
def test_a_local_time_is_the_first_moment_that_fits(local, zone, expected, exists):
    """6. A local time that does not exist is the first moment that does (01:30 in the spring gap is 02:00 BST; zoneinfo
    alone says 02:30); one that happens twice is the first."""
    moment = naive(local)
    assert localise(moment, zone) == utc(expected)
    assert existed(moment, zone) is exists


def test_zoneinfo_alone_would_say_half_past_two():
    """6. ... (01:30 in the spring gap is 02:00 BST; zoneinfo alone says 02:30) ..."""
    assert localise(naive("2009-03-29 01:30"), "Europe/London").astimezone(UTC).hour == 1


def test_the_second_reading_of_a_time_is_never_meant():
    assert localise(naive("2009-10-25 01:30").replace(fold=1), "Europe/London") == utc("2009-10-25 00:30")


def test_microseconds_survive():
    assert localise(naive("2009-07-01 12:00:00.250001"), "Europe/London").microsecond == 250_001
    assert to_microseconds(utc("1970-01-01 00:00:00.000007")) == 7


@pytest.mark.parametrize("name", ["Europe/Lundon", "", "../etc/passwd", "/etc/localtime", "Europe", "Mars/Olympus"])
def test_an_unknown_zone_is_named_with_a_remedy(name):
    with pytest.raises(UnknownZone, match="use a name such as Europe/London"):
        localise(naive("2009-01-01 00:00"), name)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(NaiveMoment, match=r"has no time zone; write it with one"):
        aware(naive("2009-01-01 00:00"))


def test_a_local_time_with_a_zone_is_refused():
    with pytest.raises(TimeError, match="already has a time zone"):
        localise(utc("2009-01-01 00:00"), "Europe/London")

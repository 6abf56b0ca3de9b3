"""``pathway milestone``: recorded at the moment when it happened."""

from __future__ import annotations

import pytest

from support.old_system import line


@pytest.fixture
def accepted(imported):
    imported(line(outcome="INITIAL ASSESSMENT"))
    return "OLD-1-1"


def test_a_milestone_stops_its_clock_and_the_history_says_so(pathway, accepted):
    ended = pathway("milestone", accepted, "initial-assessment-authorised", "--at", "2009-03-12T10:00:00Z")
    assert (ended.code, ended.out.splitlines()[0]) == (0, f"Recorded for {accepted}: initial assessment authorised.")
    assert "Initial assessment within 7 working days: met in time" in ended.out
    assert "Thu 12 Mar 2009, 10:00 Initial assessment authorised" in pathway("referral", accepted).out


@pytest.mark.parametrize(
    ("kind", "at", "more", "problem"),
    [
        ("conference hold", "2009-03-12T10:00:00Z", (), "Did you mean 'conference held'?"),
        ("conference held", "2009-03-12T10:00:00", (), "has no time zone"),
        ("conference held", "2009-03-01T10:00:00Z", (), "before the contact was received"),
        ("conference held", "2009-03-12T10:00:00Z", ("--by", "nobody"), "There is no user nobody"),
        ("strategy discussion held", "2009-03-12T10:00:00Z", (), "enquiry_started: This is needed"),
    ],
)
def test_an_odd_milestone_is_an_error_with_a_remedy(pathway, accepted, kind, at, more, problem):
    ended = pathway("milestone", accepted, kind, "--at", at, *more)
    assert ended.code == 2
    assert problem in ended.err

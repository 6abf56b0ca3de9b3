"""What must hold for every grace: no feedback is late, and nobody is warned, because something waited."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.rulebook import Ladder, Rung
from rules.timing import grace
from rules.timing.grace import MARGIN, Owed
from rules.vocabulary import Role
from support.moments import utc

NOW = utc("2009-03-02 10:00")
MINUTE = timedelta(minutes=1)
thorough = settings(max_examples=300, deadline=None)

rungs = st.builds(Rung, offset=st.integers(-4000, 600).map(lambda count: count * MINUTE), role=st.sampled_from(Role))
ladders = st.lists(rungs, max_size=5).map(
    lambda found: Ladder(name="any", rungs=tuple(sorted(found, key=lambda rung: rung.offset)))
)
feedback = st.builds(Owed, due_at=st.integers(-600, 4000).map(lambda count: NOW + count * MINUTE), ladder=ladders)
owed = st.lists(feedback, max_size=4)
lengths = st.integers(0, 30).map(lambda count: count * MINUTE)


@thorough
@given(length=lengths, owed=owed)
def test_with_a_grace_nothing_owed_is_due_or_on_a_rung_before_it_and_a_quarter_of_an_hour_have_passed(length, owed):
    until = grace.ends_at(NOW, length, owed)
    if until is None:
        return
    assert until == NOW + length > NOW
    moments = [one.due_at + rung.offset for one in owed for rung in one.ladder.rungs] + [one.due_at for one in owed]
    assert not [at for at in moments if NOW <= at <= until + MARGIN]
    assert not [one for one in owed if one.due_at <= NOW]


@thorough
@given(length=lengths, owed=owed)
def test_there_is_a_grace_wherever_nothing_speaks_against_it(length, owed):
    last = NOW + length + MARGIN
    before = [one.due_at + rung.offset for one in owed for rung in one.ladder.warnings]
    near = [at for at in [*before, *(one.due_at for one in owed)] if NOW <= at <= last]
    overdue = [one for one in owed if one.due_at <= NOW]
    assert (grace.ends_at(NOW, length, owed) is not None) is bool(length and not near and not overdue)


@thorough
@given(length=lengths, owed=owed, later=st.integers(0, 29))
def test_what_fits_at_the_decision_fits_at_every_moment_until_it_is_over(length, owed, later):
    until, then = grace.ends_at(NOW, length, owed), NOW + later * MINUTE
    if until is not None and then < until:
        assert grace.fits(until, owed, now=then)
        assert grace.runs(until, now=then)


def test_a_grace_is_over_at_its_last_moment():
    until = grace.ends_at(NOW, 10 * MINUTE, [])
    assert until is not None
    assert grace.runs(until, now=until - timedelta.resolution)
    assert not grace.runs(until, now=until)
    assert not grace.runs(None, now=NOW)

"""Rounds of a duty: the same for every order of entry, held against a walk through the moments."""

from __future__ import annotations

import itertools
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules.timing.rounds import Happening, Round, rounds
from rules.vocabulary import Condition, EventKind
from support.moments import book, utc

RULES = book("haringey-2009").clocks
START = utc("2009-03-10T09:00:00Z")
KINDS = (EventKind.STRATEGY_DISCUSSION_HELD, EventKind.CONFERENCE_HELD, EventKind.REVIEW_HELD, EventKind.CLOSED)
STARTED = frozenset({Condition.ENQUIRY_STARTED})

happenings = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 12), st.sampled_from((frozenset(), STARTED))), max_size=9
).map(lambda drawn: [Happening(event=kind, at=day(number), conditions=known) for kind, number, known in drawn])


def day(number: int):
    return START + timedelta(days=number)


def held(kind: EventKind, number: int, *, conditions: frozenset[Condition] = STARTED) -> Happening:
    return Happening(event=kind, at=day(number), conditions=conditions)


@given(happenings, st.randoms(use_true_random=False), st.sampled_from(["conference", "later_review", "minutes"]))
def test_the_order_of_entry_is_no_matter(found, random, kind):
    shuffled = list(found)
    random.shuffle(shuffled)
    assert [(one.start, one.end) for one in rounds(RULES[kind], shuffled)] == [
        (one.start, one.end) for one in rounds(RULES[kind], found)
    ]


@given(happenings, st.sampled_from(["conference", "later_review", "minutes"]))
def test_one_round_at_a_time_and_only_the_last_is_owed(found, kind):
    made = rounds(RULES[kind], found)
    assert all(one.end is not None and one.end <= after.start for one, after in itertools.pairwise(made))
    assert all(one.end is None or one.start <= one.end for one in made)


@given(happenings)
def test_one_more_milestone_never_makes_fewer_rounds(found):
    more = [*found, held(EventKind.REVIEW_HELD, 6)]
    assert len(rounds(RULES["later_review"], more)) >= len(rounds(RULES["later_review"], found))


def test_only_the_discussion_that_started_the_enquiry_counts():
    found = [
        held(EventKind.STRATEGY_DISCUSSION_HELD, 1, conditions=frozenset()),
        held(EventKind.STRATEGY_DISCUSSION_HELD, 2),
        held(EventKind.STRATEGY_DISCUSSION_HELD, 3),
        held(EventKind.CONFERENCE_HELD, 9),
    ]
    assert rounds(RULES["conference"], found) == (
        Round(event=EventKind.STRATEGY_DISCUSSION_HELD, start=day(2), end=day(9)),
    )


def test_minutes_are_owed_again_after_each_review():
    found = [held(EventKind.CONFERENCE_HELD, 1), held(EventKind.MINUTES_SENT, 2), held(EventKind.REVIEW_HELD, 5)]
    assert [(one.start, one.end) for one in rounds(RULES["minutes"], found)] == [(day(1), day(2)), (day(5), None)]


def test_what_is_owed_when_the_referral_is_closed_is_no_round():
    found = [held(EventKind.CONFERENCE_HELD, 1), held(EventKind.CLOSED, 3)]
    assert rounds(RULES["minutes"], found) == ()

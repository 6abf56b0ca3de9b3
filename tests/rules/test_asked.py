"""What somebody who looks for a child has typed, and the stretches of words that are looked up."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.likeness import asked, spans
from rules.likeness.spans import Span

TODAY = date(2009, 3, 26)
WORDS = some.text("abc", max_size=3)
SPANS = some.tuples(WORDS, WORDS).map(lambda pair: Span(*sorted(pair)))


@pytest.mark.parametrize("typed", ["PW-ABCD-EFGH", "pwabcdefgh", "PW-ABCD-EFGH-1"])
def test_a_reference_of_ours_is_one_without_a_digit_too(typed):
    assert asked.read(typed, today=TODAY).references[0].startswith("PW-ABCD-EFGH")


def test_a_name_is_no_reference():
    assert asked.read("Harlow", today=TODAY).references == ()


@given(some.lists(SPANS), WORDS)
def test_spans_apart_hold_the_same_words_each_in_one_of_them(given_spans, word):
    apart = spans.apart(given_spans)
    assert sum(span.holds(word) for span in apart) == any(span.holds(word) for span in given_spans)

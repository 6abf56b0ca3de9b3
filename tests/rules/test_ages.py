"""Estimated ages in the words in which people say them."""

from __future__ import annotations

from datetime import date

import pytest

from rules.likeness import ages

TODAY = date(2009, 3, 26)
ABOUT_FOUR = date(2003, 3, 27), date(2006, 3, 26)
FOUR = [
    "4", "about 4", "4 years", "4y", "4 yrs old", "aged four", "Four", "approx. 4", "4ish", "4-ish", "4?", "~4", "c. 4",
    "nearly 4", "perhaps four years", "age 4",
]  # fmt: skip
FOUR_OR_FIVE = ["4 to 5", "4 or 5", "4-5 years", "aged 4-5", "about 4 to 5", "four or five years old", "4–5 yrs"]
NO_AGE = [
    "4-5",
    "5 to 4",
    "on 4 to 5 May",
    "4.5",
    "18/12",
    "26",
    "soon",
    "",
    "?",
    "ish",
    "four score",
    "4 to 5 to 6",
    "²",
]


@pytest.mark.parametrize("text", FOUR)
def test_about_four_leaves_three_years(text):
    assert ages.guessed(text, TODAY) == ABOUT_FOUR


@pytest.mark.parametrize("text", FOUR_OR_FIVE)
def test_four_or_five_leaves_four_years(text):
    assert ages.guessed(text, TODAY) == (date(2002, 3, 27), date(2006, 3, 26))


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("10 days", (date(2009, 3, 13), date(2009, 3, 19))),
        ("six weeks old", (date(2009, 1, 9), date(2009, 3, 12))),
        ("18 months", (date(2007, 5, 27), date(2007, 12, 26))),
    ],
)
def test_of_the_youngest_the_guess_is_nearer(text, born):
    assert ages.guessed(text, TODAY) == born


@pytest.mark.parametrize("text", NO_AGE)
def test_what_may_be_something_else_is_no_age(text):
    assert ages.guessed(text, TODAY) is None


@pytest.mark.parametrize("text", [*FOUR, *FOUR_OR_FIVE])
def test_what_is_kept_is_read_again_as_it_was_said(text):
    kept = ages.said(text, TODAY)
    assert kept is not None
    assert ages.said(kept.words, date(2012, 1, 1)) == kept

"""Two names in one field: both are the child's, and the words between them are nobody's."""

from __future__ import annotations

import pytest

from rules.likeness import names

BETWEEN = [
    "{} known as {}", "{} (known as {})", "{} aka {}", "{} a.k.a. {}", "{} k/a {}", "{} also called {}", '{} "{}"',
    "{} ({})", "{}/{}", "{} or {}", "{}, goes by {}", "{} prefers {}", "{} likes to be called {}",
    "{} preferred name: {}", "{} known to friends as {}", "{} nicknamed {}", "{}, usually {}",
]  # fmt: skip
BEFORE = [
    "{} née {}", "{} nee {}", "{} (formerly {})", "{} formerly known as {}", "{}, previously {}", "{} prev. {}",
    "{} was {}", "{} (maiden name {})", "{} born {}", "{} ex {}", "{} now {}", "{}-{}",
]  # fmt: skip


@pytest.mark.parametrize("form", BETWEEN)
def test_a_child_goes_by_either_first_name(form):
    found = names.forename(form.format("Oluwaseun", "Tunde"), names.Forms())
    assert found.parts == {"oluwaseun", "tunde", "oluwaseuntunde"}


@pytest.mark.parametrize("form", BEFORE)
def test_a_child_bore_either_surname(form):
    assert names.surname(form.format("Harlow", "Ames")).parts == {"harlow", "ames", "harlowames"}


@pytest.mark.parametrize("name", ["Or", "Born", "Now", "Tal Or", "Usually", "Ex"])
def test_a_word_that_stands_between_nothing_is_a_name(name):
    assert names.forename(name, names.Forms()).joined == name.replace(" ", "").casefold()
    assert names.surname(name).joined == name.replace(" ", "").casefold()

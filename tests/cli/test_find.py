"""``pathway find``: the same answers as on the page."""

from __future__ import annotations

from support.old_system import line


def test_a_child_is_found_and_an_empty_answer_says_what_was_searched(pathway, imported):
    imported(line(), line(contact_ref="OLD-2", child_forename="Leo"))
    found = pathway("find", "mia", "harlow").out
    assert "Mia Harlow (child 1)" in found
    assert "Latest referral: OLD-1-1" in found
    assert "1 found, the likeliest first." in found
    assert "2 people, open and closed" in pathway("find", "nobody").out


def test_an_import_that_was_taken_back_is_found_by_nothing(pathway, imported):
    imported(line())
    pathway("import", "undo", 1, "--yes")
    nothing = pathway("find", "mia", "harlow").out
    assert "Nobody is found. Searched: 0 people" in nothing

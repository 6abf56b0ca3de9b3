"""``pathway matches`` and ``pathway persons``: the same steps as on the pages, with the same refusals."""

from __future__ import annotations

import pytest

from storage.sessions import Database
from storage.tables import Access, Person
from support.old_system import line
from support.rows import everything


@pytest.fixture
def pair(imported):
    """Mia, child 1, and Maya, child 2, imported apart; match 1 says that they may be one child."""
    maya = line(contact_ref="OLD-2", child_forename="Miah")
    imported(line(), maya)


def stored(tmp_path, table):
    with Database(f"sqlite:///{tmp_path}/pathway-data/pathway.db").read() as session:
        return everything(session, table)


def test_possible_matches_are_listed_with_their_numbers_and_the_look_is_kept(pathway, pair, tmp_path):
    assert pathway("matches", "list").out.splitlines() == [
        "1  Another form of the first name; same surname; same birth date",
        "    child 1: Mia Harlow, born 06 May 2004",
        "    child 2: Miah Harlow, born 06 May 2004",
        "1 match.",
    ]
    (look,) = stored(tmp_path, Access)
    assert (look.what, look.allowed) == ("possible matches", True)


@pytest.mark.parametrize(("step", "words"), [("confirm", "the same child"), ("decline", "two children")])
def test_a_match_is_settled_once(pathway, pair, step, words):
    ended = pathway("matches", step, 1, "--reason", "Rang the school.")
    assert f"child 1 and child 2 are {words}." in ended.out
    assert "0 matches." in pathway("matches", "list").out
    assert "1 match." in pathway("matches", "list", "--state", f"{step.rstrip('e')}ed").out
    assert "already" in pathway("matches", step, 1, "--reason", "Again.").err


def test_two_records_are_merged_and_taken_apart(pathway, pair, tmp_path):
    assert (
        "Merge 1: child 2 is child 1 now; 1 referral moved."
        in pathway("persons", "merge", 1, 2, "--reason", "One child.").out
    )
    assert [person.merged_into_id for person in stored(tmp_path, Person)] == [None, 1]
    assert "Undone: 1 referral back with child 2." in pathway("persons", "undo", 1, "--reason", "Cousins.").out
    assert (
        "Merge undone" in pathway("referral", "OLD-2-1").out
        or "the merge is undone: Cousins." in pathway("referral", "OLD-2-1").out
    )


def test_a_referral_gets_a_record_of_its_own_and_goes_back(pathway, pair):
    pathway("persons", "merge", 1, 2, "--reason", "One child.")
    assert (
        "undo the merge with that child instead (merge 1)"
        in pathway("persons", "split", "OLD-2-1", "--reason", "Two.").err
    )
    assert (
        "OLD-1-1: child 3 from now on, another than child 1."
        in pathway("persons", "split", "OLD-1-1", "--reason", "Another mother.").out
    )
    assert "Another mother." in pathway("referral", "OLD-2-1").out
    assert "Child 3 is child 1 again" in pathway("persons", "rejoin", "OLD-1-1", "--reason", "One child.").out
    assert "was not taken off a record" in pathway("persons", "rejoin", "OLD-1-1", "--reason", "Again.").err


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("persons", "merge", 1, 1, "--reason", "x"), "can't be merged with itself"),
        (("persons", "merge", 1, 9, "--reason", "x"), "There is no child with the number 9"),
        (("persons", "merge", 1, 2, "--reason", " "), "reason: This is needed"),
        (("persons", "undo", 9, "--reason", "x"), "There is no merge 9"),
        (("matches", "confirm", 9, "--reason", "x"), "There is no possible match 9"),
        (("matches", "confirm", 1, "--reason", "x", "--by", "nobody"), "There is no user nobody"),
        (("matches", "list", "--state", "old"), "There is no state 'old'"),
    ],
)
def test_an_odd_step_is_an_error_with_a_remedy(pathway, pair, arguments, problem):
    ended = pathway(*arguments)
    assert ended.code == 2
    assert problem in ended.err

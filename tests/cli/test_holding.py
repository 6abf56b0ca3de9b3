"""``pathway allocate``, ``pathway transfer`` and ``pathway close``."""

from __future__ import annotations

import io

import pytest

from support.old_system import line

TALKED = ("--discussed-at", "2009-03-11T10:00:00Z", "--discussed-by", "Tess Ward", "--agreed", "Visit tomorrow.")
REF = "OLD-1-1"


@pytest.fixture
def council(pathway, imported, laid, monkeypatch):
    """Two teams with a worker each who signs in, and an accepted child whom the referrer has been told of."""
    imported(line(outcome="INITIAL ASSESSMENT"))
    laid("two teams", lambda: _employ(pathway, monkeypatch))
    return pathway


def _employ(pathway, monkeypatch):
    for team, name in (("Assessment team", "Sam Okoro"), ("Court team", "Ruth Ames")):
        user = name.lower().replace(" ", ".")
        pathway("team", "add", team)
        monkeypatch.setattr("sys.stdin", io.StringIO("three words nobody guesses\n"))
        pathway(
            *("user", "add", user, "--name", name, "--email", f"{user}@example.org"),
            *("--role", "social worker", "--password-stdin"),
        )
        pathway("team", "add-worker", name, "--team", team, "--email", f"{user}@example.org", "--user", user)


@pytest.fixture
def held(council):
    """The child is held by Sam."""
    assert council("allocate", REF, "--worker", "Sam Okoro", *TALKED).out == f"Allocated {REF} to Sam Okoro.\n"
    return council


def test_a_team_without_a_worker_leaves_the_child_unallocated(council):
    ended = council("allocate", REF, "--team", "Court team", "--note", "Tess looks for somebody.")
    assert ended.out == f"Gave {REF} to Court team, without a worker yet: it is still unallocated.\n"
    assert "Given to Court team, without a worker yet: still unallocated." in council("referral", REF).out


def test_a_worker_who_was_there_before_is_linked_to_a_user_of_his_own(council):
    council("team", "add-worker", "Olu Bell", "--team", "Court team", "--email", "olu@example.org")
    taken = council("team", "link-worker", "Olu Bell", "--team", "Court team", "--user", "ruth.ames")
    assert "ruth.ames is the worker Ruth Ames already" in taken.err
    ended = council("team", "link-worker", "Ruth Ames", "--team", "Court team", "--user", "ruth.ames")
    assert ended.out == "Ruth Ames signs in as ruth.ames.\n"


def test_a_transfer_needs_both_sides(held):
    ended = held("transfer", "propose", REF, "--worker", "Ruth Ames", "--note", "Visited twice.", "--by", "sam.okoro")
    assert "It waits for the taking side" in ended.out
    assert "waits for the other side" in held("transfer", "accept", REF, "--by", "sam.okoro").err
    assert held("transfer", "accept", REF, "--by", "ruth.ames").out == f"Transferred {REF} to Ruth Ames.\n"
    assert "Transferred from Sam Okoro to Ruth Ames" in held("referral", REF).out


def test_a_team_names_its_worker_when_it_accepts(held):
    held("transfer", "propose", REF, "--team", "Court team", "--note", "Proceedings begin.", "--by", "sam.okoro")
    assert "worker_id: Nobody is chosen" in held("transfer", "accept", REF).err
    assert "to Ruth Ames" in held("transfer", "accept", REF, "--worker", "Ruth Ames").out


def test_a_refused_transfer_leaves_the_child_where_it_is(held):
    held("transfer", "propose", REF, "--worker", "Ruth Ames", "--note", "Visited twice.", "--by", "sam.okoro")
    ended = held("transfer", "refuse", REF, "--reason", "Away in April.", "--by", "ruth.ames")
    assert ended.out == f"Refused. {REF} stays where it is.\n"
    assert f"No transfer of {REF} waits" in held("transfer", "accept", REF, "--by", "ruth.ames").err


def test_closing_needs_the_departments_reason_for_an_accepted_child(held):
    assert "department's reason" in held("close", REF, "--reason", "The plan has been met").err
    assert held("close", REF, "--reason", "The plan has been met", "--code", "rc7").out == f"Closed {REF}.\n"
    assert "RC7, Services ceased" in held("referral", REF).out


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("allocate", REF), "--worker: Nobody is named"),
        (("allocate", REF, "--worker", "Sam Okor", *TALKED), "did you mean 'Sam Okoro'?"),
        (("allocate", REF, "--team", "Nobody's"), "There is no team Nobody's"),
        (("allocate", REF, "--worker", "Sam Okoro"), "Record the discussion with the worker first"),
        (("transfer", "propose", REF, "--note", "x"), "--worker: Nobody is named"),
        (("transfer", "propose", REF, "--worker", "Sam Okoro", "--note", "x"), "Only an allocated child"),
        (("close", "OLD-9-9", "--reason", "x"), "There is no referral OLD-9-9"),
        (("allocate", REF, "--team", "Court team", "--by", "ruth.ames"), "Your role does not allow you to allocate"),
    ],
)
def test_what_can_not_be_done_is_an_error_with_a_remedy(council, arguments, problem):
    ended = council(*arguments)
    assert ended.code == 2
    assert problem in ended.err

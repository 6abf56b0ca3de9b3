"""``pathway add-child`` and ``pathway onward``."""

from __future__ import annotations

import pytest

from pathway.engine import following, inputs
from pathway.engine.actors import SYSTEM
from pathway.engine.decisions import deciding, decision_input
from rules.vocabulary import CheckKind
from storage.clock import utc_now
from storage.queries import referral_rows
from storage.sessions import Database
from storage.tables import id_of
from support.old_system import UNDECIDED, line

REF = "OLD-1-1"
EARLY_HELP = {"outcome": "early-help", "level_of_need": "2", "reasons": "The school can lead.", "receiver": "Hub"}


@pytest.fixture
def waiting(pathway, imported, laid):
    imported(line(**UNDECIDED))

    def checked():
        for kind in (CheckKind.HISTORY, CheckKind.SIBLINGS, CheckKind.ALREADY_OPEN):
            pathway("check", REF, kind, "--found", "Nothing.")

    laid("checked", checked)
    return "OLD-1"


@pytest.fixture
def handed_over(waiting, tmp_path):
    (file,) = tmp_path.rglob("pathway.db")
    database = Database(f"sqlite:///{file}")
    with following.acting(database, SYSTEM, now=utc_now()) as act:
        referral = referral_rows.by_ref(act.session, REF)
        data = inputs.parse(decision_input.DecisionInput, EARLY_HELP)
        deciding.decide(act, id_of(referral), data, version=None)
    database.dispose()
    return REF


def test_a_child_is_added_with_clocks_of_its_own(pathway, waiting):
    ended = pathway("add-child", waiting, "--forename", "Leo", "--born", "2006-05-06", "--why", "Lives there.")
    assert ended.code == 0
    assert "Added to contact OLD-1: referral OLD-1-2. The referrer is told nothing of it." in ended.out
    assert "Decision within 24 hours: due " in ended.out
    assert "did not name: Lives there." in pathway("referral", "OLD-1-2").out


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--why", " ", "--forename", "Leo"), "why: This is needed"),
        (("--why", "x"), "child.forename: Nothing tells who this child is"),
        (("--why", "x", "--born", "someday"), "child.birth_date"),
        (("--why", "x", "--forename", "Leo", "--by", "nobody"), "There is no user nobody"),
    ],
)
def test_an_odd_child_is_an_error_with_a_remedy(pathway, waiting, words, problem):
    ended = pathway("add-child", waiting, *words)
    assert ended.code == 2
    assert problem in ended.err


def test_the_list_says_what_is_due_and_what_to_do(pathway, handed_over):
    ended = pathway("onward", "list")
    assert ended.out.startswith(f"{handed_over}: Hub, answer due ")
    assert ended.out.endswith("send it yourself: no e-mail address.\n")


def test_an_acceptance_empties_the_list(pathway, handed_over):
    ended = pathway("onward", "accept", handed_over, "--note", "Ms Cole rang.")
    assert ended.out.startswith(f"Recorded for {handed_over}: Hub has taken the child on. The referral is ")
    assert pathway("onward", "list").out == "No receiver owes an answer.\n"


def test_a_refusal_brings_the_child_back(pathway, handed_over):
    ended = pathway("onward", "refuse", handed_over, "--note", "Not in our area.")
    assert ended.out == f"Recorded for {handed_over}: Hub has refused. The referral is awaiting decision.\n"
    assert "Hub has refused the child: Not in our area." in pathway("referral", handed_over).out


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("refuse", REF, "--note", " "), "note: A refusal needs its reason"),
        (("accept", REF, "--at", "2009-03-12T10:00:00Z"), "before the child was referred onward"),
        (("accept", REF, "--at", "2009-03-12T10:00:00"), "has no time zone"),
        (("accept", "OLD-9-1"), "There is no referral OLD-9-1"),
    ],
)
def test_an_odd_answer_is_an_error_with_a_remedy(pathway, handed_over, words, problem):
    ended = pathway("onward", *words)
    assert ended.code == 2
    assert problem in ended.err


def test_an_answer_that_nobody_owes_is_refused(pathway, waiting):
    ended = pathway("onward", "accept", REF)
    assert ended.code == 2
    assert f"No receiver owes an answer about {REF}" in ended.err

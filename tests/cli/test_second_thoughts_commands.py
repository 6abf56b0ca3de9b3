"""``pathway set-aside``, ``restore``, ``correct``, ``second-look`` and ``chronology``."""

from __future__ import annotations

import pytest

from storage.clock import utc_now
from storage.sessions import Database
from storage.tables import Access
from support.old_system import UNDECIDED, line, sibling
from support.rows import everything


@pytest.fixture
def month(imported):
    imported(line(), sibling("Leo", **UNDECIDED))


def test_a_referral_in_error_is_set_aside_and_restored(pathway, month):
    ended = pathway("set-aside", "OLD-1-2", "--reason", "A test entry.")
    assert ended.out == "Set aside, logged in error: OLD-1-2 counts in no figure and stays on record.\n"
    assert "Set aside, logged in error: A test entry." in pathway("referral", "OLD-1-2").out
    assert pathway("restore", "OLD-1-2", "--reason", "It was none.").out == "Restored: OLD-1-2 is screening.\n"


def test_a_whole_contact_is_set_aside_by_its_reference(pathway, month):
    pathway("set-aside", "OLD-1", "--reason", "A test entry.")
    assert pathway("referral", "OLD-1").out.count("set aside") == 2


def test_what_was_logged_twice_names_the_right_one(pathway, month):
    ended = pathway("set-aside", "OLD-1-2", "--right", "OLD-1-1", "--reason", "The same child.")
    assert "logged twice" in ended.out
    assert "the right one is OLD-1-1" in pathway("referral", "OLD-1-2").out


CORRECT = ("correct", "OLD-1-1", "--outcome", "assessment", "--level", "3", "--need", "N1", "--reasons", "Bruises.")


def test_a_decision_is_corrected(pathway, month):
    ended = pathway(*CORRECT, "--because", "The wrong child.")
    assert ended.out.splitlines()[-1] == "Corrected: OLD-1-1 is awaiting allocation, assessment."
    assert (
        "Decision corrected: Assessment by a social worker, because: The wrong child."
        in pathway("referral", "OLD-1-1").out
    )


def just_decided(tmp_path):
    """A child about whom a manager has decided a moment ago; the reference of its referral."""
    from pathway.engine import following, inputs
    from pathway.engine.decisions import deciding, decision_input
    from pathway.engine.intake import logging_contact, screening
    from storage.queries import referral_rows
    from storage.tables import id_of
    from support.front_door import MANAGER, NEEDED, contact_fields

    now = utc_now()
    typed = contact_fields("Mia", received_at=now)
    with following.acting(Database(f"sqlite:///{tmp_path}/pathway-data/pathway.db"), MANAGER, now=now) as act:
        logged = logging_contact.log_contact(act, inputs.parse(logging_contact.ContactInput, typed))
        (child,) = referral_rows.of_contact(act.session, id_of(logged))
        checks = [screening.CheckInput(kind=kind, made=True, found="Nothing.") for kind in NEEDED]
        screening.screen(act, id_of(child), checks, version=None)
        data = decision_input.DecisionInput(outcome="no-further-action", level_of_need="1", reasons="None.")
        deciding.decide(act, id_of(child), data, version=None)
        return child.ref


def test_a_decision_is_undone_within_its_grace(pathway, tmp_path):
    ref = just_decided(tmp_path)
    assert pathway("undo", ref, "--reason", "The wrong child.").out == f"Undone: {ref} is awaiting decision.\n"
    assert "Decision undone: The wrong child." in pathway("referral", ref).out
    assert "awaiting decision" in pathway("undo", ref, "--reason", "Again.").err


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (CORRECT, "Say why the decision is corrected"),
        (("set-aside", "OLD-9", "--reason", "x"), "There is no referral OLD-9"),
        (("set-aside", "OLD-1-1", "--reason", " "), "reason: This is needed"),
        (("set-aside", "OLD-1-1", "--right", "OLD-9-1", "--reason", "x"), "There is no other referral OLD-9-1"),
        (("restore", "OLD-1-1", "--reason", "x"), "The step 'restore' is for one that is set aside"),
        (("second-look", "OLD-1-1", "agrees", "--note", "x"), "No second look at this referral is waiting"),
        (("chronology", "OLD-9-1"), "There is no referral OLD-9-1"),
        (("undo", "OLD-1-1", "--reason", "x"), "Undoing is past: correct the decision instead"),
        (("undo", "OLD-1-2", "--reason", "x"), "The step 'undo decision' is for one that is decided"),
        (("undo", "OLD-1-1", "--reason", " "), "reason: This is needed"),
    ],
)
def test_what_can_not_be_done_is_an_error(pathway, month, words, problem):
    ended = pathway(*words)
    assert ended.code == 2
    assert problem in ended.err


def test_a_chronology_is_printed_with_what_is_significant_marked(pathway, month):
    ended = pathway("chronology", "OLD-1-1")
    assert ended.out.startswith("Chronology of Mia Harlow, born 06 May 2004\n")
    assert "* Tue 10 Mar 2009, 15:00 Decision: No further action" in ended.out
    assert "Decision" not in pathway("chronology", "OLD-1-1", "--kind", "contacts").out
    assert "Nothing of this kind" in pathway("chronology", "OLD-1-2", "--kind", "checks").out


def test_that_somebody_printed_it_is_kept(pathway, month, tmp_path):
    pathway("chronology", "OLD-1-1", "--significant")
    with Database(f"sqlite:///{tmp_path}/pathway-data/pathway.db").read() as session:
        (look,) = everything(session, Access)
    assert (look.what, look.allowed, look.referral_id) == ("chronology", True, 1)

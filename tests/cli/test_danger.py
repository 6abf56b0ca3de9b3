"""``pathway danger``, ``pathway check`` and ``pathway kind``."""

from __future__ import annotations

import pytest

from rules.vocabulary import Role
from support import danger, hands
from support.front_door import MANAGER, OFFICER, person_in
from support.old_system import UNDECIDED, line

SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)


@pytest.fixture
def waiting(imported):
    imported(line(**UNDECIDED))
    return "OLD-1"


def test_a_contact_is_marked_and_each_childs_hour_is_told(pathway, waiting):
    ended = pathway("danger", "mark", waiting, "--reason", "The father is back.")
    assert ended.code == 0
    assert "999" in ended.out
    assert f"{waiting}-1: decision within 1 hour in immediate danger, due " in ended.out
    assert "Immediate danger: The father is back." in pathway("referral", f"{waiting}-1").out


def test_the_mark_is_withdrawn_by_a_childs_reference_as_well(pathway, waiting):
    pathway("danger", "mark", waiting, "--reason", "The father is back.")
    ended = pathway("danger", "withdraw", f"{waiting}-1", "--reason", "It was another family.")
    assert ended.out == f"Withdrawn: contact {waiting} is no longer marked as immediate danger.\n"
    assert "withdrawn: It was another family." in pathway("referral", f"{waiting}-1").out


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("danger", "mark", "OLD-9", "--reason", "Back."), "There is no contact or referral OLD-9"),
        (("danger", "mark", "OLD-1", "--reason", " "), "reason: This is needed"),
        (("danger", "mark", "OLD-1", "--reason", "Back.", "--by", "nobody"), "There is no user nobody"),
        (("danger", "withdraw", "OLD-1", "--reason", "Wrong."), "This contact is not marked"),
        (("check", "OLD-1-1", "sibling", "--found", "None."), "Did you mean 'siblings'?"),
        (("check", "OLD-1-1", "siblings"), "Give --found or --not-made-because"),
        (("check", "OLD-1-1", "siblings", "--found", "x", "--not-made-because", "y"), "one of the three"),
        (("kind", "OLD-1", "harms", "--reason", "Police."), "Did you mean 'harm'?"),
    ],
)
def test_what_can_not_be_done_is_an_error_with_a_remedy(pathway, waiting, words, problem):
    ended = pathway(*words)
    assert ended.code == 2
    assert problem in ended.err


def test_checks_are_recorded_one_by_one_and_what_is_missing_is_said(pathway, waiting):
    ended = pathway("check", "OLD-1-1", "siblings", "--found", "A brother.")
    assert ended.out == "Recorded for OLD-1-1: siblings, made. Missing: history, already open.\n"
    pathway("check", "OLD-1-1", "history", "--not-made-because", "The archive is closed.")
    assert "No check is missing." in pathway("check", "OLD-1-1", "already-open", "--found", "No.").out


def test_another_kind_of_contact_asks_for_other_checks(pathway, waiting):
    ended = pathway("kind", waiting, "domestic-abuse", "--reason", "The police rang.")
    assert "Checks needed: history, siblings, already open, child protection plan, adult services, police" in ended.out


@pytest.fixture
def restricted(newcomer, open_door, monkeypatch):
    """A contact about Mia, whose record opens to the service manager alone, and Leo, whose record is open."""
    door = open_door("2009-03-26 10:00")
    contact = door.log("Mia", "Leo")
    hands.restrict(door, door.referrals(contact)[0], by=SERVICE_MANAGER)
    monkeypatch.setenv("PATHWAY_DATABASE_URL", door.database.url)
    return newcomer, door, contact.ref


@pytest.mark.parametrize("by", [OFFICER, MANAGER])
def test_whoever_is_shut_out_marks_it_and_reads_who_has_been_told(restricted, by):
    pathway, door, ref = restricted
    ended = pathway("danger", "mark", ref, "--reason", "He has a knife.", "--by", by.username)
    assert ended.code == 0
    assert f"Marked: contact {ref}, immediate danger. If nobody has called 999, call now." in ended.out
    assert "opens only to people named: they are told at once" in ended.out
    assert "Told: Duty Manager, Service Manager." in ended.out
    assert f"{ref}-1" not in ended.out
    assert f"{ref}-2: decision within 1 hour" in ended.out
    for role in (Role.SERVICE_MANAGER, Role.DUTY_MANAGER):
        assert danger.alerts_to(door, role)


def test_whoever_is_named_reads_every_childs_hour(restricted):
    pathway, _, ref = restricted
    ended = pathway("danger", "mark", ref, "--reason", "He has a knife.", "--by", SERVICE_MANAGER.username)
    assert f"{ref}-1: decision within 1 hour" in ended.out
    assert "people named" not in ended.out
    assert "Told: Duty Manager, Service Manager." in ended.out


def test_the_mark_is_withdrawn_only_by_whom_the_record_is_open_to(restricted):
    pathway, _, ref = restricted
    pathway("danger", "mark", ref, "--reason", "He has a knife.", "--by", OFFICER.username)
    ended = pathway("danger", "withdraw", ref, "--reason", "Wrong.", "--by", MANAGER.username)
    assert (ended.code, "This record is restricted" in ended.err) == (2, True)


def test_what_the_record_holds_nothing_of_is_taken_over_as_a_check(pathway, waiting):
    ended = pathway("check", "OLD-1-1", "history", "--nothing-on-record")
    assert ended.out.startswith("Recorded for OLD-1-1: history, made.")
    assert "made, taken over from Pathway's own search" in pathway("referral", "OLD-1-1").out


def test_a_check_with_others_is_not_answered_by_our_own_record(pathway, waiting):
    ended = pathway("check", "OLD-1-1", "police", "--nothing-on-record")
    assert ended.code != 0
    assert "Pathway's own search can't answer this" in ended.err


def test_blank_words_beside_an_answer_change_nothing_of_what_is_said(pathway, waiting):
    ended = pathway("check", "OLD-1-1", "siblings", "--found", "A brother.", "--not-made-because", " ")
    assert ended.out.startswith("Recorded for OLD-1-1: siblings, made.")

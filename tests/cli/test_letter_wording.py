"""``pathway letters check | preview | ask | parents``, and a start that refuses a broken folder."""

from __future__ import annotations

import pytest

from pathway.engine import following
from pathway.engine.intake import logging_contact
from storage.clock import utc_now
from storage.queries.letters import template_rows
from storage.sessions import Database
from storage.tables import Access
from support import rows, whole
from support.old_system import UNDECIDED, line

WHO = {"referrer_name": "Quintilia Zebrowska", "referrer_agency": "Xanthippe Nursery"}


@pytest.fixture
def base(tmp_path):
    return lambda: Database(f"sqlite:///{tmp_path}/pathway-data/pathway.db")


@pytest.fixture
def log(imported, base):
    """Logs a contact about one child on the command line's own database."""
    from pathway.engine import inputs
    from pathway.engine.actors import SYSTEM
    from support.front_door import contact_fields

    imported(line(**UNDECIDED))

    def logged(**more):
        now = utc_now()
        typed = contact_fields("Mia", **WHO | {"received_at": now} | more)
        with following.acting(base(), SYSTEM, now=now) as act:
            return logging_contact.log_contact(act, inputs.parse(logging_contact.ContactInput, typed)).ref

    return logged


def own(tmp_path, text, name="outcome/public/body.txt"):
    place = tmp_path / "own" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    return tmp_path / "own"


def test_the_shipped_letters_are_in_order(pathway):
    ended = pathway("letters", "check")
    assert (ended.code, ended.out) == (0, "The shipped letters are in order.\n")


def test_a_folder_in_order_says_how_many_files_it_has(pathway, tmp_path):
    ended = pathway("letters", "check", own(tmp_path, "Our words."))
    assert ended.code == 0
    assert "1 file in" in ended.out


def test_every_fault_of_a_folder_is_named_and_the_code_is_2(pathway, tmp_path):
    own(tmp_path, "{{ children }}")
    ended = pathway("letters", "check", own(tmp_path, "x", "outcom/body.txt"))
    assert ended.code == 2
    assert (
        "outcome/public/body.txt: Line 1: the public reader of this outcome letter may not learn children" in ended.err
    )
    assert "outcom/body.txt: There is no kind of letter 'outcom'" in ended.err


def test_without_a_folder_the_one_that_is_set_is_checked(pathway, tmp_path, monkeypatch):
    monkeypatch.setenv("PATHWAY_LETTERS", str(own(tmp_path, "{{ children }}")))
    assert pathway("letters", "check").code == 2


@pytest.mark.parametrize("command", ["up", "serve", "worker", "migrate"])
def test_nothing_starts_with_a_broken_folder(pathway, tmp_path, monkeypatch, command):
    monkeypatch.setenv("PATHWAY_LETTERS", str(own(tmp_path, "{{ children }}")))
    ended = pathway(command)
    assert ended.code == 2
    assert "PATHWAY_LETTERS: The council's own letters can't be used" in ended.err
    assert "outcome/public/body.txt: Line 1" in ended.err


def test_a_start_takes_the_folder_over_and_the_next_without_it_leaves_it(pathway, tmp_path, monkeypatch, base):
    monkeypatch.setenv("PATHWAY_LETTERS", str(own(tmp_path, "Our words.")))
    pathway("migrate")
    assert kept(base()) == (("letters/outcome/public/body.txt", "Our words."),)
    own(tmp_path, "Better words.")
    pathway("migrate")
    assert kept(base()) == (("letters/outcome/public/body.txt", "Better words."),)
    monkeypatch.delenv("PATHWAY_LETTERS")
    pathway("migrate")
    assert kept(base()) == ()


def kept(database):
    with database.read() as session:
        return template_rows.own(session)


@pytest.mark.parametrize(
    ("kind", "referrer", "words"),
    [
        ("acknowledgement", "professional", "by Sunday 8 March 2009"),
        ("outcome", "professional", "Decision: Assessment by a social worker"),
        ("outcome", "public", "We have carefully considered what you told us"),
        ("part outcome", "", "We have not yet decided for 1 other child"),
        ("corrected-outcome", "PUBLIC", "We have since looked again"),
        ("missing_information", "public", "Where the children are now"),
        ("parents", "", "Somebody has contacted us about Jo"),
    ],
)
def test_a_letter_is_printed_from_invented_facts(pathway, kind, referrer, words):
    ended = pathway("letters", "preview", kind, *(["--referrer", referrer] if referrer else []))
    assert ended.code == 0
    assert words in " ".join(ended.out.split())
    assert ended.out.startswith("Subject: ")


def test_the_html_goes_into_a_file(pathway, tmp_path):
    pathway("letters", "preview", "outcome", "--html", tmp_path / "letter.html")
    assert (tmp_path / "letter.html").read_text().startswith("<!DOCTYPE html>")


def test_own_words_are_seen_before_anything_starts(pathway, tmp_path, monkeypatch):
    monkeypatch.setenv("PATHWAY_LETTERS", str(own(tmp_path, "Our words for {{ recipient_name }}.")))
    assert "Our words for Ada Example." in pathway("letters", "preview", "outcome", "--referrer", "public").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["outcom"], "There is no letter 'outcom'. Did you mean 'outcome'?"),
        (["outcome", "--referrer", "neighbour"], "a referrer who is 'neighbour'"),
        (["part-outcome", "--referrer", "public"], "There is no part outcome letter for a public referrer"),
        (["outcome", "--ref", "FD-1", "--referrer", "public"], "The contact says what kind of referrer it is"),
        (["outcome", "--html", "gone/letter.html"], "can't be written"),
    ],
)
def test_what_can_t_be_shown_is_said(pathway, arguments, words):
    ended = pathway("letters", "preview", *arguments)
    assert ended.code == 2
    assert words in ended.err


def test_a_letter_about_a_real_contact_is_printed_and_only_the_look_is_kept(pathway, log, base):
    ref = log()
    before = whole.contents(base())
    ended = pathway("letters", "preview", "acknowledgement", "--ref", ref)
    assert "Dear Quintilia Zebrowska" in ended.out
    assert f"We have received your contact: {ref}" in ended.out
    after = whole.contents(base())
    assert {name for name in after if after[name] != before[name]} == {"access", "access_child"}
    with base().read() as session:
        assert "letter previewed, on the command line" in {row.what for row in rows.everything(session, Access)}


def test_a_real_contact_that_is_not_decided_has_no_outcome_to_show(pathway, log):
    ended = pathway("letters", "preview", "outcome", "--ref", log())
    assert ended.code == 2
    assert "The letter names no child" in ended.err


def test_a_protected_referrer_is_not_named(pathway, log):
    ended = pathway("letters", "preview", "acknowledgement", "--ref", log(identity_protected=True))
    assert ended.code == 0
    assert "Zebrowska" not in ended.out
    assert "ada@school" not in ended.out
    assert "identity is protected" in ended.out


def test_a_letter_to_parents_about_a_real_child_has_an_invented_addressee(pathway, log):
    ended = pathway("letters", "preview", "parents", "--ref", f"{log()}-1")
    assert "about Mia Harlow" in " ".join(ended.out.split())
    assert "Zebrowska" not in ended.out


def test_an_anonymous_contact_has_no_letter(pathway, log):
    ended = pathway("letters", "preview", "acknowledgement", "--ref", log(source_code="9"))
    assert ended.code == 2
    assert "Nothing is written to an anonymous referrer" in ended.err


def test_a_referrer_is_asked_on_the_command_line(pathway, log):
    ref = log(referrer_email="", referrer_address="3 High Street, Northmoor, N17 6AA")
    ended = pathway("letters", "ask", ref, "Where the child is now", "The name of the doctor")
    assert (ended.code, "asks the referrer of contact" in ended.out) == (0, True)
    assert "missing information to Quintilia Zebrowska" in pathway("letters", "owed").out


def test_a_parent_is_written_to_on_the_command_line(pathway, log):
    child = ["--name", "Petra Parent", "--address", "3 High Street, Northmoor, N17 6AA", "--next", "We will call you."]
    ended = pathway("letters", "parents", f"{log()}-1", *child, "--no-risk-because", "She asked for help.")
    assert ended.code == 0
    assert "parents to Petra Parent" in pathway("letters", "owed").out


def test_without_a_word_on_risk_no_parent_is_written_to(pathway, log):
    child = ["--name", "Petra", "--email", "petra@home.example.org", "--next", "We will call you."]
    ended = pathway("letters", "parents", f"{log()}-1", *child, "--no-risk-because", " ")
    assert ended.code == 2
    assert "no_risk" in ended.err

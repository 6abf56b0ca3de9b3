"""``pathway letters queue``, ``print`` and ``posted``; and what the doctor says of paper."""

from __future__ import annotations

import sys
from datetime import timedelta

import pytest

from notifications.letters import paper
from pathway.engine import following
from pathway.engine.decisions import decision_input
from pathway.engine.intake import logging_contact, screening
from storage.clock import utc_now
from storage.sessions import Database
from storage.tables import Access
from support import pdf, rows
from support.no_way_to_write import protect
from support.old_system import UNDECIDED, line
from support.printed_letters import BY_POST


class _Door:
    """As much of a front door as letters need, on the command line's own database."""

    def __init__(self, folder):
        self.database = Database(f"sqlite:///{folder}/pathway-data/pathway.db")

    @property
    def now(self):
        return utc_now()

    def acting(self, actor, *, token=None):
        return following.acting(self.database, actor, now=self.now, token=token)


@pytest.fixture
def logged(imported, laid, tmp_path):
    """Two letters for the post, of contacts from the same nursery."""
    imported(line(**UNDECIDED))
    return laid("two letters", lambda: _logged(tmp_path))


def _logged(tmp_path, referrer="Ada Ferreira", hours_ago=0):
    from pathway.engine import inputs
    from pathway.engine.actors import SYSTEM
    from pathway.engine.decisions import deciding
    from storage.queries import referral_rows
    from storage.tables import id_of
    from support.front_door import NEEDED, contact_fields

    found = []
    for child, address in (("Mia", BY_POST["referrer_address"]), ("Leo", "somewhere in Leeds")):
        now = utc_now()
        typed = contact_fields(child, **BY_POST | {"referrer_address": address})
        typed["received_at"] = now - timedelta(hours=hours_ago)
        typed |= {"referrer_name": referrer}
        with _Door(tmp_path).acting(SYSTEM) as act:
            contact = logging_contact.log_contact(act, inputs.parse(logging_contact.ContactInput, typed))
            (referral,) = referral_rows.of_contact(act.session, id_of(contact))
            checks = [screening.CheckInput(kind=kind, made=True, found="Nothing.") for kind in NEEDED]
            screening.screen(act, id_of(referral), checks, version=None)
            data = decision_input.DecisionInput(
                outcome="no-further-action",
                level_of_need="1",
                reasons="Threshold not met.",
                late_reason="staff-away" if hours_ago else "",
            )
            deciding.decide(act, id_of(referral), data, version=None)
        found.append(contact)
    return found


def test_the_queue_lists_what_can_be_printed_and_what_is_wrong_with_an_address(pathway, logged):
    good, bad = pathway("letters", "queue").out.splitlines()
    assert f"outcome to Ada Ferreira, contact {logged[0].ref}: 3 High Street, Northmoor, N17 6AA" in good
    assert "is not a UK postcode" in bad


@pytest.mark.needs("pdf")
def test_a_letter_with_a_character_of_no_font_is_left_out_and_refused_where_it_is_named(pathway, logged, tmp_path):
    (boxed, _) = _logged(tmp_path, referrer="Ada \u0378")
    ended = pathway("letters", "print", "--out", "today.pdf")
    assert (ended.out, "No font here has (No character, U+0378)" in ended.err) == (
        "Batch 1: 1 letter in today.pdf.\n",
        True,
    )
    refused = pathway("letters", "print", "--out", "one.pdf", boxed.ref)
    assert (refused.code, "can't be printed. No font here has" in refused.err) == (2, True)


@pytest.mark.needs("pdf")
def test_letters_become_one_pdf_and_a_batch_that_is_posted(pathway, logged, tmp_path):
    ended = pathway("letters", "print", "--out", "today.pdf")
    assert ended.out == "Batch 1: 1 letter in today.pdf.\n"
    assert "left out" in ended.err
    assert "Ada Ferreira" in pdf.texts((tmp_path / "today.pdf").read_bytes())[0]
    assert "Batch 1, printed" in pathway("letters", "queue").out
    assert pathway("letters", "posted").out == "Batch 1: 1 letter recorded as posted.\n"
    assert "Batch 1" not in pathway("letters", "queue").out


@pytest.mark.needs("pdf")
def test_of_a_batch_that_is_posted_late_it_is_asked_why(pathway, imported, tmp_path):
    imported(line(**UNDECIDED))
    _logged(tmp_path, hours_ago=72)
    pathway("letters", "print", "--out", "today.pdf")
    ended = pathway("letters", "posted")
    assert (ended.code, "Give --why-late with one of" in ended.err) == (2, True)
    told = pathway("letters", "posted", "--why-late", "system-or-post: The franking machine.")
    assert told.out == "Batch 1: 1 letter recorded as posted.\n"


@pytest.mark.needs("pdf")
def test_the_file_is_for_this_account_alone(pathway, logged, tmp_path):
    pathway("letters", "print", "--out", "today.pdf")
    assert (tmp_path / "today.pdf").stat().st_mode & 0o077 == 0


@pytest.mark.needs("pdf")
def test_a_printed_letter_is_printed_again_when_it_is_named(pathway, logged):
    for number in (1, 2):
        ended = pathway("letters", "print", "--out", "one.pdf", logged[0].ref)
        assert ended.out == f"Batch {number}: 1 letter in one.pdf.\n"
    assert pathway("letters", "posted", "--batch", "2").code == 0


@pytest.mark.needs("pdf")
def test_several_batches_have_to_be_told_apart(pathway, logged, tmp_path):
    pathway("letters", "print", "--out", "one.pdf")
    pathway("referrer", "address", logged[1].ref, "--address", "9 New Road, Northmoor, N17 6AB")
    pathway("letters", "print", "--out", "two.pdf")
    ended = pathway("letters", "posted")
    assert (ended.code, "Several batches wait to be posted: 1, 2" in ended.err) == (2, True)


def test_a_protected_referrer_is_neither_named_nor_printed(pathway, logged, tmp_path):
    protect(_Door(tmp_path), logged[0])
    listed = pathway("letters", "queue")
    assert "Ferreira, contact " + logged[0].ref not in listed.out
    assert "1 more letter to protected referrers or of restricted records." in listed.out
    ended = pathway("letters", "print", "--out", "one.pdf", logged[0].ref)
    assert (ended.code, (tmp_path / "one.pdf").exists()) == (2, False)


@pytest.mark.needs("pdf")
@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("print", "--out", "one.pdf", "PW-NO"), "No letter of contact PW-NO waits"),
        (("print", "--out", "one.pdf", "999"), "Letter 999 is not in your print queue"),
        (("print", "--out", "nowhere/one.pdf"), "can't be written"),
        (("posted",), "No batch waits to be posted"),
        (("posted", "--batch", "7"), "There is no batch 7"),
    ],
)
def test_what_can_not_be_done_is_said(pathway, logged, words, problem):
    ended = pathway("letters", *words)
    assert (ended.code, problem in ended.err) == (2, True)


@pytest.mark.needs("pdf")
def test_a_letter_whose_address_cant_be_used_is_refused_where_it_is_named(pathway, logged):
    ended = pathway("letters", "print", "--out", "one.pdf", logged[1].ref)
    assert (ended.code, "is not a UK postcode" in ended.err) == (2, True)


@pytest.mark.needs("pdf")
def test_that_somebody_looked_and_printed_is_kept(pathway, logged, tmp_path):
    pathway("letters", "queue")
    pathway("letters", "print", "--out", "one.pdf")
    with _Door(tmp_path).database.read() as session:
        last = [(row.what, row.contact_id) for row in rows.everything(session, Access)][-2:]
    assert last == [("print queue, on the command line", None), ("printed letter", logged[0].id)]


@pytest.fixture
def no_weasyprint(monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    paper.available.cache_clear()
    yield
    paper.available.cache_clear()


def test_where_paper_is_missing_the_doctor_and_the_command_say_what_to_install(pathway, logged, no_weasyprint):
    told = pathway("doctor").out
    assert "NOTE   paper" in told
    assert "pip install weasyprint" in told
    ended = pathway("letters", "print", "--out", "one.pdf")
    assert (ended.code, "print from the browser" in ended.err) == (2, True)


@pytest.mark.needs("pdf")
def test_where_it_is_there_the_doctor_says_so(pathway):
    assert "OK     paper        Letters can be printed as PDF" in pathway("doctor").out

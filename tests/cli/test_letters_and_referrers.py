"""``pathway letters`` and ``pathway referrer``: letters that can't simply go, and referrers not to be contacted."""

from __future__ import annotations

import pytest

from pathway.engine import following
from pathway.engine.decisions import decision_input
from pathway.engine.intake import logging_contact, screening
from storage.clock import utc_now
from storage.sessions import Database
from storage.tables import Access
from support import rows
from support.no_way_to_write import NOWHERE
from support.old_system import UNDECIDED, line

WHO = {"referrer_name": "Quintilia Zebrowska", "referrer_agency": "Xanthippe Nursery"}
ADDRESS = "3 High Street, Northmoor, N17 6AA"


@pytest.fixture
def contact(imported, laid, tmp_path):
    """A contact from somebody without any address, decided on the command line's own database; a letter is owed."""
    imported(line(**UNDECIDED))
    return laid("a letter owed", lambda: _decided(tmp_path))


def _decided(tmp_path):
    from pathway.engine import inputs
    from pathway.engine.actors import SYSTEM
    from pathway.engine.decisions import deciding
    from storage.queries import referral_rows
    from storage.tables import id_of
    from support.front_door import NEEDED, contact_fields

    now = utc_now()
    typed = contact_fields("Mia", **NOWHERE | WHO, received_at=now)
    typed.pop("request_id", None)
    with following.acting(Database(f"sqlite:///{tmp_path}/pathway-data/pathway.db"), SYSTEM, now=now) as act:
        logged = logging_contact.log_contact(act, inputs.parse(logging_contact.ContactInput, typed))
        (child,) = referral_rows.of_contact(act.session, id_of(logged))
        checks = [screening.CheckInput(kind=kind, made=True, found="Nothing.") for kind in NEEDED]
        screening.screen(act, id_of(child), checks, version=None)
        data = decision_input.DecisionInput(
            outcome="no-further-action", level_of_need="1", reasons="Threshold not met."
        )
        deciding.decide(act, id_of(child), data, version=None)
        return logged.ref


def number(pathway):
    return pathway("letters", "owed").out.split()[0]


def test_a_letter_without_an_address_is_listed_until_one_is_found(pathway, contact):
    assert f"outcome to Quintilia Zebrowska, contact {contact}" in pathway("letters", "owed").out
    assert "No address" in pathway("letters", "owed").out
    pathway("referrer", "address", contact, "--address", ADDRESS)
    assert "To be posted" in pathway("letters", "owed").out
    ended = pathway("referrer", "address", contact, "--email", "found@school.example.org")
    assert ended.out == f"Contact {contact}: The address is kept.\n"
    assert "1 message queued" in ended.err
    assert pathway("letters", "owed").out == "No letter is owed.\n"


def test_told_by_telephone_leaves_it_owed_and_posted_does_not(pathway, contact):
    letter, now = number(pathway), utc_now().isoformat()
    told = pathway("letters", "left", letter, "by-telephone", "--at", now, "--note", "No address yet.")
    assert told.out == f"Recorded for letter {letter}: told by telephone; it is still owed in writing.\n"
    assert number(pathway) == letter
    assert pathway("letters", "left", letter, "post", "--at", now).code == 0
    assert pathway("letters", "owed").out == "No letter is owed.\n"


def test_why_a_letter_can_not_be_sent_is_recorded(pathway, contact):
    letter = number(pathway)
    assert pathway("letters", "excuse", letter, "--reason", "The nursery is closed.").code == 0
    assert pathway("letters", "owed").out == "No letter is owed.\n"
    assert "Letter can't be sent (outcome): The nursery is closed." in pathway("referral", f"{contact}-1").out


def test_unsafe_to_contact_and_safe_again(pathway, contact):
    assert "Marked as unsafe" in pathway("referrer", "unsafe", contact, "--reason", "Letters are opened.").out
    assert pathway("letters", "owed").out == "No letter is owed.\n"
    assert "No longer marked" in pathway("referrer", "safe", f"{contact}-1", "--reason", "Has moved out.").out
    assert contact in pathway("letters", "owed").out


def test_a_protected_referrer_is_named_by_no_command(pathway, contact):
    pathway("referrer", "protect", contact, "--reason", "Asked for it.")
    outputs = [
        pathway("letters", "owed"),
        pathway("referral", contact),
        pathway("referral", f"{contact}-1"),
        pathway("report", "timeliness", "--from", "2009-03-01", "--to", "2030-03-31", "--json"),
        pathway("report", "timeliness", "--from", "2009-03-01", "--to", "2030-03-31"),
        pathway("sweep"),
        pathway("doctor"),
    ]
    for ended in outputs:
        assert "Zebrowska" not in ended.out + ended.err
        assert "Xanthippe" not in ended.out + ended.err
    assert "Referrer’s identity is protected" in outputs[0].out
    pathway("referrer", "share", contact, "--reason", "Agrees now.")
    assert "Zebrowska" in pathway("letters", "owed").out


def test_that_somebody_looked_is_kept(pathway, contact, tmp_path):
    pathway("letters", "owed")
    with Database(f"sqlite:///{tmp_path}/pathway-data/pathway.db").read() as session:
        assert rows.everything(session, Access)[-1].what == "letters owed, on the command line"


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("letters", "left", "999", "post", "--at", "2009-03-27T16:00:00Z"), "There is no letter 999"),
        (("letters", "left", "1", "pigeon", "--at", "2009-03-27T16:00:00Z"), "does not leave by 'pigeon'"),
        (("letters", "excuse", "1", "--reason", " "), "reason: This is needed"),
        (("referrer", "address", "OLD-1"), "No address is given"),
        (("referrer", "address", "OLD-1", "--email", "x@"), "not an e-mail address"),
        (("referrer", "safe", "OLD-1", "--reason", "x"), "is not marked as unsafe"),
        (("referrer", "unsafe", "OLD-9", "--reason", "x"), "There is no contact or referral OLD-9"),
    ],
)
def test_what_can_not_be_done_is_an_error_with_a_remedy(pathway, contact, words, problem):
    ended = pathway(*words)
    assert ended.code == 2
    assert problem in ended.err

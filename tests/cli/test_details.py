"""``pathway details``: the same steps as on the pages, with the same refusals."""

from __future__ import annotations

import pytest

from pathway.engine.act import Act
from pathway.engine.actors import SystemName
from pathway.engine.intake import adults
from storage.sessions import Database
from storage.tables import Contact, NamedAdult, Referral
from support.old_system import line
from support.rows import everything

ANN = adults.AdultInput(forename="An", surname="Reed", relation="mother")


@pytest.fixture
def reference(pathway, imported, tmp_path):
    """The reference of Mia's referral."""
    imported(line())
    with Database(f"sqlite:///{tmp_path}/pathway-data/pathway.db").read() as session:
        return everything(session, Referral)[0].ref


def correct(pathway, ref, field, to, step="correct"):
    return pathway("details", step, ref, "--field", field, "--to", to, "--reason", "The school looked.")


def test_a_preview_says_what_follows_and_keeps_nothing(pathway, reference):
    ended = correct(pathway, reference, "birth-date", "9 March 2004", "preview")
    assert "birth date: 9 March 2004" in ended.out
    assert "Nothing has been kept" in ended.out
    assert "0 corrections." in pathway("details", "list", reference).out


def test_a_detail_is_corrected_and_listed(pathway, reference):
    assert "Corrected: birth date" in correct(pathway, reference, "birth-date", "9 March 2004").out
    assert "Corrected: referrer’s agency" in correct(pathway, reference.rsplit("-", 1)[0], "agency", "Hill School").out
    listed = pathway("details", "list", reference).out
    assert "birth date: 9 March 2004. It read: " in listed
    assert "2 corrections." in listed


def test_what_is_wrong_is_said(pathway, reference):
    assert "This is not a date" in correct(pathway, reference, "birth-date", "31 2 2004").err
    assert "There is no detail" in correct(pathway, reference, "nonsense", "1").err
    assert "There is no contact or referral PW-0" in correct(pathway, "PW-0", "school", "1").err
    assert "0 letters." in pathway("details", "letters").out


@pytest.fixture
def adult(reference, tmp_path):
    """The number of an adult of Mia's contact, as the form would have kept her."""
    with Database(f"sqlite:///{tmp_path}/pathway-data/pathway.db").write() as session:
        (referral,) = everything(session, Referral)
        contact = session.get_one(Contact, referral.contact_id)
        adults.keep(Act.of_system(session, SystemName.PATHWAY, now=contact.recorded_at), contact, [referral], [ANN])
        return everything(session, NamedAdult)[0].id


def test_an_adult_is_listed_corrected_and_taken_off(pathway, reference, adult):
    assert f"{adult}  An Reed" in pathway("details", "adults", reference).out
    typed = ("details", "correct-adult", str(adult), "--reason", "As she spells it.")
    previewed = pathway("details", "preview-adult", *typed[2:], "--field", "forename", "--to", "Ann")
    assert "adult’s first names: Ann" in previewed.out
    assert "Nothing has been kept" in previewed.out
    assert (
        f"Corrected: adult’s first names, adult {adult}." in pathway(*typed, "--field", "forename", "--to", "Ann").out
    )
    of_child = ("--field", "relation", "--to", "carer", "--of", reference)
    assert "relation to the child: Carer" in pathway(*typed, *of_child).out
    assert f"    {reference}: carer" in pathway("details", "adults", reference).out
    assert "Corrected: adult named by mistake" in pathway(*typed, "--field", "mistake").out
    assert "0 adults." in pathway("details", "adults", reference).out
    assert "adult’s first names, Ann Reed: Ann. It read: An." in pathway("details", "list", reference).out
    assert "named by mistake" in pathway(*typed, "--field", "phone", "--to", "1").err
    assert (
        "There is no adult with number 999"
        in pathway("details", "correct-adult", "999", *typed[3:], "--field", "phone").err
    )

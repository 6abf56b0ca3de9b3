"""``pathway details``: the same steps as on the pages, with the same refusals."""

from __future__ import annotations

import pytest

from storage.sessions import Database
from storage.tables import Referral
from support.old_system import line
from support.rows import everything


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

"""``pathway information``: added with files and listed, with the same refusals as on the pages."""

from __future__ import annotations

import pytest

from storage.sessions import Database
from storage.tables import Contact
from support import added
from support.old_system import line
from support.rows import everything


@pytest.fixture
def reference(pathway, imported, tmp_path):
    """The reference of a contact."""
    imported(line())
    with Database(f"sqlite:///{tmp_path}/pathway-data/pathway.db").read() as session:
        return everything(session, Contact)[0].ref


def add(pathway, reference, *more):
    return pathway("information", "add", reference, "--channel", "letter", "--text", "The aunt has her.", *more)


def test_information_is_added_with_a_file_and_listed(pathway, reference, tmp_path):
    (tmp_path / "scan.txt").write_bytes(added.PDF)
    ended = add(pathway, reference, "--from", "Dr Lund", "--at", "9 3 2009 16:40", "--file", tmp_path / "scan.txt")
    assert f"Added to contact {reference}, with 1 file." in ended.out
    listed = pathway("information", "list", reference).out
    assert "Mon 9 Mar 2009, 16:40, by letter, from Dr Lund: The aunt has her." in listed
    assert "scan.pdf, PDF" in listed


def test_what_is_wrong_is_said(pathway, reference, tmp_path):
    (tmp_path / "run.pdf").write_bytes(b"MZ")
    assert "run.pdf is of no kind that is kept" in add(pathway, reference, "--file", tmp_path / "run.pdf").err
    assert "can't be read" in add(pathway, reference, "--file", tmp_path / "none.pdf").err
    assert "not a date with a time" in add(pathway, reference, "--at", "yesterday").err
    assert "0 added." in pathway("information", "list", reference).out

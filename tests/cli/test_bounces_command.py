"""``pathway bounces``: collected once, and listed for a person."""

from __future__ import annotations

import pytest

from support import bounced
from support.old_system import line, written

UNKNOWN = bounced.PERSON.format(date="Fri, 06 Mar 2009 16:41:02 +0000").encode()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A drop folder that the setting names."""
    found = tmp_path / "returned"
    found.mkdir()
    monkeypatch.setenv("PATHWAY_RETURNED_MAIL", str(found))
    return found


def test_what_waits_is_recorded_once(pathway, folder):
    bounced.drop(folder, UNKNOWN)
    assert "Recorded 1 e-mail. 1 bounce waits for a person." in pathway("bounces", "collect").out
    bounced.drop(folder, UNKNOWN)
    assert "Recorded 0 e-mails. 1 bounce waits for a person." in pathway("bounces", "collect").out


def test_what_waits_for_a_person_is_listed(pathway, folder):
    assert pathway("bounces", "list").out == "Nothing waits for a person.\n"
    bounced.drop(folder, UNKNOWN)
    pathway("bounces", "collect")
    assert pathway("bounces", "list").out.startswith("1: unknown, ada@school.example.org, Fri 6 Mar 2009, 16:41.")


def test_without_the_setting_it_says_how_to_set_it(pathway):
    ended = pathway("bounces", "collect")
    assert ended.code == 2
    assert "PATHWAY_RETURNED_MAIL" in ended.err


@pytest.mark.parametrize("setting", ["imaps://jo:hush@", "mail.example.org", "/nowhere/at/all"])
def test_a_source_that_cannot_be_read_is_named_without_its_secret(pathway, monkeypatch, setting):
    monkeypatch.setenv("PATHWAY_RETURNED_MAIL", setting)
    ended = pathway("bounces", "collect")
    assert ended.code == 2
    assert "hush" not in ended.err + ended.out
    assert "FAULT  bounces" in pathway("doctor").out


def test_the_doctor_finds_a_folder_in_order(pathway, folder):
    assert f"OK     bounces      {folder} can be read" in pathway("doctor").out


def test_whoever_may_not_record_letters_sees_no_bounces(pathway, monkeypatch, tmp_path):
    import io

    pathway("import", "contacts", written(tmp_path, line()))
    monkeypatch.setattr("sys.stdin", io.StringIO("three plain words\n"))
    pathway("user", "add", "al", "--name", "Al", "--email", "al@example.org", "--role", "auditor", "--password-stdin")
    ended = pathway("bounces", "list", "--by", "al")
    assert ended.code == 2
    assert "does not allow" in ended.err

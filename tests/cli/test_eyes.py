"""No looking command names a restricted child or a protected referrer to whoever is shut out."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from pathway.engine import record_access
from storage.tables import Access
from support import shut_out
from support.front_door import MANAGER, OFFICER

REF, CONTACT = "{ref of a referral}", "{ref of a contact}"
LISTS = (
    ("letters", "owed"),
    ("letters", "queue"),
    ("outbox", "list"),
    ("bounces", "list"),
    ("matches", "list"),
    ("matches", "list", "--state", "confirmed"),
    ("matches", "list", "--name", "Zebedee"),
    ("outbox", "list", "--to", "Calliope"),
    ("onward", "list"),
    ("report", "children", "children", "--from", "2009-03-01", "--to", "2009-04-30"),
    ("report", "children", "letters out", "--from", "2009-03-01", "--to", "2009-04-30", "--csv"),
    ("report", "figures", "--from", "2009-03-01", "--to", "2009-04-30"),
    ("report", "timeliness", "--from", "2009-03-01", "--to", "2009-04-30", "--json"),
)
RECORDS = (
    ("referral", REF),
    ("referral", CONTACT),
    ("chronology", REF),
    ("letters", "preview", "outcome", "--ref", CONTACT),
)
ACTS = (
    ("close", REF, "--reason", "Done"),
    ("danger", "mark", CONTACT, "--reason", "He is back"),
    ("why-late", REF, "--late-reason", "staff-away"),
    ("kind", CONTACT, "harm", "--reason", "The police rang"),
    ("letters", "left", "{letter_id}", "by hand", "--at", "2009-03-26T10:00:00Z"),
    ("letters", "excuse", "{letter_id}", "--reason", "Closed"),
    ("letters", "link", "revoke", "{letter_id}", "--reason", "Wrong"),
    ("letters", "link", "renew", "{letter_id}"),
    ("outbox", "retry", "{message_id}"),
    ("outbox", "cancel", "{message_id}", "--reason", "Wrong"),
    ("matches", "confirm", "{match_id}", "--reason", "Same"),
    ("transfer", "refuse", REF, "--reason", "No"),
)


@pytest.fixture
def scene(newcomer, open_door, tmp_path, monkeypatch):
    door = open_door("2009-03-26 10:00")
    folder = tmp_path / "mailbox"
    folder.mkdir()
    subjects = shut_out.build(door, folder)
    monkeypatch.setenv("PATHWAY_DATABASE_URL", door.database.url)
    return newcomer, subjects, door


def filled(command, subjects):
    return [subjects.of_child[part[1:-1]][0] if part.startswith("{") else part for part in command]


def leaked(ended):
    text = (ended.out + ended.err).casefold()
    return [word for word in (*shut_out.CHILD, *shut_out.REFERRER) if word.casefold() in text]


def test_no_list_on_the_command_line_names_them(scene):
    pathway, *_ = scene
    found = {command: pathway(*command) for command in LISTS}
    assert {command: ended.err for command, ended in found.items() if ended.code} == {}
    assert {command: leaked(ended) for command, ended in found.items() if leaked(ended)} == {}


@pytest.mark.parametrize("by", ["", OFFICER.username])
def test_no_record_of_the_child_is_printed_or_changed_and_each_refusal_is_kept(scene, by):
    pathway, subjects, door = scene
    as_whom = ("--by", by) if by else ()
    commands = [
        [*filled(command, subjects), *(as_whom if command in ACTS or command[1] == "preview" else ())]
        for command in (*RECORDS, *ACTS)
    ]
    found = [pathway(*map(str, command)) for command in commands]
    assert [(ended.code, leaked(ended)) for ended in found] == [(2, [])] * len(found)
    with door.database.read() as session:
        refused = session.exec(select(Access).where(col(Access.reason) == record_access.CLOSED)).all()
    assert len(refused) >= len(found)


def test_whoever_is_named_reads_the_lists_of_the_child(scene):
    pathway, *_ = scene
    ended = pathway("outbox", "list", "--by", MANAGER.username)
    assert "Calliope" in ended.out

"""``pathway import contacts``: for people, for scripts, and safe to try."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

from support.old_system import UNDECIDED, line, sibling, written

KEYS = [
    "run",
    "contacts_taken",
    "referrals_taken",
    "contacts_held_back",
    "contacts_already_there",
    "contacts_completed",
    "refused",
    "faults",
]
FAULT_KEYS = ["line", "contact_ref", "column", "value", "problem", "remedy", "held_back"]


def test_all_taken_ends_with_0(pathway, tmp_path):
    ended = pathway("import", "contacts", written(tmp_path, line(), sibling("Leo")))
    assert ended.code == 0
    assert "Taken:  1 contact about 2 children" in ended.out
    assert "1 of 1 contacts" in ended.err


def test_something_held_back_ends_with_2_and_names_the_line(pathway, tmp_path):
    ended = pathway(
        "import", "contacts", written(tmp_path, line(), line(contact_ref="OLD-2", received="31/02/2009 10:00"))
    )
    assert ended.code == 2
    assert "line 3, OLD-2, received '31/02/2009 10:00'" in ended.out
    assert "Write it as 10/03/2009 18:56." in ended.out


def test_json_is_one_line_the_last_with_exactly_these_keys(pathway, tmp_path):
    path = written(tmp_path, line(contact_ref=""), line(child_nhs_number="1", contact_ref="OLD-2"))
    ended = pathway("import", "contacts", path, "--json")
    found = json.loads(ended.out.splitlines()[-1])
    assert list(found) == KEYS
    assert [list(fault) for fault in found["faults"]] == [FAULT_KEYS, FAULT_KEYS]
    assert [(fault["line"], fault["held_back"]) for fault in found["faults"]] == [(2, True), (3, False)]


def test_a_trial_makes_no_database(newcomer, tmp_path):
    ended = newcomer("import", "contacts", written(tmp_path, line()), "--dry-run")
    assert "nothing was written" in ended.out
    assert not (tmp_path / "pathway-data").exists()


def test_again_changes_nothing(pathway, tmp_path):
    path = written(tmp_path, line())
    pathway("import", "contacts", path)
    found = json.loads(pathway("import", "contacts", path, "--json").out)
    assert (found["contacts_taken"], found["contacts_already_there"]) == (0, 1)


def test_a_message_that_nobody_can_send_stays_queued_and_that_is_said(pathway, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("three plain words\n"))
    person = ("user", "add", "grace", "--name", "Grace", "--email", "grace@example.org", "--role", "service manager")
    pathway(*person, "--password-stdin")
    ended = pathway("import", "contacts", written(tmp_path, line(**UNDECIDED)))
    assert "1 message queued: no mail server is named" in ended.err


def test_a_file_that_is_not_there_is_an_error_with_a_remedy(pathway):
    ended = pathway("import", "contacts", "nowhere.csv")
    assert ended.code == 2
    assert ended.err.startswith("error: nowhere.csv: The file can't be read")


def test_an_unknown_book_is_an_error(pathway, tmp_path):
    ended = pathway("import", "contacts", written(tmp_path, line()), "--book", "no-such-book")
    assert ended.code == 2
    assert "haringey-2009" in ended.err


def test_what_was_typed_does_nothing_to_a_terminal(pathway, tmp_path):
    path = written(tmp_path, line(child_dob="\x1b[2J\x1b]0;gone\x07"))
    assert "\x1b" not in pathway("import", "contacts", path).out


def test_a_terminal_that_knows_no_accents_ends_no_import(tmp_path):
    path = written(tmp_path, line(child_forename="HERE", child_dob="gestern, Łukasz"))
    path.write_bytes(path.read_bytes().replace(b"HERE", b"Ren\xe9e"))
    ran = subprocess.run(
        [sys.executable, "-c", "from pathway.cli import main; main()", "import", "contacts", path, "--dry-run"],
        env=os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        capture_output=True,
        check=True,
        cwd=tmp_path,
    )
    assert b"gestern, \\u0141ukasz" in ran.stdout
    assert b"bytes are not UTF-8" in ran.stdout


def test_an_import_is_taken_back_after_it_was_shown_and_can_be_taken_in_again(pathway, tmp_path):
    path = written(tmp_path, line(), line(contact_ref="OLD-2"))
    assert "pathway import undo 1" in pathway("import", "contacts", path).out
    asked = pathway("import", "undo", "1")
    assert "Would be taken back:  2 contacts" in asked.err
    assert "nothing was taken back" in asked.err
    ended = pathway("import", "undo", "1", "--because", "The wrong file", "--yes")
    assert (ended.code, ended.out.splitlines()[0]) == (0, "Taken back:  2 contacts")
    assert "0 contacts on record" in (listed := pathway("import", "runs").out)
    assert "The wrong file" in listed
    assert json.loads(pathway("import", "undo", "1", "--yes", "--json").out) == {"run": 1, "taken_back": [], "kept": []}
    assert "Taken:  2 contacts" in pathway("import", "contacts", path).out
    assert [run["contacts_standing"] for run in json.loads(pathway("import", "runs", "--json").out)] == [2, 0]


def test_what_somebody_has_worked_on_is_kept_and_the_command_ends_with_2(pathway, tmp_path):
    pathway("import", "contacts", written(tmp_path, line(), line(contact_ref="OLD-2", child_forename="Ivy")))
    pathway("set-aside", "OLD-2", "--reason", "Logged in error")
    ended = pathway("import", "undo", "1", "--yes")
    assert ended.code == 2
    assert "Kept:  1 contact\n  OLD-2: set aside by " in ended.out

"""``pathway rules``: what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from pathway.cli import rule_files
from pathway.cli.rulebooks.rules import app
from pathway.engine.rulebooks import shipped
from rules.books import describe, diagram

EASTER = ("--book", "working-together-2023", "--clock", "acknowledgement", "--from", "2009-04-09T17:10:00+01:00")


def run(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(app, list(arguments), input=stdin)


@pytest.mark.parametrize("name", [*shipped.shipped_books()])
def test_check_finds_no_fault_in_a_shipped_book(name):
    result = run("check", name)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "no faults" in result.stdout


def test_check_names_every_fault_and_ends_with_2(tmp_path: Path):
    text = (
        shipped.book_text("haringey-2009")
        .replace('effect      = "close"\n', "")
        .replace('limit     = "24 hours"', 'limit = "24 ours"', 1)
    )
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")
    result = run("check", str(tmp_path / "ours.toml"))
    assert result.exit_code == 2
    places = {line.partition(":")[0] for line in result.stderr.splitlines()}
    assert places == {"outcomes.no-further-action.effect", "clocks.decision.limit"}


def test_check_looks_at_a_calendar_too(tmp_path: Path):
    text = shipped.calendar_text("england")
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")
    assert "Open 5 days a week" in run("check", str(tmp_path / "ours.toml")).stdout
    (tmp_path / "ours.toml").write_text(text.replace("Europe/London", "Europe/Lundon"), encoding="utf-8")
    assert "zone: 'Europe/Lundon' is no time zone" in run("check", str(tmp_path / "ours.toml")).stderr


def test_check_measures_a_book_by_the_calendar_beside_it(tmp_path: Path):
    book = (
        shipped.book_text("haringey-2009")
        .replace('"england"', '"ours"')
        .replace('"1 working day"', '"300 working days"')
    )
    calendar = shipped.calendar_text("england").replace("[week]", "years = [2009, 2009]\n[week]")
    (tmp_path / "book.toml").write_text(book, encoding="utf-8")
    (tmp_path / "ours.toml").write_text(calendar, encoding="utf-8")
    result = run("check", str(tmp_path / "book.toml"))
    assert result.stderr.startswith("clocks.allocation.limit: the calendar 'ours' can't reach 300 working days.")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a = [", "this is not TOML"),
        (b"\xff\xfe", "not UTF-8"),
        (b"", "title: it is missing"),
        (None, "No book and no file is called"),
    ],
)
def test_check_of_what_is_no_book(tmp_path: Path, content: bytes | None, told: str):
    path = tmp_path / "strange.toml"
    if content is not None:
        path.write_bytes(content)
    result = run("check", str(path))
    assert result.exit_code == 2
    assert told in result.stderr


def test_a_calendar_that_is_nowhere(tmp_path: Path):
    book = shipped.book_text("haringey-2009").replace('= "england"', '= "atlantis"')
    (tmp_path / "book.toml").write_text(book, encoding="utf-8")
    assert run("check", str(tmp_path / "book.toml")).stderr.startswith("calendar: No calendar 'atlantis' is shipped")


def test_show_prints_the_book_in_words():
    expected = describe.book(*rule_files.book_and_calendar("haringey-2009"))
    assert run("show", "haringey-2009").stdout == expected + "\n"


def test_diagram_in_both_formats():
    assert run("diagram").stdout == diagram.mermaid()
    assert run("diagram", "--format", "svg").stdout == diagram.svg()


def test_document_prints_or_writes_the_page(tmp_path: Path):
    assert run("document").stdout == rule_files.pathway_document()
    run("document", "--write", str(tmp_path / "page.md"))
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == rule_files.pathway_document()


def test_explain_numbers_its_steps():
    lines = run("explain", *EASTER).stdout.splitlines()
    assert lines[0].startswith("1. Received Thu 9 Apr 2009 17:10, after closing at 17:00: counts as Tue 14 Apr 2009")
    assert lines[-1] == "3. Due when the office closes: Wed 15 Apr 2009 17:00."


def test_explain_as_json_ends_where_due_says():
    terms = json.loads(run("explain", *EASTER, "--json").stdout)
    assert json.loads(run("due", *EASTER, "--json").stdout) == {"due": terms["due"]} == {"due": "2009-04-15T16:00:00Z"}


def test_pauses_and_extensions_on_the_command_line():
    pause = "2009-04-14T09:00:00Z/2009-04-14T10:00:00Z"
    result = run("explain", *EASTER, "--pause", pause, "--extend", "2 working days")
    assert "Extended by 2 working days: due Fri 17 Apr 2009 16:45" in result.stdout
    assert "1 h of office hours given back, due Mon 20 Apr 2009 09:45" in result.stdout


def test_due_says_the_moment_in_words():
    result = run("due", "--book", "haringey-2009", "--clock", "decision", "--from", "2009-03-06T16:40:00Z")
    assert result.stdout == "Due Sat 7 Mar 2009 16:40.\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("due",), "--book: it is missing"),
        (("between", "--book", "haringey-2009"), "--from: it is missing"),
        (("explain", "--book", "nobody", "--clock", "decision", "--from", "2009-03-06T16:40:00Z"), "called 'nobody'"),
        (
            ("explain", "--book", "haringey-2009", "--clock", "decison", "--from", "2009-03-06T16:40Z"),
            "mean 'decision'",
        ),
        (("explain", "--book", "haringey-2009", "--clock", "decision", "--from", "2009-03-06"), "has no time zone"),
        (("explain", "--book", "haringey-2009", "--clock", "decision", "--from", "Friday"), "no moment"),
        (("due", *EASTER, "--extend", "a while"), "--extend: 'a while' can't be read"),
        (("due", *EASTER, "--pause", "2009-04-14T09:00:00Z/"), "stood still since"),
        (("show", "nobody"), "called 'nobody'"),
    ],
)
def test_a_wrong_question_is_told_and_ends_with_2(arguments, told):
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_a_batch_answers_every_line_and_ends_well():
    lines = [
        '{"book": "haringey-2009", "clock": "decision", "from": "2009-03-06T16:40:00Z"}',
        "garbage",
        "",
        '{"id": 3}',
    ]
    result = run("due", "--batch", stdin="\n".join(lines) + "\n")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [list(answer) for answer in answers] == [["due"], ["error"], ["id", "error"]]
    assert result.exit_code == 0


def test_between_measures_one_pair_or_many():
    moments = ("--from", "2009-04-09T15:00:00Z", "--to", "2009-04-14T09:00:00Z")
    assert run("between", "--book", "haringey-2009", *moments).stdout == '{"working_seconds": 8100}\n'
    line = '{"calendar": "england", "from": "2009-04-09T15:00:00Z", "to": "2009-04-14T09:00:00Z"}\n'
    assert run("between", "--batch", stdin=line).stdout == '{"working_seconds": 8100}\n'


@pytest.mark.parametrize("command", ["check", "show", "diagram", "document", "explain", "due", "between"])
def test_help_teaches_with_an_example(command):
    assert f"pathway rules {command}" in " ".join(run(command, "--help").stdout.split())


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "POSIX"])
def test_a_batch_goes_on_after_a_line_that_is_no_utf8_under_any_locale(locale):
    good = b'{"book": "haringey-2009", "clock": "decision", "from": "2009-03-06T16:40:00Z"}\n'
    ran = subprocess.run(
        [sys.executable, "-c", "from pathway.cli import main; main()", "rules", "due", "--batch"],
        input=b"\xff\xfe{}\n" + good + b'{"book": "Z\xc3\xb6e"}\n\x81\n' + good,
        env=os.environ | {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        capture_output=True,
        check=True,
    )
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [sorted(answer) for answer in answers] == [["error"], ["due"], ["error"], ["error"], ["due"]]
    assert "UTF-8" in answers[0]["error"]


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        (f'title = "a"\nversion = {"9" * 5000}\n', "line 2", "thousands of digits"),
        (f'title = "a"\n\nnotes = {"[" * 3000}{"]" * 3000}\n', "line 3", "too deep"),
        (f"{'a.' * 3000}b = 1\n", "a", "too deep"),
        (f"notes = {'[' * 60}1{']' * 60}\n", "notes", "too deep"),
    ],
)
def test_numbers_and_nesting_beyond_measure_are_faults_with_a_place(tmp_path, text, place, problem):
    path = tmp_path / "odd.toml"
    path.write_text(text)
    result = run("check", str(path))
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"{place}: ")
    assert problem in line

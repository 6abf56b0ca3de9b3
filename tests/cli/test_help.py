"""Help that teaches: what a command does, and an example of it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pathway.cli.table import AREAS, RULES

COMMANDS = (
    ["up"],
    ["serve"],
    ["worker"],
    ["migrate"],
    ["doctor"],
    ["user", "add"],
    ["team", "add"],
    ["team", "add-worker"],
    ["import", "contacts"],
    ["report", "timeliness"],
    ["report", "figures"],
    ["report", "children"],
    ["why-late"],
    ["sweep"],
    ["referral"],
    ["chronology"],
    ["set-aside"],
    ["restore"],
    ["correct"],
    ["second-look"],
    ["rules", "publish"],
    ["rules", "diff"],
    ["milestone"],
    ["matches", "list"],
    ["matches", "confirm"],
    ["matches", "decline"],
    ["persons", "merge"],
    ["persons", "undo"],
    ["danger", "mark"],
    ["danger", "withdraw"],
    ["check"],
    ["kind"],
    ["letters", "owed"],
    ["letters", "left"],
    ["letters", "excuse"],
    ["letters", "queue"],
    ["letters", "print"],
    ["letters", "posted"],
    ["outbox", "list"],
    ["outbox", "retry"],
    ["outbox", "cancel"],
    ["bounces", "collect"],
    ["bounces", "list"],
    ["referrer", "address"],
    ["referrer", "unsafe"],
    ["referrer", "safe"],
    ["referrer", "protect"],
    ["referrer", "share"],
    ["rules", "move"],
    ["rules", "replay"],
    ["calendar", "show"],
    ["calendar", "publish"],
    ["calendar", "preview"],
    ["calendar", "move"],
    ["demo"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_gives_an_example_of_itself(pathway, command):
    ended = pathway(*command, "--help")
    assert ended.code == 0
    assert f"pathway {' '.join(command)}" in ended.out.partition("Example")[2]


def test_the_list_of_commands_tells_by_area_what_each_does_without_cutting_it_short(pathway):
    listed = pathway("--help").out.partition("Running it:")[2]
    assert all(f"  {command[0]} " in listed for command in COMMANDS)
    assert [area for area in AREAS if f"\n{area}:\n" not in f"\nRunning it:{listed}"] == []
    assert "..." not in listed + pathway("rules", "--help").out.partition("Options:")[2]


def first_sentence(text):
    return text.partition(". ")[0].rstrip(".") + "."


@pytest.mark.parametrize("table", [AREAS, RULES], ids=["pathway", "pathway rules"])
def test_what_help_says_before_a_command_is_loaded_is_what_the_command_says(table):
    told = {name: lazy.help for commands in table.values() for name, lazy in commands.items()}
    said = {name: lazy.load(name) for commands in table.values() for name, lazy in commands.items()}
    assert {
        name: found.get_short_help_str(200).partition(". ")[0].rstrip(".") + "." for name, found in said.items()
    } == told


def test_without_a_command_the_help_is_shown(pathway):
    ended = pathway()
    assert "Running it:" in ended.out + ended.err


def test_a_wrong_option_is_told_without_a_traceback(pathway):
    ended = pathway("up", "--prot", "8000")
    assert ended.code == 2
    assert "No such option" in ended.err


@pytest.mark.parametrize("words", ["--help", "rules --help", "rules check haringey-2009", "version"])
def test_help_and_rules_load_neither_database_nor_pages(words):
    program = (
        "import sys\nfrom pathway.cli import main\ntry: main(sys.argv[1:])\nexcept SystemExit: pass\n"
        "print([name for name in ('sqlalchemy', 'fastapi') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program, *words.split()], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"

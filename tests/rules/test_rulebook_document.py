"""The page that teaches a service manager to change a book: its examples are true."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pathway.cli.rulebooks.rules import app
from pathway.engine.rulebooks import shipped
from rules.timing import counting
from rules.vocabulary import Role

PAGE = (Path(__file__).parents[2] / "docs" / "rulebook.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_toml(example):
    assert tomllib.loads(example)


def test_the_clock_explained_line_by_line_is_the_one_that_ships():
    shown = next(tomllib.loads(example) for example in EXAMPLES if "[clocks.decision]" in example)
    assert shown["clocks"]["decision"] == tomllib.loads(shipped.book_text("haringey-2009"))["clocks"]["decision"]


def test_the_command_shown_prints_what_is_shown():
    command, printed = re.search(r"```\npathway rules (explain .*?)\n```\n\n```\n(.*?)```", PAGE, re.DOTALL).groups()
    assert CliRunner().invoke(app, command.split()).stdout == printed


def test_the_faults_shown_are_worded_as_the_program_words_them(tmp_path):
    shown = re.search(r"   ```\n(.*?)   ```", PAGE, re.DOTALL)[1]
    book = (
        shipped.book_text("haringey-2009")
        .replace('imported_as = ["CAF"]', "#")
        .replace('"head of service",   local', '"head of servise", local', 1)
    )
    book = book.replace('effect      = "hand over"', "", 1)
    (tmp_path / "our-council.toml").write_text(book, encoding="utf-8")
    told = CliRunner().invoke(app, ["check", str(tmp_path / "our-council.toml")]).stderr.splitlines()
    assert sorted(line.strip() for line in shown.splitlines()) == sorted(told)


@pytest.mark.parametrize(
    "word", [*Role, *counting.KEYS, *(str(v) for known in counting.OPTIONS.values() for v in known)]
)
def test_every_role_and_option_is_taught(word):
    assert word in " ".join(PAGE.split())

"""Every command line in a document is one that the program has, with options that it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from typer.main import get_command

from pathway.cli.app import app
from support import source

DOCUMENTS = [path for path in source.committed() if path.suffix == ".md"]
COMMANDS = get_command(app)
LINES = re.compile(r"`([^`\n]+)`|^(?:\w+=\S+ )*(pathway .*)$", flags=re.MULTILINE)


def command_lines(text: str) -> Iterator[list[str]]:
    """The words after ``pathway`` of every command line, in running text and in blocks, without comments."""
    for code, line in LINES.findall(text):
        words = (code or line).partition(" #")[0].split()
        words = [word for word in words if not re.match(r"[A-Z_]+=", word)]
        if words[:1] == ["pathway"] and len(words) > 1 and words[1] not in {"|", "..."}:
            yield words[1:]


def unknown(words: list[str]) -> str:
    """The first word that the program does not know, or the empty string."""
    command = COMMANDS
    for word in words:
        if hasattr(command, "get_command") and not word.startswith("-"):
            command = command.get_command(None, word)
            if command is None:
                return word
        elif word.startswith("--") and word != "--help" and word.partition("=")[0] not in options(command):
            return word
    return ""


def options(command) -> set[str]:
    return {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}


def test_command_lines_are_ones_that_the_program_has():
    found = [(str(path), words) for path in DOCUMENTS for words in command_lines(source.text_of(path))]
    assert [(path, " ".join(words), word) for path, words in found if (word := unknown(words))] == []


@pytest.mark.parametrize("line", ["rules chek", "import contacts FILE.csv --dry", "fly"])
def test_a_wrong_command_line_is_seen(line):
    assert unknown(line.split())


def test_command_lines_are_found_in_text_and_in_blocks():
    text = "Run `pathway up` first.\n\n```sh\nPORT=8080 pathway serve --host 0.0.0.0  # pages\n```\n"
    assert list(command_lines(text)) == [["up"], ["serve", "--host", "0.0.0.0"]]

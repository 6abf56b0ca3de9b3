"""``rules`` takes values and hands back values: import-linter has no allow-list, so this reads the code itself."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

import pytest

from support import source

ALLOWED = (set(sys.stdlib_module_names) | {"holidays", "jellyfish", "rapidfuzz", "rules"}) - {
    # what opens files, programs or connections, waits, or reads a clock or the environment
    "asyncio", "concurrent", "fileinput", "ftplib", "glob", "http", "importlib", "io", "logging", "multiprocessing",
    "os", "pathlib", "pkgutil", "select", "selectors", "shelve", "shutil", "signal", "smtplib", "socket", "sqlite3",
    "ssl", "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid",
}  # fmt: skip
OPENING = {"open", "print", "input", "exec", "eval", "__import__", "read_text", "read_bytes", "write_text"}
CLOCKS = {"now", "utcnow", "today", "utc_now", "localtime", "gmtime"}


def imported(tree: ast.AST) -> set[str]:
    """The top-level names that a module imports, wherever in it the import stands."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names


def called(tree: ast.AST) -> Iterator[str]:
    """The last word of everything that is called: ``now`` for ``datetime.now(UTC)``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr


RULES = {str(path): source.tree_of(path) for path in source.modules("rules")}


def test_there_are_rules_to_read():
    assert len(RULES) > 3


def test_rules_import_only_the_standard_library_holidays_and_string_distances():
    assert {path: names for path, tree in RULES.items() if (names := imported(tree) - ALLOWED)} == {}


def test_rules_open_nothing():
    assert {path: names for path, tree in RULES.items() if (names := OPENING & set(called(tree)))} == {}


def test_rules_read_no_clock():
    assert {path: names for path, tree in RULES.items() if (names := CLOCKS & set(called(tree)))} == {}


@pytest.mark.parametrize("line", ["import sqlmodel", "import os", "from storage import clock", "import time as t"])
def test_an_impure_import_is_seen(line):
    assert not imported(ast.parse(line)) <= ALLOWED


@pytest.mark.parametrize("line", ["datetime.now(UTC)", "date.today()", "open('book.toml')", "path.read_text()"])
def test_an_impure_call_is_seen(line):
    assert (OPENING | CLOCKS) & set(called(ast.parse(line)))

"""Fixtures for the tests of commands."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pathway.cli import main
from storage import mark_file
from support.old_system import written


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str


@dataclass
class Kept:
    """Folders as commands left them, to be copied into the folders of later tests, and what their makers returned."""

    home: Path
    told: dict[str, Any] = field(default_factory=dict)

    def lay(self, name: str, folder: Path, make: Callable[[], Any]) -> Any:
        """What ``make`` leaves in the folder: made by it the first time, copied from then on."""
        if name in self.told:
            shutil.copytree(self._place(name), folder, dirs_exist_ok=True)
            _at_home(folder)
        else:
            self.told[name] = make()
            shutil.copytree(folder, self._place(name))
        return self.told[name]

    def _place(self, name: str) -> Path:
        return self.home / str(list(self.told).index(name))


def _at_home(folder: Path) -> None:
    """What a test begins with is no copy of another test's."""
    for mark in folder.rglob(f"*{mark_file.SUFFIX}"):
        mark.unlink()
        with closing(sqlite3.connect(mark.with_suffix(""))) as connection, connection:
            connection.execute("DELETE FROM installation")


@pytest.fixture(scope="session")
def kept(tmp_path_factory) -> Kept:
    """The folders of this process's tests."""
    return Kept(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def newcomer(tmp_path, monkeypatch, capsys) -> Callable[..., Ended]:
    """Runs a command in an empty folder, in this process."""
    monkeypatch.chdir(tmp_path)
    for name in ("PORT", "PATHWAY_HOME", "PATHWAY_DATABASE_URL", "PATHWAY_SMTP_URL", "PATHWAY_RETURNED_MAIL"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object) -> Ended:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        written = capsys.readouterr()
        code = ended.value.code
        return Ended(code=code if isinstance(code, int) else 0, out=written.out, err=written.err)

    return run


@pytest.fixture
def pathway(newcomer, kept, tmp_path) -> Callable[..., Ended]:
    """The same in a folder in which `pathway migrate` has run."""
    assert kept.lay("migrated", tmp_path, lambda: newcomer("migrate")).code == 0
    return newcomer


@pytest.fixture
def laid(kept, tmp_path) -> Callable[[str, Callable[[], Any]], Any]:
    """Lays what several tests begin with into the folder of the test."""
    return lambda name, make: kept.lay(name, tmp_path, make)


@pytest.fixture
def imported(pathway, laid, tmp_path) -> Callable[..., Ended]:
    """Begins a test with an import of lines from an old system."""
    return lambda *lines: laid(repr(lines), lambda: pathway("import", "contacts", written(tmp_path, *lines)))

"""Fixtures for the tests of commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from pathway.cli import main


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str


@pytest.fixture
def pathway(tmp_path, monkeypatch, capsys) -> Callable[..., Ended]:
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

"""The command line: ``pathway --help`` lists what it can do."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and end with its exit code; ``arguments`` are those of the process unless given."""
    from pathway.cli import app

    app.run(arguments)

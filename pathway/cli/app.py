"""All commands in one application, and what every one of them does with an error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import cache

import typer
from typer.main import get_command

from pathway.cli.groups import PLAIN, LazyGroup
from pathway.cli.speech import complain, speak_in_any_locale
from pathway.cli.table import AREAS
from rules.errors import PathwayError


class _Pathway(LazyGroup):
    areas = AREAS


app = typer.Typer(name="pathway", cls=_Pathway, no_args_is_help=True, **PLAIN)


@app.callback()
def pathway() -> None:
    """The front door of children's social care: every contact timed, every deadline watched, every referrer told.

    Begin with `pathway up`, then `pathway user add`. Settings are environment variables: docs/operations.md.
    """


def run(arguments: Sequence[str] | None) -> None:
    """One command; errors of ours are sentences with a remedy on standard error, and exit code 2."""
    speak_in_any_locale()
    try:
        _command()(args=list(arguments) if arguments is not None else None)
    except PathwayError as error:
        complain(error)
        sys.exit(2)
    except BrokenPipeError:
        # Whoever read our output (head, less) has read enough; nothing more can be written, not even at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


@cache
def _command() -> Callable[..., object]:
    """All of them as the parser wants them: worth making once where several are run in one process."""
    return get_command(app)

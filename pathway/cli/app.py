"""All commands in one application, and what every one of them does with an error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import cache

import typer
from typer.main import get_command

from pathway.cli import demo, doctor, processes, sweeping
from pathway.cli.casework import holding, milestones
from pathway.cli.children import chronology, looking, matching, restricting
from pathway.cli.decisions import onward, wrong_decisions
from pathway.cli.intake import adding, checking, danger, importing
from pathway.cli.letters import bounces, letters, outbox, referrers
from pathway.cli.rulebooks import calendars, replaying, reporting, rules, versions
from pathway.cli.speech import complain, say
from pathway.cli.staff import notices, people
from rules.errors import PathwayError

app = typer.Typer(
    name="pathway",
    help=(
        "The front door of children's social care: every contact timed, every deadline watched, every referrer told."
        "\n\nBegin with `pathway up`, then `pathway user add`. Settings are environment variables: docs/operations.md."
    ),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command()(processes.up)
app.command()(processes.serve)
app.command()(processes.worker)
app.command()(processes.migrate)
app.command()(doctor.doctor)
people.user_app.command("notices")(notices.notices)
app.add_typer(people.user_app)
app.add_typer(people.team_app)
app.add_typer(restricting.app)
app.add_typer(importing.app)
app.add_typer(reporting.app)
app.command()(sweeping.sweep)
app.command()(looking.referral)
app.command()(chronology.chronology)
app.command()(wrong_decisions.set_aside)
app.command()(wrong_decisions.restore)
app.command()(wrong_decisions.correct)
app.command()(wrong_decisions.second_look)
app.command()(milestones.milestone)
app.command()(holding.allocate)
app.add_typer(holding.app)
app.command()(holding.close)
app.command("add-child")(adding.add_child)
app.add_typer(matching.matches_app)
app.add_typer(matching.persons_app)
app.add_typer(onward.app)
app.add_typer(danger.app)
app.command()(checking.check)
app.command()(checking.kind)
app.add_typer(letters.app)
app.add_typer(outbox.app)
app.add_typer(bounces.app)
app.add_typer(referrers.app)
rules.app.command()(versions.publish)
rules.app.command()(versions.diff)
rules.app.command()(versions.move)
rules.app.command()(replaying.replay)
app.add_typer(rules.app)
app.add_typer(calendars.app)
app.command()(demo.demo)


@app.command()
def version() -> None:
    """Say which release this is."""
    from importlib import metadata

    try:
        say(f"pathway {metadata.version('pathway')}")
    except metadata.PackageNotFoundError:
        say("pathway, not installed but run from its source")


def run(arguments: Sequence[str] | None) -> None:
    """One command; errors of ours are sentences with a remedy on standard error, and exit code 2."""
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

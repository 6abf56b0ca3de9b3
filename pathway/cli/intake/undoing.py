"""``pathway import undo`` and ``pathway import runs``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pathway.cli import opening
from pathway.cli.speech import note, say, say_json
from pathway.importing import alerting, terms, undoing
from pathway.importing.undoing import Undoing, Undone
from pathway.importing.values import london
from rules.errors import InvalidInput
from rules.words import counted
from storage.clock import utc_now
from storage.queries.intake import import_run_rows
from storage.sessions import Database

KEPT = 2

Run = Annotated[int, typer.Argument(help="The number of the import; `pathway import runs` lists them.")]
Because = Annotated[str, typer.Option("--because", help="Why, for the history.")]
Yes = Annotated[bool, typer.Option("--yes", help="Take it back without being asked, once all has been shown.")]
AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON, the last on standard output.")]


def undo(run: Run, *, because: Because = "", yes: Yes = False, as_json: AsJson = False) -> None:
    """Take an import back, as far as nobody has worked on it.

    Says first what goes and what stays, and asks. A contact stays, and is named with the reason, when anybody has done
    anything with it, when a letter has left, and when a later contact is about the same child. What goes counts in no
    figure and is found nowhere; its history stays, and the same or a mended file can be imported again. Exit code 2:
    something stays.

    \b
    Examples:
      pathway import undo 3
      pathway import undo 3 --because "The export had no birth dates" --yes
    """
    with opening.existing_database(opening.load()) as database:
        foreseen = undoing.foresee(database, run)
        _ask(foreseen, yes=yes)
        done = _undoing(database, because=because.strip()).carry_out(run)
        alerting.review(database, now=utc_now())
    if as_json:
        say_json(done.as_json())
    else:
        say(f"Taken back:  {counted(len(done.gone), 'contact')}")
        _name(done)
    raise typer.Exit(KEPT if done.kept else 0)


def runs(*, as_json: AsJson = False) -> None:
    """List the imports, the latest first, and which of them were taken back.

    \b
    Example:
      pathway import runs
    """
    with opening.existing_database(opening.load()) as database, database.read() as session:
        found = import_run_rows.runs(session)
    if as_json:
        say_json([{**run.model_dump(mode="json"), "contacts_standing": standing} for run, standing in found])
        return
    for run, standing in found:
        say(f"{run.id}  {london(run.started_at)}  {run.file or 'file not kept'}, by {run.started_by}")
        say(f"    {counted(standing, 'contact')} on record")
        if run.taken_back_at is not None:
            because = f": {run.taken_back_because}" if run.taken_back_because else ""
            say(f"    Taken back on {london(run.taken_back_at)} by {run.taken_back_by}{because}")
    if not found:
        say("Nothing was imported yet.")


def _undoing(database: Database, *, because: str) -> Undoing:
    now = utc_now()
    with database.read() as session:
        found = terms.published(session, None, now=now)
    return Undoing(database=database, actor=opening.actor(), terms=found, now=now, because=because)


def _ask(foreseen: Undone, *, yes: bool) -> None:
    """Goes on when somebody agrees. Raises InvalidInput where nobody can be asked."""
    if yes:
        return
    note(f"Would be taken back:  {counted(len(foreseen.gone), 'contact')}")
    _name(foreseen)
    if not sys.stdin.isatty():
        problem = "There is no terminal to ask on, so nothing was taken back"
        raise InvalidInput.of("--yes", problem, "Read what is said above, then give --yes")
    if not typer.confirm("Take it back?", err=True):
        note("Nothing was taken back.")
        raise typer.Exit(1)


def _name(told: Undone) -> None:
    say(f"Kept:  {counted(len(told.kept), 'contact')}")
    for one in told.kept:
        say(f"  {one.ref}: {'; '.join(one.reasons)}")

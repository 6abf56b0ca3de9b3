"""``pathway import contacts``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pathway.cli import opening
from pathway.cli.intake import undoing
from pathway.cli.speech import note, progress, say, say_json
from pathway.importing import terms
from pathway.importing.failing import Limits
from pathway.importing.faults import ImportFault
from pathway.importing.run import ImportReport, Run
from pathway.settings import Settings
from pathway.wiring import databases
from rules.words import counted
from storage.clock import utc_now
from storage.sessions import Database

HELD_BACK = 2
INTERRUPTED = 130

app = typer.Typer()
app.command()(undoing.undo)
app.command()(undoing.runs)

File = Annotated[Path, typer.Argument(help="A CSV file; docs/import-format.md lists its columns.", show_default=False)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check and report only; nothing is written.")]
Live = Annotated[
    bool, typer.Option("--live", help="The work goes on here: clocks are watched, alerts raised, letters owed.")
]
Book = Annotated[str | None, typer.Option("--book", help="The rulebook to judge by; the council's own unless given.")]
Yes = Annotated[
    bool, typer.Option("--yes", help="Take all the same what is refused by columns or has changed since the trial.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON, the last on standard output.")]


@app.command()
def contacts(
    file: File,
    *,
    dry_run: DryRun = False,
    live: Live = False,
    book: Book = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Take in contacts from a file, and name everything odd in it.

    History stays quiet: no letters and no alerts, but one to the service manager when somebody is undecided; --live
    changes that. The same file again changes nothing, so it may be interrupted and run again. Where a column fails as a
    whole, or nobody in a large file is known, nothing is taken but with --yes. What is otherwise than a trial of the
    file foresaw is asked again, contact by contact. Exit code 2: something was held back.

    \b
    Examples:
      pathway import contacts contacts-2009-03.csv --dry-run
      pathway import contacts contacts-2009-03.csv --json
    """
    settings = opening.load()
    if dry_run and not databases.is_there(settings):
        report = _carry_out(_trial_without_database(settings, book), file)
    else:
        with opening.database(settings) as database:
            report = _carry_out(_run(database, settings, book, dry=dry_run, live=live, yes=yes), file)
            if not dry_run:
                opening.send_what_is_due(database, settings)
    _tell(report, dry=dry_run, as_json=as_json)
    raise typer.Exit(HELD_BACK if report.contacts_held_back else 0)


def _trial_without_database(settings: Settings, book: str | None) -> Run:
    shipped = terms.as_shipped(book or settings.rulebook, now=utc_now())
    return Run(database=None, terms=shipped, actor=opening.actor(), dry=True, limits=_limits(settings))


def _run(database: Database, settings: Settings, book: str | None, **how: bool) -> Run:
    now = utc_now()
    with database.read() as session:
        found = terms.published(session, book, now=now)
    ask = _asked if sys.stdin.isatty() else None
    return Run(database=database, terms=found, actor=opening.actor(), limits=_limits(settings), ask=ask, **how)


def _limits(settings: Settings) -> Limits:
    return Limits(
        values=settings.import_column_values,
        percent=settings.import_column_percent,
        children=settings.import_children,
        on_record=settings.import_on_record,
    )


def _asked(fault: ImportFault) -> bool:
    note(f"line {fault.line}, {fault.contact_ref}: {fault.problem}.")
    return typer.confirm("Take it as it would be now?", err=True)


def _carry_out(run: Run, file: Path) -> ImportReport:
    try:
        report = run.carry_out(file, progress=progress("contacts"))
    except KeyboardInterrupt:
        note("\nInterrupted. What was taken stays; run the same command again to go on.")
        raise typer.Exit(INTERRUPTED) from None
    for told in report.notes:
        note(f"note: {told}")
    return report


def _tell(report: ImportReport, *, dry: bool, as_json: bool) -> None:
    if as_json:
        say_json(report.as_json())
        return
    if dry:
        say("A trial: nothing was written.")
    for refused in report.refused:
        say(f"Nothing is taken: {refused.problem}. {refused.remedy}, or take it all the same with --yes.")
    taken = "Would be taken" if dry else "Taken"
    children = counted(report.referrals_taken, "child", "children")
    say(f"{taken}:  {counted(report.contacts_taken, 'contact')} about {children}")
    say(f"{'Would be completed' if dry else 'Completed'}:  {counted(report.contacts_completed, 'contact')}")
    say(f"There already:  {counted(report.contacts_already_there, 'contact')}")
    say(f"Held back:  {counted(report.contacts_held_back, 'contact')}")
    if report.run_id is not None:
        say(f"This was import {report.run_id}: `pathway import undo {report.run_id}` takes it back.")
    if report.refused:
        return
    _list("Held back; mend the line and run the file again", [f for f in report.faults if f.held_back])
    _list("Taken, with something to look at", [f for f in report.faults if not f.held_back])


def _list(title: str, faults: list[ImportFault]) -> None:
    if not faults:
        return
    say()
    say(f"{title}:")
    for fault in faults:
        value = f" {fault.value[:60]!r}" if fault.value else ""
        say(f"  line {fault.line}, {fault.contact_ref or 'no reference'}, {fault.column}{value}")
        say(f"    {fault.problem}. {fault.remedy}.")

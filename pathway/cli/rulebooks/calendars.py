"""``pathway calendar``: opening hours and days off in versions, and the deadlines that they move."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from pathway.cli import given, named_books, opening
from pathway.cli.rulebooks import changeover
from pathway.cli.rulebooks.changeover import DryRun, Reason
from pathway.cli.rulebooks.versions import AsJson, By
from pathway.cli.speech import note, say, say_all
from pathway.engine.changeover import calendar_changeover
from pathway.engine.changeover.calendar_changeover import CalendarPlan
from pathway.engine.rulebooks import council_versions, published_books
from rules.books import describe, diff_calendar
from rules.errors import InvalidInput, NotFound
from rules.timing import spoken
from rules.timing.calendar import Calendar
from storage.clock import utc_now
from storage.sessions import Database, ReadSession, WriteSession

app = typer.Typer()
A_DAY = "2022-09-19"
DEFAULT = "that of the council's own book unless given"
Name = Annotated[str | None, typer.Option("--calendar", help=f"The calendar's name; {DEFAULT}.")]


@app.command()
def show(
    *,
    year: Annotated[int | None, typer.Option("--year", help="List this year's days off as well.")] = None,
    calendar: Name = None,
) -> None:
    """Print the newest version of a calendar: hours, closures, extra openings.

    \b
    Example:
      pathway calendar show --year 2026
    """
    with opening.existing_database(opening.load()) as database, database.read() as session:
        name = _name(session, calendar)
        found = council_versions.calendar_called(session, name)
        row = found.row
    days_off = _days_off(found.calendar, year) if year is not None else []
    say(f"Calendar {name}, version {row.version}, published {row.published_at:%d %B %Y} by {row.published_by}.")
    say(f"Why: {row.reason}.\n")
    say(describe.hours(found.calendar))
    say_all(days_off)


def _days_off(calendar: Calendar, year: int) -> list[str]:
    first, last = calendar.years
    if not first <= year <= last:
        raise InvalidInput.of("--year", f"The calendar knows {first} to {last} only", "Give one of these years")
    days = (date.fromordinal(day) for day in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()))
    return [
        f"{spoken.day_words(day)}: {spoken.reason_words(calendar, day)}"
        for day in days
        if calendar.week[day.weekday()] and calendar.is_closed(day)
    ]


@app.command()
def publish(
    *,
    close: Annotated[
        list[str] | None, typer.Option("--close", help="A day off, DATE or DATE=NAME. May be given several times.")
    ] = None,
    opens: Annotated[
        list[str] | None, typer.Option("--open", help="An extra opening, DATE. May be given several times.")
    ] = None,
    file: Annotated[str | None, typer.Option("--file", help="A whole calendar from a file instead.")] = None,
    reason: Reason,
    by: By,
    calendar: Name = None,
    dry_run: DryRun = False,
) -> None:
    """Make a new version of a calendar from the newest one.

    Clocks that start from now on count by it. What is running keeps its own version, and its deadlines, until you
    move them.

    \b
    Examples:
      pathway calendar publish --close "2022-09-19=State funeral" --reason "Proclamation" --by "Ada Okafor"
      pathway calendar publish --file our-hours.toml --reason "New opening hours" --by "Ada Okafor"
    """
    actor, why = council_versions.actor_named(by), council_versions.reason_given(reason)
    with opening.existing_database(opening.load()) as database:
        with database.read() as session:
            name = _name(session, calendar)
            before = council_versions.newest_calendar(session, name)
        wanted = _wanted(before.calendar if before else None, name, close, opens, file=file)
        if before is not None:
            say_all(difference.words for difference in diff_calendar.between(before.calendar, wanted))
        if dry_run:
            say("A trial: nothing was written.")
            return
        with database.write() as session:
            row, new = council_versions.publish_calendar(
                session, wanted, name=name, reason=why, actor=actor, now=utc_now()
            )
            told = f"Published {name}, version {row.version}." if new else "No difference; nothing was published."
        say(told)
        note("Running deadlines keep their version. See which would move: pathway calendar preview")


def _wanted(
    newest: Calendar | None, name: str, close: list[str] | None, opens: list[str] | None, *, file: str | None
) -> Calendar:
    if bool(file) == bool(close or opens):
        raise InvalidInput.of("--close", "Nothing or too much is asked", "Give days by --close and --open, or a --file")
    if file:
        return named_books.calendar_in(file)
    if newest is None:
        raise NotFound(f"There is no calendar {name!r} to change yet; publish a whole one with --file.")
    closed = [_day_and_name(text) for text in close or ()]
    return council_versions.changed_calendar(
        newest, closed=closed, opened=[given.day(text, "--open", A_DAY) for text in opens or ()]
    )


def _day_and_name(text: str) -> tuple[date, str]:
    day, _, name = text.partition("=")
    return given.day(day.strip(), "--close", A_DAY), " ".join(name.split())


def _name(session: ReadSession | WriteSession, given: str | None) -> str:
    return given or published_books.current(session, now=utc_now()).book.calendar


@app.command()
def preview(*, calendar: Name = None, as_json: AsJson = False) -> None:
    """List every running deadline that the newest version of a calendar would move. Writes nothing.

    \b
    Example:
      pathway calendar preview
    """
    with opening.existing_database(opening.load()) as database:
        found = changeover.carry_out(database, _plan(database, calendar), None, dry=True)
    changeover.tell(found, dry=True, as_json=as_json)


@app.command()
def move(*, reason: Reason, by: By, calendar: Name = None, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Move the running clocks to the newest version of their calendar, with the reason in each history.

    A duty that was met, or whose moment has passed, stays as it was judged. A contact at a time; interrupted, it goes
    on when it is run again.

    \b
    Examples:
      pathway calendar move --reason "Bank holiday of 19 September" --by "Ada Okafor" --dry-run
      pathway calendar move --reason "Bank holiday of 19 September" --by "Ada Okafor"
    """
    order = changeover.order(reason, by)
    with opening.existing_database(opening.load()) as database:
        found = changeover.carry_out(database, _plan(database, calendar), order, dry=dry_run)
    changeover.tell(found, dry=dry_run, as_json=as_json)


def _plan(database: Database, calendar: str | None) -> CalendarPlan:
    with database.read() as session:
        return calendar_changeover.plan(session, _name(session, calendar))

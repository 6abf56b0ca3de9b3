"""``pathway rules publish``: a book is looked at, compared and tried on the last month before it is published."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import typer

from pathway.cli import opening, rule_files
from pathway.cli.rulebooks import book_check
from pathway.cli.rulebooks.versions import By
from pathway.cli.speech import note, say
from pathway.engine.rulebooks import council_versions
from pathway.engine.rulebooks.council_versions import Proposed
from pathway.engine.rulebooks.published_books import Published
from pathway.reports import replay, replay_out
from pathway.reports.replay import Proposal
from rules.books import diff, notices
from rules.errors import InvalidInput
from rules.timing import timescales, zones
from storage.clock import utc_now
from storage.sessions import Database, ReadSession
from storage.tables import Council

SHOWN = 10
Yes = Annotated[bool, typer.Option("--yes", help="Publish without being asked, once all has been shown.")]


def publish(
    file: Annotated[str, typer.Argument(help="The book's file; the book is called like it.", show_default=False)],
    by: By,
    *,
    yes: Yes = False,
) -> None:
    """Put a book, or a new version of one, into the database.

    Shows notices, what changes against the book in force, and what would have been other in the last month, and asks.
    Scripts say --yes. What is open keeps the rules it began under; `pathway rules move` moves it, should you want
    that. The same version with another text is refused. A calendar beside the file is published with it where none of
    its name is yet.

    \b
    Examples:
      pathway rules publish our-council.toml --by "Ada Okafor"
      pathway rules publish our-council.toml --by "Ada Okafor" --yes
    """
    actor = council_versions.actor_named(by)
    text, name = rule_files.text_of(file)
    _, calendar = rule_files.checked(file)
    settings = opening.load()
    with opening.database(settings) as database:
        with database.read() as session:
            found = council_versions.proposed(session, text, name=name, calendar=calendar)
        if not found.there:
            _show(database, found)
            _ask(yes=yes)
        with database.write() as session:
            row, new = council_versions.publish_book(
                session, text, name=name, calendar=calendar, actor=actor, now=utc_now()
            )
            first = row.effective_from
            if new:
                say(f"Published {row.name} {row.version}, in force from {first.day} {first:%B %Y}.")
            else:
                say(f"{row.name} {row.version} was published already, with the same text. Nothing changes.")
            note(_what_follows(session.get_one(Council, 1).rulebook, row.name, named=settings.rulebook))


def _show(database: Database, found: Proposed) -> None:
    """Whatever speaks for looking twice, on standard error: the result of the command is what was published."""
    for line in book_check.notice_lines(notices.notices_of(found.book)):
        note(line)
    with database.read() as session:
        now = utc_now()
        for line in _compared(found, council_versions.replaced_by(session, found.book.name, now=now)):
            note(line)
        for line in _last_month(session, found, now):
            note(line)


def _compared(found: Proposed, in_force: Published | None) -> Iterator[str]:
    if in_force is None:
        yield "No book is in force yet with which this one could be compared."
        return
    yield f"Against {in_force.book.name} {in_force.book.version}, the book in force:"
    calendars = (in_force.calendar, found.calendar)
    yield from [f"  {one.words}" for one in diff.between(in_force.book, found.book, calendars=calendars)] or [
        "  No difference."
    ]


def _last_month(session: ReadSession, found: Proposed, now: datetime) -> Iterator[str]:
    today = now.astimezone(zones.zone_named(zones.LONDON)).date()
    start = timescales.add_months(today, -1)
    tried = Proposal(book=found.book, book_calendar=found.calendar)
    yield "The last month under it:"
    for line in replay_out.as_text(replay.run(session, tried, start=start, end=today, now=now), shown=SHOWN):
        yield f"  {line}".rstrip()


def _ask(*, yes: bool) -> None:
    """Goes on when somebody agrees. Raises InvalidInput where nobody can be asked."""
    if yes:
        return
    if not sys.stdin.isatty():
        problem = "There is no terminal to ask on, so nothing was published"
        raise InvalidInput.of("--yes", problem, "Read what is said above, then give --yes")
    if not typer.confirm("Publish it?", err=True):
        note("Nothing was published.")
        raise typer.Exit(1)


def _what_follows(in_use: str, published: str, *, named: str) -> str:
    """Whether the book is the one that the council runs by, and what must be done for it to count."""
    if in_use == published:
        return "It is the book in use. What is open keeps its rules. Preview a move: pathway rules move --dry-run"
    start = f"Set PATHWAY_RULEBOOK={published} for every process, and start them again"
    if named == published:
        start = "PATHWAY_RULEBOOK names this one: start every process again"
    return f"The council runs by {in_use}, not by this book. {start}; new referrals come in under it from then on."

"""``pathway rules replay``: what a proposed book would have done with what has happened."""

from __future__ import annotations

from typing import Annotated

import typer

from pathway.cli import given, named_books, opening
from pathway.cli.rulebooks.versions import ABook, AsJson
from pathway.cli.speech import progress, say_all, say_json
from pathway.reports import replay as replaying
from pathway.reports import replay_out
from storage.clock import utc_now


def replay(
    *,
    book: Annotated[str, typer.Option("--book", help=f"The book to try. {ABook}", show_default=False)],
    start: Annotated[str, typer.Option("--from", help="The first day of receipt: 2009-03-01.", show_default=False)],
    end: Annotated[str, typer.Option("--to", help="The last day of receipt: 2009-03-31.", show_default=False)],
    calendar: Annotated[
        str | None, typer.Option("--calendar", help="A calendar's file to count by; each clock's own unless given.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Try a book on what has happened: which deadlines, breaches and alerts would have been others.

    Runs each referral again in memory, under its own book and under this one, as if every warning and alert had come
    at its very moment. Writes nothing and sends nothing.

    \b
    Examples:
      pathway rules replay --book our-council.toml --from 2009-03-01 --to 2009-03-31
      pathway rules replay --book working-together-2023 --from 2009-03-01 --to 2009-03-31 --json
    """
    first, last = given.period(start, end)
    with opening.existing_database(opening.load()) as database:
        tried, counted_by = named_books.read_in(database, book)
        proposal = replaying.Proposal(
            book=tried,
            book_calendar=counted_by,
            calendar=named_books.calendar_in(calendar) if calendar else None,
        )
        with database.read() as session:
            found = replaying.run(
                session, proposal, start=first, end=last, now=utc_now(), progress=progress("referrals")
            )
    if as_json:
        say_json(replay_out.as_json(found))
    else:
        say_all(replay_out.as_text(found))

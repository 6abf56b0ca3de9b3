"""``pathway rules list``, ``pathway rules diff`` and ``pathway rules move``."""

from __future__ import annotations

from typing import Annotated

import typer

from pathway.cli import named_books, opening
from pathway.cli.rulebooks import changeover
from pathway.cli.rulebooks.changeover import DryRun, Reason
from pathway.cli.speech import note, say, say_all, say_json
from pathway.engine.changeover import rulebook_changeover
from pathway.engine.rulebooks import shipped
from pathway.wiring import databases
from rules.books import diff
from storage.queries.rulebooks import book_rows
from storage.tables import Council

By = Annotated[str, typer.Option("--by", help="The person who decides this; kept with it.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON instead of words.")]
ABook = "A shipped book, NAME@VERSION for a published one, or a file."


def listed() -> None:
    """List the shipped books and every published version.

    Each with the day from which it holds, and who published it when.

    \b
    Example:
      pathway rules list
    """
    say_all(f"{name}  shipped with Pathway" for name in shipped.shipped_books())
    settings = opening.load()
    if not databases.is_there(settings):
        note("There is no database yet, so nothing is published.")
        return
    with opening.existing_database(settings) as database, database.read() as session:
        council = session.get(Council, 1)
        for row in book_rows.published(session):
            used = ", in use" if council is not None and council.rulebook == row.name else ""
            by = f"published {row.published_at:%d %B %Y} by {row.published_by}"
            say(f"{row.name}@{row.version}  in force from {row.effective_from:%d %B %Y}{used}; {by}")


def compare(
    old: Annotated[str, typer.Argument(help=ABook, show_default=False)],
    new: Annotated[str, typer.Argument(help=ABook, show_default=False)],
    *,
    as_json: AsJson = False,
) -> None:
    """Say in words what changes from one book to another.

    \b
    Examples:
      pathway rules diff haringey-2009 our-council.toml
      pathway rules diff our-council@1 our-council@2
    """
    before, after = named_books.read(old), named_books.read(new)
    found = diff.between(before[0], after[0], calendars=(before[1], after[1]))
    if as_json:
        say_json({"differences": [one.to_terms() for one in found]})
    else:
        say_all([one.words for one in found] or ["No difference."])


def move(
    *,
    book: Annotated[str, typer.Option("--book", help="The book whose open referrals move.", show_default=False)],
    to: Annotated[str, typer.Option("--to", help="The version to which they move.", show_default=False)],
    leave: Annotated[
        str | None, typer.Option("--from", help="Only those under this version; all others unless given.")
    ] = None,
    reason: Reason,
    by: By,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Move open referrals to another version of their book, with the clocks that run.

    Due moments are counted again from when each clock started. A duty that was met, or whose moment has passed, stays
    as it was judged; so does a clock that the new version does not have. No new clock begins. A contact at a time, so
    that the pages stay usable; interrupted, it goes on when it is run again.

    \b
    Examples:
      pathway rules move --book our-council --to 2 --reason "Cabinet, 3 May" --by "Ada Okafor" --dry-run
      pathway rules move --book our-council --from 1 --to 2 --reason "Cabinet, 3 May" --by "Ada Okafor"
    """
    order = changeover.order(reason, by)
    with opening.existing_database(opening.load()) as database:
        with database.read() as session:
            plan = rulebook_changeover.plan(session, book=book, to=to, leave=leave)
        found = changeover.carry_out(database, plan, order, dry=dry_run)
    changeover.tell(found, dry=dry_run, as_json=as_json)

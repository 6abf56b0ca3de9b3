"""``pathway access-log``: who looked at one child, and what was shown; as text, or as CSV for a spreadsheet."""

from __future__ import annotations

from typing import Annotated

import typer

from pathway.cli import opening
from pathway.cli.acting_as import PRINTED, By, Look, actor
from pathway.cli.speech import say, say_all
from pathway.engine import permissions, record_access
from pathway.web import times
from pathway.web.looks import child_access_view
from pathway.web.looks.child_access_view import EXPORT, PAGE, Asked
from rules.errors import NotAllowed
from rules.vocabulary import Action
from storage.clock import utc_now
from storage.queries import child_access_rows, shown_rows
from storage.queries.child_access_rows import LookAt
from storage.queries.children import restriction_rows
from storage.sessions import Database

Child = Annotated[
    str, typer.Argument(metavar="CHILD", help="The child's number, or the reference of a referral.", show_default=False)
]
Since = Annotated[str, typer.Option("--since", help="The first day, such as '27 3 2009'.")]
Until = Annotated[str, typer.Option("--until", help="The last day, included.")]
Who = Annotated[str, typer.Option("--who", help="Only looks of this person: a name or a user name.")]
MOST = 100
AsCsv = Annotated[bool, typer.Option("--csv", help="All of them as CSV, with no cell that is a formula.")]


def access_log(
    child: Child,
    *,
    since: Since = "",
    until: Until = "",
    who: Who = "",
    as_csv: AsCsv = False,
    by: By = "",
) -> None:
    """Print who looked at one child: the newest first.

    A hundred at most: older ones with --until, or all with --csv.

    Every page, list, search with its words, letter, export and command that showed the child, under every number that
    the child has or had. That you read it is kept there too.

    \b
    Examples:
      pathway access-log PW-7K2M-X4TD-1 --since '1 3 2009' --who jo.smith
      pathway access-log 17 --csv --by auditor > looks.csv
    """
    asked = Asked(since=since, until=until, who=who.strip())
    with opening.database(opening.load()) as database:
        person_id, closed = _opened(database, child, by, what=EXPORT if as_csv else PAGE)
        with database.read() as session:
            wanted = child_access_view.wanted(session, person_id, asked, closed=closed)
            if as_csv:
                say(child_access_view.exported(session, wanted).rstrip())
                return
            looks = child_access_rows.looks(session, wanted, limit=MOST + 1)
    lines = [_line(look) for look in looks[:MOST]]
    more = ["There are older looks: give --until, or --csv for all."] if len(looks) > MOST else []
    say_all([*lines, *more] or ["Nobody has looked at this child so."])


def _opened(database: Database, child: str, by: str, *, what: str) -> tuple[int, frozenset[int]]:
    """The child, and whose records are closed to whoever looks; the look is in the log before anything is printed."""
    now = utc_now()
    with database.read() as session:
        reader = actor(session, by)
        person_id = child_access_view.child_of(session, child)
        shown = shown_rows.of_child(session, person_id)
        refused = _refused(Look(session, reader, now, database))
        closed = restriction_rows.closed_to(session, reader.username, now=now)
    record_access.open_record(database, reader, what, shown, now=now, refused=refused, reason=PRINTED)
    return person_id, closed


def _refused(look: Look) -> str:
    try:
        permissions.require(look.book, look.actor, Action.READ_ACCESS_LOG)
    except NotAllowed as error:
        return str(error)
    return ""


def _line(look: LookAt) -> str:
    access = look.access
    words = f", searched for “{access.words}”" if access.words else ""
    record = f" ({look.referral_ref or look.contact_ref})" if look.referral_ref or look.contact_ref else ""
    why = child_access_view.why(look)
    refused = "" if access.allowed else " REFUSED"
    return (
        f"{times.at(access.at)}  {look.name} ({access.username})  {child_access_view.what(look)}{record}{words}"
        f"{refused}{f': {why}' if why else ''}"
    )

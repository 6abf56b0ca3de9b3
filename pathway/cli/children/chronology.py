"""``pathway chronology``: everything dated about one child, over all its referrals, as text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from pathway.cli import opening, record_text
from pathway.cli.acting_as import PRINTED
from pathway.cli.speech import say_all
from pathway.engine import record_access
from pathway.web import times
from pathway.web.views import chronology_view
from pathway.web.views.chronology_view import Chronology
from storage.clock import utc_now
from storage.queries import referral_rows, shown_rows
from storage.sessions import Database
from storage.tables import Person


class Kind(StrEnum):
    """What a chronology can be narrowed to."""

    CONTACTS = "contacts"
    CHECKS = "checks"
    DECISIONS = "decisions"
    WORK = "work"
    LETTERS = "letters"


def chronology(
    ref: Annotated[str, typer.Argument(metavar="REF", help="The reference of any of the child's referrals.")],
    *,
    kind: Annotated[Kind | None, typer.Option("--kind", help="Only entries of this kind.")] = None,
    significant: Annotated[bool, typer.Option("--significant", help="Only what is significant.")] = False,
) -> None:
    """Print one child's chronology over all referrals.

    Contacts and what was said, checks, decisions with their reasons, allocations, milestones and letters, the earliest
    first; what is significant is marked with a star. No referrer is named whose identity is not to be shared, and no
    member of the public. That you looked is kept in the access log.

    \b
    Examples:
      pathway chronology PW-7K2M-X4TD-1
      pathway chronology PW-7K2M-X4TD-1 --significant
    """
    with opening.database(opening.load()) as database:
        person = _opened(database, ref.strip(), now=utc_now())
        with database.read() as session:
            found = chronology_view.of_child(session, person, kind=kind or "", significant=significant)
            lines = list(_lines(found))
    say_all(lines)


def _opened(database: Database, ref: str, *, now: datetime) -> Person:
    """The child of a referral; the look is in the access log before anything is printed."""
    with database.read() as session:
        person_id = referral_rows.by_ref(session, ref).person_id
        shown = shown_rows.of_child(session, person_id)
        person = session.get_one(Person, person_id)
    record_access.open_record(database, opening.actor(), "chronology", shown, now=now, reason=PRINTED)
    return person


def _lines(found: Chronology) -> Iterator[str]:
    yield f"Chronology of {record_text.name(found.person)}"
    for entry in found.entries:
        yield ""
        aside = " (set aside)" if entry.referral.set_aside_at else ""
        yield f"{'*' if entry.significant else ' '} {times.at(entry.at):<22} {entry.title}{aside}"
        for what, text in entry.facts:
            first, *more = text.splitlines() or [""]
            yield f"  {'':<22} {what}: {first}"
            yield from (f"  {'':<22}   {line}" for line in more)
        yield f"  {'':<22} {entry.referral.ref}{f', {entry.who}' if entry.who else ''}"
    if not found.entries:
        yield "Nothing of this kind is on record."

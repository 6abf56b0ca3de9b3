"""Who may open which child's record; every look is written down, and every refusal.

A restricted record (own family, a colleague's children) opens only to people named. UK GDPR articles 5(2) and 32.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from pathway.engine.actors import Actor
from rules.errors import NotAllowed, RecordClosed
from storage.queries.children import restriction_rows
from storage.sessions import Database, ReadSession, WriteSession
from storage.tables import Access

CLOSED = "This record is restricted: it opens only to people named. Ask the service manager, and say why you need it."


def refusal(session: WriteSession | ReadSession, actor: Actor, children: Collection[int], *, now: datetime) -> str:
    """Why these children's records do not open to somebody; the empty string when they do."""
    if not children:
        return ""
    closed = restriction_rows.closed_to(session, actor.username, now=now)
    return CLOSED if not closed.isdisjoint(children) else ""


def require_open(
    session: WriteSession | ReadSession, actor: Actor, children: Collection[int], *, now: datetime
) -> None:
    """Raises NotAllowed where the record of one of the children is restricted, and not open to the actor."""
    if refused := refusal(session, actor, children, now=now):
        raise NotAllowed(refused)


def open_record(
    database: Database,
    actor: Actor,
    what: str,
    *,
    contact_id: int | None = None,
    referral_id: int | None = None,
    beside: Collection[tuple[int | None, int | None]] = (),
    children: Collection[int] = (),
    now: datetime,
    reason: str = "",
    refused: str = "",
) -> None:
    """Writes one look at a record into the access log, in a transaction of its own that is committed at once.

    So a page that then fails has been logged all the same. ``beside``: (contact id, referral id) of further records
    that are shown with it, a row for each. ``refused`` says why it is refused already. Raises
    NotAllowed, after the refusal has been written down, where it is or where a child's record is closed to the actor.
    """
    closed: Collection[int] = ()
    with database.write() as session:
        if not refused and (refused := refusal(session, actor, children, now=now)):
            closed = restriction_rows.closed_to(session, actor.username, now=now).intersection(children)
        session.add_all(
            Access(
                at=now,
                username=actor.username,
                what=what,
                contact_id=of_contact,
                referral_id=of_referral,
                allowed=not refused,
                reason=refused or reason,
            )
            for of_contact, of_referral in [(contact_id, referral_id), *beside]
        )
    if closed:
        raise RecordClosed(refused, closed)
    if refused:
        raise NotAllowed(refused)

"""Who may open which child's record; every look is written down, and every refusal.

A restricted record (own family, a colleague's children) opens only to people named. UK GDPR articles 5(2) and 32.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from pathway.engine.actors import Actor
from rules.errors import NotAllowed, RecordClosed
from storage.queries import access_rows
from storage.queries.children import restriction_rows
from storage.queries.shown_rows import Shown
from storage.sessions import Database, ReadSession, WriteSession
from storage.tables import Access, AccessChild, id_of

NOTHING = Shown()
COMMAND = "on the command line"
VISIT = timedelta(hours=12)  # a page that refreshes itself and stays open for longer is looked at anew
PRINTED = f"printed {COMMAND}"
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
    shown: Shown = NOTHING,
    *,
    now: datetime,
    reason: str = "",
    refused: str = "",
    words: str = "",
) -> int:
    """Writes one look into the access log, in a transaction of its own that is committed at once; returns its number.

    So a page that then fails has been logged all the same. A row for each record of ``shown``, the first of which names
    the children; ``words`` are those of a search. ``refused`` says why it is refused already. Raises NotAllowed, after
    the refusal has been written down, where it is or where a child's record is closed to the actor.
    """
    closed: Collection[int] = ()
    with database.write() as session:
        if not refused and (refused := refusal(session, actor, shown.children, now=now)):
            closed = restriction_rows.closed_to(session, actor.username, now=now).intersection(shown.children)
        row = {"at": now, "username": actor.username, "what": what, "words": words}
        look_id = _keep(session, shown, row | {"allowed": not refused, "reason": refused or reason})
    if closed:
        raise RecordClosed(refused, closed)
    if refused:
        raise NotAllowed(refused)
    return look_id


def keep_back(session: WriteSession, actor: Actor, what: str, children: frozenset[int], *, now: datetime) -> None:
    """Writes into the access log that somebody asked for these children in full, and that they were kept back."""
    row = {"at": now, "username": actor.username, "what": what, "words": "", "allowed": False, "reason": CLOSED}
    _keep(session, Shown(children=children), row)


def _keep(session: WriteSession, shown: Shown, row: Mapping[str, Any]) -> int:
    looks = [
        Access(**row, contact_id=contact_id, referral_id=referral_id) for contact_id, referral_id in shown.subjects
    ]
    session.add_all(looks)
    session.flush()
    look_id = id_of(looks[0])
    session.add_all(AccessChild(access_id=look_id, person_id=child) for child in sorted(shown.children))
    return look_id


def showed(database: Database, look_id: int, children: Collection[int]) -> None:
    """Adds to a look more children whom it turned out to show: those on a list are known only when it is made."""
    if not children:
        return
    with database.write() as session:
        more = sorted(set(children) - access_rows.children_of(session, look_id))
        session.add_all(AccessChild(access_id=look_id, person_id=child) for child in more)


def showed_again(
    database: Database, actor: Actor, what: str, children: Collection[int], *, since: int, now: datetime
) -> int:
    """Names those children in the access log whom a page that refreshes itself shows and has not shown in this visit.

    The visit began with the look ``since``; returns that, or the number of a new one where it is no look of this person
    at this page, or an old one. A visit in which nobody is new leaves no trace.
    """
    with database.read() as session:
        is_known = access_rows.begins_visit(session, since, actor.username, what, after=now - VISIT)
        more = set(children) - (access_rows.shown_since(session, since, children) if is_known else set())
    if is_known and not more:
        return since
    look_id = open_record(database, actor, what, Shown(children=frozenset(more)), now=now)
    return since if is_known else look_id

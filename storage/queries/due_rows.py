"""What is due, page by page: the oldest first, each page after the last row of the page before.

A page costs the same however many are due, for no statement names the rows before it. PostgreSQL finds its beginning in
an index over moment and number. SQLite uses the moment only, which does: with one writer nothing is left behind there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, tuple_
from sqlmodel import Session, col, select

from storage.tables import Alert, Clock, Draft, Letter, LetterLink, Referral


class Key(NamedTuple):
    """The place of a row in the order: the moment at which it is due, and its number."""

    at: datetime
    id: int


START = Key(datetime.min.replace(tzinfo=UTC), 0)
MOMENTS: Mapping[str, Any] = {
    "clocks": col(Clock.attention_at),
    "alerts": col(Alert.next_at),
    "drafts": col(Draft.look_at),
    "links": col(LetterLink.unopened_at),
    "graces": col(Referral.grace_until),
}
"""When a row of each kind is due; empty where it is not."""


def is_due(moment: Any, now: Any) -> Any:
    """The condition that a row's moment has come."""
    return and_(moment.is_not(None), moment <= now)


def clocks(session: Session, *, now: datetime, limit: int, after: Key) -> Sequence[Key]:
    """The next clocks at which the sweep must look."""
    at, number = MOMENTS["clocks"], col(Clock.id)
    return [Key(*row) for row in _page(session, select(at, number), now=now, limit=limit, after=after)]


def alerts(session: Session, *, now: datetime, limit: int, after: Key) -> Sequence[Key]:
    """The next alerts of which a rung is due."""
    at, number = MOMENTS["alerts"], col(Alert.id)
    return [Key(*row) for row in _page(session, select(at, number), now=now, limit=limit, after=after)]


def drafts(session: Session, *, now: datetime, limit: int, after: Key) -> Sequence[Key]:
    """The next contacts left unfinished of which somebody must be told by now."""
    at, number = MOMENTS["drafts"], col(Draft.id)
    return [Key(*row) for row in _page(session, select(at, number), now=now, limit=limit, after=after)]


def unopened_links(session: Session, *, now: datetime, limit: int, after: Key) -> Sequence[tuple[Key, int]]:
    """(place in the order, contact) of the next links to letters about which somebody must be told by now."""
    statement = select(MOMENTS["links"], col(LetterLink.id), Letter.contact_id)
    statement = statement.join(Letter, col(Letter.id) == col(LetterLink.letter_id))
    found = _page(session, statement, now=now, limit=limit, after=after)
    return [(Key(at, number), contact_id) for at, number, contact_id in found]


def graces(session: Session, *, now: datetime, limit: int, after: Key) -> Sequence[tuple[Key, int]]:
    """(place in the order, contact) of the next referrals whose decision has had its grace."""
    statement = select(MOMENTS["graces"], col(Referral.id), Referral.contact_id)
    found = _page(session, statement, now=now, limit=limit, after=after)
    return [(Key(at, number), contact_id) for at, number, contact_id in found]


def _page(session: Session, statement: Any, *, now: datetime, limit: int, after: Key) -> Sequence[Any]:
    """``statement`` selects the moment and the number first."""
    at, number = statement.selected_columns[:2]
    due = statement.where(is_due(at, now), tuple_(at, number) > tuple(after))
    found: Sequence[Any] = session.exec(due.order_by(at, number).limit(limit)).all()
    return found

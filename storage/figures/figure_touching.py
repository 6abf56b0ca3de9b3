"""Which contacts a transaction touched, so that their figures are counted again.

A write session remembers what its flushes changed; before the commit the contacts are named (``FigureTouch``) in the
same transaction. Nobody has to think of it. Counting is left to whoever reads a figure next, and to the sweep: an act
at the desk does not wait for it, and a contact that is changed seven times in a minute is counted once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import event, insert, inspect
from sqlalchemy.orm import Session as OrmSession
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session, col, select

from storage.tables import (
    Alert,
    Clock,
    Contact,
    Decision,
    FigureTouch,
    Handover,
    Letter,
    LetterReferral,
    LetterReturn,
    Query,
    Referral,
    WhyLate,
    id_of,
)

_KEY = "figures touched"
Touched = set[tuple[str, int]]
# Which changes of a row change a figure; a new row always may. None: such rows only come and never change.
_FIELDS: Mapping[type[Any], Collection[str] | None] = {
    Contact: ("received_at", "source_code"),
    Referral: (
        "outcome", "decided_at", "accepted_at", "feedback_at", "worker_id", "re_referral_of_id", "closed_at",
        "set_aside_at", "person_id", "contact_id",
    ),
    Clock: ("state", "due_at", "stopped_at", "not_applicable_because", "duty"),
    Alert: ("acknowledged_at", "contact_id"),
    Decision: None,
    Handover: None,
    LetterReturn: None,
    LetterReferral: None,
    Query: ("place", "referral_id"),
    WhyLate: None,
}  # fmt: skip
_TABLES: Mapping[str, type[Any]] = {"referral": Referral, "letter": Letter}
# How the contacts of what was touched are found, where the row does not name its contact.
_CONTACTS_OF: Mapping[str, Callable[[Collection[int]], Any]] = {
    "referral": lambda numbers: select(Referral.contact_id).where(col(Referral.id).in_(numbers)),
    "letter": lambda numbers: select(Letter.contact_id).where(col(Letter.id).in_(numbers)),
    # Another contact in which the child was accepted: it may have become a re-referral, or be none any more.
    "person": lambda numbers: select(Referral.contact_id).where(
        col(Referral.person_id).in_(numbers), col(Referral.accepted_at).is_not(None)
    ),
}


@event.listens_for(OrmSession, "after_flush")
def _remember(session: OrmSession, _: object) -> None:
    """Names what this flush touched; what follows from it is worked out once, before the commit."""
    touched: Touched = session.info.setdefault(_KEY, set())
    for row in session.new:
        if type(row) in _FIELDS:
            touched.update(_of(row))
    for row in session.dirty:
        fields = _FIELDS.get(type(row))
        if fields and any(_changed(row, name) for name in fields):
            touched.update(_of(row))


def _changed(row: Any, name: str) -> bool:
    changed: bool = inspect(row).attrs[name].history.has_changes()
    return changed


def _of(row: Any) -> Iterator[tuple[str, int]]:
    match row:
        case Contact():
            yield "contact", id_of(row)
        case Referral():
            yield "contact", row.contact_id
            yield from (("person", number) for number in _accepted_persons(row))
        case Handover() | LetterReferral() | LetterReturn():
            yield "letter", row.letter_id
        case Decision() | WhyLate():
            yield "referral", row.referral_id
        case _ if row.contact_id is not None:
            yield "contact", row.contact_id


def _accepted_persons(row: Referral) -> Collection[int]:
    """The child of an accepted referral, and whose it was before: their other contacts are judged by it."""
    history = inspect(row).attrs
    accepted = {row.accepted_at, *history.accepted_at.history.deleted} - {None}
    return {row.person_id, *history.person_id.history.deleted} if accepted else ()


def name_touched(session: Session) -> None:
    """Names every contact that this transaction has touched. To be called before it is committed."""
    session.flush()
    by_kind: dict[str, set[int]] = defaultdict(set)
    for kind, number in session.info.pop(_KEY, ()):
        by_kind[kind].add(number)
    contacts = by_kind.pop("contact", set())
    for kind, numbers in by_kind.items():
        contacts |= _contacts_of(session, kind, numbers)
    if contacts:
        session.connection().execute(insert(FigureTouch), [{"contact_id": number} for number in sorted(contacts)])


def _contacts_of(session: Session, kind: str, numbers: Collection[int]) -> set[int]:
    """The contacts of what was touched: of rows that the session has anyway, without asking."""
    table = _TABLES.get(kind)
    there = {number: session.identity_map.get(identity_key(table, number)) for number in numbers} if table else {}
    known = {number: row.contact_id for number, row in there.items() if row is not None}
    asked = [number for number in numbers if number not in known]
    return {*known.values(), *(session.exec(_CONTACTS_OF[kind](asked)) if asked else ())}

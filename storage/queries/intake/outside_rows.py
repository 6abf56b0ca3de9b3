"""Contacts that came by the form for professionals: which are to be checked in, and how often somebody has sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, delete, func, select

from rules.vocabulary import State
from storage.tables import Contact, OutsideContact, OutsideTry, Person, Referral


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A contact to be checked in, with its children in the order in which they were named."""

    outside: OutsideContact
    contact: Contact
    children: Sequence[Person]


def of_contact(session: Session, contact_id: int | None) -> OutsideContact | None:
    """What is known beside a contact that came from outside; None for any other."""
    return session.get(OutsideContact, contact_id) if contact_id is not None else None


def by_code(session: Session, code: str) -> OutsideContact | None:
    """The contact that a link confirms, or None."""
    return session.exec(select(OutsideContact).where(col(OutsideContact.code) == code)).one_or_none()


def count_to_check_in(session: Session) -> int:
    """How many nobody has taken over: the same rows as ``to_check_in``."""
    return int(session.exec(to_check_in(select(func.count(col(OutsideContact.contact_id))))).one())


def waiting_among(session: Session, contact_ids: Collection[int]) -> frozenset[int]:
    """Those of these contacts that nobody has taken over: the same rows as ``to_check_in``."""
    statement = to_check_in(select(OutsideContact.contact_id)).where(col(OutsideContact.contact_id).in_(contact_ids))
    return frozenset(session.exec(statement))


def to_check_in(statement: Any) -> Any:
    """What is selected of those that nobody has taken over, with their contacts.

    Whoever has begun to screen every child of a contact has seen it: it waits no more.
    """
    received = select(Referral.id).where(
        col(Referral.contact_id) == col(OutsideContact.contact_id), col(Referral.state) == State.RECEIVED
    )
    joined = statement.join(Contact, col(Contact.id) == col(OutsideContact.contact_id))
    return joined.where(col(OutsideContact.taken_over_at).is_(None), received.exists())


def children_of(session: Session, contact_ids: Collection[int]) -> dict[int, list[Person]]:
    """The children of each of these contacts, in the order in which they were named."""
    statement = (
        select(Referral.contact_id, Person)
        .join(Person, col(Person.id) == col(Referral.person_id))
        .where(col(Referral.contact_id).in_(contact_ids), col(Referral.set_aside_at).is_(None))
        .order_by(col(Referral.id))
    )
    found: dict[int, list[Person]] = {}
    for contact_id, person in session.exec(statement):
        found.setdefault(contact_id, []).append(person)
    return found


def tries(session: Session, key_sha256: str, *, since: datetime) -> int:
    """How often something was done since a moment, by what it is counted by."""
    counted = select(func.count()).select_from(OutsideTry)
    return session.exec(counted.where(col(OutsideTry.key_sha256) == key_sha256, col(OutsideTry.at) > since)).one()


def keep_try(session: Session, key_sha256: str, *, now: datetime, forgotten: datetime) -> None:
    """Keeps that it was done once more, and forgets what was done before ``forgotten``."""
    session.exec(delete(OutsideTry).where(col(OutsideTry.at) < forgotten))
    session.add(OutsideTry(key_sha256=key_sha256, at=now))

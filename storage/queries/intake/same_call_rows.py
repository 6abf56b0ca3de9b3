"""What was logged a short while ago, with its children as they were named then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from storage.tables import Contact, NamedChild, Referral, id_of

MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One contact with (child's number, the child as named) of each that is not set aside."""

    contact: Contact
    children: Sequence[tuple[int, NamedChild]]


def since(session: Session, start: datetime, *, before_id: int | None = None) -> Sequence[Logged]:
    """The contacts recorded from ``start`` on, the latest first, a hundred at most, imported ones not among them.

    ``before_id``: only those that were logged before that contact.
    """
    # By number, which the table is kept in: of a hundred thousand contacts only the last hundred are read.
    newest = select(Contact).order_by(col(Contact.id).desc()).limit(MOST)
    if before_id is not None:
        newest = newest.where(col(Contact.id) < before_id)
    found = {id_of(one): one for one in session.exec(newest) if one.recorded_at >= start and not one.imported}
    rows = (
        select(Referral.contact_id, Referral.person_id, NamedChild)
        .join(NamedChild, col(NamedChild.referral_id) == col(Referral.id))
        .where(col(Referral.contact_id).in_(found), col(Referral.set_aside_at).is_(None))
        .order_by(col(Referral.id))
    )
    children = defaultdict[int, list[tuple[int, NamedChild]]](list)
    for contact_id, person_id, named in session.exec(rows):
        children[contact_id].append((person_id, named))
    return [Logged(contact=contact, children=children[number]) for number, contact in found.items() if children[number]]


def of_contact(session: Session, contact_id: int) -> Sequence[NamedChild]:
    """The children of one contact as it named them."""
    statement = select(NamedChild).join(Referral, col(Referral.id) == col(NamedChild.referral_id))
    return session.exec(statement.where(col(Referral.contact_id) == contact_id).order_by(col(Referral.id))).all()

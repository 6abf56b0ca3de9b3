"""Contacts: found by reference or form token, and locked for every change to any of their referrals."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from rules.errors import NotFound
from storage.tables import Contact, Letter, Referral

FRESH = {"populate_existing": True}


def lock(session: Session, contact_id: int) -> Contact:
    """The contact, locked until the transaction ends. Every change to its referrals takes this lock first.

    SQLite ignores the clause; there the whole write transaction is the lock. Raises NotFound.
    """
    contact = session.exec(_one(contact_id).with_for_update(), execution_options=FRESH).one_or_none()
    if contact is None:
        raise NotFound(f"There is no contact with the number {contact_id}; open the list again.")
    return contact


def lock_of_referral(session: Session, referral_id: int) -> Contact | None:
    """The contact of a referral, which never moves to another, locked in the same way; None without such a referral."""
    contact_id = select(Referral.contact_id).where(col(Referral.id) == referral_id).scalar_subquery()
    statement = select(Contact).where(col(Contact.id) == contact_id).with_for_update()
    return session.exec(statement, execution_options=FRESH).one_or_none()


def lock_several(session: Session, contact_ids: Collection[int]) -> Sequence[Contact]:
    """Several contacts, locked one after the other in the order of their numbers, with one statement.

    The database sorts before it locks, and a number never changes: whoever locks in this order waits for nobody who
    waits for them.
    """
    if not contact_ids:
        return []
    statement = select(Contact).where(col(Contact.id).in_(contact_ids)).order_by(col(Contact.id)).with_for_update()
    return session.exec(statement, execution_options=FRESH).all()


def lock_unless_taken(session: Session, contact_id: int) -> Contact | None:
    """The contact, locked, or None when somebody else is changing it: the sweep comes back, it never waits."""
    statement = _one(contact_id).with_for_update(skip_locked=True)
    return session.exec(statement, execution_options=FRESH).one_or_none()


def _one(contact_id: int) -> SelectOfScalar[Contact]:
    return select(Contact).where(col(Contact.id) == contact_id)


def children_of(session: Session, contact_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    """The children of each of these contacts, by the contact's number."""
    statement = select(Referral.contact_id, Referral.person_id).where(col(Referral.contact_id).in_(contact_ids))
    found: dict[int, frozenset[int]] = {}
    for contact_id, person_id in session.exec(statement):
        found[contact_id] = found.get(contact_id, frozenset()) | {person_id}
    return found


def of_letter(session: Session, letter_id: int) -> Contact:
    """The contact that a letter is about; the letter must be there."""
    return session.get_one(Contact, session.get_one(Letter, letter_id).contact_id)


def of_referral(session: Session, referral: Referral) -> Contact:
    """The contact of a referral."""
    return session.get_one(Contact, referral.contact_id)


def by_request(session: Session, request_id: str) -> Contact | None:
    """The contact that this form token has made already, or None."""
    return session.exec(select(Contact).where(col(Contact.request_id) == request_id)).one_or_none()


def by_ref(session: Session, ref: str) -> Contact:
    """The contact with this reference. Raises NotFound."""
    contact = session.exec(select(Contact).where(col(Contact.ref) == ref)).one_or_none()
    if contact is None:
        raise NotFound(f"There is no contact {ref}; check the reference.")
    return contact

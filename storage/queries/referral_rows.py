"""Referrals and what hangs on them: checks, decisions, allocations, siblings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlmodel import Session, col, select

from rules.errors import NotFound
from storage.queries import contact_rows
from storage.queries.decisions import undone_rows
from storage.remembered import remembered
from storage.tables import Allocation, Check, Contact, Decision, Person, Referral


def lock(session: Session, referral_id: int) -> tuple[Contact, Referral]:
    """The referral and its contact, the contact locked until the transaction ends. Raises NotFound."""
    contact = contact_rows.lock_of_referral(session, referral_id)
    if contact is None:
        raise NotFound(f"There is no referral with number {referral_id}; open it again from the list.")
    return contact, session.get_one(Referral, referral_id, populate_existing=True)


def by_ref(session: Session, ref: str) -> Referral:
    """The referral with this reference. Raises NotFound."""
    referral = session.exec(select(Referral).where(col(Referral.ref) == ref)).one_or_none()
    if referral is None:
        raise NotFound(f"There is no referral {ref}; check the reference.")
    return referral


def of_contact(session: Session, contact_id: int) -> Sequence[Referral]:
    """All referrals of one contact, in the order in which the children were named."""
    statement = select(Referral).where(col(Referral.contact_id) == contact_id).order_by(col(Referral.id))
    return session.exec(statement).all()


def of_contacts(session: Session, contact_ids: Collection[int]) -> Mapping[int, Sequence[Referral]]:
    """The same of several contacts, by the contact's number, read anew: what was read before a lock may be old."""
    found: dict[int, list[Referral]] = {number: [] for number in contact_ids}
    statement = select(Referral).where(col(Referral.contact_id).in_(contact_ids)).order_by(col(Referral.id))
    for referral in session.exec(statement, execution_options=contact_rows.FRESH):
        found[referral.contact_id].append(referral)
    return found


def children_of_contact(session: Session, contact_id: int) -> Sequence[tuple[Referral, Person]]:
    """Each referral of a contact with its child."""
    statement = (
        select(Referral, Person)
        .join(Person, col(Person.id) == col(Referral.person_id))
        .where(col(Referral.contact_id) == contact_id)
        .order_by(col(Referral.id))
    )
    return session.exec(statement).all()


@remembered
def checks(session: Session, referral_id: int) -> Sequence[Check]:
    """The checks recorded for one child, oldest first."""
    return session.exec(select(Check).where(col(Check.referral_id) == referral_id).order_by(col(Check.id))).all()


def decisions(session: Session, referral_id: int) -> Sequence[Decision]:
    """The decisions about one child, oldest first, those undone too; of the others the last one holds."""
    statement = select(Decision).where(col(Decision.referral_id) == referral_id).order_by(col(Decision.id))
    return session.exec(statement).all()


def latest_decision(session: Session, referral_id: int) -> Decision | None:
    """The decision that holds, or None."""
    statement = select(Decision).where(col(Decision.referral_id) == referral_id, undone_rows.stands())
    return session.exec(statement.order_by(col(Decision.id).desc()).limit(1)).one_or_none()


def latest_decisions(session: Session, referral_ids: Collection[int]) -> Mapping[int, Decision]:
    """The decisions that hold, of several referrals, by the referral's number."""
    statement = select(Decision).where(col(Decision.referral_id).in_(referral_ids), undone_rows.stands())
    return {one.referral_id: one for one in session.exec(statement.order_by(col(Decision.id)))}


def allocations(session: Session, referral_id: int) -> Sequence[Allocation]:
    """The allocations of one child, oldest first."""
    statement = select(Allocation).where(col(Allocation.referral_id) == referral_id).order_by(col(Allocation.id))
    return session.exec(statement).all()


def running_allocation(session: Session, referral_id: int) -> Allocation | None:
    """The allocation that has not ended, or None."""
    statement = select(Allocation).where(col(Allocation.referral_id) == referral_id, col(Allocation.ended_at).is_(None))
    return session.exec(statement).one_or_none()

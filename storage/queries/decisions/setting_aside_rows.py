"""What hangs on a referral that is set aside, and the right one beside it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, or_, select

from storage.tables import Alert, Contact, Person, Referral


def candidates(session: Session, ref: str) -> Sequence[tuple[Referral, Person]]:
    """The referral with this reference, or the referrals of the contact with it, each with its child, read afresh."""
    statement = (
        select(Referral, Person)
        .join(Person, col(Person.id) == col(Referral.person_id))
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .where(or_(col(Referral.ref) == ref, col(Contact.ref) == ref))
    )
    return session.exec(statement.order_by(col(Referral.id)).execution_options(populate_existing=True)).all()


def standing_of_child(session: Session, referral: Referral) -> Referral | None:
    """Another referral of the same child in the same contact that is not set aside, or None."""
    statement = select(Referral).where(
        col(Referral.contact_id) == referral.contact_id,
        col(Referral.person_id) == referral.person_id,
        col(Referral.id) != referral.id,
        col(Referral.set_aside_at).is_(None),
    )
    return session.exec(statement.limit(1)).first()


def open_subjects(session: Session, referral: Referral, *, whole_contact: bool) -> Sequence[str]:
    """What the open alerts about a referral are about; ``whole_contact``: with those about its contact as a whole."""
    about = col(Alert.referral_id) == referral.id
    if whole_contact:
        about = or_(about, col(Alert.contact_id) == referral.contact_id)
    statement = select(Alert.subject_key).where(about, col(Alert.closed_at).is_(None))
    return session.exec(statement.order_by(col(Alert.id))).all()


def ref_of(session: Session, referral_id: int | None) -> str:
    """A referral's reference; empty for None."""
    return session.get_one(Referral, referral_id).ref if referral_id is not None else ""

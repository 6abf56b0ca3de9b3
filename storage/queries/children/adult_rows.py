"""The adults whom contacts named about a child, and what they are to the child."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from storage.tables import AdultRelation, Contact, NamedAdult, Referral


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultOf:
    """One adult, as one contact named them, and what they are to one child."""

    adult: NamedAdult
    relation: AdultRelation
    contact: Contact


def of_persons(session: Session, person_ids: Collection[int]) -> Sequence[AdultOf]:
    """The adults of every contact about these children that is not set aside, those named last first."""
    statement = (
        select(NamedAdult, AdultRelation, Contact)
        .join(AdultRelation, col(AdultRelation.adult_id) == col(NamedAdult.id))
        .join(Referral, col(Referral.id) == col(AdultRelation.referral_id))
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .where(col(Referral.person_id).in_(person_ids), col(Referral.set_aside_at).is_(None))
    )
    rows = session.exec(statement.order_by(col(NamedAdult.id).desc())).all()
    return [AdultOf(adult=adult, relation=relation, contact=contact) for adult, relation, contact in rows]

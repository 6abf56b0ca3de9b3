"""Children as persons: found again, compared, and what is known of them from before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, and_, col, or_, select

from rules import matching
from storage.tables import Contact, Decision, HouseholdLink, Person, ProposedMatch, Referral

MOST_PROPOSALS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierReferral:
    """One referral of a child, with its contact and its decisions, the last of which holds."""

    referral: Referral
    contact: Contact
    decisions: tuple[Decision, ...]


def by_nhs_number(session: Session, nhs_number: str) -> Person | None:
    """The child with this valid NHS number (ten digits), or None."""
    return session.exec(select(Person).where(col(Person.nhs_number) == nhs_number)).one_or_none()


def by_name_and_birth_date(session: Session, name_key: str, birth_date: date) -> Sequence[Person]:
    """The children with this folded name and birth date, the longest known first."""
    same = (col(Person.name_key) == name_key, col(Person.birth_date) == birth_date)
    return session.exec(select(Person).where(*same).order_by(col(Person.id))).all()


def proposals(session: Session, person: Person) -> Sequence[tuple[Person, str]]:
    """The others who may be this child, each with the reason, the likeliest first; at most twenty."""
    this = _described(person)
    found = [(other, matching.likeness(this, _described(other))) for other in _candidates(session, person)]
    likely = [(other, likeness) for other, likeness in found if likeness is not None]
    likely.sort(key=lambda pair: (-pair[1].weight, pair[0].id or 0))
    return [(other, likeness.reason) for other, likeness in likely[:MOST_PROPOSALS]]


def proposed_matches(session: Session, person_id: int) -> Sequence[tuple[ProposedMatch, Person]]:
    """The proposals about this child that nobody has settled, each with the other child."""
    newer, older = col(ProposedMatch.person_id), col(ProposedMatch.other_person_id)
    other = or_(and_(newer == person_id, col(Person.id) == older), and_(older == person_id, col(Person.id) == newer))
    statement = select(ProposedMatch, Person).join(Person, other).where(col(ProposedMatch.settled_at).is_(None))
    return session.exec(statement.order_by(col(ProposedMatch.id))).all()


def household(session: Session, person_id: int) -> Sequence[Person]:
    """The other children whom any contact named together with this one."""
    lower, higher = col(HouseholdLink.person_id), col(HouseholdLink.other_person_id)
    other = or_(and_(lower == person_id, col(Person.id) == higher), and_(higher == person_id, col(Person.id) == lower))
    return session.exec(select(Person).join(HouseholdLink, other).order_by(col(Person.id))).all()


def household_pairs(session: Session, person_ids: Collection[int]) -> set[tuple[int, int]]:
    """The links that there are between these children, as (lower id, higher id)."""
    lower, higher = col(HouseholdLink.person_id), col(HouseholdLink.other_person_id)
    return set(session.exec(select(lower, higher).where(lower.in_(person_ids), higher.in_(person_ids))).all())


def referrals_of(session: Session, person_id: int) -> Sequence[EarlierReferral]:
    """All referrals of one child with their decisions, the latest received first."""
    pairs = session.exec(
        select(Referral, Contact)
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .where(col(Referral.person_id) == person_id)
        .order_by(col(Contact.received_at).desc(), col(Referral.id).desc())
    ).all()
    decided = _decisions(session, person_id)
    return [
        EarlierReferral(
            referral=referral,
            contact=contact,
            decisions=tuple(decision for decision in decided if decision.referral_id == referral.id),
        )
        for referral, contact in pairs
    ]


def _decisions(session: Session, person_id: int) -> Sequence[Decision]:
    return session.exec(
        select(Decision)
        .join(Referral, col(Referral.id) == col(Decision.referral_id))
        .where(col(Referral.person_id) == person_id)
        .order_by(col(Decision.id))
    ).all()


def _candidates(session: Session, person: Person) -> Sequence[Person]:
    alike = [col(Person.name_key) == person.name_key] if person.name_key else []
    alike += [col(Person.birth_date) == person.birth_date] if person.birth_date else []
    if not alike:
        return []
    return session.exec(select(Person).where(or_(*alike), col(Person.id) != person.id)).all()


def _described(person: Person) -> matching.Child:
    return matching.Child(
        forename=person.forename,
        surname=person.surname,
        birth_date=person.birth_date,
        nhs_number=person.nhs_number,
        address=person.address,
    )

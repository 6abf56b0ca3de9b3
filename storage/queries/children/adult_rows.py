"""The adults whom contacts named about a child, what they are to the child, and each as corrected."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, exists, func, select

from rules.errors import NotFound
from storage.tables import AdultRelation, Contact, NamedAdult, Referral, id_of

LARGEST = 2**31 - 1
_LATER = aliased(NamedAdult)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultOf:
    """One adult, as one contact named them, and what they are to one child."""

    adult: NamedAdult
    relation: AdultRelation
    contact: Contact

    @property
    def number(self) -> int:
        """That of the first row, by which the adult is known."""
        return number(self.adult)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One adult as it holds, with what they are to which child, by referral; to none: named by mistake."""

    adult: NamedAdult
    relations: Mapping[int, AdultRelation]

    @property
    def number(self) -> int:
        """That of the first row, by which the adult is known."""
        return number(self.adult)

    @property
    def full_name(self) -> str:
        """Forename and surname as far as they are known."""
        return f"{self.adult.forename} {self.adult.surname}".strip()


def number(adult: NamedAdult) -> int:
    """The number of an adult: that of the row in which the contact named them first."""
    return adult.first_id or id_of(adult)


def _first(adult: Any = NamedAdult) -> Any:
    return func.coalesce(adult.first_id, adult.id)


def holds() -> Any:
    """Of the rows of one adult the last: as they are by what is known now."""
    return ~exists().where(_LATER.first_id == _first(), _LATER.id > NamedAdult.id)  # type: ignore[arg-type, operator]


def of_persons(session: Session, person_ids: Collection[int]) -> Sequence[AdultOf]:
    """The adults of every contact about these children that is not set aside, those named last first."""
    statement = (
        select(NamedAdult, AdultRelation, Contact)
        .join(AdultRelation, col(AdultRelation.adult_id) == col(NamedAdult.id))
        .join(Referral, col(Referral.id) == col(AdultRelation.referral_id))
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .where(col(Referral.person_id).in_(person_ids), col(Referral.set_aside_at).is_(None), holds())
    )
    rows = session.exec(statement.order_by(_first().desc())).all()
    return [AdultOf(adult=adult, relation=relation, contact=contact) for adult, relation, contact in rows]


def is_of(session: Session, adult_id: int, person_ids: Collection[int]) -> bool:
    """True where an adult, by the number of the first row, is something to one of these children, or once was."""
    statement = (
        select(AdultRelation.referral_id)
        .join(NamedAdult, col(NamedAdult.id) == col(AdultRelation.adult_id))
        .join(Referral, col(Referral.id) == col(AdultRelation.referral_id))
        .where(_first() == adult_id, col(Referral.person_id).in_(person_ids))
    )
    return session.exec(statement.limit(1)).first() is not None


def versions(session: Session, adult_id: int) -> Sequence[NamedAdult]:
    """Each row of one adult, the one that holds last. Raises NotFound."""
    found = session.get(NamedAdult, min(adult_id, LARGEST))
    if found is None:
        raise NotFound(f"There is no adult with number {adult_id}; open it again from the referral.")
    statement = select(NamedAdult).where(_first() == number(found))
    return session.exec(statement.order_by(col(NamedAdult.id))).all()


def standing(session: Session, adult_id: int) -> Standing:
    """One adult as it holds, by the number of any of its rows. Raises NotFound."""
    return _standing(session, versions(session, adult_id)[-1])


def of_contact(session: Session, contact_id: int) -> Sequence[Standing]:
    """The adults of a contact as they hold, in the order in which it named them; not who was named by mistake."""
    statement = select(NamedAdult).where(col(NamedAdult.contact_id) == contact_id, holds()).order_by(_first())
    found = [_standing(session, adult) for adult in session.exec(statement)]
    return [one for one in found if one.relations]


def _standing(session: Session, adult: NamedAdult) -> Standing:
    statement = select(AdultRelation).where(col(AdultRelation.adult_id) == id_of(adult))
    return Standing(adult=adult, relations={row.referral_id: row for row in session.exec(statement)})

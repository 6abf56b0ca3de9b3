"""Who looked: what a page is about, and the rows of the access log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, or_, select

from rules.errors import NotFound
from storage.queries.letters import message_rows, returned_mail_rows
from storage.tables import Access, Contact, Letter, Referral, User

Subject = tuple[int | None, int | None]
LARGEST = 2**31 - 1


def subject(session: Session, shows: str, params: Mapping[str, Any]) -> Subject:
    """(contact id, referral id) of the record that a page shows; both None for a list. Raises NotFound."""
    if shows == "referral":
        return _referral(session, params["ref"])
    if shows == "contact":
        return _contact(session, params["ref"])
    if shows == "letter":
        return _letter(session, params["letter_id"])
    if shows == "message":
        return message_rows.find(session, params["message_id"]).contact_id, None
    if shows == "bounce":
        return returned_mail_rows.contact_of(session, params["bounce_id"]), None
    return None, None


def subjects(session: Session, shows: str, params: Mapping[str, Any]) -> Sequence[Subject]:
    """The same for pages that show several records: all referrals of a child; one pair at least. Raises NotFound."""
    if shows != "person":
        return [subject(session, shows, params)]
    person_id = min(int(params["person_id"]), LARGEST)
    statement = select(Referral.contact_id, Referral.id).where(col(Referral.person_id) == person_id)
    return list(session.exec(statement.order_by(col(Referral.id))).all()) or [(None, None)]


def _referral(session: Session, ref: str) -> Subject:
    statement = select(Referral.contact_id, Referral.id).where(col(Referral.ref) == ref)
    row = session.exec(statement).one_or_none()
    if row is None:
        raise NotFound(f"There is no referral {ref}; check the reference.")
    return row[0], row[1]


def _contact(session: Session, ref: str) -> Subject:
    found = session.exec(select(Contact.id).where(col(Contact.ref) == ref)).one_or_none()
    if found is None:
        raise NotFound(f"There is no contact {ref}; check the reference.")
    return found, None


def _letter(session: Session, letter_id: int) -> Subject:
    statement = select(Letter.contact_id).where(col(Letter.id) == min(letter_id, LARGEST))
    found = session.exec(statement).one_or_none()
    if found is None:
        raise NotFound(f"There is no letter {letter_id}; open it again from the list of letters.")
    return found, None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One row of the access log, with the references and the person's name."""

    access: Access
    name: str
    contact_ref: str
    referral_ref: str


def looks(session: Session, *, words: str, refused_only: bool, offset: int, limit: int) -> tuple[Sequence[Look], int]:
    """The newest looks first, ``limit`` of them from ``offset`` on, and how many there are in all."""
    statement = (
        select(Access, User.name, Contact.ref, Referral.ref)
        .outerjoin(User, col(User.username) == col(Access.username))
        .outerjoin(Contact, col(Contact.id) == col(Access.contact_id))
        .outerjoin(Referral, col(Referral.id) == col(Access.referral_id))
    )
    if refused_only:
        statement = statement.where(col(Access.allowed).is_(False))
    if words:
        places = (Access.username, User.name, Contact.ref, Referral.ref)
        statement = statement.where(or_(*(col(place).icontains(words, autoescape=True) for place in places)))
    count = session.exec(select(func.count()).select_from(statement.subquery())).one()
    rows = session.exec(statement.order_by(col(Access.id).desc()).offset(offset).limit(limit)).all()
    return [
        Look(access=access, name=name or access.username, contact_ref=contact_ref or "", referral_ref=ref or "")
        for access, name, contact_ref, ref in rows
    ], count

"""What an import took in, what has become of it since, and what goes with it when it is taken back."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlmodel import Session, col, delete, func, or_, select

from rules.errors import NotFound
from storage.tables import (
    Clock,
    Contact,
    Event,
    FilledField,
    Handover,
    HouseholdLink,
    ImportedLines,
    ImportRun,
    Letter,
    LetterPrint,
    MatchKey,
    ProposedMatch,
    Query,
    Referral,
    Restriction,
)

LARGEST = 2**31 - 1


def get(session: Session, run_id: int) -> ImportRun:
    """The run. Raises NotFound."""
    run = session.get(ImportRun, min(run_id, LARGEST))
    if run is None:
        raise NotFound(f"There is no import {run_id}; see `pathway import runs`.")
    return run


def runs(session: Session) -> Sequence[tuple[ImportRun, int]]:
    """Every run, the latest first, each with how many of its contacts stand."""
    standing = func.count(ImportedLines.id).filter(col(ImportedLines.taken_back_at).is_(None))  # type: ignore[arg-type]
    statement = (
        select(ImportRun, standing)
        .join(ImportedLines, col(ImportedLines.run_id) == col(ImportRun.id))
        .group_by(col(ImportRun.id))
    )
    return session.exec(statement.order_by(col(ImportRun.id).desc())).all()


def standing(session: Session, run_id: int) -> Sequence[ImportedLines]:
    """What a run took in that stands, the last first: what came later may stand on what came before."""
    statement = select(ImportedLines).where(
        col(ImportedLines.run_id) == run_id, col(ImportedLines.taken_back_at).is_(None)
    )
    return session.exec(statement.order_by(col(ImportedLines.contact_id).desc())).all()


def of_contact(session: Session, contact_id: int) -> ImportedLines | None:
    """What a file said of a contact; None for one that was logged here."""
    return session.exec(select(ImportedLines).where(col(ImportedLines.contact_id) == contact_id)).one_or_none()


def standing_of(session: Session, ref: str) -> ImportedLines | None:
    """What a file said of the contact that bears a reference now; None for one that was logged here, and for none."""
    statement = select(ImportedLines).where(
        col(ImportedLines.contact_ref) == ref, col(ImportedLines.taken_back_at).is_(None)
    )
    return session.exec(statement).one_or_none()


def is_taken_back(session: Session, contact_id: int) -> bool:
    """True for a contact whose import was taken back."""
    lines = of_contact(session, contact_id)
    return lines is not None and lines.taken_back_at is not None


def replaced_by(session: Session, run_id: int) -> Sequence[ImportedLines]:
    """What earlier files said of contacts that a run replaced and that were taken back with it, in their order."""
    gone = select(ImportedLines.id).where(
        col(ImportedLines.run_id) == run_id, col(ImportedLines.taken_back_at).is_not(None)
    )
    statement = select(ImportedLines).where(
        col(ImportedLines.replaced_by_id).in_(gone), col(ImportedLines.lines) != "[]"
    )
    return session.exec(statement.order_by(col(ImportedLines.id))).all()


def was_watched(session: Session, contact_id: int) -> bool:
    """True for a contact that was imported to be worked on here."""
    statement = select(Clock.id).where(col(Clock.contact_id) == contact_id, col(Clock.watched))
    return session.exec(statement.limit(1)).first() is not None


def was_replaced(session: Session, ref: str, sha256: str) -> bool:
    """True for what a file said of a contact before a later file said otherwise."""
    statement = select(ImportedLines.id).where(
        col(ImportedLines.contact_ref) == ref,
        col(ImportedLines.sha256) == sha256,
        col(ImportedLines.replaced_by_id).is_not(None),
    )
    return session.exec(statement.limit(1)).first() is not None


def last_event(session: Session, contact_id: int) -> int:
    """The number of the last event of a contact and its referrals; 0 for none."""
    return session.exec(select(func.max(Event.id)).where(col(Event.contact_id) == contact_id)).one() or 0


def events_after(session: Session, contact_id: int, event_id: int, *, except_by: str) -> Sequence[Event]:
    """What anybody but ``except_by`` has recorded of a contact since an event."""
    statement = select(Event).where(
        col(Event.contact_id) == contact_id, col(Event.id) > event_id, col(Event.actor) != except_by
    )
    return session.exec(statement.order_by(col(Event.id))).all()


def letter_is_out(session: Session, contact_id: int) -> bool:
    """True where a letter of the contact was printed or has left."""
    left = or_(
        col(Letter.id).in_(select(Handover.letter_id)),
        col(Letter.id).in_(select(LetterPrint.letter_id)),
    )
    return (
        session.exec(select(Letter.id).where(col(Letter.contact_id) == contact_id, left).limit(1)).first() is not None
    )


def came_later(session: Session, contact_id: int, person_ids: Collection[int]) -> Sequence[tuple[int, str]]:
    """The contacts that came after this one and stand under one of its children: number and reference."""
    statement = (
        select(Contact.id, Contact.ref)
        .join(Referral, col(Referral.contact_id) == col(Contact.id))
        .where(col(Referral.person_id).in_(person_ids), col(Contact.id) > contact_id)
        .distinct()
    )
    return [(number or 0, ref) for number, ref in session.exec(statement.order_by(col(Contact.id)))]


def any_restricted(session: Session, person_ids: Collection[int]) -> bool:
    """True where the record of one of these children is restricted."""
    statement = select(Restriction.id).where(
        col(Restriction.person_id).in_(person_ids), col(Restriction.lifted_at).is_(None)
    )
    return session.exec(statement.limit(1)).first() is not None


def first_referral_of(session: Session, person_id: int) -> int | None:
    """The number of the referral with which a child came on record."""
    return session.exec(select(func.min(Referral.id)).where(col(Referral.person_id) == person_id)).one()


def fills_of(session: Session, referral_id: int) -> Sequence[FilledField]:
    """What a referral filled on a record and nobody has taken back."""
    statement = select(FilledField).where(
        col(FilledField.referral_id) == referral_id, col(FilledField.taken_back_at).is_(None)
    )
    return session.exec(statement.order_by(col(FilledField.id))).all()


def perhaps_same(session: Session, person_id: int) -> set[int]:
    """The others with whom a child stands in a possible match."""
    pair = col(ProposedMatch.person_id), col(ProposedMatch.other_person_id)
    statement = select(*pair).where(or_(*(one == person_id for one in pair)))
    return {number for both in session.exec(statement) for number in both} - {person_id}


def forget_contact(session: Session, contact_id: int) -> None:
    """Deletes the queries that a contact raised or that name a child of it, and the households that it told of."""
    theirs = select(Referral.ref).where(col(Referral.contact_id) == contact_id)
    session.execute(delete(Query).where(col(Query.value).in_(theirs)))
    session.execute(delete(Query).where(col(Query.contact_id) == contact_id))
    session.execute(delete(HouseholdLink).where(col(HouseholdLink.contact_id) == contact_id))


def forget_likeness(session: Session, person_id: int) -> None:
    """Deletes by what a child is found and whom it may be."""
    forget_keys(session, person_id)
    either = or_(col(ProposedMatch.person_id) == person_id, col(ProposedMatch.other_person_id) == person_id)
    session.execute(delete(ProposedMatch).where(either))
    both = or_(col(HouseholdLink.person_id) == person_id, col(HouseholdLink.other_person_id) == person_id)
    session.execute(delete(HouseholdLink).where(both))


def forget_keys(session: Session, person_id: int) -> None:
    """Deletes the keys by which a child is found."""
    session.execute(delete(MatchKey).where(col(MatchKey.person_id) == person_id))

"""What the timeliness report judges: one row a child, with the first round of both duties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from rules.messages import FEEDBACK
from storage.queries.decisions import undone_rows
from storage.tables import Clock, Contact, Decision, Handover, Letter, LetterReferral, LetterReturn, Query, Referral

_DECISION, _FEEDBACK = aliased(Clock), aliased(Clock)  # once: to make one takes longer than to ask

_UNUSABLE = ("outcome", "decided")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFacts:
    """One child, with the first round of each duty.

    ``decided_at`` is the first decision that was not undone; ``told_at`` when the first letter that names the child
    left and did not come back, or the old system's feedback. ``unusable`` says why an imported decision can't be
    judged; empty where it can.
    """

    referral: Referral
    contact: Contact
    decision: Clock | None
    feedback: Clock | None
    decided_at: datetime | None
    told_at: datetime | None
    unusable: str


def children_received(session: Session, *, start: datetime, end: datetime) -> Sequence[ChildFacts]:
    """Every child of a contact received from ``start`` up to, but not at, ``end``, the oldest contact first.

    What was logged twice or in error counts in no figure.
    """
    decision, feedback = _DECISION, _FEEDBACK
    statement = (
        select(Referral, Contact, decision, feedback)
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .outerjoin(decision, _first_round(decision, "decision"))
        .outerjoin(feedback, _first_round(feedback, "feedback"))
        .where(_received(start, end), col(Referral.set_aside_at).is_(None))
        .order_by(col(Contact.received_at), col(Referral.id))
    )
    told, unusable = _told(session, start, end), _unusable(session, start, end)
    decided = _decided(session, start, end)
    return [
        ChildFacts(
            referral=referral,
            contact=contact,
            decision=decision_clock,
            feedback=feedback_clock,
            decided_at=decided.get(referral.id or 0),
            told_at=told.get(referral.id or 0, referral.feedback_at),
            unusable=unusable.get(referral.id or 0, "") if referral.id not in decided else "",
        )
        for referral, contact, decision_clock, feedback_clock in session.exec(statement)
    ]


def _received(start: datetime, end: datetime) -> Any:
    return and_(col(Contact.received_at) >= start, col(Contact.received_at) < end)


def _first_round(clock: type[Clock], kind: str) -> Any:
    return and_(
        col(clock.referral_id) == col(Referral.id),
        col(clock.kind) == kind,
        col(clock.round) == 1,
    )


def _decided(session: Session, start: datetime, end: datetime) -> Mapping[int, datetime]:
    statement = (
        select(Decision.referral_id, func.min(Decision.decided_at))
        .join(Referral, col(Referral.id) == col(Decision.referral_id))
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .where(_received(start, end), undone_rows.stands())
        .group_by(col(Decision.referral_id))
    )
    return dict(session.exec(statement).all())


def _told(session: Session, start: datetime, end: datetime) -> Mapping[int, datetime]:
    statement = (
        select(LetterReferral.referral_id, func.min(Handover.handed_over_at))
        .join(Letter, col(Letter.id) == col(LetterReferral.letter_id))
        .join(Handover, col(Handover.letter_id) == col(Letter.id))
        .join(Contact, col(Contact.id) == col(Letter.contact_id))
        .outerjoin(LetterReturn, col(LetterReturn.handover_id) == col(Handover.id))
        .where(col(Letter.kind).in_(FEEDBACK), col(LetterReturn.id).is_(None), _received(start, end))
        .group_by(col(LetterReferral.referral_id))
    )
    return dict(session.exec(statement).all())


def _unusable(session: Session, start: datetime, end: datetime) -> Mapping[int, str]:
    statement = (
        select(Query.referral_id, Query.problem)
        .join(Contact, col(Contact.id) == col(Query.contact_id))
        .where(col(Query.place).in_(_UNUSABLE), col(Query.referral_id).is_not(None), _received(start, end))
        .order_by(col(Query.id))
    )
    return {referral_id: problem for referral_id, problem in session.exec(statement) if referral_id is not None}

"""Decisions that were undone within their grace: on record, and left out wherever a decision counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from rules.vocabulary import EventKind
from storage.tables import Decision, Event, UndoneDecision, id_of


def stands() -> Any:
    """The condition that a decision was not undone."""
    return col(Decision.id).not_in(select(UndoneDecision.decision_id))


def of_referrals(session: Session, referral_ids: Collection[int]) -> Mapping[int, UndoneDecision]:
    """By number of the decision who undid it, when and why, for all decisions about some children."""
    statement = (
        select(UndoneDecision)
        .join(Decision, col(Decision.id) == col(UndoneDecision.decision_id))
        .where(col(Decision.referral_id).in_(referral_ids))
    )
    return {one.decision_id: one for one in session.exec(statement)}


def standing_together(session: Session, referral_id: int) -> Sequence[Decision]:
    """The decision that holds and those that it corrects, the first of them first; none where none holds."""
    statement = select(Decision).where(col(Decision.referral_id) == referral_id, stands())
    found: list[Decision] = []
    for decision in session.exec(statement.order_by(col(Decision.id).desc())):
        found.insert(0, decision)
        if not decision.correction_reason:
            break
    return found


def decided_by_event(session: Session, decision: Decision) -> int:
    """The number of the event by which a first decision stands in the history; 0 where there is none."""
    statement = select(Event).where(
        col(Event.referral_id) == decision.referral_id,
        col(Event.kind) == EventKind.DECIDED,
        col(Event.recorded_at) == decision.recorded_at,
    )
    event = session.exec(statement.order_by(col(Event.id).desc()).limit(1)).first()
    return id_of(event) if event else 0

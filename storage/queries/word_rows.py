"""Whose word a referral still waits for, asked with one statement: this is asked at every step of every child."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, exists, select

from rules.vocabulary import AlertKind
from storage.queries.children import repeat_rows
from storage.tables import Alert, OnwardReferral


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Whether new information is not acknowledged, a receiver has not answered, a second look did not agree."""

    acknowledgement: bool
    receiver: bool
    second_decision: bool


def waits_for(session: Session, referral_id: int) -> Waits:
    """What a referral waits for, each of it a person's word."""
    unread = exists().where(
        col(Alert.referral_id) == referral_id,
        col(Alert.kind) == AlertKind.NEW_INFORMATION,
        col(Alert.closed_at).is_(None),
    )
    unanswered = exists().where(
        col(OnwardReferral.referral_id) == referral_id, col(OnwardReferral.answered_at).is_(None)
    )
    disputed = repeat_rows.disputed(referral_id).exists()
    acknowledgement, receiver, second_decision = session.exec(select(unread, unanswered, disputed)).one()
    return Waits(acknowledgement=acknowledgement, receiver=receiver, second_decision=second_decision)

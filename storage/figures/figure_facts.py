"""What of some contacts is counted, read in one question a table however many contacts there are."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from rules import repeats
from rules.figures.contact_facts import AlertFacts, ChildFacts, ClockFacts, ContactFacts, PostFacts
from rules.messages import FEEDBACK, MessageKind
from rules.vocabulary import ClockState, EventKind
from storage.tables import (
    Alert,
    Clock,
    Contact,
    Decision,
    Event,
    Handover,
    Letter,
    LetterReferral,
    LetterReturn,
    Query,
    Referral,
    WhyLate,
    id_of,
)

T = TypeVar("T")
_UNUSABLE = ("outcome", "decided")
_TOLD_BY = (EventKind.CLOCK_STOPPED, EventKind.ALERT_ACKNOWLEDGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """The rows of some contacts, each list by the number of what it belongs to."""

    referrals: Mapping[int, Sequence[Referral]]
    clocks: Mapping[int, Sequence[Clock]]
    decisions: Mapping[int, Sequence[Decision]]
    told: Mapping[int, tuple[datetime, str]]
    whys: Mapping[int, str]
    unusable: Collection[int]
    stopped_by: Mapping[tuple[int, str, int], str]
    accepted: Mapping[int, Sequence[Referral]]


def of_contacts(session: Session, contact_ids: Collection[int]) -> Iterable[ContactFacts]:
    """The facts of each of these contacts, in the order of their numbers."""
    contacts = session.exec(select(Contact).where(col(Contact.id).in_(contact_ids)).order_by(col(Contact.id))).all()
    referrals = [
        one for one in _of(session, Referral, col(Referral.contact_id).in_(contact_ids)) if one.set_aside_at is None
    ]
    events = _of(session, Event, col(Event.contact_id).in_(contact_ids), col(Event.kind).in_(_TOLD_BY))
    read, post = _read(session, referrals, events), _post(session, contact_ids)
    alerts = _by(_of(session, Alert, col(Alert.contact_id).in_(contact_ids)), lambda one: one.contact_id or 0)
    acknowledged = _by([one for one in events if one.kind == EventKind.ALERT_ACKNOWLEDGED], _alert_of)
    for contact in contacts:
        number = id_of(contact)
        yield ContactFacts(
            id=number,
            received_at=contact.received_at,
            source_code=contact.source_code,
            children=tuple(_child(one, read) for one in read.referrals[number]),
            handed_over=tuple(
                PostFacts(id=id_of(out), how=out.delivery, at=out.handed_over_at, by=out.recorded_by)
                for _, out, _ in post[number]
            ),
            returned=tuple(
                PostFacts(id=id_of(back), how=back.how, at=back.returned_at, by=back.recorded_by)
                for _, _, back in post[number]
                if back is not None
            ),
            alerts=tuple(_alert(one, acknowledged) for one in alerts[number]),
        )


def _read(session: Session, referrals: Sequence[Referral], events: Sequence[Event]) -> _Read:
    ids = [id_of(one) for one in referrals]
    persons = {one.person_id for one in referrals if one.accepted_at is not None}
    whys = _of(session, WhyLate, col(WhyLate.referral_id).in_(ids))
    imported = [id_of(one) for one in referrals if one.imported]
    oddities = _of(session, Query, col(Query.referral_id).in_(imported), col(Query.place).in_(_UNUSABLE))
    return _Read(
        referrals=_by(referrals, lambda one: one.contact_id),
        clocks=_by(_of(session, Clock, col(Clock.referral_id).in_(ids)), lambda one: one.referral_id),
        decisions=_by(_of(session, Decision, col(Decision.referral_id).in_(ids)), lambda one: one.referral_id),
        told=_told(session, ids),
        whys={one.clock_id: one.reason for one in whys},
        unusable={one.referral_id for one in oddities if one.referral_id is not None},
        stopped_by=dict(_stopped(one) for one in events if one.kind == EventKind.CLOCK_STOPPED),
        accepted=_by(_accepted(session, persons), lambda one: one.person_id),
    )


def _of(session: Session, model: type[T], *where: Any) -> Sequence[T]:
    return session.exec(select(model).where(*where).order_by(col(model.id))).all()  # type: ignore[attr-defined]


def _by(rows: Iterable[T], key: Any) -> Mapping[Any, list[T]]:
    found: dict[Any, list[T]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _accepted(session: Session, persons: Collection[int]) -> Sequence[Referral]:
    """The accepted referrals of these children, in whatever contacts."""
    if not persons:
        return []
    where = (col(Referral.person_id).in_(persons), col(Referral.accepted_at).is_not(None))
    return _of(session, Referral, *where, col(Referral.set_aside_at).is_(None))


def _told(session: Session, ids: Collection[int]) -> Mapping[int, tuple[datetime, str]]:
    """When the first letter about each child left that did not come back, and who says so."""
    statement = (
        select(LetterReferral.referral_id, Handover.handed_over_at, Handover.recorded_by)
        .join(Letter, col(Letter.id) == col(LetterReferral.letter_id))
        .join(Handover, col(Handover.letter_id) == col(Letter.id))
        .outerjoin(LetterReturn, col(LetterReturn.handover_id) == col(Handover.id))
        .where(col(LetterReferral.referral_id).in_(ids), col(Letter.kind).in_(FEEDBACK), col(LetterReturn.id).is_(None))
        .order_by(col(Handover.handed_over_at).desc(), col(Handover.id).desc())
    )
    return {number: (at, by) for number, at, by in session.exec(statement)}


def _post(session: Session, contact_ids: Collection[int]) -> Mapping[int, Sequence[Any]]:
    statement = (
        select(Letter.contact_id, Handover, LetterReturn)
        .join(Handover, col(Handover.letter_id) == col(Letter.id))
        .outerjoin(LetterReturn, col(LetterReturn.handover_id) == col(Handover.id))
        .where(col(Letter.contact_id).in_(contact_ids), col(Letter.kind) != MessageKind.PARENTS)
        .order_by(col(Handover.id))
    )
    return _by(session.exec(statement), lambda row: row[0])


def _child(referral: Referral, read: _Read) -> ChildFacts:
    number = id_of(referral)
    decisions = read.decisions[number]
    first = min(decisions, key=lambda one: (one.decided_at, one.id), default=None)
    told_at, told_by = read.told.get(number, (referral.feedback_at, ""))
    return ChildFacts(
        referral_id=number,
        outcome=referral.outcome or "",
        decided_at=referral.decided_at,
        decided_by=decisions[-1].decided_by if decisions else "",
        first_decided_at=first.decided_at if first else None,
        first_decided_by=first.decided_by if first else "",
        told_at=told_at,
        told_by=told_by,
        accepted_at=referral.accepted_at,
        accepted_again=_again(referral, read.accepted[referral.person_id]),
        was_here_before=referral.re_referral_of_id is not None,
        worker_id=referral.worker_id,
        closed=referral.closed_at is not None,
        unusable=number in read.unusable and first is None,
        clocks=tuple(_clock(one, read) for one in read.clocks[number]),
    )


def _again(referral: Referral, accepted: Sequence[Referral]) -> bool:
    """True where another accepted referral of the child came first, within twelve months."""
    if referral.accepted_at is None:
        return False
    since = repeats.twelve_months_before(referral.accepted_at)
    mine = (referral.accepted_at, id_of(referral))
    return any(
        one.contact_id != referral.contact_id and one.accepted_at >= since and (one.accepted_at, id_of(one)) < mine
        for one in accepted
        if one.accepted_at is not None
    )


def _clock(clock: Clock, read: _Read) -> ClockFacts:
    number = id_of(clock)
    return ClockFacts(
        id=number,
        kind=clock.kind,
        duty=clock.duty,
        round=clock.round,
        state=ClockState(clock.state),
        due_at=clock.due_at,
        stopped_at=clock.stopped_at,
        given_up=clock.state == ClockState.STOPPED and bool(clock.not_applicable_because),
        ended_by=read.stopped_by.get((clock.referral_id, clock.kind, clock.round), ""),
        why=read.whys.get(number, ""),
    )


def _stopped(event: Event) -> tuple[tuple[int, str, int], str]:
    details = json.loads(event.details)
    return (event.referral_id or 0, str(details.get("clock", "")), int(details.get("round", 0))), event.actor


def _alert_of(event: Event) -> int:
    return int(json.loads(event.details).get("alert") or 0)


def _alert(alert: Alert, acknowledged: Mapping[int, Sequence[Event]]) -> AlertFacts:
    first = next(iter(acknowledged[id_of(alert)]), None)
    return AlertFacts(
        id=id_of(alert),
        referral_id=alert.referral_id,
        opened_at=alert.opened_at,
        acknowledged_at=first.occurred_at if first else alert.acknowledged_at,
        acknowledged_by=first.actor if first else alert.acknowledged_by,
    )

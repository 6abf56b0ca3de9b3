"""What the lists stand on, worked out from the records alone and compared with what is kept ready."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from sqlmodel import select

from rules.vocabulary import AlertKind, ClockState
from storage.tables import (
    Alert,
    Clock,
    Contact,
    Handover,
    Letter,
    LetterCancellation,
    LetterExcuse,
    LetterReturn,
    ListCount,
    ListedLetter,
    ListedReferral,
    Message,
    Referral,
)

NEVER = datetime(9000, 1, 1, tzinfo=UTC)


def by_the_records(session):
    """Each referral's row, worked out here from the records alone."""
    contacts = {contact.id: contact for contact in session.exec(select(Contact))}
    running = [clock for clock in session.exec(select(Clock)) if clock.state == ClockState.RUNNING]
    told = {
        alert.contact_id
        for alert in session.exec(select(Alert))
        if alert.kind == AlertKind.DANGER and alert.closed_at is None
    }
    for referral in session.exec(select(Referral)):
        contact = contacts[referral.contact_id]
        mine = [clock for clock in running if clock.referral_id == referral.id]
        yield {
            "referral_id": referral.id,
            "contact_id": contact.id,
            "person_id": referral.person_id,
            "part": part(referral, contact, mine, told),
            "due_at": min((clock.due_at for clock in mine), default=NEVER),
            "allocation_due_at": min((clock.due_at for clock in mine if clock.duty == "allocation"), default=NEVER),
            "received_at": contact.received_at,
            "state": referral.state,
            "team_id": referral.team_id,
            "worker_id": referral.worker_id,
            "source_code": contact.source_code,
            "kind": contact.kind,
            "recorded_by": contact.recorded_by,
        }


def part(referral, contact, running, told):
    if referral.state in {"closed", "set aside"}:
        return 3
    alarming = contact.immediate_danger and referral.state != "allocated"
    if alarming and (not referral.imported or contact.id in told):
        return 0
    return 2 if referral.imported and not any(clock.watched for clock in running) else 1


def letters_by_the_records(session):
    back = {gone.handover_id for gone in session.exec(select(LetterReturn))}
    left = {one.letter_id for one in session.exec(select(Handover)) if one.id not in back}
    cancelled = {one.letter_id for one in session.exec(select(LetterCancellation))}
    excused = {one.letter_id for one in session.exec(select(LetterExcuse))}
    last = {}
    for message in session.exec(select(Message).order_by(Message.id)):
        last[message.letter_id] = message.state
    for letter in session.exec(select(Letter)):
        stage = "underway" if last.get(letter.id) in {"queued", "sending"} else "owed"
        for name, some in (("left", left), ("excused", excused), ("cancelled", cancelled)):
            stage = name if letter.id in some else stage
        address = letter.recipient_address[:200].lower()
        told = {"letter_id": letter.id, "contact_id": letter.contact_id, "kind": letter.kind}
        yield told | {"stage": stage, "address": address}


def compared(database):
    """True; what differs is told by the assertion that fails."""
    with database.read() as session:
        for table, truth, key in (
            (ListedReferral, by_the_records, "referral_id"),
            (ListedLetter, letters_by_the_records, "letter_id"),
        ):
            kept = sorted((row.model_dump() for row in session.exec(select(table))), key=lambda row: row[key])
            assert kept == sorted(truth(session), key=lambda row: row[key])
        assert counts(session) == counted(session)
    return True


def counts(session):
    """The stored counts, those of nothing left out."""
    found = Counter()
    for row in session.exec(select(ListCount)):
        found[row.list, row.part, row.state, row.team_id, row.worker_id, row.source_code, row.kind] += row.change
    return +found


def counted(session):
    """The same, counted here row by row."""
    letters = (("letters", 0, row.stage, None, None, "", row.kind) for row in session.exec(select(ListedLetter)))
    children = (
        ("referrals", row.part, row.state, row.team_id, row.worker_id, row.source_code, row.kind)
        for row in session.exec(select(ListedReferral))
    )
    return Counter([*letters, *children])

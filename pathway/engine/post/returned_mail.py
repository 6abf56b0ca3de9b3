"""What came back by e-mail: recorded once, matched to the letter it is about where that is sure, else for a person.

Anybody can forge a report. A letter counts as come back only where Message-ID and recipient both are those of a message
that a mail server took from us, and whose hand-over still stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifications import addresses, plain
from notifications.returned import bounce_reports, excerpts
from notifications.returned.excerpts import Glimpse
from notifications.returned.received import Received
from pathway.engine.act import Act
from pathway.engine.post import handing_over, information_by_email, returned_mail_outcomes
from rules.errors import InvalidInput
from rules.messages import BounceKind, Delivery, MessageKind, MessageState, Settlement
from storage.queries.decisions import onward_rows
from storage.queries.letters import letter_rows, returned_mail_rows
from storage.sessions import Conflict, WriteSession
from storage.tables import Bounce, Handover, Message

LONGEST = 1000
# Clocks of mail servers are wrong by minutes now and then, and by an hour where their zone is.
TOLERANCE = timedelta(minutes=10)
SAME = timedelta(seconds=1)
EARLY = "It is dated before the mail server took the message: a clock may be wrong, or it is about something else"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What an e-mail is. ``fits``: Message-ID and recipient are those of ``message``."""

    kind: BounceKind
    because: str
    message: Message | None = None
    fate: bounce_reports.Fate | None = None
    fits: bool = False


def take(act: Act, received: Received) -> Bounce | None:
    """Records a received e-mail, once, and what follows from it; None where the message it is about is just being sent.

    A report that the recipient will not get a letter begins a new round; about a message to staff it alerts the system
    owner. Other reports and automatic replies have no effect. What is not sure waits for a person, with an alert.
    """
    if (there := returned_mail_rows.by_hash(act.session, received.key)) is not None:
        return there
    seen = excerpts.take(received.content)
    reading = _read(act.session, received, seen)
    if reading.fits and reading.message is not None and _is_underway(reading.message):
        return None
    bounce = _row(received, seen, reading, now=act.now)
    try:
        with act.session.savepoint():
            act.session.add(bounce)
            act.session.flush()
    except Conflict:
        # Another process collected the same e-mail between the look and the insert.
        return returned_mail_rows.by_hash(act.session, received.key)
    if reading.kind is BounceKind.UNKNOWN:
        information_by_email.keep(act.session, bounce, received, message=reading.message)
    _settle(act, bounce, reading)
    return bounce


def _row(received: Received, seen: Glimpse, reading: _Reading, *, now: datetime) -> Bounce:
    fate = reading.fate
    return Bounce(
        sha256=received.key,
        received_at=now,
        reported_at=seen.dated,
        kind=reading.kind,
        message_id=reading.message.id if reading.message else None,
        sender=seen.sender,
        subject=seen.subject,
        recipient=_short(fate.address) if fate else "",
        status=_short(fate.status) if fate else "",
        diagnostic=_short(fate.diagnostic) if fate else "",
        excerpt=seen.excerpt,
        because=_short(reading.because),
    )


def _short(text: str) -> str:
    return plain.one_line(text)[:LONGEST]


# --- what it is -------------------------------------------------------------------------------------------------------


def _read(session: WriteSession, received: Received, seen: Glimpse) -> _Reading:
    what = bounce_reports.read(received.content)
    named = returned_mail_rows.bearing(session, what.message_ids)
    if isinstance(what, bounce_reports.Bounce):
        reading = _of_report(what, named)
        early = reading.fits and reading.kind is BounceKind.FAILED and _is_early(reading.message, seen.dated)
        return (
            _Reading(kind=reading.kind, because=EARLY, message=reading.message, fate=reading.fate) if early else reading
        )
    kind = BounceKind.AUTOMATIC_REPLY if isinstance(what, bounce_reports.AutoReply) else BounceKind.UNKNOWN
    return _Reading(kind=kind, because=what.because, message=named[0] if named else None)


def _of_report(report: bounce_reports.Bounce, named: Sequence[Message]) -> _Reading:
    fates = (*report.failed, *report.fates)
    for message in named:
        if fate := next((fate for fate in fates if _is_about(fate, message)), None):
            kind = BounceKind(fate.action.value)
            return _Reading(kind=kind, because=f"A report: {kind}", message=message, fate=fate, fits=True)
    fate = fates[0]
    because = "It names a message of ours, but not its recipient" if named else "It names no message of ours"
    return _Reading(kind=BounceKind(fate.action.value), because=because, message=named[0] if named else None, fate=fate)


def _is_about(fate: bounce_reports.Fate, message: Message) -> bool:
    return _spelt(message.recipient_address) in (_spelt(fate.address), _spelt(fate.original))


def _spelt(address: str) -> str:
    try:
        return addresses.wire_form(address, place="recipient").casefold()
    except InvalidInput:
        return address.strip().casefold()


def _is_early(message: Message | None, dated: datetime | None) -> bool:
    if message is None or message.handed_over_at is None or dated is None:
        return False
    return dated < message.handed_over_at - TOLERANCE


def _is_underway(message: Message) -> bool:
    """True while the mail server's answer is not on record, so that what came back may be about that very copy."""
    lost = message.state == MessageState.QUEUED and message.perhaps_twice
    return lost or message.state == MessageState.SENDING


# --- what follows -----------------------------------------------------------------------------------------------------


def _settle(act: Act, bounce: Bounce, reading: _Reading) -> None:
    if reading.kind not in (BounceKind.FAILED, BounceKind.UNKNOWN):
        returned_mail_outcomes.end(act.by_itself, bounce, Settlement.WITHOUT_EFFECT, reading.because)
    elif not reading.fits or reading.message is None:
        returned_mail_outcomes.ask_a_person(act)
    elif reading.message.letter_id is None:
        _undeliverable(act, bounce, reading.message)
    else:
        _came_back(act, bounce, reading.message, reading.message.letter_id)


def _undeliverable(act: Act, bounce: Bounce, message: Message) -> None:
    if (
        message.kind == MessageKind.ONWARD
        and onward_rows.by_message(act.session, message.dedup_key).answered_at is not None
    ):
        returned_mail_outcomes.end(act.by_itself, bounce, Settlement.WITHOUT_EFFECT, "The receiver has answered since")
        return
    handing_over.undeliverable(act, message, returned_mail_outcomes.answer(bounce))
    # The address of a contact from outside that can't be reached stays unconfirmed: the contact itself says so.
    told = Settlement.WITHOUT_EFFECT if message.kind == MessageKind.RECEIPT else Settlement.ALERTED
    returned_mail_outcomes.end(act.by_itself, bounce, told, "")


def _came_back(act: Act, bounce: Bounce, message: Message, letter_id: int) -> None:
    letter = handing_over.lock_letter(act, letter_id)
    handover = letter_rows.handover(act.session, letter_id)
    if handover is None or not _left_by(handover, message):
        why = _why_no_round(handover, message)
        returned_mail_outcomes.end(act.by_itself, bounce, Settlement.WITHOUT_EFFECT, why)
    else:
        said = str(returned_mail_outcomes.answer(bounce))
        returned_mail_outcomes.returned(act.by_itself, bounce, letter, handover, note=said)


def _why_no_round(handover: Handover | None, message: Message) -> str:
    if message.handed_over_at is None:
        return "No mail server has taken this message"
    return "The letter had come back already" if handover is None else "The letter has left another way"


def _left_by(handover: Handover, message: Message) -> bool:
    if handover.delivery != Delivery.EMAIL or message.handed_over_at is None:
        return False
    # Both are written when the answer comes; another e-mail with the same letter goes minutes later at the soonest.
    return abs(handover.handed_over_at - message.handed_over_at) < SAME

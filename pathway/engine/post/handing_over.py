"""What follows when a message was handed over or refused, in the transaction that records the mail server's answer."""

from __future__ import annotations

from datetime import datetime

from pydantic import AwareDatetime

from notifications.answers import Answer
from pathway.engine import due_clocks, following, why_late
from pathway.engine.act import Act
from pathway.engine.actors import SystemName
from pathway.engine.alerts import ladders
from pathway.engine.alerts.ladders import Matter
from pathway.engine.inputs import Input, Text, refuse_future
from pathway.engine.intake import from_outside
from pathway.engine.letters import cancelling, feedback, letter_email
from pathway.engine.why_late import LateInput
from rules.errors import InvalidInput, NotFound, Refused
from rules.messages import Delivery, MessageKind, Returned
from rules.vocabulary import Action, AlertKind, EventKind, NotApplicable
from storage.queries.decisions import onward_rows
from storage.queries.letters import letter_rows
from storage.sessions import WriteSession
from storage.tables import Handover, Letter, LetterReturn, Message, Referral, id_of

NOTIFY = "GOV.UK Notify"


class HandoverInput(LateInput):
    """A letter that was posted or given by hand, or of which the referrer was told by telephone."""

    delivery: Delivery
    handed_over_at: AwareDatetime
    note: Text = ""


class ReturnInput(Input):
    """A letter that came back after it was handed over."""

    how: Returned
    returned_at: AwareDatetime
    note: Text = ""


def settle_message(session: WriteSession, message: Message, answer: Answer, *, now: datetime) -> None:
    """Meets the duty when a letter was accepted, opens an alert when it was refused for good, else does nothing."""
    if not (answer.accepted or answer.final):
        return
    act = Act.of_system(session, SystemName.PATHWAY, now=now)
    if message.letter_id is None:
        if not answer.accepted:
            undeliverable(act, message, answer)
        return
    _settle_letter(act, lock_letter(act, message.letter_id), message, answer)
    following.follow_all(act)


def _settle_letter(act: Act, letter: Letter, message: Message, answer: Answer) -> None:
    if answer.accepted and letter_email.only_a_new_link(act.session, letter):
        letter_email.record_new_link(act, letter)
    elif answer.accepted:
        how, to = Delivery(message.delivery), NOTIFY if answer.provider_id else ""
        if how is Delivery.EMAIL and _bounced_before(act, letter, message):
            _gone_to_nobody(act, letter, note=answer.text)
        else:
            _hand_over(act, letter, how, at=act.now, note=answer.text, to=to)
    else:
        _letter_refused(act, letter, answer)


def _bounced_before(act: Act, letter: Letter, message: Message) -> bool:
    """True where a letter of this contact has come back from the address: what goes there again tells nobody."""
    return message.recipient_address.casefold() in letter_rows.addresses_that_bounced(act.session, letter.contact_id)


def _gone_to_nobody(act: Act, letter: Letter, *, note: str) -> None:
    """Keeps that the mail server took it; no duty is met, and whoever can find another way hears of it."""
    _keep(act, letter, Delivery.EMAIL, at=act.now, note=note)
    for referral in letter_rows.referrals_named(act.session, id_of(letter)):
        summary = "Letter sent to an address from which one came back: it does not count as told"
        act.by_itself.note(EventKind.LETTER_POSTED, summary, about=referral, letter=id_of(letter))
    _open_letter_alert(act, letter)


def undeliverable(act: Act, message: Message, answer: Answer) -> None:
    """Alerts whoever can do something about a message that is no letter and whose recipient will not get it."""
    if message.kind == MessageKind.RECEIPT:
        from_outside.receipt_failed(act, message, str(answer))
    elif message.kind == MessageKind.ONWARD:
        _onward_message_refused(act, message, answer)
    else:
        _staff_message_refused(act, message, answer)


def lock_letter(act: Act, letter_id: int) -> Letter:
    """The letter, its contact locked. Raises NotFound."""
    contact_id = letter_rows.lock_contact_of(act.session, letter_id)
    if contact_id is None:
        raise NotFound(f"There is no letter {letter_id}; open the list of letters again.")
    act.hold(contact_id)
    return act.session.get_one(Letter, letter_id)


def _keep(act: Act, letter: Letter, how: Delivery, *, at: datetime, note: str) -> None:
    act.session.add(
        Handover(
            letter_id=id_of(letter),
            delivery=how,
            handed_over_at=at,
            recorded_at=act.now,
            recorded_by=act.actor.username,
            note=note,
        )
    )


def _hand_over(act: Act, letter: Letter, how: Delivery, *, at: datetime, note: str, to: str = "") -> None:
    _keep(act, letter, how, at=at, note=note)
    words = {
        Delivery.EMAIL: "handed over to the mail server",
        Delivery.POST: "posted",
        Delivery.BY_HAND: "given by hand",
    }
    said = f"handed over to {to}" if to else words[how]
    feedback.handed_over(act, letter, at=at, how=said)
    ladders.close_for(act, f"letter:{letter.id}", because=f"The letter was {said}.")


def _letter_refused(act: Act, letter: Letter, answer: Answer) -> None:
    for referral in letter_rows.referrals_named(act.session, id_of(letter) or 0):
        # Servers repeat the address in their answers, and not everybody may know it: the words stand with the letter.
        summary = f"Letter refused by the mail server{f' ({answer.code})' if answer.code else ''}"
        act.by_itself.note(EventKind.LETTER_REFUSED, summary, about=referral, letter=id_of(letter), answer=answer.text)
    _open_letter_alert(act, letter)


def _open_letter_alert(act: Act, letter: Letter) -> None:
    contact = act.hold(letter.contact_id)
    matter = Matter(
        kind=AlertKind.LETTER,
        subject_key=f"letter:{letter.id}",
        headline=f"Letter came back: contact {contact.ref}",
        next_step="Find another address, print the letter and record it as posted, or record why it can't be sent.",
        ladder=ladders.LETTER_LADDER,
        due_at=act.now,
        about=contact,
    )
    ladders.open_alert(act.by_itself, matter)


def _staff_message_refused(act: Act, message: Message, answer: Answer) -> None:
    """A manager who can't be reached is a fault of the set-up: the system owner hears of it, once an address."""
    matter = Matter(
        kind=AlertKind.SYSTEM,
        subject_key=f"address:{message.recipient_address}",
        headline=f"Messages to {message.recipient_address} are refused",
        next_step=f"Correct this user's e-mail address. The mail server said: {answer.text}",
        ladder=ladders.SYSTEM_LADDER,
        due_at=act.now,
    )
    ladders.open_alert(act.by_itself, matter)


def _onward_message_refused(act: Act, message: Message, answer: Answer) -> None:
    """A child referred onward of whom the receiver knows nothing: somebody must send it another way."""
    handed_over = onward_rows.by_message(act.session, message.dedup_key)
    referral = act.session.get_one(Referral, handed_over.referral_id)
    act.hold(referral.contact_id)
    matter = Matter(
        kind=AlertKind.LETTER,
        subject_key=onward_rows.message_key(id_of(handed_over)),
        headline=f"A child referred onward did not reach the receiver: referral {referral.ref}",
        next_step=f"Send it another way, or decide again. The mail server said: {answer.text}",
        ladder=ladders.LETTER_LADDER,
        due_at=act.now,
        about=referral,
    )
    ladders.open_alert(act.by_itself, matter)


def record_handover(act: Act, letter_id: int, data: HandoverInput, *, asks: bool = True) -> Letter:
    """Records a letter as posted or given by hand; that meets the duty at that moment. Told by telephone does not.

    ``asks``: late, it asks why; of a batch it was asked before, once for all of its letters.

    Raises InvalidInput for a moment before the letter was written or in the future, for a telephone call without a note
    of why not in writing, and where nobody says why it is late; Refused when the letter has left already, or was
    cancelled before that moment.
    """
    letter = lock_letter(act, letter_id)
    if act.repeated:
        return letter
    act.require(Action.RECORD_POSTED)
    _refuse_odd_handover(act, letter, data)
    _refuse_gone(act.session, letter, data)
    how = Delivery(data.delivery)
    if how is Delivery.BY_TELEPHONE:
        _told_by_telephone(act, letter, data)
        return letter
    _say_why_late(act, letter, data, asks=asks)
    _hand_over(act, letter, how, at=data.handed_over_at, note=data.note)
    summary = f"Letter recorded as {how}"
    act.note(EventKind.LETTER_POSTED, summary, about=letter, letter=id_of(letter), note=data.note)
    return letter


def _say_why_late(act: Act, letter: Letter, data: HandoverInput, *, asks: bool) -> None:
    for referral in letter_rows.referrals_named(act.session, id_of(letter)):
        if asks:
            why_late.require(act, referral, data, at=data.handed_over_at)
        why_late.keep(act, referral, data, at=data.handed_over_at, by=why_late.BY_WRITING)


def _told_by_telephone(act: Act, letter: Letter, data: HandoverInput) -> None:
    """Keeps that the referrer knows, and why not in writing; the letter stays owed and its clock runs on."""
    for referral in letter_rows.referrals_named(act.session, id_of(letter)):
        act.note(
            EventKind.TOLD_BY_TELEPHONE,
            "Referrer told by telephone, not in writing",
            about=referral,
            occurred_at=data.handed_over_at,
            letter=id_of(letter),
            note=data.note,
        )


def record_returned(act: Act, letter_id: int, data: ReturnInput) -> Letter:
    """Records that a letter came back: from that moment the duty is owed again, in a round of its own.

    The letter can be handed over again, which meets that round. Raises InvalidInput for a moment before it left or in
    the future, Refused when it has not left or came back already, NotAllowed, NotFound.
    """
    letter = lock_letter(act, letter_id)
    if act.repeated:
        return letter
    act.require(Action.RECORD_POSTED)
    handover = letter_rows.handover(act.session, letter_id)
    if handover is None:
        raise Refused(["This letter is not on its way: it has not left, or it came back already."])
    _refuse_odd_return(handover, data, now=act.now)
    act.session.add(
        LetterReturn(
            letter_id=letter_id,
            handover_id=id_of(handover),
            recorded_at=act.now,
            recorded_by=act.actor.username,
            **data.model_dump(),
        )
    )
    act.session.flush()
    feedback.came_back(act, letter, at=data.returned_at, how=data.how)
    contact = act.hold(letter.contact_id)
    if contact.unsafe_to_contact:
        cancelling.cancel(act, letter, because=NotApplicable.UNSAFE_TO_CONTACT)
    else:
        _open_letter_alert(act, letter)
    due_clocks.look_at_contact(act, contact)
    return letter


def _refuse_odd_return(handover: Handover, data: ReturnInput, *, now: datetime) -> None:
    refuse_future("returned_at", data.returned_at, now=now)
    if data.returned_at < handover.handed_over_at:
        raise InvalidInput.of("returned_at", "This is before the letter left", "Give the moment when it came back")


def _refuse_gone(session: WriteSession, letter: Letter, data: HandoverInput) -> None:
    if letter_rows.handover(session, id_of(letter)) is not None and not letter_email.may_be_posted_too(session, letter):
        raise Refused(["This letter has left the building already."])
    cancelled = letter_rows.cancelled(session, id_of(letter))
    if cancelled is not None and data.handed_over_at >= cancelled.cancelled_at:
        raise Refused([f"This letter was cancelled and must not leave: {cancelled.because.rstrip('.')}."])


def _refuse_odd_handover(act: Act, letter: Letter, data: HandoverInput) -> None:
    refuse_future("handed_over_at", data.handed_over_at, now=act.now)
    returned = letter_rows.last_return(act.session, id_of(letter))
    if returned is not None and data.handed_over_at < returned.returned_at:
        raise InvalidInput.of("handed_over_at", "This is before the letter came back", "Give the moment when it left")
    if data.handed_over_at < letter.written_at:
        raise InvalidInput.of("handed_over_at", "This is before the letter was written", "Give the moment when it left")
    if data.delivery is Delivery.EMAIL:
        raise InvalidInput.of("delivery", "E-mail is recorded by the outbox itself", "Choose post or by hand")
    if data.delivery is Delivery.BY_TELEPHONE and not data.note.strip():
        raise InvalidInput.of("note", "The referrer is owed the answer in writing", "Say why it was only told")

"""A letter that can't be sent, as nobody has an address for it: a manager says why, and it is owed no more."""

from __future__ import annotations

from pathway.engine import clocks, locking
from pathway.engine.act import Act
from pathway.engine.alerts import ladders
from pathway.engine.inputs import ReasonInput
from pathway.engine.letters import letter_link
from pathway.engine.post import handing_over
from pathway.engine.referrers import finding_address
from rules.errors import Refused
from rules.messages import MessageKind, MessageState
from rules.vocabulary import Action, EventKind, NotApplicable
from storage.queries import clock_rows
from storage.queries.letters import letter_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Contact, Council, Letter, LetterExcuse, Referral, id_of


def excuse(act: Act, letter_id: int, data: ReasonInput) -> Letter:
    """Ends the duty that the letter would meet: not applicable for want of an address, or missed where late by now.

    An address that is found later sends the letter after all. Raises Refused while it can be sent or has been,
    NotAllowed, NotFound.
    """
    letter = handing_over.lock_letter(act, letter_id)
    if act.repeated:
        return letter
    act.require(Action.EXCUSE_LETTER)
    if why := why_not(act.session, letter):
        raise Refused([why])
    act.session.add(
        LetterExcuse(letter_id=letter_id, excused_at=act.now, excused_by=act.actor.username, reason=data.reason)
    )
    for referral in letter_rows.referrals_named(act.session, letter_id):
        _record(act, referral, letter, data)
        _end_duty(act, referral, letter)
        locking.changed(act.session, referral)
    # Goes out by e-mail to staff: without what was typed about the referrer.
    because = "A manager recorded why it can't be sent."
    ladders.close_for(act, f"letter:{letter_id}", because=because)
    return letter


def why_not(session: WriteSession | ReadSession, letter: Letter) -> str:
    """Why a letter can't be excused, as a sentence; empty where it can."""
    letter_id = id_of(letter)
    if letter_rows.handover(session, letter_id) is not None:
        return "This letter has left the building already."
    if letter_rows.cancelled(session, letter_id) is not None or letter_rows.excused(session, letter_id) is not None:
        return "This letter is not owed any more."
    if letter_rows.messages_on_their_way(session, letter_id):
        return "An e-mail is carrying this letter: wait for the answer of the mail server."
    if _can_be_sent(session, letter):
        return "There is an address: send the letter there, or record first that it came back."
    return ""


def _can_be_sent(session: WriteSession | ReadSession, letter: Letter) -> bool:
    contact = session.get_one(Contact, letter.contact_id)
    message = letter_rows.message_of(session, id_of(letter))
    refused = message is not None and message.state == MessageState.REFUSED
    if refused or letter_rows.last_return(session, id_of(letter)) is not None:
        return False
    if letter.kind == MessageKind.PARENTS:
        return bool(letter.recipient_address.strip())
    known = bool(finding_address.postal_address(contact, letter).strip())
    on_paper = known and not finding_address.address_faults(contact, letter)
    council = session.get_one(Council, 1)
    return on_paper or letter_link.may_go_by_email(council, name=letter.recipient_name, address=contact.referrer_email)


def _record(act: Act, referral: Referral, letter: Letter, data: ReasonInput) -> None:
    act.note(
        EventKind.LETTER_EXCUSED,
        f"Letter can't be sent ({letter.kind}): {data.reason}",
        about=referral,
        letter=id_of(letter),
    )


def _end_duty(act: Act, referral: Referral, letter: Letter) -> None:
    if letter.kind in (MessageKind.PARENTS, MessageKind.MISSING_INFORMATION):
        return
    tells = MessageKind(letter.kind).tells_outcome
    meets = EventKind.FEEDBACK_GIVEN if tells else EventKind.ACKNOWLEDGED
    for clock in clock_rows.running(act.session, id_of(referral)):
        if clocks.rule_of(act.session, clock).stopped_by(meets):
            reason, because = NotApplicable.NO_ADDRESS, "before a manager recorded that the letter can't be sent"
            clocks.give_up(act, clock, reason, because=because, at=act.now)
    act.session.flush()

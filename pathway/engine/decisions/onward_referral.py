"""Referred onward: early help, another authority or an agency receives the child, and says whether it takes it on.

Until then the child stays here, with a clock. Accepted, nothing more is owed; refused, a manager decides again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pydantic import AwareDatetime

from notifications import addresses
from notifications.letters import onward
from notifications.letters.onward import OnwardFacts
from notifications.outbox import queue
from notifications.outbox.queue import Draft
from notifications.staff.staff import StaffText
from pathway.engine import clocks, due_clocks, inputs, locking, machine
from pathway.engine.act import Act
from pathway.engine.alerts import ladders, wording
from pathway.engine.casework import closing
from pathway.engine.decisions import reopening
from pathway.engine.inputs import Input, Text
from pathway.engine.letters import cancelling, writing
from pathway.engine.rulebooks import published_books
from rules.errors import InvalidInput, Refused
from rules.messages import MessageKind, MessageState
from rules.pathway import Facts
from rules.rulebook import Outcome
from rules.vocabulary import Action, EventKind, NotApplicable, Trigger
from storage.queries import clock_rows, record_rows
from storage.queries.decisions import onward_rows
from storage.tables import Contact, Council, Decision, Message, OnwardReferral, Person, Referral, id_of

PRIORITY = 2


class ReceiverAnswerInput(Input):
    """What the receiver of a child who was referred onward said, and when; a refusal needs its ``note``."""

    accepted: bool
    answered_at: AwareDatetime
    note: Text = ""


def send(act: Act, referral: Referral, decision: Decision, outcome: Outcome) -> OnwardReferral:
    """Refers a child onward: on the list from now on, with a clock, and by e-mail where there is an address."""
    sent = OnwardReferral(
        referral_id=id_of(referral),
        decision_id=id_of(decision),
        receiver=decision.receiver,
        receiver_email=decision.receiver_email,
        sent_at=act.now,
        sent_by=act.actor.username,
    )
    act.session.add(sent)
    act.session.flush()
    way = f"by e-mail to {decision.receiver_email}" if decision.receiver_email else "to be sent by hand: no e-mail"
    summary = f"Referred onward to {decision.receiver}, {way}"
    act.note(EventKind.SENT_ONWARD, summary, about=referral)
    _begin(act, referral, EventKind.SENT_ONWARD, at=act.now)
    act.session.flush()
    if decision.receiver_email and not act.in_doubt:
        _write(act, referral, sent, decision, outcome=outcome)
    return sent


def write_what_waited(act: Act, contact_id: int) -> None:
    """Writes to the receivers to whom nothing was written while the clock was in doubt. Again it changes nothing."""
    for sent, referral, decision in onward_rows.unwritten(act.session, contact_id):
        outcome = published_books.published_of(act.session, referral).book.outcomes[decision.outcome]
        _write(act, referral, sent, decision, outcome=outcome)


def _begin(act: Act, referral: Referral, event: EventKind, *, at: datetime) -> None:
    contact = act.session.get_one(Contact, referral.contact_id)
    published = published_books.in_force_for(act.session, referral, at=at)
    clocks.begin(act, referral, contact, event, occurred_at=at, published=published)


def _write(act: Act, referral: Referral, sent: OnwardReferral, decision: Decision, *, outcome: Outcome) -> None:
    text = _worded(act, referral, sent, decision, outcome=outcome)
    draft = _draft(act, sent, referral, text)
    queue.enqueue(act.session, draft, now=act.now, not_before=referral.grace_until)


def _worded(act: Act, referral: Referral, sent: OnwardReferral, decision: Decision, *, outcome: Outcome) -> StaffText:
    council = act.session.get_one(Council, 1)
    return onward.write(_facts(act, referral, sent, decision, outcome=outcome, council=council))


def words(act: Act, sent: OnwardReferral) -> StaffText:
    """What the receiver would be written now."""
    referral, decision = (
        act.session.get_one(Referral, sent.referral_id),
        act.session.get_one(Decision, sent.decision_id),
    )
    outcome = published_books.published_of(act.session, referral).book.outcomes[decision.outcome]
    return _worded(act, referral, sent, decision, outcome=outcome)


def write_anew(act: Act, sent: OnwardReferral, message: Message, *, of: int) -> bool:
    """Puts what is right in the place of a message that has not left, once for each correction (its number: ``of``).

    One that the mail server refused has not left either. False where it has, or is being sent at this moment. Raises
    Refused while the clock is in doubt.
    """
    act.refuse_letter_in_doubt()
    stopped = queue.cancel(act.session, id_of(message), now=act.now, even_refused=True)
    if stopped.state != MessageState.CANCELLED:
        return False
    ladders.close_for(
        act, onward_rows.message_key(id_of(sent)), because="It is written anew, as a detail was corrected."
    )
    referral = act.session.get_one(Referral, sent.referral_id)
    draft = _draft(act, sent, referral, words(act, sent))
    draft = replace(draft, dedup_key=onward_rows.message_key(id_of(sent), of))
    queue.enqueue(act.session, draft, now=act.now, not_before=referral.grace_until)
    return True


def _facts(
    act: Act, referral: Referral, sent: OnwardReferral, decision: Decision, *, outcome: Outcome, council: Council
) -> OnwardFacts:
    person = act.session.get_one(Person, referral.person_id)
    contact = act.session.get_one(Contact, referral.contact_id)
    running = clock_rows.running(act.session, id_of(referral))
    due = [clock.due_at for clock in running if clock.started_on == EventKind.SENT_ONWARD]
    return OnwardFacts(
        council=writing.council_facts(council),
        receiver=sent.receiver,
        referral_ref=referral.ref,
        child_name=writing.child_name(person),
        birth_date=person.birth_date,
        due_date=person.due_date,
        address=person.address,
        school=person.school,
        received_at=contact.received_at,
        sent_at=sent.sent_at,
        answer_by=min(due, default=None),
        referrer=wording.referrer(contact),
        concern=contact.concern_facts,
        opinion=contact.professional_opinion,
        outcome_title=outcome.title,
        reasons=decision.reasons,
        decided_by=record_rows.names(act.session).get(decision.decided_by, decision.decided_by),
    )


def _draft(act: Act, sent: OnwardReferral, referral: Referral, text: StaffText) -> Draft:
    council = act.session.get_one(Council, 1)
    return Draft(
        kind=MessageKind.ONWARD,
        dedup_key=onward_rows.message_key(id_of(sent)),
        recipient_name=sent.receiver,
        recipient_address=sent.receiver_email,
        subject=text.subject,
        text=text.text,
        html=None,
        sender=council.sender,
        sender_name=council.name,
        reply_to=council.email,
        priority=PRIORITY,
        contact_id=referral.contact_id,
    )


def record_answer(act: Act, onward_id: int, data: ReceiverAnswerInput, *, version: int | None = None) -> OnwardReferral:
    """Records what the receiver answered: accepted, the duty is met; refused, a manager decides again.

    Raises Refused where the answer is on record already, InvalidInput for a refusal without its reason and for a moment
    before the child was referred onward or in the future, Stale, NotAllowed, NotFound.
    """
    found = onward_rows.find(act.session, onward_id)
    referral = act.lock(found.referral_id, version)
    found = onward_rows.find(act.session, onward_id)
    if referral is None:
        return found
    act.require(Action.RECORD_RECEIVER)
    if found.answered_at is not None:
        raise Refused(["The receiver's answer is on record already."])
    _refuse_odd(found, data, now=act.now)
    found.accepted, found.note = data.accepted, data.note
    found.answered_at, found.recorded_by = data.answered_at, act.actor.username
    settle = _accepted if data.accepted else _refused
    settle(act, referral, found)
    because = f"{found.receiver} has {'accepted' if data.accepted else 'refused'}."
    ladders.close_for(act, onward_rows.message_key(onward_id), because=because)
    return found


def _refuse_odd(found: OnwardReferral, data: ReceiverAnswerInput, *, now: datetime) -> None:
    inputs.refuse_future("answered_at", data.answered_at, now=now)
    # People give minutes; what was sent in this very minute can be answered in it.
    if data.answered_at < found.sent_at.replace(second=0, microsecond=0):
        remedy = "Give the moment when the receiver answered"
        raise InvalidInput.of("answered_at", "This is before the child was referred onward", remedy)
    if not data.accepted and not data.note.strip():
        raise InvalidInput.of("note", "A refusal needs its reason", "Write what the receiver said")


def _answered_at(found: OnwardReferral) -> datetime:
    return max(found.answered_at or found.sent_at, found.sent_at)


def _accepted(act: Act, referral: Referral, found: OnwardReferral) -> None:
    at, event = _answered_at(found), EventKind.RECEIVER_ACCEPTED
    summary = f"{found.receiver} has accepted the child{f': {found.note}' if found.note else ''}"
    act.note(event, summary, about=referral, occurred_at=at)
    clocks.end(act, referral, event, occurred_at=at)
    locking.changed(act.session, referral)


def _refused(act: Act, referral: Referral, found: OnwardReferral) -> None:
    """The child comes back: undecided, with a new decision clock, and the referrer is told again after it."""
    at, event = _answered_at(found), EventKind.RECEIVER_REFUSED
    machine.fire(referral, Trigger.TAKE_BACK, Facts(receiver_refused=True))
    summary = f"{found.receiver} has refused the child: {found.note}"
    act.note(event, summary, about=referral, occurred_at=at)
    _give_up(act, referral, NotApplicable.REFUSED, because="before the receiver refused", at=at)
    closing.need_not_be_closed(act, referral, reason=NotApplicable.REFUSED)
    referral.outcome = referral.decided_at = referral.grace_until = None
    _stop_message(act, found)
    _begin(act, referral, event, at=at)
    if referral.named_by_referrer:
        cancelling.cancel_feedback(act, referral, because="The receiver refused the child.")
        reopening.tell_again(act, referral)
    locking.changed(act.session, referral)
    due_clocks.look_at_contact(act, act.session.get_one(Contact, referral.contact_id))


def _give_up(act: Act, referral: Referral, reason: NotApplicable, *, because: str, at: datetime) -> None:
    for clock in clock_rows.running(act.session, id_of(referral)):
        if clock.started_on == EventKind.SENT_ONWARD:
            clocks.give_up(act, clock, reason, because=because, at=at)


def withdraw(act: Act, referral: Referral, reason: NotApplicable) -> None:
    """Takes a child off the list of those who wait for an answer: the decision that sent it no longer stands."""
    found = onward_rows.open_of(act.session, id_of(referral))
    if found is None:
        return
    found.answered_at, found.recorded_by, found.note = act.now, act.actor.username, f"Withdrawn: {reason}"
    _give_up(act, referral, reason, because=f"before it was withdrawn ({reason})", at=act.now)
    ladders.close_for(act, onward_rows.message_key(id_of(found)), because="It was withdrawn.")
    _stop_message(act, found)
    act.session.flush()


def _stop_message(act: Act, sent: OnwardReferral) -> None:
    """What has not left tells the receiver of a child whom nobody refers there any more."""
    for message in onward_rows.messages(act.session, [sent]).values():
        queue.cancel(act.session, id_of(message), now=act.now)


def refuse_odd_address(receiver_email: str) -> None:
    """Raises InvalidInput for an address that can't be written to; an empty one says: sent by hand."""
    if receiver_email and not addresses.usable(receiver_email):
        problem = "This is not an e-mail address that can be written to"
        remedy = f"{addresses.mend(receiver_email)}, or leave it empty and send it yourself"
        raise InvalidInput.of("receiver_email", problem, remedy)

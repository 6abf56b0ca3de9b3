"""Handed over: early help, another authority or an agency receives the child, and says whether it takes the child on.

Until then the child stays here, with a clock. Accepted, nothing more is owed; refused, a manager decides again.
"""

from __future__ import annotations

from datetime import datetime

from notifications import addresses
from notifications.letters import onward
from notifications.letters.onward import OnwardFacts
from notifications.outbox import queue
from notifications.outbox.queue import Draft
from notifications.staff.staff import StaffText
from pathway.engine import clocks, due_clocks, history, inputs, locking, machine, permissions
from pathway.engine.actors import Actor
from pathway.engine.alerts import ladders, wording
from pathway.engine.casework import closing
from pathway.engine.decisions import reopening
from pathway.engine.inputs import ReceiverAnswerInput
from pathway.engine.letters import cancelling, writing
from pathway.engine.rulebooks import published_books
from rules.errors import InvalidInput, Refused
from rules.pathway import Facts
from rules.rulebook import Outcome
from rules.vocabulary import Action, EventKind, MessageKind, NotApplicable, Trigger
from storage.queries import clock_rows, record_rows
from storage.queries.decisions import onward_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Council, Decision, OnwardReferral, Person, Referral, id_of

PRIORITY = 2


def send(
    session: WriteSession, referral: Referral, decision: Decision, outcome: Outcome, *, actor: Actor, now: datetime
) -> OnwardReferral:
    """Hands a child over: on the list from now on, with a clock, and by e-mail where there is an address."""
    handed_over = OnwardReferral(
        referral_id=id_of(referral),
        decision_id=id_of(decision),
        receiver=decision.receiver,
        receiver_email=decision.receiver_email,
        sent_at=now,
        sent_by=actor.username,
    )
    session.add(handed_over)
    session.flush()
    way = f"by e-mail to {decision.receiver_email}" if decision.receiver_email else "to be sent by hand: no e-mail"
    summary = f"Handed over to {decision.receiver}, {way}"
    history.of_referral(session, referral, EventKind.SENT_ONWARD, summary, actor=actor, now=now)
    _begin(session, referral, EventKind.SENT_ONWARD, at=now, actor=actor, now=now)
    session.flush()
    if decision.receiver_email:
        _write(session, referral, handed_over, decision, outcome=outcome, now=now)
    return handed_over


def _begin(
    session: WriteSession, referral: Referral, event: EventKind, *, at: datetime, actor: Actor, now: datetime
) -> None:
    contact = session.get_one(Contact, referral.contact_id)
    published = published_books.in_force_for(session, referral, at=at)
    clocks.begin(session, referral, contact, event, occurred_at=at, published=published, now=now, actor=actor)


def _write(
    session: WriteSession,
    referral: Referral,
    handed_over: OnwardReferral,
    decision: Decision,
    *,
    outcome: Outcome,
    now: datetime,
) -> None:
    council = session.get_one(Council, 1)
    text = onward.write(_facts(session, referral, handed_over, decision, outcome=outcome, council=council, now=now))
    queue.enqueue(session, _draft(handed_over, referral, text, council), now=now)


def _facts(
    session: WriteSession,
    referral: Referral,
    handed_over: OnwardReferral,
    decision: Decision,
    *,
    outcome: Outcome,
    council: Council,
    now: datetime,
) -> OnwardFacts:
    person = session.get_one(Person, referral.person_id)
    contact = session.get_one(Contact, referral.contact_id)
    running = clock_rows.running(session, id_of(referral))
    due = [clock.due_at for clock in running if clock.started_on == EventKind.SENT_ONWARD]
    return OnwardFacts(
        council=writing.council_facts(council),
        receiver=handed_over.receiver,
        referral_ref=referral.ref,
        child_name=writing.child_name(person),
        birth_date=person.birth_date,
        due_date=person.due_date,
        address=person.address,
        school=person.school,
        received_at=contact.received_at,
        sent_at=now,
        answer_by=min(due, default=None),
        referrer=wording.referrer(contact),
        concern=contact.concern_facts,
        opinion=contact.professional_opinion,
        outcome_title=outcome.title,
        reasons=decision.reasons,
        decided_by=record_rows.names(session).get(decision.decided_by, decision.decided_by),
    )


def _draft(handed_over: OnwardReferral, referral: Referral, text: StaffText, council: Council) -> Draft:
    return Draft(
        kind=MessageKind.ONWARD,
        dedup_key=onward_rows.message_key(id_of(handed_over)),
        recipient_name=handed_over.receiver,
        recipient_address=handed_over.receiver_email,
        subject=text.subject,
        text=text.text,
        html=None,
        sender=council.sender,
        sender_name=council.name,
        reply_to=council.email,
        priority=PRIORITY,
        contact_id=referral.contact_id,
    )


def record_answer(
    session: WriteSession,
    onward_id: int,
    data: ReceiverAnswerInput,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    request_id: str | None = None,
) -> OnwardReferral:
    """Records what the receiver answered: accepted, the duty is met; refused, a manager decides again.

    Raises Refused where the answer is on record already, InvalidInput for a refusal without its reason and for a moment
    before the child was handed over or in the future, Stale, NotAllowed, NotFound.
    """
    found = onward_rows.find(session, onward_id)
    referral = locking.lock_referral(session, found.referral_id, version=version, request_id=request_id)
    found = onward_rows.find(session, onward_id)
    if history.done_already(session, request_id):
        return found
    permissions.require(published_books.current(session, now=now).book, actor, Action.RECORD_RECEIVER)
    if found.answered_at is not None:
        raise Refused(["The receiver's answer is on record already."])
    _refuse_odd(found, data, now=now)
    found.accepted, found.note = data.accepted, data.note
    found.answered_at, found.recorded_by = data.answered_at, actor.username
    follow = _accepted if data.accepted else _refused
    follow(session, referral, found, actor=actor, now=now, request_id=request_id)
    because = f"{found.receiver} has {'accepted' if data.accepted else 'refused'}."
    ladders.close_for(session, onward_rows.message_key(onward_id), because=because, now=now, actor=actor)
    return found


def _refuse_odd(found: OnwardReferral, data: ReceiverAnswerInput, *, now: datetime) -> None:
    inputs.refuse_future("answered_at", data.answered_at, now=now)
    # People give minutes; what was sent in this very minute can be answered in it.
    if data.answered_at < found.sent_at.replace(second=0, microsecond=0):
        remedy = "Give the moment when the receiver answered"
        raise InvalidInput.of("answered_at", "This is before the child was handed over", remedy)
    if not data.accepted and not data.note.strip():
        raise InvalidInput.of("note", "A refusal needs its reason", "Write what the receiver said")


def _answered_at(found: OnwardReferral) -> datetime:
    return max(found.answered_at or found.sent_at, found.sent_at)


def _accepted(
    session: WriteSession,
    referral: Referral,
    found: OnwardReferral,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None,
) -> None:
    at, event = _answered_at(found), EventKind.RECEIVER_ACCEPTED
    summary = f"{found.receiver} has accepted the child{f': {found.note}' if found.note else ''}"
    history.of_referral(session, referral, event, summary, actor=actor, now=now, occurred_at=at, request_id=request_id)
    clocks.end(session, referral, event, occurred_at=at, now=now, actor=actor)
    locking.changed(session, referral)
    closing.close_when_done(session, referral, now=now)


def _refused(
    session: WriteSession,
    referral: Referral,
    found: OnwardReferral,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None,
) -> None:
    """The child comes back: undecided, with a new decision clock, and the referrer is told again after it."""
    at, event = _answered_at(found), EventKind.RECEIVER_REFUSED
    machine.fire(referral, Trigger.TAKE_BACK, Facts(receiver_refused=True))
    summary = f"{found.receiver} has refused the child: {found.note}"
    history.of_referral(session, referral, event, summary, actor=actor, now=now, occurred_at=at, request_id=request_id)
    _give_up(
        session, referral, NotApplicable.REFUSED, because="before the receiver refused", at=at, actor=actor, now=now
    )
    closing.need_not_be_closed(session, referral, reason=NotApplicable.REFUSED, now=now, actor=actor)
    referral.outcome = referral.decided_at = None
    _begin(session, referral, event, at=at, actor=actor, now=now)
    if referral.named_by_referrer:
        cancelling.cancel_feedback(session, referral, because="The receiver refused the child.", actor=actor, now=now)
        reopening.tell_again(session, referral, actor=actor, now=now)
    locking.changed(session, referral)
    due_clocks.look_at_contact(session, session.get_one(Contact, referral.contact_id), now=now)


def _give_up(
    session: WriteSession,
    referral: Referral,
    reason: NotApplicable,
    *,
    because: str,
    at: datetime,
    actor: Actor,
    now: datetime,
) -> None:
    for clock in clock_rows.running(session, id_of(referral)):
        if clock.started_on == EventKind.SENT_ONWARD:
            clocks.give_up(session, clock, reason, because=because, at=at, now=now, actor=actor)


def withdraw(session: WriteSession, referral: Referral, reason: NotApplicable, *, actor: Actor, now: datetime) -> None:
    """Takes a child off the list of those who wait for an answer: the decision that sent it no longer stands."""
    found = onward_rows.open_of(session, id_of(referral))
    if found is None:
        return
    found.answered_at, found.recorded_by, found.note = now, actor.username, f"Withdrawn: {reason}"
    _give_up(session, referral, reason, because=f"before it was withdrawn ({reason})", at=now, actor=actor, now=now)
    ladders.close_for(session, onward_rows.message_key(id_of(found)), because="It was withdrawn.", now=now, actor=actor)
    session.flush()


def refuse_odd_address(receiver_email: str) -> None:
    """Raises InvalidInput for an address that can't be written to; an empty one says: sent by hand."""
    if receiver_email and not addresses.usable(receiver_email):
        problem = "This is not an e-mail address that can be written to"
        raise InvalidInput.of("receiver_email", problem, "Correct it, or leave it empty and send it yourself")

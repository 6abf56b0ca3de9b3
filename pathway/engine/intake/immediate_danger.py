"""Immediate danger: the duty manager is told at once and again until somebody says what was done; an hour to decide.

No source gives a number; the hour and the quarters of an hour are local, and stand in the book.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from pathway.engine import clocks, due_clocks, locking
from pathway.engine.act import Act
from pathway.engine.alerts import ladders
from pathway.engine.alerts.ladders import Matter
from pathway.engine.inputs import ReasonInput
from pathway.engine.rulebooks import published_books
from rules.errors import Refused
from rules.pathway import UNDECIDED
from rules.rulebook import Ladder, Rung
from rules.vocabulary import Action, AlertKind, EventKind, NotApplicable, Role
from storage.queries import clock_rows, referral_rows
from storage.queries.alerts import alert_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Referral, id_of

WORDS = "IMMEDIATE DANGER"
NEXT_STEP = (
    "If nobody has called 999, call now. Decide for each child at once; the checks may follow. "
    "Acknowledge with what was done."
)
# For a council's own book that names no ladder: danger is never told to nobody.
LADDER = Ladder(
    name="immediate danger",
    rungs=(Rung(offset=timedelta(0), role=Role.DUTY_MANAGER, repeat=timedelta(minutes=15), local=True),),
    hold=timedelta(minutes=30),
)


def mark(act: Act, contact_id: int, data: ReasonInput) -> None:
    """Marks a contact that is here already: from now on the same happens as if it had come in so.

    Raises Refused where it is marked already or every child has been decided, NotAllowed.
    """
    contact = act.lock_contact(contact_id)
    if contact is None:
        return
    act.require(Action.MARK_DANGER)
    children = _undecided(act.session, contact)
    _refuse_mark(act.session, contact, children)
    contact.immediate_danger = True
    for referral in children:
        begin_for(act, referral, contact, at=act.now, reason=data.reason)
        locking.changed(act.session, referral)
    due_clocks.look_at_contact(act, contact)


def _refuse_mark(session: WriteSession, contact: Contact, children: Sequence[Referral]) -> None:
    # A reopened or imported contact can bear the mark without anybody having been told: it is marked anew.
    if contact.immediate_danger and alert_rows.open_for(session, _subject(contact)) is not None:
        raise Refused(["This contact is marked already."])
    if not children:
        told = (
            "Every child of this contact has been decided already. Log what is new as a contact of its own, so marked."
        )
        raise Refused([told])


def begin_for(act: Act, referral: Referral, contact: Contact, *, at: datetime, reason: str = "") -> None:
    """Starts the hour of one undecided child under a marked contact and sees that the alert is open; else does nothing.

    ``at``: when the danger became known, which for a contact that came in so is when it was received.
    """
    if not contact.immediate_danger or referral.state not in UNDECIDED:
        return
    act.note(
        EventKind.DANGER_MARKED,
        f"Immediate danger: {reason}" if reason else "Immediate danger",
        about=referral,
        occurred_at=at,
    )
    in_force = published_books.in_force_for(act.session, referral, at=act.now)
    clocks.begin(act, referral, contact, EventKind.DANGER_MARKED, occurred_at=at, published=in_force)
    act.session.flush()
    _tell(act, contact)


def _tell(act: Act, contact: Contact) -> None:
    """Opens the alert. Its ladder counts from now, not from receipt: nobody could have been told before."""
    published = act.published
    matter = Matter(
        kind=AlertKind.DANGER,
        subject_key=_subject(contact),
        headline=f"{WORDS}: contact {contact.ref}",
        next_step=NEXT_STEP,
        ladder=published.book.ladders.get(AlertKind.DANGER, LADDER),
        due_at=act.now,
        about=contact,
    )
    ladders.open_alert(act, matter, published=published)


def withdraw(act: Act, contact_id: int, data: ReasonInput) -> None:
    """Takes the mark back: the hour applies no more, and the alert closes. For those who may decide.

    What was decided before its checks still owes them. Raises Refused where there is no mark, NotAllowed.
    """
    contact = act.lock_contact(contact_id)
    if contact is None:
        return
    act.require(Action.MARK_DANGER)
    act.require(Action.DECIDE)
    if not contact.immediate_danger:
        raise Refused(["This contact is not marked."])
    contact.immediate_danger = False
    summary = f"Mark of immediate danger withdrawn: {data.reason}"
    for referral in referral_rows.of_contact(act.session, contact_id):
        _end_hour(act, referral)
        act.note(EventKind.DANGER_WITHDRAWN, summary, about=referral)
        locking.changed(act.session, referral)
    ladders.close_for(act, _subject(contact), because="The mark was withdrawn.")


def _end_hour(act: Act, referral: Referral) -> None:
    for clock in clock_rows.running(act.session, id_of(referral)):
        if clocks.rule_of(act.session, clock).starts_on is EventKind.DANGER_MARKED:
            clocks.make_not_applicable(act, clock, NotApplicable.WITHDRAWN)


def close_when_decided(act: Act, contact: Contact) -> None:
    """Closes the alert when every child is decided, closed or set aside; safe to call whenever one may have been."""
    if contact.immediate_danger and not _undecided(act.session, contact):
        because = "No child of the contact waits for a decision any more."
        ladders.close_for(act, _subject(contact), because=because)


def _undecided(session: WriteSession, contact: Contact) -> Sequence[Referral]:
    return [one for one in referral_rows.of_contact(session, id_of(contact)) if one.state in UNDECIDED]


def _subject(contact: Contact) -> str:
    return f"danger:{contact.id}"

"""Correcting a detail of a child, a contact or its referrer: old and new value stay, with the reason, who and when.

Officers correct what they logged until somebody has decided, managers later. What follows is seen to in the same
transaction: letters that have not left are written anew, possible matches judged again. No row of the history changes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pathway.engine import locking, record_access
from pathway.engine.act import Act
from pathway.engine.alerts import answers_needed
from pathway.engine.children import matches
from pathway.engine.corrections import details, kept_corrections, letters_again, onward_again, receipt, rights
from pathway.engine.corrections.child_change import ChildChange
from pathway.engine.corrections.details import Whose
from pathway.engine.corrections.kept_corrections import DetailInput, Followed
from pathway.engine.corrections.receipt import ClockChange
from rules.errors import NotAllowed, Refused
from rules.vocabulary import Action, EventKind
from storage.queries import correction_rows, referral_rows
from storage.queries.children import person_rows
from storage.tables import Contact, Correction, Person, Referral, id_of

WAITS = "A correction of the time of receipt waits for a second person. That one is answered first."
LATE_IN_TIME = "another time of receipt would make late in time, and waits for a second person"
NEXT_STEP = "Somebody else than whoever asked confirms it or refuses it."


def correct_child(act: Act, referral_id: int, data: DetailInput) -> Followed | None:
    """Corrects a child's record; where it was taken down wrong, how this referrer named the child as well.

    Every contact of the child is locked, in the order of their numbers. None on a second click. Raises InvalidInput,
    Stale where the value has changed since ``was``, NotAllowed, NotFound.
    """
    person_id = correction_rows.child_of(act.session, referral_id)
    held = matches.lock_contacts(act, (person_id,))
    if act.repeated:
        return None
    referral = act.session.get_one(Referral, referral_id, populate_existing=True)
    person = act.session.get_one(Person, referral.person_id, populate_existing=True)
    if why := rights.refusal(act, [one.referral for one in person_rows.referrals_of(act.session, id_of(person))]):
        raise NotAllowed(why)
    record_access.require_open(act.session, act.actor, (id_of(person),), now=act.now)
    detail = details.called(data.field, details.OF_CHILD)
    kept_corrections.refuse_stale(kept_corrections.stands(person, detail), data)
    contacts = [one for one in act.contacts if one.id in held]
    return ChildChange(act=act, referral=referral, person=person, detail=detail, data=data).carry_out(contacts)


def correct_contact(act: Act, contact_id: int, data: DetailInput) -> Followed | None:
    """Corrects a detail of a contact or of its referrer.

    None on a second click. Raises InvalidInput, Stale where the value has changed since ``was``, NotAllowed, NotFound.
    """
    contact = act.lock_contact(contact_id)
    if contact is None:
        return None
    referrals = referral_rows.of_contact(act.session, contact_id)
    if why := rights.refusal(act, referrals):
        raise NotAllowed(why)
    record_access.require_open(act.session, act.actor, {one.person_id for one in referrals}, now=act.now)
    detail = details.called(data.field, details.OF_CONTACT)
    if detail.whose is Whose.REFERRER and contact.identity_protected and not act.may(Action.SEE_PROTECTED):
        raise NotAllowed(rights.PROTECTED)
    old = kept_corrections.stands(contact, detail)
    kept_corrections.refuse_stale(old, data)
    new = details.read(detail, data.value)
    details.refuse_same(detail, old, new)
    if detail is details.RECEIVED and (waits := _asked(act, contact, data, new)):
        return waits
    correction = kept_corrections.keep(act, contact, detail, data, values=(old, details.kept(new)))
    return carry_out_contact(act, contact, correction, new)


def _asked(act: Act, contact: Contact, data: DetailInput, received_at: datetime) -> Followed | None:
    """Asks a second person where late would become in time; None where this one is enough."""
    referrals = referral_rows.of_contact(act.session, id_of(contact))
    receipt.refuse(contact, referrals, received_at, now=act.now)
    if correction_rows.waiting_of(act.session, id_of(contact), data.field):
        raise Refused([WAITS])
    changes = receipt.plan(act.session, contact, received_at, now=act.now)
    if not receipt.excuses(changes):
        return None
    detail, old, new = details.RECEIVED, kept_corrections.stands(contact, details.RECEIVED), details.kept(received_at)
    correction = kept_corrections.keep(act, contact, detail, data, values=(old, new), waits=True)
    summary = f"Correction of the time of receipt waits for a second person: {data.reason}"
    act.note(EventKind.CORRECTION_ASKED, summary, about=contact, correction=correction.id)
    headline = f"Contact {contact.ref}: {LATE_IN_TIME}"
    subject, asked_by = f"correction:{correction.id}", act.actor.username
    answers_needed.ask(act, subject, headline, next_step=NEXT_STEP, about=contact, not_to=asked_by)
    return Followed(detail=detail, old=old, new=new, clocks=changes, waits=True)


def carry_out_contact(act: Act, contact: Contact, correction: Correction, new: Any) -> Followed:
    """Writes a corrected detail of a contact, which is locked, and sees to all that follows."""
    detail = details.DETAILS[correction.field]
    changes: tuple[ClockChange, ...] = ()
    seen, told = letters_again.before(act, [contact]), onward_again.before(act, [contact])
    act.note(
        EventKind.DETAIL_CORRECTED,
        f"Corrected, {detail.words}: {correction.reason}",
        about=contact,
        correction=correction.id,
        field=detail.name,
    )
    if detail is details.RECEIVED:
        changes = receipt.plan(act.session, contact, new, now=act.now)
        receipt.carry_out(act, contact, new)
    else:
        setattr(contact, detail.name, new)
    letters = letters_again.follow(act, [contact], seen, correction)
    onward = onward_again.follow(act, [contact], told, correction)
    for referral in referral_rows.of_contact(act.session, id_of(contact)):
        locking.changed(act.session, referral)
    return Followed(
        detail=detail, old=correction.old, new=correction.new, letters=letters, onward=onward, clocks=changes
    )

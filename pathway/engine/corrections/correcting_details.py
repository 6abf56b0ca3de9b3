"""Correcting a detail of a child, a contact or its referrer: old and new value stay, with the reason, who and when.

Officers correct what they logged until somebody has decided, managers later. What follows is seen to in the same
transaction: letters that have not left are written anew, possible matches judged again. No row of the history changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pathway.engine import inputs, locking, record_access
from pathway.engine.act import Act
from pathway.engine.children import close_births, matches, persons
from pathway.engine.children.child_input import ChildInput
from pathway.engine.corrections import details, estimates, judged_again, letters_again, receipt, rights
from pathway.engine.corrections.details import VALUE, Detail, Whose
from pathway.engine.corrections.judged_again import Judged
from pathway.engine.corrections.letters_again import LetterChange
from pathway.engine.corrections.receipt import ClockChange
from pathway.engine.inputs import Input, Line, NeededText, Text
from pathway.engine.intake import logging_contact
from rules.errors import Fault, InvalidInput, NotAllowed, Refused, Stale
from rules.likeness import identifiers
from rules.vocabulary import Action, EventKind
from storage.queries import correction_rows, referral_rows
from storage.queries.children import named_rows, person_rows
from storage.tables import Contact, Correction, NamedChild, Person, Referral, id_of

HELD = "This number is on another child’s record; it is kept apart, unverified"
UNVERIFIED = "This number fails its check digit; it is kept apart, unverified"
SINCE = "Somebody else has corrected this since you opened the page. It reads now: {now}. Look at it before you go on."
WAITS = "A correction of the time of receipt waits for a second person. That one is answered first."
TELLS_SIBLINGS = ("birth_date", "mother", "mother_birth_date")
PROTECTED = "The identity of this referrer is protected: only those who may see it correct it."


class DetailInput(Input):
    """One detail corrected: which, what is right, what stood on the page, and why.

    ``taken_wrong``: the referrer had said it right, so how this contact names the child is corrected too.
    """

    field: Line
    value: Text = ""
    was: str | None = None
    taken_wrong: bool = False
    reason: NeededText


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What was corrected, and what followed or, in a rehearsal, would follow.

    ``waits``: nothing has changed, a second person is asked first.
    """

    detail: Detail
    old: str
    new: str
    letters: tuple[LetterChange, ...] = ()
    judged: Judged = judged_again.NOTHING
    notes: tuple[str, ...] = ()
    clocks: tuple[ClockChange, ...] = ()
    waits: bool = False


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
    detail = details.called(data.field, child=True)
    _refuse_stale(stands(person, detail), data)
    contacts = [one for one in act.contacts if one.id in held]
    return _ChildChange(act=act, referral=referral, person=person, detail=detail, data=data).carry_out(contacts)


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
    detail = details.called(data.field, child=False)
    if detail.whose is Whose.REFERRER and contact.identity_protected and not act.may(Action.SEE_PROTECTED):
        raise NotAllowed(PROTECTED)
    old = stands(contact, detail)
    _refuse_stale(old, data)
    new = details.read(detail, data.value)
    details.refuse_same(detail, old, new)
    if detail is details.RECEIVED and (waits := _asked(act, contact, data, new)):
        return waits
    correction = _keep(act, contact, detail, data, values=(old, details.kept(new)))
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
    detail, old, new = details.RECEIVED, stands(contact, details.RECEIVED), details.kept(received_at)
    correction = _keep(act, contact, detail, data, values=(old, new), waits=True)
    summary = f"Correction of the time of receipt waits for a second person: {data.reason}"
    act.note(EventKind.CORRECTION_ASKED, summary, about=contact, correction=correction.id)
    return Followed(detail=detail, old=old, new=new, clocks=changes, waits=True)


def carry_out_contact(act: Act, contact: Contact, correction: Correction, new: Any) -> Followed:
    """Writes a corrected detail of a contact, which is locked, and sees to all that follows."""
    detail = details.DETAILS[correction.field]
    changes: tuple[ClockChange, ...] = ()
    seen = letters_again.before(act, [contact])
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
    for referral in referral_rows.of_contact(act.session, id_of(contact)):
        locking.changed(act.session, referral)
    return Followed(detail=detail, old=correction.old, new=correction.new, letters=letters, clocks=changes)


def stands(row: Person | Contact, detail: Detail) -> str:
    """What stands on record now, as a correction keeps it."""
    value = getattr(row, detail.name)
    if detail.name == "nhs_number":
        value = value or row.nhs_number_unverified  # type: ignore[union-attr]
    return details.kept(value)


def _refuse_stale(old: str, data: DetailInput) -> None:
    if data.was is not None and data.was.split() != old.split():
        raise Stale(SINCE.format(now=old or "nothing"))


def _keep(
    act: Act,
    subject: Contact | Referral,
    detail: Detail,
    data: DetailInput,
    *,
    values: tuple[str, str],
    waits: bool = False,
) -> Correction:
    child = isinstance(subject, Referral)
    correction = Correction(
        contact_id=subject.contact_id if isinstance(subject, Referral) else id_of(subject),
        referral_id=subject.id if child else None,
        person_id=subject.person_id if isinstance(subject, Referral) else None,
        field=detail.name,
        old=values[0],
        new=values[1],
        taken_wrong=child and data.taken_wrong,
        reason=data.reason,
        made_at=act.now,
        made_by=act.actor.username,
        waits=waits,
    )
    act.session.add(correction)
    act.session.flush()
    return correction


def _summary(detail: Detail, data: DetailInput) -> str:
    # Not everybody who reads the history may see a referrer: the values stand with the correction.
    return f"Corrected, {detail.words}: {data.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _ChildChange:
    """One detail of one child being corrected, its contacts locked."""

    act: Act
    referral: Referral
    person: Person
    detail: Detail
    data: DetailInput

    def carry_out(self, contacts: Sequence[Contact]) -> Followed:
        new = estimates.told(self.act, self.person, self.detail, details.read(self.detail, self.data.value))
        old = stands(self.person, self.detail)
        self._refuse(old, new)
        seen = letters_again.before(self.act, contacts)
        doubts = judged_again.doubted(self.act.session, id_of(self.person))
        notes = self._write(new)
        if self.data.taken_wrong:
            self._name_anew(new)
        correction = _keep(self.act, self.referral, self.detail, self.data, values=(old, details.kept(new)))
        self._tell(correction)
        judged = (
            judged_again.judge(self.act, self.person, doubts=doubts) if self.detail.identity else judged_again.NOTHING
        )
        if self.detail.name in TELLS_SIBLINGS:
            close_births.ask_again(self.act, self.referral)
        letters = letters_again.follow(self.act, contacts, seen, correction)
        return Followed(detail=self.detail, old=old, new=details.kept(new), letters=letters, judged=judged, notes=notes)

    def _refuse(self, old: str, new: Any) -> None:
        named = named_rows.of_referral(self.act.session, id_of(self.referral))
        told = details.kept(getattr(named, self.detail.name)) if named else old
        if not self.data.taken_wrong or told == details.kept(new):
            details.refuse_same(self.detail, old, new)
        standing = self._faults(getattr(self.person, self.detail.name))
        if faults := [fault for fault in self._faults(new) if fault not in standing]:
            raise InvalidInput(faults)

    def _faults(self, value: Any) -> Sequence[Fault]:
        child = self._as_input(self.person, value)
        return [replace(one, place=VALUE) for one in logging_contact.child_faults("child", child, now=self.act.now)]

    def _as_input(self, row: Person | NamedChild, new: Any) -> ChildInput:
        known = {name: getattr(row, name, "") or "" for name in persons.NAMED}
        told = estimates.columns(self.act, self.detail, new)
        return inputs.parse(ChildInput, known | {name: value or "" for name, value in told.items()})

    def _write(self, new: Any) -> tuple[str, ...]:
        """Changes the record; says what became of a number that can't stand as the child's own."""
        if self.detail.name == "nhs_number":
            return self._number(new)
        for name, value in estimates.columns(self.act, self.detail, new).items():
            setattr(self.person, name, value)
        self.person.name_key = identifiers.name_key(self.person.forename, self.person.surname)
        return ()

    def _number(self, typed: str) -> tuple[str, ...]:
        valid = identifiers.normalise_nhs_number(typed)
        taken = bool(valid) and person_rows.holds_number(self.act.session, valid, except_for=id_of(self.person))
        self.person.nhs_number = None if taken or not valid else valid
        self.person.nhs_number_unverified = typed if typed and self.person.nhs_number is None else ""
        if not typed or self.person.nhs_number:
            return ()
        note = HELD if taken else UNVERIFIED
        fault = Fault(place="nhs_number", problem=note, remedy="Ask the referrer or look it up")
        contact = self.act.session.get_one(Contact, self.referral.contact_id)
        logging_contact.raise_query(self.act, contact, fault, value=typed, referral_id=id_of(self.referral))
        return (note,)

    def _name_anew(self, new: Any) -> None:
        """How the contact names the child, by what is known now of what was said; the row of before stays."""
        session, number = self.act.session, id_of(self.referral)
        before = named_rows.of_referral(session, number) or self.person
        told = self._as_input(before, new)
        session.add(
            NamedChild(referral_id=number, named_at=self.act.now, **{n: getattr(told, n) for n in persons.NAMED})
        )
        if self.referral.named_by_referrer:
            self.referral.named_as = told.full_name

    def _tell(self, correction: Correction) -> None:
        session = self.act.session
        for earlier in person_rows.referrals_of(session, id_of(self.person)):
            summary = _summary(self.detail, self.data)
            self.act.note(
                EventKind.DETAIL_CORRECTED,
                summary,
                about=earlier.referral,
                correction=correction.id,
                field=self.detail.name,
            )
            locking.changed(session, earlier.referral)

"""One detail of one child being corrected, and all that follows: letters, messages to receivers, matches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pathway.engine import locking
from pathway.engine.act import Act
from pathway.engine.children import close_births
from pathway.engine.corrections import (
    details,
    estimates,
    judged_again,
    kept_corrections,
    letters_again,
    named_anew,
    onward_again,
)
from pathway.engine.corrections.details import VALUE, Detail
from pathway.engine.corrections.kept_corrections import DetailInput, Followed
from pathway.engine.intake import logging_contact
from rules.errors import Fault, InvalidInput
from rules.likeness import identifiers
from rules.vocabulary import EventKind
from storage.queries.children import named_rows, person_rows
from storage.tables import Contact, Correction, Person, Referral, id_of

HELD = "This number is on another child’s record; it is kept apart, unverified"
TELLS_SIBLINGS = ("birth_date", "mother", "mother_birth_date")
UNVERIFIED = "This number fails its check digit; it is kept apart, unverified"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildChange:
    """One detail of one child being corrected, its contacts locked."""

    act: Act
    referral: Referral
    person: Person
    detail: Detail
    data: DetailInput

    def carry_out(self, contacts: Sequence[Contact]) -> Followed:
        """Changes the record and sees to what follows. Raises InvalidInput for what can't be the detail."""
        new = estimates.told(self.act, self.person, self.detail, details.read(self.detail, self.data.value))
        old = kept_corrections.stands(self.person, self.detail)
        self._refuse(old, new)
        seen, told = letters_again.before(self.act, contacts), onward_again.before(self.act, contacts)
        doubts = judged_again.doubted(self.act.session, id_of(self.person))
        notes = self._write(new)
        if self.data.taken_wrong:
            before = named_rows.of_referral(self.act.session, id_of(self.referral)) or self.person
            told_now = estimates.columns(self.act, self.detail, new)
            named_anew.name_anew(self.act, self.referral, before, **told_now)
        correction = kept_corrections.keep(
            self.act, self.referral, self.detail, self.data, values=(old, details.kept(new))
        )
        self._tell(correction)
        judged = (
            judged_again.judge(self.act, self.person, doubts=doubts) if self.detail.identity else judged_again.NOTHING
        )
        if self.detail.name in TELLS_SIBLINGS:
            close_births.ask_again(self.act, self.referral)
        letters = letters_again.follow(self.act, contacts, seen, correction)
        onward = onward_again.follow(self.act, contacts, told, correction)
        return Followed(
            detail=self.detail,
            old=old,
            new=details.kept(new),
            letters=letters,
            onward=onward,
            judged=judged,
            notes=notes,
        )

    def _refuse(self, old: str, new: Any) -> None:
        named = named_rows.of_referral(self.act.session, id_of(self.referral))
        told = details.kept(getattr(named, self.detail.name)) if named else old
        if not self.data.taken_wrong or told == details.kept(new):
            details.refuse_same(self.detail, old, new)
        standing = self._faults(getattr(self.person, self.detail.name))
        if faults := [fault for fault in self._faults(new) if fault not in standing]:
            raise InvalidInput(faults)

    def _faults(self, value: Any) -> Sequence[Fault]:
        child = named_anew.as_input(self.person, **estimates.columns(self.act, self.detail, value))
        return [replace(one, place=VALUE) for one in logging_contact.child_faults("child", child, now=self.act.now)]

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

    def _tell(self, correction: Correction) -> None:
        session = self.act.session
        for earlier in person_rows.referrals_of(session, id_of(self.person)):
            # Not everybody who reads the history may see a referrer: the values stand with the correction.
            summary = f"Corrected, {self.detail.words}: {self.data.reason}"
            self.act.note(
                EventKind.DETAIL_CORRECTED,
                summary,
                about=earlier.referral,
                correction=correction.id,
                field=self.detail.name,
            )
            locking.changed(session, earlier.referral)

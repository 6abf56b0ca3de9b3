"""One detail of one adult being corrected, and all that follows where the adult is a child's mother."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pathway.engine import locking
from pathway.engine.act import Act
from pathway.engine.corrections import details, kept_corrections, letters_again, mothers_again, onward_again
from pathway.engine.corrections.details import VALUE, Detail
from pathway.engine.corrections.judged_again import Judged
from pathway.engine.corrections.kept_corrections import AdultDetailInput, Followed
from pathway.engine.corrections.mothers_again import NOBODY, MotherChange, Mothers
from pathway.engine.intake import adults
from rules.errors import InvalidInput
from rules.vocabulary import EventKind
from storage.queries.children.adult_rows import Standing
from storage.tables import AdultRelation, Contact, Correction, NamedAdult, Referral, id_of

NOTHING_TO = "The adult is nothing to this child"
TO_NOBODY = "The adult would be nothing to any child"
UNNAMED = "Give a name or a telephone number first, or say that the adult was named by mistake"


def stands(said: Standing, detail: Detail, referral: Referral | None) -> str:
    """What stands on record now of an adult, as a correction keeps it; ``referral`` is that of the child."""
    if detail is details.MISTAKE:
        return (said.full_name or said.adult.phone or f"adult {said.number}") if said.relations else ""
    row = said.relations.get(id_of(referral)) if referral and detail.each else said.adult
    return details.kept(getattr(row, detail.column, None))


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultChange:
    """One detail of one adult being corrected, its contacts locked; ``referral`` where it is one of each child."""

    act: Act
    contact: Contact
    said: Standing
    detail: Detail
    referral: Referral | None
    data: AdultDetailInput

    def carry_out(self, contacts: Sequence[Contact], referrals: Sequence[Referral]) -> Followed:
        """Adds the row that holds from now on, and sees to what follows. Raises InvalidInput for what can't be so."""
        act, old = self.act, stands(self.said, self.detail, self.referral)
        new = "" if self.detail is details.MISTAKE else details.read(self.detail, self.data.value)
        details.refuse_same(self.detail, old, new)
        seen, told = letters_again.before(act, contacts), onward_again.before(act, contacts)
        mothers = mothers_again.given(act.session, id_of(self.contact))
        self._write(new)
        subject, values = self.referral or self.contact, (old, details.kept(new))
        number = self.said.number
        correction = kept_corrections.keep(act, subject, self.detail, self.data, values=values, adult_id=number)
        self._tell(correction, subject)
        judged, notes = self._follow(mothers, referrals)
        letters = letters_again.follow(act, contacts, seen, correction)
        onward = onward_again.follow(act, contacts, told, correction)
        for referral in referrals:
            locking.changed(act.session, referral)
        return Followed(
            detail=self.detail, old=old, new=values[1], letters=letters, onward=onward, judged=judged, notes=notes
        )

    def _write(self, new: Any) -> None:
        relations = self._relations(new)
        changed = {} if self.detail.each or self.detail is details.MISTAKE else {self.detail.column: new}
        row = NamedAdult(
            **self.said.adult.model_dump(exclude={"id", "named_at", "named_by", "first_id", *changed}) | changed,
            named_at=self.act.now,
            named_by=self.act.actor.username,
            first_id=self.said.number,
        )
        if not adults.is_told(row):
            raise InvalidInput.of(VALUE, adults.NOBODY, UNNAMED)
        self.act.session.add(row)
        self.act.session.flush()
        for number, known in relations.items():
            self.act.session.add(AdultRelation(adult_id=id_of(row), referral_id=number, **known))
        self.act.session.flush()

    def _relations(self, new: Any) -> Mapping[int, Mapping[str, Any]]:
        """What the adult is to which child from now on, by referral."""
        apart = {"adult_id", "referral_id"}
        found = {number: row.model_dump(exclude=apart) for number, row in self.said.relations.items()}
        if self.detail is details.MISTAKE:
            return {}
        if self.referral is None:
            return found
        number = id_of(self.referral)
        if self.detail is not details.RELATION and number not in found:
            raise InvalidInput.of(VALUE, NOTHING_TO, "Correct the relation to the child first")
        found[number] = found.get(number, {}) | {self.detail.column: new}
        kept = {one: known for one, known in found.items() if known["relation"]}
        if not kept:
            raise InvalidInput.of(VALUE, TO_NOBODY, "Say that the adult was named by mistake instead")
        return kept

    def _tell(self, correction: Correction, subject: Contact | Referral) -> None:
        # Not everybody who reads the history may see a referrer: the values stand with the correction.
        summary = f"Corrected, {self.detail.words}: {self.data.reason}"
        field, number = self.detail.name, correction.id
        self.act.note(EventKind.DETAIL_CORRECTED, summary, about=subject, correction=number, field=field)

    def _follow(self, before: Mothers, referrals: Sequence[Referral]) -> tuple[Judged, tuple[str, ...]]:
        """The children whose mother the contact gives otherwise now, in the order in which it named them."""
        after = mothers_again.given(self.act.session, id_of(self.contact))
        judged, notes = Judged(), list[str]()
        for referral in referrals:
            old, new = (given.get(id_of(referral), NOBODY) for given in (before, after))
            if old == new:
                continue
            followed = self._mother(referral, old, new).carry_out()
            if followed is None:
                notes.append(f"{referral.ref}: the mother on the child’s record stays as it is")
            else:
                notes.append(f"{referral.ref}: the mother on the child’s record is corrected with it")
                judged = judged.and_also(followed)
        return judged, tuple(notes)

    def _mother(self, referral: Referral, before: Mapping[str, Any], after: Mapping[str, Any]) -> MotherChange:
        number = self.said.number
        return MotherChange(
            act=self.act, referral=referral, before=before, after=after, data=self.data, adult_id=number
        )

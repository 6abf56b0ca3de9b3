"""The mothers of children after an adult was corrected: how the contact names each child, and what its record says.

A record says what the first contact under it gave that gave anything, but for what a person has corrected there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pathway.engine import locking
from pathway.engine.act import Act
from pathway.engine.children import close_births, record_fields
from pathway.engine.corrections import details, judged_again, kept_corrections, named_anew
from pathway.engine.corrections.judged_again import Judged
from pathway.engine.corrections.kept_corrections import DetailInput
from rules.relations import Relation
from rules.vocabulary import EventKind
from storage.queries.children import adult_rows, named_rows, person_rows, told_rows
from storage.queries.children.told_rows import Told
from storage.sessions import WriteSession
from storage.tables import Correction, Person, Referral, id_of

FIELDS = ("mother", "mother_birth_date")
NOBODY: Mapping[str, Any] = {"mother": "", "mother_birth_date": None}
RULE = ("adult corrected", "the mother whom the contact names was put right")

Mothers = Mapping[int, Mapping[str, Any]]


def given(session: WriteSession, contact_id: int) -> Mothers:
    """The mother whom the adults of a contact give each child, by referral, as ``adults.with_mothers`` reads them."""
    found: dict[int, Mapping[str, str | date | None]] = {}
    for adult in adult_rows.of_contact(session, contact_id):
        for referral_id, row in adult.relations.items():
            if row.relation == Relation.MOTHER and adult.full_name:
                told = {"mother": adult.full_name, "mother_birth_date": adult.adult.birth_date}
                found.setdefault(referral_id, told)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class MotherChange:
    """One child for whom a contact gives another mother than ``before``, its contacts locked.

    ``data`` is the correction of the adult by which it does.
    """

    act: Act
    referral: Referral
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    data: DetailInput
    adult_id: int

    def carry_out(self) -> Judged | None:
        """Names the child anew, and changes what its record took from it; None where the record stays as it is."""
        session = self.act.session
        named = named_rows.of_referral(session, id_of(self.referral))
        if named is None:
            return None
        new = {name: self.after[name] for name in FIELDS if getattr(named, name) == self.before[name]}
        if not new:
            return None
        record, told = self._record()
        named_anew.name_anew(self.act, self.referral, named, **new)
        session.flush()
        changed = dict(_changed(record, told, self._record()[1]))
        if not changed:
            return None
        person = session.get_one(Person, self.referral.person_id)
        doubts = judged_again.doubted(session, id_of(person))
        for name, value in changed.items():
            self._write(record, name, value)
        judged_again.keep_keys(session, record)
        close_births.ask_again(self.act, self.referral)
        return judged_again.judge(self.act, person, doubts=doubts)

    def _record(self) -> tuple[Person, Sequence[Told]]:
        """The record under which the contact named the child, and the contacts that stand under it."""
        session = self.act.session
        for number, told in told_rows.by_record(session, self.referral.person_id).items():
            if self.referral.id in [one.referral.id for one in told]:
                return session.get_one(Person, number), told
        raise LookupError(self.referral.ref)

    def _write(self, record: Person, name: str, value: Any) -> None:
        detail, old = details.DETAILS[name], details.kept(getattr(record, name))
        setattr(record, name, value)
        self._settle_fills(record, name, value)
        data, values = self.data.model_copy(update={"taken_wrong": True}), (old, details.kept(value))
        kept = kept_corrections.keep(self.act, self.referral, detail, data, values=values, adult_id=self.adult_id)
        self._tell(kept, detail.words)

    def _settle_fills(self, record: Person, name: str, value: Any) -> None:
        """A fill of before is taken back, and who gives the value now is kept as the one who fills."""
        session = self.act.session
        before = [one for one in told_rows.fills(session, id_of(record)) if one.field == name]
        for one in before:
            one.taken_back_at = self.act.now
        told = self._record()[1]
        giver = next((one for one in told if one.named and getattr(one.named, name)), None)
        if giver is not None and (before or giver is not told[0]):
            filled = {name: str(value)}
            record_fields.keep_fills(self.act, record, id_of(giver.referral), filled, by=RULE)

    def _tell(self, correction: Correction, words: str) -> None:
        for earlier in person_rows.referrals_of(self.act.session, self.referral.person_id):
            summary = f"Corrected, {words}: {correction.reason}"
            about, field = earlier.referral, correction.field
            self.act.note(EventKind.DETAIL_CORRECTED, summary, about=about, correction=correction.id, field=field)
            locking.changed(self.act.session, about)


def _changed(record: Person, before: Sequence[Told], after: Sequence[Told]) -> Iterator[tuple[str, Any]]:
    """What the record says otherwise now: not what a person has corrected there."""
    for name in FIELDS:
        old, new = _first(before, name), _first(after, name)
        if old != new and getattr(record, name) == old:
            yield name, new


def _first(told: Sequence[Told], name: str) -> Any:
    return next((value for one in told if one.named and (value := getattr(one.named, name))), NOBODY[name])

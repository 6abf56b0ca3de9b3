"""What a child's record holds, and which contact gave it: filled blank by blank, taken back, and built anew.

A record begins with how its first contact named the child; each contact that joins it fills what is blank. So what
stands there follows from the contacts under it, but for what a person has corrected, which stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pathway.engine.act import Act
from pathway.engine.children import candidates
from pathway.engine.children.child_input import ChildInput
from rules.likeness import identifiers
from storage.queries.children import person_rows, told_rows
from storage.queries.children.told_rows import Told
from storage.sessions import WriteSession
from storage.tables import FilledField, NamedChild, Person, id_of

UNKNOWN_SEX = "U"
FILLED = (
    "birth_date", "due_date", "ethnicity", "upn", "address", "school",
    "disability", "religion", "language", "gp", "health_visitor", "mother", "mother_birth_date",
    "about_age", "born_from", "born_to",
)  # fmt: skip
NAMES = ("forename", "surname")
ANEW = "taken apart or put together again, and built from the contacts that are left"
_BLANK: Mapping[str, Any] = {
    "birth_date": None,
    "due_date": None,
    "mother_birth_date": None,
    "born_from": None,
    "born_to": None,
    "nhs_number": None,
    "sex": UNKNOWN_SEX,
}


def fill(
    session: WriteSession, person: Person, child: ChildInput | NamedChild, nhs_number: str | None
) -> dict[str, str]:
    """Fills what was blank, and returns it; what is there stays."""
    blank = _blanks(person, child, FILLED)
    if person.nhs_number is None and nhs_number:
        blank["nhs_number"] = nhs_number
    if not blank:
        return {}
    before = candidates.read(person)
    _write(person, blank)
    candidates.keep_keys(session, person, candidates.read(person), before=before)
    return {name: str(value) for name, value in blank.items()}


def keep_fills(act: Act, person: Person, referral_id: int, filled: Mapping[str, str], *, by: tuple[str, str]) -> None:
    """Keeps which contact filled which blank; ``by`` is the rule, with its version, and its reasons."""
    rule, reasons = by
    for name, value in filled.items():
        act.session.add(
            FilledField(
                person_id=id_of(person),
                referral_id=referral_id,
                field=name,
                value=value,
                rule=rule,
                reasons=reasons,
                filled_at=act.now,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """A record under which other contacts stand now than before."""

    person_id: int
    before: Sequence[Told]
    after: Sequence[Told]

    @property
    def stays(self) -> bool:
        """True where the record begins with the contact that it began with, or where that is not known."""
        if not (self.before and self.after):
            return False
        return self.before[0] == self.after[0] or not (child_of(self.before[0]) and child_of(self.after[0]))

    @property
    def fillers(self) -> Sequence[Told]:
        """The contacts that fill blanks of the record: all but the one that it begins with."""
        return self.after if self.stays and self.before[0] != self.after[0] else self.after[1:]

    @property
    def order(self) -> int:
        """Who was named first comes first."""
        return id_of(self.after[0].referral) if self.after else 0


def rebuild(act: Act, before: Mapping[int, Sequence[Told]], after: Mapping[int, Sequence[Told]]) -> None:
    """Builds the records anew under which other contacts stand than before: by person, in the order of the contacts.

    Whoever was named first has a number that two of them bear, as if they had never stood under one record.
    """
    records = [
        _Record(person_id=number, before=before.get(number, ()), after=after.get(number, ()))
        for number in {**before, **after}
        if before.get(number) != after.get(number)
    ]
    for record in records:
        _strip(act, record)
    for record in sorted(records, key=lambda one: one.order):
        _build(act, record)


def child_of(told: Told) -> ChildInput | NamedChild | None:
    """The child as a contact named it, as far as that is kept; None where it is not known at all."""
    if told.named is not None or not told.referral.named_as:
        return told.named
    forename, _, surname = told.referral.named_as.rpartition(" ")
    return ChildInput.model_construct(forename=forename, surname=surname)


def _strip(act: Act, record: _Record) -> None:
    """Takes off what contacts filled in, and where the record begins anew what its first contact gave as well."""
    person = act.session.get_one(Person, record.person_id)
    for one in told_rows.fills(act.session, record.person_id):
        if str(getattr(person, one.field)) == one.value:
            _blank(person, one.field)
    if record.before and not record.stays and (first := child_of(record.before[0])):
        for name in (*NAMES, *FILLED, "sex"):
            if getattr(person, name) == getattr(first, name):
                _blank(person, name)
        _take_number(person, first.nhs_number)
    person_rows.drop_keys(act.session, record.person_id)
    act.session.flush()


def _blank(person: Person, name: str) -> None:
    setattr(person, name, _BLANK.get(name, ""))


def _take_number(person: Person, typed: str) -> None:
    if typed and person.nhs_number == identifiers.normalise_nhs_number(typed):
        person.nhs_number = None
    if person.nhs_number_unverified == typed:
        person.nhs_number_unverified = ""


def _build(act: Act, record: _Record) -> None:
    person = act.session.get_one(Person, record.person_id)
    if record.after and not record.stays and (first := child_of(record.after[0])):
        _begin(act.session, person, record.after[0], first)
    person.name_key = identifiers.name_key(person.forename, person.surname)
    act.session.flush()
    candidates.keep_keys(act.session, person, candidates.read(person))
    filled: dict[tuple[int, str], str] = {}
    for one in record.fillers:
        if one.named is not None:
            given = fill(act.session, person, one.named, _free(act.session, one) or None)
            filled |= {(id_of(one.referral), name): value for name, value in given.items()}
    _settle_fills(act, person, filled)


def _begin(session: WriteSession, person: Person, told: Told, first: ChildInput | NamedChild) -> None:
    _write(person, _blanks(person, first, (*NAMES, *FILLED)))
    number = _free(session, told)
    if number and person.nhs_number is None:
        person.nhs_number = number
    elif first.nhs_number and person.nhs_number is None:
        person.nhs_number_unverified = first.nhs_number


def _free(session: WriteSession, told: Told) -> str:
    """The valid number by which a contact names this child and no other, where no record has it; else nothing."""
    number = candidates.read(told.named).nhs_number if told.named else ""
    typed = told_rows.numbers_of_others(session, told.referral) if number else []
    shared = number in {identifiers.normalise_nhs_number(other) for other in typed}
    return "" if shared or person_rows.holds_number(session, number) else number


def _settle_fills(act: Act, person: Person, filled: Mapping[tuple[int, str], str]) -> None:
    """A fill that stands as it stood keeps its rule and reasons; another is taken back, and one that is new is kept."""
    there = {(one.referral_id, one.field): one for one in told_rows.fills(act.session, id_of(person))}
    same = {key for key, one in there.items() if filled.get(key) == one.value}
    for key in there.keys() - same:
        there[key].taken_back_at = act.now
    for key in sorted(filled.keys() - same):
        keep_fills(act, person, key[0], {key[1]: filled[key]}, by=("built anew", ANEW))


def _blanks(person: Person, child: ChildInput | NamedChild, names: Iterable[str]) -> dict[str, Any]:
    blank = {name: getattr(child, name) for name in names if not getattr(person, name) and getattr(child, name)}
    if person.sex == UNKNOWN_SEX and child.sex not in ("", UNKNOWN_SEX):
        blank["sex"] = child.sex
    return blank


def _write(person: Person, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(person, name, value)

"""Which persons the children of an imported contact are; no child is left out because two lines look alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pathway.engine.act import Act
from pathway.engine.children import persons
from pathway.engine.children.child_input import ChildInput
from pathway.engine.children.persons import Found, Named
from pathway.engine.children.record_fields import UNKNOWN_SEX
from pathway.importing import problems
from pathway.importing.faults import ImportFault, fault
from pathway.importing.records import ImportedChild, ImportedContact
from rules.errors import Fault
from rules.likeness import identifiers, seen
from storage.tables import Person, ProposedMatch
from storage.tables.base import id_of

COLUMNS = {
    "forename": "child_forename",
    "surname": "child_surname",
    "birth_date": "child_dob",
    "address": "child_address",
    "nhs_number": "child_nhs_number",
    "due_date": "child_edd",
    "sex": "child_sex",
    "ethnicity": "child_ethnicity",
    "school": "child_school",
}
BESIDE = ("due_date", "sex", "ethnicity", "school")
_BAD_NUMBER = "fails its check digit and is kept apart, unverified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """The person who an imported child is, and what their record says otherwise; ``listed`` raises no query."""

    child: ChildInput
    found: Found
    noticed: Sequence[ImportFault]
    listed: Sequence[ImportFault]


def match(act: Act, imported: ImportedContact) -> list[Matched]:
    """The persons for the children of a contact, in their order: found again or added, each of them once."""
    typed = [as_input(child) for child in imported.children]
    found = persons.find_or_add(act, [Named(place="child", child=child) for child in typed])
    matched: list[Matched] = []
    for number, (child, one) in enumerate(zip(imported.children, found, strict=True)):
        noticed = [_otherwise(imported, child, query) for query in _told(one)]
        twin = next((place for place in range(number) if _alike(typed[place], typed[number])), None)
        if twin is not None:
            noticed.append(_same_child(imported, child, line=imported.children[twin].line))
            _propose(act, one.person, found[twin].person)
        listed = [_otherwise(imported, child, query) for query in _beside(typed[number], one)]
        matched.append(Matched(child=typed[number], found=one, noticed=noticed, listed=listed))
    return matched


def _alike(one: ChildInput, other: ChildInput) -> bool:
    same_name = _name(one) == _name(other) and one.birth_date == other.birth_date and bool(_name(one))
    return same_name or bool(one.nhs_number and one.nhs_number == other.nhs_number)


def _name(child: ChildInput) -> str:
    return identifiers.name_key(child.forename, child.surname)


def _same_child(imported: ImportedContact, child: ImportedChild, *, line: int) -> ImportFault:
    told = {"line": line}
    return fault(imported.ref, child.line, "child_surname", problems.SAME_CHILD, value=child.surname, fields=told)


def _propose(act: Act, person: Person, other: Person) -> None:
    reason = "named on two lines of one imported contact"
    act.session.add(
        ProposedMatch(person_id=id_of(person), other_person_id=id_of(other), reason=reason, proposed_at=act.now)
    )


def as_input(child: ImportedChild) -> ChildInput:
    """A child of the file as the engine takes it."""
    # Not validated: an old system's text is kept however long it is.
    return ChildInput.model_construct(
        forename=child.forename,
        surname=child.surname,
        birth_date=child.birth_date,
        about_age=child.age.words if child.age else "",
        born_from=child.age and child.age.born_from,
        born_to=child.age and child.age.born_to,
        due_date=child.due_date,
        sex=child.sex,
        ethnicity=child.ethnicity,
        nhs_number=child.nhs_number or child.nhs_number_unverified,
        address=child.address,
        school=child.school,
    )


def _told(answer: Found) -> list[Fault]:
    """What the record says otherwise; a bad number is on the fault list of the file already."""
    told = [query for query in answer.queries if _field(query) in COLUMNS]
    return [query for query in told if not query.problem.endswith(_BAD_NUMBER)]


def _beside(child: ChildInput, answer: Found) -> Iterator[Fault]:
    """What else the record of a child who was here says otherwise: it is listed, and nobody is asked about it."""
    for field in BESIDE if answer.join else ():
        new, old = getattr(child, field), getattr(answer.person, field)
        if new and old and new != UNKNOWN_SEX and not seen.same(new, old):
            told = f"This contact says {new}; the child's record says {old}"
            yield Fault(place=field, problem=told, remedy="Find out which is right")


def _field(query: Fault) -> str:
    return query.place.rpartition(".")[2]


def _otherwise(imported: ImportedContact, child: ImportedChild, query: Fault) -> ImportFault:
    field, fields = _field(query), {"told": query.problem.rstrip(".")}
    problem = problems.NUMBER_APART if field == "nhs_number" else problems.OTHERWISE_KNOWN
    value = str(getattr(child, field) or "")
    return fault(imported.ref, child.line, COLUMNS[field], problem, value=value, fields=fields)

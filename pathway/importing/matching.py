"""Which persons the children of an imported contact are; no child is left out because two lines look alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pathway.engine.act import Act
from pathway.engine.children import candidates, persons
from pathway.engine.children.child_input import ChildInput
from pathway.importing import problems
from pathway.importing.faults import ImportFault, fault
from pathway.importing.records import ImportedChild, ImportedContact
from rules.errors import Fault
from rules.likeness import identifiers
from storage.sessions import WriteSession
from storage.tables import Person, ProposedMatch
from storage.tables.base import id_of

COLUMNS = {
    "forename": "child_forename",
    "surname": "child_surname",
    "birth_date": "child_dob",
    "address": "child_address",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """The person who an imported child is, and what their record says otherwise."""

    person: Person
    noticed: Sequence[ImportFault]


def match(act: Act, imported: ImportedContact) -> list[Matched]:
    """The persons for the children of a contact, in their order: found again or added, each of them once."""
    found: list[Matched] = []
    lines: dict[int | None, int] = {}
    for child in imported.children:
        matched = _match(act, imported, child, lines)
        lines[matched.person.id] = child.line
        found.append(matched)
    return found


def _match(
    act: Act,
    imported: ImportedContact,
    child: ImportedChild,
    lines: Mapping[int | None, int],
) -> Matched:
    answer = persons.find_or_add(act, _input(child), place="child")
    if answer.person.id in lines:
        fields = {"line": lines[answer.person.id]}
        alike = fault(
            imported.ref, child.line, "child_surname", problems.SAME_CHILD, value=child.surname, fields=fields
        )
        return Matched(person=_apart(act.session, child, answer.person, now=act.now), noticed=[alike])
    return Matched(person=answer.person, noticed=[_otherwise(imported, child, query) for query in _told(answer)])


def _input(child: ImportedChild) -> ChildInput:
    # Not validated: an old system's text is kept however long it is.
    return ChildInput.model_construct(
        forename=child.forename,
        surname=child.surname,
        birth_date=child.birth_date,
        due_date=child.due_date,
        sex=child.sex,
        ethnicity=child.ethnicity,
        nhs_number=child.nhs_number or child.nhs_number_unverified,
        address=child.address,
        school=child.school,
    )


def _told(answer: persons.Found) -> list[Fault]:
    """What the record says otherwise; a bad number is on the fault list of the file already."""
    return [query for query in answer.queries if _field(query) in COLUMNS]


def _field(query: Fault) -> str:
    return query.place.rpartition(".")[2]


def _otherwise(imported: ImportedContact, child: ImportedChild, query: Fault) -> ImportFault:
    problem, fields = problems.OTHERWISE_KNOWN, {"told": query.problem.rstrip(".")}
    field = _field(query)
    value = str(getattr(child, field) or "")
    return fault(imported.ref, child.line, COLUMNS[field], problem, value=value, fields=fields)


def _apart(session: WriteSession, child: ImportedChild, other: Person, *, now: datetime) -> Person:
    """A person of its own for a child who looks like another line's; the number stays with the first."""
    person = Person(
        forename=child.forename,
        surname=child.surname,
        name_key=identifiers.name_key(child.forename, child.surname),
        birth_date=child.birth_date,
        due_date=child.due_date,
        sex=child.sex,
        ethnicity=child.ethnicity,
        nhs_number_unverified=child.nhs_number or child.nhs_number_unverified,
        address=child.address,
        school=child.school,
        created_at=now,
    )
    session.add(person)
    session.flush()
    candidates.keep_keys(session, person, candidates.read(person))
    reason = "named on two lines of one imported contact"
    session.add(ProposedMatch(person_id=id_of(person), other_person_id=id_of(other), reason=reason, proposed_at=now))
    return person

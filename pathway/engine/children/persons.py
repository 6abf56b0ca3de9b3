"""Children as persons: one who was here before is found again, and who may be the same is proposed to an officer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pathway.engine.act import Act
from pathway.engine.children import candidates
from pathway.engine.children.candidates import Proposal
from pathway.engine.children.child_input import ChildInput
from rules.errors import Fault
from rules.likeness import identifiers
from storage.queries.children import person_rows
from storage.queries.children.person_rows import Known
from storage.sessions import WriteSession
from storage.tables import HouseholdLink, Person, ProposedMatch, id_of

FILLED = ("birth_date", "due_date", "ethnicity", "upn", "address", "school")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The person for one named child, and what a human being should look at."""

    person: Person
    is_new: bool
    queries: tuple[Fault, ...]


def find_or_add(act: Act, child: ChildInput, *, place: str, siblings: Sequence[Person] = ()) -> Found:
    """The person who is this child: by an equal valid NHS number, or by equal name and birth date; else a new one.

    ``siblings`` are the other children of the same contact, who are not proposed as the same child.
    Anything less is only proposed. A number that fails its check digit is kept apart: no child is left out for it.
    """
    nhs_number = _valid_number(child.nhs_number)
    queries = list(_number_queries(child, nhs_number, place))
    looked_for = candidates.read(child)
    around = candidates.around(act.session, looked_for)
    known = _known(around, child, nhs_number)
    if known is None:
        person = _add(act, child, nhs_number)
        candidates.keep_keys(act.session, person, looked_for)
        others = [id_of(sibling) for sibling in siblings]
        _propose(act, person, candidates.likely(looked_for, around, except_for=others))
        return Found(person=person, is_new=True, queries=tuple(queries))
    person = _kept(act.session, known)
    queries += _differences(child, person, place)
    _complete(act.session, person, child, None if _is_held(nhs_number, around) else nhs_number)
    return Found(person=person, is_new=False, queries=tuple(queries))


def _valid_number(typed: str) -> str | None:
    return identifiers.normalise_nhs_number(typed) or None


def _known(around: Sequence[Known], child: ChildInput, nhs_number: str | None) -> Known | None:
    holder = next((known for known in around if nhs_number and known.nhs_number == nhs_number), None)
    key = identifiers.name_key(child.forename, child.surname)
    if holder or not (key and child.birth_date):
        return holder
    same = (known for known in around if known.name_key == key and known.birth_date == child.birth_date)
    # Equal name and birth date, but another valid number: two children until an officer says otherwise.
    return next((one for one in same if not (nhs_number and one.nhs_number and one.nhs_number != nhs_number)), None)


def _kept(session: WriteSession, known: Known) -> Person:
    # Locked against a merge at the same moment, which would leave the new referral with the merged person.
    person_id = person_rows.kept_id(session, known.kept_id)
    while (person := person_rows.lock_for_naming(session, person_id)).merged_into_id is not None:
        person_id = person.merged_into_id
    return person


def _is_held(nhs_number: str | None, around: Sequence[Known]) -> bool:
    # By a merged person, whose row keeps its number.
    return any(nhs_number and known.nhs_number == nhs_number for known in around)


def _add(act: Act, child: ChildInput, nhs_number: str | None) -> Person:
    person = Person(
        forename=child.forename,
        surname=child.surname,
        name_key=identifiers.name_key(child.forename, child.surname),
        birth_date=child.birth_date,
        due_date=child.due_date,
        sex=child.sex or "U",
        ethnicity=child.ethnicity,
        nhs_number=nhs_number,
        nhs_number_unverified="" if nhs_number else child.nhs_number,
        upn=child.upn,
        address=child.address,
        school=child.school,
        created_at=act.now,
    )
    act.session.add(person)
    act.session.flush()
    return person


def _propose(act: Act, person: Person, proposals: Sequence[Proposal]) -> None:
    for proposal in proposals:
        act.session.add(
            ProposedMatch(
                person_id=id_of(person),
                other_person_id=proposal.person_id,
                reason=proposal.likeness.reason,
                weight=proposal.likeness.weight,
                proposed_at=act.now,
            )
        )


def _complete(session: WriteSession, person: Person, child: ChildInput, nhs_number: str | None) -> None:
    """Fills what was blank; what is there stays."""
    blank = {field: getattr(child, field) for field in FILLED if not getattr(person, field) and getattr(child, field)}
    if person.nhs_number is None and nhs_number is not None:
        blank["nhs_number"] = nhs_number
    if not blank:
        return
    before = candidates.read(person)
    for field, value in blank.items():
        setattr(person, field, value)
    candidates.keep_keys(session, person, candidates.read(person), before=before)


def _number_queries(child: ChildInput, nhs_number: str | None, place: str) -> Sequence[Fault]:
    if nhs_number or not child.nhs_number:
        return []
    problem = f"The NHS number {child.nhs_number} fails its check digit and is kept apart, unverified"
    return [Fault(place=f"{place}.nhs_number", problem=problem, remedy="Ask the referrer or look it up")]


def _differences(child: ChildInput, person: Person, place: str) -> Sequence[Fault]:
    """What this contact says otherwise than the record; the record keeps what it had."""
    told = {
        "forename": (child.forename, person.forename),
        "surname": (child.surname, person.surname),
        "birth_date": (child.birth_date, person.birth_date),
        "address": (child.address, person.address),
    }
    remedy = "Find out which is right"
    return [
        Fault(
            place=f"{place}.{field}", problem=f"This contact says {new}; the child's record says {old}", remedy=remedy
        )
        for field, (new, old) in told.items()
        if new and old and new != old
    ]


def link_household(session: WriteSession, persons: Sequence[Person], contact_id: int) -> None:
    """Links each two children that one contact names, once."""
    ids = sorted({id_of(person) for person in persons})
    there = person_rows.household_pairs(session, ids) if len(ids) > 1 else set()
    for index, first in enumerate(ids):
        for second in ids[index + 1 :]:
            if (first, second) not in there:
                session.add(HouseholdLink(person_id=first, other_person_id=second, contact_id=contact_id))

"""Who else may be this child: found by keys and dates in the database, weighed by the rules, proposed to an officer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from pathway.engine.children.child_input import ChildInput
from rules.likeness import joining, match_keys, matching, names
from rules.likeness.joining import Fact
from rules.likeness.matching import Child, Likeness
from rules.likeness.names import Forms
from storage.queries.children import match_rows, person_rows
from storage.queries.children.person_rows import Known
from storage.sessions import ReadSession, WriteSession
from storage.tables import NamedChild, Person, id_of

MOST_PROPOSALS = 20
PLAINLY_ANOTHER = frozenset((Fact.OTHER_FORENAME, Fact.OTHER_DATE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Another person who may be the child, and why."""

    person_id: int
    likeness: Likeness


@cache
def forms() -> Forms:
    """The short forms and spellings of first names that the project knows."""
    return names.read_forms(resources.files("pathway").joinpath("names", "short_forms.csv").read_text(encoding="utf-8"))


def read(child: ChildInput | NamedChild | Person | Known) -> Child:
    """A child as typed or as recorded, ready to be compared."""
    unverified = getattr(child, "nhs_number_unverified", "")
    return matching.read(
        forename=child.forename,
        surname=child.surname,
        birth_date=child.birth_date,
        due_date=child.due_date,
        nhs_number=child.nhs_number or unverified,
        upn=child.upn,
        address=child.address,
        sex=child.sex,
        mother=child.mother,
        mother_born=child.mother_birth_date,
        born_from=child.born_from,
        born_to=child.born_to,
        forms=forms(),
    )


def around(session: WriteSession | ReadSession, child: Child) -> Sequence[Known]:
    """Everybody on record who could be the child, in one query; most of them are not."""
    return person_rows.candidates(session, match_keys.sought(child, forms()))


def likely(child: Child, others: Iterable[Known], *, except_for: Iterable[int] = ()) -> list[Proposal]:
    """Those who may be the child, the likeliest first, each once, at most twenty; but ``except_for`` these.

    A person who was merged into another stands for that one.
    """
    apart, best = set(except_for), dict[int, Likeness]()
    for other in others:
        likeness = matching.likeness(child, read(other)) if other.kept_id not in apart else None
        if likeness and (other.kept_id not in best or likeness.weight > best[other.kept_id].weight):
            best[other.kept_id] = likeness
    ordered = sorted(best.items(), key=lambda pair: (-pair[1].weight, pair[0]))
    return [Proposal(person_id=person_id, likeness=likeness) for person_id, likeness in ordered[:MOST_PROPOSALS]]


def keep_keys(session: WriteSession, person: Person, child: Child, *, before: Child | None = None) -> None:
    """Stores the keys by which the person is found, those that are new since ``before``."""
    there = match_keys.stored(before) if before else frozenset()
    person_rows.add_keys(session, id_of(person), match_keys.stored(child) - there)


def proposed_with(session: ReadSession | WriteSession, person_ids: Collection[int]) -> Mapping[int, set[int]]:
    """Of each child, itself and all of whom it was proposed that they are the same.

    As long as nobody has said that they are not. By the number that was asked.
    """
    found = match_rows.not_declined(session, person_ids)
    return {number: {kept, *others} for number, (kept, others) in found.items()}


def perhaps_one(session: ReadSession | WriteSession, person_id: int) -> set[int]:
    """A child and all who may be the same, as long as nobody has said that they are another.

    Not one of whom only a number says so, and first name and birth date say otherwise: a person is asked about the two,
    and until then they count as the two that they most likely are.
    """
    return perhaps_one_each(session, [person_id])[person_id]


def perhaps_one_each(session: ReadSession | WriteSession, person_ids: Collection[int]) -> Mapping[int, set[int]]:
    """The same of several at once, by the number that was asked."""
    found = match_rows.not_declined(session, person_ids)
    concerned = {number for kept, others in found.values() if others for number in (kept, *others)}
    known = {number: read(person) for number, person in person_rows.of(session, concerned).items()}
    return {
        number: {kept, *(one for one in others if not joining.facts(known[kept], known[one]) >= PLAINLY_ANOTHER)}
        for number, (kept, others) in found.items()
    }

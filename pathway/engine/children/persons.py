"""Children as persons: one who was here before is found again, and who may be the same is proposed to an officer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pathway.engine.act import Act
from pathway.engine.children import candidates, joins, proposals, record_fields
from pathway.engine.children.child_input import ChildInput
from pathway.engine.children.joins import Asked, Joined
from rules.errors import Fault
from rules.likeness import identifiers, joining, seen
from rules.likeness.joining import Join
from rules.vocabulary import EventKind
from storage.queries.children import person_rows
from storage.queries.children.person_rows import Known
from storage.sessions import ReadSession, WriteSession
from storage.tables import NamedChild, Person, Referral, id_of

NAMED = (
    "forename", "surname", "birth_date", "due_date", "sex", "ethnicity", "nhs_number", "upn", "address", "school",
    "disability", "religion", "language", "gp", "health_visitor", "where_now", "mother", "mother_birth_date",
    "about_age", "born_from", "born_to",
)  # fmt: skip


SAYS = "This contact says"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One child as typed, and the place in the form that it is typed at.

    ``the_same``: the number of the child on record of whom whoever types says that it is this one.
    """

    place: str
    child: ChildInput
    the_same: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The person for one named child, and what a human being should look at.

    ``join`` says why it is somebody on record, ``filled`` which blanks of that record this contact fills.
    """

    person: Person
    queries: tuple[Fault, ...]
    join: Join | None = None
    filled: Mapping[str, str] = field(default_factory=dict)


def find_or_add(act: Act, named: Sequence[Named], *, siblings: Sequence[Person] = ()) -> list[Found]:
    """The persons for the children of one contact, in their order: on record where the rule joins, else new.

    ``siblings`` are children of the contact already. No two children of a contact become one person, and none is
    proposed as another. A number that fails its check digit, that two of the children share or that is on another
    child's record is kept apart: no child is left out for it.
    """
    shared = _shared(named)
    asked = [_asked(act.session, one, shared) for one in named]
    found = joins.joins(act.session, asked, taken=[id_of(sibling) for sibling in siblings])
    persons: list[Found] = []
    for one, read, joined in zip(named, asked, found, strict=True):
        others = [*siblings, *(other.person for other in persons)]
        taken = [*map(id_of, others), *(other.person_id for other in found if other)]
        persons.append(_join(act, one, read, joined) if joined else _new(act, one, read, taken))
    return persons


def foresee(session: ReadSession, children: Sequence[ChildInput]) -> list[Joined | None]:
    """For each child of a contact whom ``find_or_add`` would join it to now; None for one of its own."""
    named = [Named(place="child", child=child) for child in children]
    shared = _shared(named)
    return joins.joins(session, [_asked(session, one, shared) for one in named])


def _shared(named: Sequence[Named]) -> frozenset[str]:
    counted = Counter(filter(None, (identifiers.normalise_nhs_number(one.child.nhs_number) for one in named)))
    return frozenset(number for number, times in counted.items() if times > 1)


def _asked(session: ReadSession | WriteSession, named: Named, shared: Collection[str]) -> Asked:
    read = candidates.read(named.child)
    around = candidates.around(session, read)
    others = frozenset(person_rows.kept_ids(session, named.child.another_than).values())
    without = replace(read, nhs_number="") if read.nhs_number in shared else read
    return Asked(child=without, around=around, not_these=others, only=named.the_same)


def _join(act: Act, named: Named, asked: Asked, joined: Joined) -> Found:
    person = _kept(act.session, joined.person_id)
    number = asked.child.nhs_number
    queries = [*_number_queries(named, asked, joined.person_id), *_differences(named.child, person, named.place)]
    filled = record_fields.fill(act.session, person, named.child, None if _is_held(number, asked.around) else number)
    return Found(person=person, queries=tuple(queries), join=joined.join, filled=filled)


def _new(act: Act, named: Named, asked: Asked, taken: Sequence[int]) -> Found:
    free = asked.child.nhs_number if not _is_held(asked.child.nhs_number, asked.around) else ""
    person = _add(act, named.child, free or None)
    typed = candidates.read(named.child)
    candidates.keep_keys(act.session, person, typed)
    proposals.keep_apart(act, person, asked.not_these)
    proposals.propose(act, id_of(person), candidates.likely(typed, asked.around, except_for={*taken, *asked.not_these}))
    return Found(person=person, queries=tuple(_number_queries(named, asked)))


def keep(act: Act, referral: Referral, child: ChildInput, found: Found) -> None:
    """Keeps how the contact named a child; where it joined a record, why, and each blank that it filled."""
    told = {name: getattr(child, name) for name in NAMED}
    act.session.add(NamedChild(referral_id=id_of(referral), named_at=act.now, **told))
    if found.join is None:
        return
    why = "; ".join(found.join.reasons)
    rule = f"{joining.VERSION}.{found.join.rule}"
    record_fields.keep_fills(act, found.person, id_of(referral), found.filled, by=(rule, why))
    act.note(
        EventKind.CHILD_JOINED,
        f"Joined to the child on record: {why}",
        about=referral,
        rule=rule,
        filled=sorted(found.filled),
    )


def _kept(session: WriteSession, person_id: int) -> Person:
    # Locked against a merge at the same moment, which would leave the new referral with the merged person.
    person_id = person_rows.kept_id(session, person_id)
    while (person := person_rows.lock_for_naming(session, person_id)).merged_into_id is not None:
        person_id = person.merged_into_id
    return person


def _is_held(nhs_number: str, around: Sequence[Known]) -> bool:
    # By another child, or by a merged person, whose row keeps its number.
    return any(nhs_number and known.nhs_number == nhs_number for known in around)


def _add(act: Act, child: ChildInput, nhs_number: str | None) -> Person:
    person = Person(
        **{name: getattr(child, name) for name in (*record_fields.NAMES, *record_fields.FILLED)},
        name_key=identifiers.name_key(child.forename, child.surname),
        sex=child.sex or "U",
        nhs_number=nhs_number,
        nhs_number_unverified="" if nhs_number else child.nhs_number,
        created_at=act.now,
    )
    act.session.add(person)
    act.session.flush()
    return person


def _number_queries(named: Named, asked: Asked, joined: int | None = None) -> Iterator[Fault]:
    typed = named.child.nhs_number
    valid = identifiers.normalise_nhs_number(typed)
    if not typed:
        return
    if not valid:
        problem = f"The NHS number {typed} fails its check digit"
    elif valid != asked.child.nhs_number:
        problem = f"The NHS number {typed} is given for more than one child of this contact"
    elif any(one.nhs_number == valid and one.kept_id != joined for one in asked.around):
        problem = f"The NHS number {typed} is on another child’s record"
    else:
        return
    remedy = "Ask the referrer or look it up"
    yield Fault(place=f"{named.place}.nhs_number", problem=f"{problem} and is kept apart, unverified", remedy=remedy)


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
        Fault(place=f"{place}.{field}", problem=f"{SAYS} {new}; the child's record says {old}", remedy=remedy)
        for field, (new, old) in told.items()
        if new and old and not seen.same(new, old)
    ]

"""Proposals that two persons are one child: of one child, and as a list to be settled."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, and_, col, exists, or_, select

from rules.errors import NotFound
from storage.queries import keyset
from storage.queries.children import person_rows, restriction_rows
from storage.remembered import remembered
from storage.tables import Person, PersonMerge, PersonSplit, ProposedMatch, id_of

LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One proposal with both records, as they stand; one of them may have been merged with a third since."""

    match: ProposedMatch
    newer: Person
    older: Person


@remembered
def open_of(session: Session, person_id: int) -> Sequence[tuple[ProposedMatch, Person]]:
    """The proposals about this child that nobody has settled, each with the other child, the likeliest first."""
    own = person_rows.joined_with(session, person_id)
    newer, older = col(ProposedMatch.person_id), col(ProposedMatch.other_person_id)
    statement = select(ProposedMatch).where(
        col(ProposedMatch.settled_at).is_(None), or_(newer.in_(own), older.in_(own))
    )
    found = session.exec(statement.order_by(col(ProposedMatch.weight).desc(), col(ProposedMatch.id))).all()
    others = {id_of(one): one.other_person_id if one.person_id in own else one.person_id for one in found}
    kept = person_rows.kept_ids(session, set(others.values()))
    persons = person_rows.of(session, set(kept.values()) - own)
    pairs = ((match, persons.get(kept[others[id_of(match)]])) for match in found)
    return [(match, other) for match, other in pairs if other is not None]


def is_any_open(session: Session, person_ids: Collection[int]) -> bool:
    """True where nobody has settled whether one of these children, or one merged into it, is another."""
    own = person_rows.all_joined_with(session, person_ids)
    newer, older = col(ProposedMatch.person_id), col(ProposedMatch.other_person_id)
    statement = select(ProposedMatch.id).where(
        col(ProposedMatch.settled_at).is_(None), or_(newer.in_(own), older.in_(own))
    )
    return session.exec(statement.limit(1)).first() is not None


def to_be_answered(session: Session, person_id: int) -> dict[int, str]:
    """The open proposals about a child by number, each with the other name; none about a restricted record."""
    found = open_of(session, person_id)
    restricted = restriction_rows.standing_among(session, {id_of(other) for _, other in found})
    return {
        id_of(match): f"{other.forename} {other.surname}".strip() or f"child {other.id}"
        for match, other in found
        if other.id not in restricted
    }


def not_declined(session: Session, person_ids: Collection[int]) -> Mapping[int, tuple[int, Collection[int]]]:
    """Of each of these children the kept record, and those of whom it was proposed that they are the same.

    Not those of whom somebody has said that they are another.
    """
    groups = person_rows.groups(session, person_ids)
    owner, newer, older = dict(groups.owner), col(ProposedMatch.person_id), col(ProposedMatch.other_person_id)
    found: dict[int, set[int]] = {kept: set() for kept in groups.kept.values()}
    stands = or_(col(ProposedMatch.same_child).is_(True), col(ProposedMatch.settled_at).is_(None))
    pairs = session.exec(select(newer, older).where(or_(newer.in_(owner), older.in_(owner)), stands)).all()
    others = owner | dict(person_rows.kept_ids(session, {number for pair in pairs for number in pair} - owner.keys()))
    for one, other in ((others[one], others[other]) for one, other in pairs):
        for mine, theirs in ((one, other), (other, one)):
            if mine in found and mine != theirs:
                found[mine].add(theirs)
    return {asked: (kept, found[kept]) for asked, kept in groups.kept.items()}


def apart(session: Session, person_ids: Collection[int]) -> set[frozenset[int]]:
    """Those pairs of these children of which somebody has said that they are two."""
    groups = {number: person_rows.joined_with(session, number) for number in person_ids}
    owner = {number: kept for kept, group in groups.items() for number in group}
    newer, older = col(ProposedMatch.person_id), col(ProposedMatch.other_person_id)
    statement = select(newer, older).where(newer.in_(owner), older.in_(owner), col(ProposedMatch.same_child).is_(False))
    return {frozenset((owner[one], owner[other])) for one, other in session.exec(statement)}


def of_record(session: Session, person_id: int) -> Sequence[ProposedMatch]:
    """The proposals about one record, be it merged or not, settled ones included."""
    newer, older = col(ProposedMatch.person_id), col(ProposedMatch.other_person_id)
    statement = select(ProposedMatch).where(or_(newer == person_id, older == person_id))
    return session.exec(statement.order_by(col(ProposedMatch.id))).all()


def of_split(session: Session, split: PersonSplit) -> Sequence[ProposedMatch]:
    """What a split has proposed or withdrawn, and everything that is said about the record that it made."""
    newer, older = col(ProposedMatch.person_id), col(ProposedMatch.other_person_id)
    concerned = or_(col(ProposedMatch.split_id) == split.id, newer == split.to_id, older == split.to_id)
    return session.exec(select(ProposedMatch).where(concerned).order_by(col(ProposedMatch.id))).all()


def lock(session: Session, match_id: int) -> ProposedMatch:
    """The proposal, locked, so that two officers can't both settle it. Raises NotFound."""
    statement = select(ProposedMatch).where(col(ProposedMatch.id) == min(match_id, LARGEST)).with_for_update()
    match = session.exec(statement.execution_options(populate_existing=True)).one_or_none()
    if match is None:
        raise NotFound(f"There is no possible match {match_id}; open it again from the list.")
    return match


def get(session: Session, match_id: int) -> ProposedMatch:
    """The proposal. Raises NotFound."""
    match = session.get(ProposedMatch, min(match_id, LARGEST))
    if match is None:
        raise NotFound(f"There is no possible match {match_id}; open it again from the list.")
    return match


def several(session: Session, match_ids: Collection[int]) -> Sequence[ProposedMatch]:
    """These proposals. Raises NotFound for the first that there is not."""
    if not match_ids:
        return []
    wanted = [min(number, LARGEST) for number in match_ids]
    found = {one.id: one for one in session.exec(select(ProposedMatch).where(col(ProposedMatch.id).in_(wanted)))}
    return [found.get(number) or get(session, number) for number in wanted]


def between(session: Session, one_id: int, other_id: int) -> Sequence[ProposedMatch]:
    """Every proposal between two children, whichever of their merged persons it names."""
    one, other = person_rows.joined_with(session, one_id), person_rows.joined_with(session, other_id)
    newer, older = col(ProposedMatch.person_id), col(ProposedMatch.other_person_id)
    either = or_(and_(newer.in_(one), older.in_(other)), and_(newer.in_(other), older.in_(one)))
    return session.exec(select(ProposedMatch).where(either).order_by(col(ProposedMatch.id))).all()


def count_open(session: Session) -> int:
    """How many proposals are open, counted to a thousand; one more stands for any more."""
    return keyset.count(session, select(ProposedMatch.id).where(*of_tab("open")))


def of_tab(tab: str) -> Sequence[Any]:
    """What a proposal must be: ``open``, ``declined``, or ``confirmed`` (the same child, and not merged yet)."""
    if tab == "open":
        return [col(ProposedMatch.settled_at).is_(None)]
    if tab == "declined":
        return [col(ProposedMatch.same_child).is_(False)]
    ids = (col(ProposedMatch.person_id), col(ProposedMatch.other_person_id))
    merged = exists().where(
        col(PersonMerge.undone_at).is_(None), col(PersonMerge.merged_id).in_(ids), col(PersonMerge.kept_id).in_(ids)
    )
    return [col(ProposedMatch.same_child).is_(True), ~merged]

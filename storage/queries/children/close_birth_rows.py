"""Who may be a brother or sister born too close, and the queries that are about two children.

Such a query lies at a birth date; its ``value`` is the reference of the other child's referral.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, or_, select

from storage.queries.children import person_rows
from storage.tables import HouseholdLink, MatchKey, Person, Query, Referral, id_of

PLACE = "birth_date"
_MINE, _THEIRS = aliased(Referral), aliased(Referral)


def household(session: Session, person_ids: Collection[int], born: tuple[date, date]) -> Sequence[Person]:
    """Children born in a span whom a contact named together with one of these, or with one so named before.

    Merged ones stand for the one kept, and these themselves are among them.
    """
    ids, before = set(person_ids), set[int]()
    for _ in range(2):  # the brother of this contact's child, and whom an earlier contact named with that brother
        if ids == before:
            break
        before = _with_merged(session, ids)
        lower, higher = col(HouseholdLink.person_id), col(HouseholdLink.other_person_id)
        pairs = session.exec(select(lower, higher).where(or_(lower.in_(before), higher.in_(before)))).all()
        ids = {number for pair in pairs for number in pair} | before
    return _kept(session, ids, born)


def of_mothers(session: Session, keys: Collection[str], born: tuple[date, date]) -> Sequence[Person]:
    """Children born in a span whose mothers are found by these keys; merged ones as the one kept."""
    if not keys:
        return []
    return _kept(session, session.exec(select(MatchKey.person_id).where(col(MatchKey.key).in_(keys))).all(), born)


def latest(session: Session, person_id: int) -> Referral | None:
    """The child's referral logged last that nobody has set aside; None where there is none."""
    statement = select(Referral).where(col(Referral.person_id) == person_id, col(Referral.set_aside_at).is_(None))
    return session.exec(statement.order_by(col(Referral.id).desc()).limit(1)).first()


def between(session: Session, one_id: int, other_id: int) -> Sequence[Query]:
    """The queries about these two children, whichever of them was named first, settled ones included."""
    statement = (
        select(Query)
        .join(_MINE, _MINE.id == col(Query.referral_id))  # type: ignore[arg-type]
        .join(_THEIRS, _THEIRS.ref == col(Query.value))  # type: ignore[arg-type]
        .where(_of_two(), _MINE.person_id.in_((one_id, other_id)), _THEIRS.person_id.in_((one_id, other_id)))  # type: ignore[attr-defined]
    )
    return session.exec(statement.where(_MINE.person_id != _THEIRS.person_id).order_by(col(Query.id))).all()


def in_files(session: Session, one_id: int, other_id: int, *, said: str) -> Sequence[Query]:
    """The queries that begin so, raised when a file named the two children in one contact, on either's line."""
    statement = (
        select(Query)
        .join(_MINE, _MINE.id == col(Query.referral_id))  # type: ignore[arg-type]
        .join(_THEIRS, _THEIRS.contact_id == col(Query.contact_id))  # type: ignore[arg-type]
        .where(col(Query.problem).startswith(said, autoescape=True))
        .where(_MINE.person_id.in_((one_id, other_id)), _THEIRS.person_id.in_((one_id, other_id)))  # type: ignore[attr-defined]
    )
    return session.exec(statement.where(_MINE.person_id != _THEIRS.person_id)).all()


def others(session: Session, queries: Iterable[Query]) -> Mapping[int, Person]:
    """The other child of each query that is about two, by the query's number."""
    asked = {id_of(query): query.value for query in queries if query.place.endswith(PLACE) and query.value}
    if not asked:
        return {}
    statement = select(Referral.ref, Person).join(Person, col(Person.id) == col(Referral.person_id))
    found = dict(session.exec(statement.where(col(Referral.ref).in_(set(asked.values())))).all())
    return {number: found[ref] for number, ref in asked.items() if ref in found}


def about(children: Collection[int]) -> Any:
    """The condition for the queries that are about one of these children and lie on another's contact."""
    theirs = select(Referral.ref).where(col(Referral.person_id).in_(children))
    return and_(_of_two(), col(Query.value).in_(theirs))


def _of_two() -> Any:
    return and_(col(Query.place).endswith(PLACE), col(Query.value) != "")


def _with_merged(session: Session, person_ids: Collection[int]) -> set[int]:
    found, newest = set[int](), set(person_ids)
    while newest:
        found |= newest
        merged = session.exec(select(Person.id).where(col(Person.merged_into_id).in_(newest)))
        newest = {number for number in merged if number is not None} - found
    return found


def _kept(session: Session, person_ids: Iterable[int], born: tuple[date, date]) -> Sequence[Person]:
    found = dict(person_rows.of(session, set(person_ids)))
    merged = [one for one in found.values() if one.merged_into_id]
    found |= person_rows.of(session, set(person_rows.kept_ids(session, [id_of(one) for one in merged]).values()))
    first, last = born
    kept = (found[number] for number in sorted(found) if not found[number].merged_into_id)
    return [one for one in kept if one.birth_date and first <= one.birth_date <= last]

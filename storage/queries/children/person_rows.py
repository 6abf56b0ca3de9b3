"""Children as persons: found again, compared, and what is known of them from before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, insert, union
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, or_, select

from rules.likeness.match_keys import BEGINNING, Sought
from storage.queries.children import named_rows
from storage.queries.decisions import undone_rows
from storage.remembered import remembered
from storage.tables import Contact, Decision, HouseholdLink, MatchKey, NamedChild, Person, Referral, id_of

MOST_CANDIDATES = 1000
NEAR = timedelta(days=31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What of a person on record is compared; ``kept_id`` is another's after a merge."""

    id: int
    kept_id: int
    forename: str
    surname: str
    name_key: str
    birth_date: date | None
    due_date: date | None
    nhs_number: str | None
    nhs_number_unverified: str
    upn: str
    address: str
    sex: str
    mother: str
    mother_birth_date: date | None
    born_from: date | None
    born_to: date | None


_COMPARED = tuple(field.name for field in fields(Known) if field.name != "kept_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierReferral:
    """One referral of a child, with its contact and its decisions, the last of which holds."""

    referral: Referral
    contact: Contact
    decisions: tuple[Decision, ...]


def candidates(session: Session, sought: Sought) -> Sequence[Known]:
    """Everybody who shares a key, a number or a birth date with a child, the longest known first."""
    born = sought.birth_date
    values: dict[str, Any] = {
        "name_keys": sorted(sought.name_keys),
        "keys": sorted(sought.keys),
        "numbers": sorted(sought.nhs_numbers),
    }
    if born:
        values |= {"born": born, "near": sorted(sought.near_dates), "beginning": sought.beginning}
        values |= {"from": born - NEAR, "to": born + NEAR}
    rows = session.connection().execute(_statement(dated=born is not None), values).all()
    kept = kept_ids(session, {row[-1] for row in rows if row[-1]})
    return [Known(**dict(zip(_COMPARED, row, strict=False)), kept_id=kept.get(row[-1], row[0])) for row in rows]


@cache
def _statement(*, dated: bool) -> Any:
    """Built once: putting it together takes longer than the database takes to answer."""
    person_id: Any = col(MatchKey.person_id).label("id")
    own_id: Any = col(Person.id).label("id")
    key, born = col(MatchKey.key), col(Person.birth_date)
    by_name = select(person_id).where(key.in_(_several("name_keys")))
    wanted = [
        select(person_id).where(key.in_(_several("keys"))),
        select(own_id).where(col(Person.nhs_number).in_(_several("numbers"))),
    ]
    if dated:
        near = born.in_(_several("near"))
        begins = func.substr(Person.name_key, 1, BEGINNING) == bindparam("beginning")
        about = or_(born.is_(None), born.between(bindparam("from"), bindparam("to")), near)
        wanted += [
            by_name.join(Person, col(Person.id) == person_id).where(about),
            select(own_id).where(born == bindparam("born")),
            select(own_id).where(near, begins),
        ]
    else:
        wanted.append(by_name)
    found = union(*wanted).subquery()
    columns = [getattr(Person, name) for name in _COMPARED]
    statement = select(*columns, Person.merged_into_id).join(found, found.c.id == Person.id)  # type: ignore[call-overload]
    return statement.order_by(col(Person.id)).limit(MOST_CANDIDATES)


def _several(name: str) -> Any:
    return bindparam(name, expanding=True)


def add_keys(session: Session, person_id: int, keys: Collection[str]) -> None:
    """Stores keys of a person that are not there yet."""
    if keys:
        session.execute(insert(MatchKey), [{"person_id": person_id, "key": key} for key in sorted(keys)])


def keys_of(session: Session, person_id: int) -> frozenset[str]:
    """The keys by which a person is found."""
    return frozenset(session.exec(select(MatchKey.key).where(col(MatchKey.person_id) == person_id)))


def holds_number(session: Session, nhs_number: str, *, except_for: int = 0) -> bool:
    """True where another person's row has this valid NHS number, merged or not."""
    statement = select(Person.id).where(col(Person.nhs_number) == nhs_number, col(Person.id) != except_for)
    return session.exec(statement.limit(1)).first() is not None


def drop_keys(session: Session, person_id: int) -> None:
    """Forgets what a person is found by; what it is found by from now on is stored afterwards."""
    session.execute(delete(MatchKey).where(col(MatchKey.person_id) == person_id))


def is_there(session: Session, person_id: int) -> bool:
    """True where a child on record bears the number."""
    return session.exec(select(Person.id).where(col(Person.id) == person_id)).first() is not None


def kept_id(session: Session, person_id: int) -> int:
    """The person whose record goes on after every merge; the same one where there was none."""
    while (into := session.exec(_merged_into(person_id)).one_or_none()) is not None:
        person_id = into
    return person_id


def kept_ids(session: Session, person_ids: Collection[int]) -> Mapping[int, int]:
    """The same of several at once, by the number that was asked: a statement for each merge after another."""
    kept = {number: number for number in person_ids}
    asked = set(person_ids)
    while asked:
        merged = col(Person.merged_into_id).is_not(None)
        rows = session.exec(select(Person.id, Person.merged_into_id).where(col(Person.id).in_(asked), merged)).all()
        into = {one or 0: other or 0 for one, other in rows}
        kept = {number: into.get(at, at) for number, at in kept.items()}
        asked = set(into.values())
    return kept


def of(session: Session, person_ids: Collection[int]) -> Mapping[int, Person]:
    """These persons, by number."""
    if not person_ids:
        return {}
    return {id_of(one): one for one in session.exec(select(Person).where(col(Person.id).in_(person_ids)))}


def _merged_into(person_id: int) -> Any:
    return select(Person.merged_into_id).where(col(Person.id) == person_id)


def lock_for_naming(session: Session, person_id: int) -> Person:
    """The person, locked so that nobody can merge it until a referral of it is stored; others may name it too."""
    statement = select(Person).where(col(Person.id) == person_id).with_for_update(read=True, key_share=True)
    return session.exec(statement.execution_options(populate_existing=True)).one()


@remembered
def joined_with(session: Session, person_id: int) -> frozenset[int]:
    """The kept person and all who were merged into it, one after the other."""
    return frozenset(all_joined_with(session, [person_id]))


def all_joined_with(session: Session, person_ids: Collection[int]) -> set[int]:
    """The same of several, together."""
    return set(groups(session, person_ids).owner)


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Who stands for whom: ``kept`` by each number that was asked, ``owner`` the kept one of everybody found."""

    kept: Mapping[int, int]
    owner: Mapping[int, int]


def groups(session: Session, person_ids: Collection[int]) -> Groups:
    """The kept person of each of these, with all who were merged into it, one after the other; of whom there are."""
    if not person_ids:
        return Groups(kept={}, owner={})
    rows = session.execute(_groups(), {"asked": sorted(set(person_ids))}).all()
    return Groups(kept={asked: kept for asked, kept, _ in rows}, owner={number: kept for _, kept, number in rows})


@cache
def _groups() -> Any:
    """Up from each person to the one that is kept, and down again to all who were merged into that one."""
    above, below = aliased(Person), aliased(Person)
    own: Any = col(Person.id)
    asked: Any = select(own.label("asked"), own.label("id"), col(Person.merged_into_id).label("into_id"))
    up: Any = asked.where(own.in_(_several("asked"))).cte("up", recursive=True)
    up = up.union(select(up.c.asked, above.id, above.merged_into_id).where(above.id == up.c.into_id))
    top = select(up.c.id.label("kept"), up.c.id.label("id")).where(up.c.into_id.is_(None))
    down: Any = top.cte("down", recursive=True)
    down = down.union(select(down.c.kept, below.id).where(below.merged_into_id == down.c.id))
    return select(up.c.asked, down.c.kept, down.c.id).where(up.c.into_id.is_(None), up.c.id == down.c.kept)


def records(session: Session, person_id: int) -> Sequence[Person | NamedChild]:
    """Everything that stands under one child: its record, those merged into it, and each as a contact named it."""
    own = joined_with(session, person_id)
    named = select(NamedChild).join(Referral, col(Referral.id) == col(NamedChild.referral_id))
    return [
        *session.exec(select(Person).where(col(Person.id).in_(own))),
        *session.exec(named.where(col(Referral.person_id).in_(own), named_rows.holds())),
    ]


@remembered
def household(session: Session, person_id: int) -> Sequence[Person]:
    """The other children whom any contact named together with this one; merged persons count as the one kept."""
    own = joined_with(session, person_id)
    lower, higher = col(HouseholdLink.person_id), col(HouseholdLink.other_person_id)
    pairs = session.exec(select(lower, higher).where(or_(lower.in_(own), higher.in_(own)))).all()
    named = {number for pair in pairs for number in pair} - own
    others = set(groups(session, named).kept.values()) - own
    return session.exec(select(Person).where(col(Person.id).in_(others)).order_by(col(Person.id))).all()


def household_pairs(session: Session, person_ids: Collection[int]) -> set[tuple[int, int]]:
    """The links that there are between these children, as (lower id, higher id)."""
    lower, higher = col(HouseholdLink.person_id), col(HouseholdLink.other_person_id)
    return set(session.exec(select(lower, higher).where(lower.in_(person_ids), higher.in_(person_ids))).all())


def referrals_of(session: Session, person_id: int) -> Sequence[EarlierReferral]:
    """All referrals of one child with their decisions, the latest received first; of a merged one, the kept one's."""
    person_id = kept_id(session, person_id)
    pairs = session.exec(
        select(Referral, Contact)
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .where(col(Referral.person_id) == person_id)
        .order_by(col(Contact.received_at).desc(), col(Referral.id).desc())
    ).all()
    decided = _decisions(session, person_id)
    return [
        EarlierReferral(
            referral=referral,
            contact=contact,
            decisions=tuple(decision for decision in decided if decision.referral_id == referral.id),
        )
        for referral, contact in pairs
    ]


def _decisions(session: Session, person_id: int) -> Sequence[Decision]:
    return session.exec(
        select(Decision)
        .join(Referral, col(Referral.id) == col(Decision.referral_id))
        .where(col(Referral.person_id) == person_id, undone_rows.stands())
        .order_by(col(Decision.id))
    ).all()


def unlink_household(session: Session, person_id: int, contact_ids: Collection[int]) -> None:
    """Takes a child out of the household that these contacts gave it."""
    lower, higher = col(HouseholdLink.person_id), col(HouseholdLink.other_person_id)
    session.execute(
        delete(HouseholdLink).where(
            or_(lower == person_id, higher == person_id), col(HouseholdLink.contact_id).in_(contact_ids)
        )
    )

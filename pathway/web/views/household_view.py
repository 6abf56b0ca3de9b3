"""The household of a child as a table: the children whom contacts named together, and the adults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pathway.engine.corrections import correcting_adults
from rules.likeness.identifiers import name_key
from storage.queries import record_rows
from storage.queries.children import adult_rows, person_rows
from storage.queries.children.adult_rows import AdultOf
from storage.queries.record_rows import Involvement
from storage.sessions import ReadSession
from storage.tables import NamedAdult, Person, id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """Each child with the latest referral, and each adult as last named; ``risks`` are known risks to workers."""

    children: Sequence[tuple[Person, Involvement | None]]
    adults: Sequence[AdultOf]

    @property
    def risks(self) -> Sequence[NamedAdult]:
        """The adults of whom a risk to workers is known."""
        return [one.adult for one in self.adults if one.adult.risk]


def of(session: ReadSession, person_id: int, *, sees_protected: bool) -> Household:
    """The household of a child, without what would tell who a protected referrer is."""
    return of_all(session, [person_id], sees_protected=sees_protected)


def of_all(session: ReadSession, person_ids: Sequence[int], *, sees_protected: bool) -> Household:
    """The household of several children, those first and each once; the same is left out."""
    persons = {number: session.get_one(Person, number) for number in person_ids}
    for number in person_ids:
        persons |= {id_of(one): one for one in person_rows.household(session, number) if one.id not in persons}
    latest: dict[int, Involvement] = {}
    for found in record_rows.involvements(session, persons, except_for=0):
        latest.setdefault(id_of(found.person), found)
    said = adult_rows.of_persons(session, person_rows.all_joined_with(session, person_ids))
    return Household(
        children=[(person, latest.get(number)) for number, person in persons.items()],
        adults=_each_once([one for one in said if sees_protected or not _is_referrer(session, one)]),
    )


def _is_referrer(session: ReadSession, one: AdultOf) -> bool:
    # Whoever was named as the referrer is the referrer under a corrected name too.
    return one.contact.identity_protected and correcting_adults.is_referrer(session, one.contact, one.number)


def age(born: date | None, now: datetime) -> str:
    """The age in words: years, under two months and years; empty where the birth date is not known."""
    if born is None or born > now.date():
        return ""
    months = (now.year - born.year) * 12 + now.month - born.month - (now.day < born.day)
    return f"{months // 12}" if months >= 24 else f"{months} month{'' if months == 1 else 's'}"


def _each_once(said: Sequence[AdultOf]) -> Sequence[AdultOf]:
    """Nobody is joined: of those with the same name and birth date the line said last stands for all."""
    seen: Mapping[tuple[str, date | None, str], AdultOf]
    seen = {(_key(one), one.adult.birth_date, one.relation.relation): one for one in reversed(said)}
    return list(reversed(seen.values()))


def _key(one: AdultOf) -> str:
    return name_key(one.adult.forename, one.adult.surname) or f"#{one.adult.id}"

"""Persons judged again: whose records would not have been joined by the rule as it is now. Nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.engine.children import candidates
from pathway.engine.children.child_input import ChildInput
from rules.likeness import joining
from rules.likeness.joining import Around
from rules.likeness.matching import Child
from storage.queries.children import named_rows, person_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Person, Referral


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One referral that does not fit the other records of its person, and what speaks against it."""

    person: Person
    referral: Referral
    named: str
    against: tuple[str, ...]


def doubts(session: ReadSession | WriteSession, person_id: int) -> Iterator[Doubt]:
    """The referrals of a person that would be somebody else's by the rule. What a human being has merged is trusted.

    A contact that was logged before it was kept how it named a child is judged by the name alone.
    """
    person = session.get_one(Person, person_id)
    around = Around(household=bool(person_rows.household(session, person_id)))
    before: list[Child] = []
    for referral, named in named_rows.under(session, person_id):
        child = candidates.read(named or by_name(referral, person))
        against = joining.against(child, before)
        if against or (named is not None and before and joining.judge(child, before, around) is None):
            told = f"{named.forename} {named.surname}".strip() if named else referral.named_as
            yield Doubt(person=person, referral=referral, named=told, against=against)
        before.append(child)


def by_name(referral: Referral, person: Person) -> ChildInput:
    """A child as far as the contact's name for it tells, or the record's where the contact gave none."""
    forename, _, surname = (referral.named_as or f"{person.forename} {person.surname}").rpartition(" ")
    return ChildInput.model_construct(forename=forename, surname=surname)

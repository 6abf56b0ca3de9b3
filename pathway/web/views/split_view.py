"""Whose is which contact: what each said of the child, and what would be taken back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pathway.engine.children import record_fields
from pathway.engine.children.child_input import ChildInput
from pathway.web.views import match_view
from pathway.web.views.match_view import Fact
from rules.likeness import identifiers
from storage.queries.children import restriction_rows, split_rows, told_rows
from storage.queries.children.told_rows import Told
from storage.sessions import ReadSession
from storage.tables import Contact, FilledField, Person, PersonSplit, Referral, id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One contact of a record, and how it named the child."""

    referral: Referral
    contact: Contact
    child: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPage:
    """One referral beside the record under which it is, and every other contact of that record.

    ``filled`` is what this contact filled in, ``standing`` the split that took it off a record and is not undone, and
    ``both`` what the two records say now, to whom the other is not closed.
    """

    facts: Sequence[Fact]
    others: Sequence[Named]
    filled: Sequence[FilledField]
    is_restricted: bool
    standing: PersonSplit | None
    both: Sequence[Fact] = ()


def of(session: ReadSession, referral: Referral, *, closed: Collection[int]) -> SplitPage:
    """Everything that one should see before a child is taken apart."""
    records = told_rows.by_record(session, referral.person_id)
    told = [one for record in records.values() for one in record]
    mine = next(one for one in told if one.referral.id == referral.id)
    person = session.get_one(Person, referral.person_id)
    standing = split_rows.standing_of(session, id_of(referral))
    other = session.get_one(Person, standing.from_id) if standing and standing.from_id not in closed else None
    fills = [one for number in records for one in told_rows.fills(session, number)]
    return SplitPage(
        facts=match_view.compare(person, _as_named(mine)),
        others=[_named(session, one) for one in told if one is not mine],
        filled=[one for one in fills if one.referral_id == referral.id],
        is_restricted=restriction_rows.standing(session, referral.person_id) is not None,
        standing=standing,
        both=match_view.compare(other, person) if other else (),
    )


def _named(session: ReadSession, told: Told) -> Named:
    contact = session.get_one(Contact, told.referral.contact_id)
    return Named(referral=told.referral, contact=contact, child=_as_named(told))


def _as_named(told: Told) -> Person:
    """The child as a contact named it, as if it were a record."""
    child = record_fields.child_of(told) or ChildInput()
    number = identifiers.normalise_nhs_number(child.nhs_number)
    given = {name: getattr(child, name) for name in (*record_fields.NAMES, *record_fields.FILLED, "sex")}
    return Person(**given, nhs_number=number or None, nhs_number_unverified="" if number else child.nhs_number)

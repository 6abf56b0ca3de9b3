"""The record as people find it, without the numbers of rows and without what was taken back, to be compared."""

from __future__ import annotations

from typing import Any

from sqlmodel import select

from storage.sessions import Database
from storage.tables import (
    Clock,
    Contact,
    Decision,
    FilledField,
    HouseholdLink,
    ImportedLines,
    MatchKey,
    NamedChild,
    Person,
    ProposedMatch,
    Query,
    Referral,
)

PASSING = {"id", "recorded_at", "created_at", "named_at", "filled_at", "proposed_at", "raised_at", "version"}
POINTING = {"person_id", "other_person_id", "contact_id", "referral_id", "re_referral_of_id", "sought"}


def of_record(database: Database) -> dict[str, list[Any]]:
    """Each table that people read, in words: rows that point at each other name what they point at."""
    with database.read() as session:
        gone = {one.contact_id for one in session.exec(select(ImportedLines)) if one.taken_back_at}
        contacts = {one.id: one for one in session.exec(select(Contact)) if one.id not in gone}
        referrals = {one.id: one for one in session.exec(select(Referral)) if one.contact_id in contacts}
        theirs = {one.person_id for one in referrals.values()}
        persons = {one.id: one for one in session.exec(select(Person)) if one.id in theirs}
        names = {one.id: _first_ref(one.id, referrals) for one in persons.values()}
        found: dict[str, list[Any]] = {
            "contacts": [_said(one) for one in contacts.values()],
            "persons": [(names[one.id], _said(one)) for one in persons.values()],
            "referrals": [
                (_said(one), names[one.person_id], getattr(referrals.get(one.re_referral_of_id), "ref", ""))
                for one in referrals.values()
            ],
        }
        for table in (Clock, Decision, NamedChild, FilledField, Query):
            rows = [one for one in session.exec(select(table)) if _of(one, referrals, contacts)]
            rows = [one for one in rows if getattr(one, "taken_back_at", None) is None]
            found[table.__name__] = [(_ref_of(one, referrals, contacts), _said(one)) for one in rows]
        for table in (MatchKey, ProposedMatch, HouseholdLink):
            found[table.__name__] = [
                (names[one.person_id], names.get(getattr(one, "other_person_id", None), ""), _said(one))
                for one in session.exec(select(table))
            ]
    return {table: sorted(rows, key=repr) for table, rows in found.items()}


def _said(row: Any) -> dict[str, Any]:
    return {name: value for name, value in sorted(row.model_dump().items()) if name not in PASSING | POINTING}


def _first_ref(person_id: int, referrals: dict[Any, Referral]) -> str:
    return min(one.ref for one in referrals.values() if one.person_id == person_id)


def _of(row: Any, referrals: dict[Any, Referral], contacts: dict[Any, Contact]) -> bool:
    return row.referral_id in referrals if row.referral_id is not None else row.contact_id in contacts


def _ref_of(row: Any, referrals: dict[Any, Referral], contacts: dict[Any, Contact]) -> str:
    return referrals[row.referral_id].ref if row.referral_id is not None else contacts[row.contact_id].ref

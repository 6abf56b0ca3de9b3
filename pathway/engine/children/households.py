"""Which children a contact names together: of one household, until somebody finds that one of them is another child."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from storage.queries import referral_rows
from storage.queries.children import person_rows
from storage.queries.children.told_rows import Told
from storage.sessions import WriteSession
from storage.tables import HouseholdLink, Person, id_of

Records = Mapping[int, Sequence[Told]]


def link(session: WriteSession, persons: Sequence[Person], contact_id: int) -> None:
    """Links each two children that one contact names, once."""
    ids = {id_of(person) for person in persons}
    _link_pairs(session, {(low, high) for low in ids for high in ids if low < high}, contact_id)


def link_anew(session: WriteSession, before: Records, after: Records) -> None:
    """Links those records anew under which other contacts stand than before; others keep the links that they have."""
    changed = {number for number in {**before, **after} if before.get(number) != after.get(number)}
    told = [one.referral for records in (before, after) for number in changed for one in records.get(number, ())]
    contacts = sorted({referral.contact_id for referral in told})
    for number in changed:
        person_rows.unlink_household(session, number, contacts)
    record_of = {id_of(one.referral): number for number, record in after.items() for one in record}
    for contact_id in contacts:
        referrals = referral_rows.of_contact(session, contact_id)
        ids = {record_of.get(id_of(one), one.person_id) for one in referrals}
        _link_pairs(
            session, {(low, high) for low in ids for high in ids if low < high and {low, high} & changed}, contact_id
        )


def _link_pairs(session: WriteSession, pairs: Collection[tuple[int, int]], contact_id: int) -> None:
    there = person_rows.household_pairs(session, {number for pair in pairs for number in pair}) if pairs else set()
    for low, high in sorted(set(pairs) - there):
        session.add(HouseholdLink(person_id=low, other_person_id=high, contact_id=contact_id))
    session.flush()

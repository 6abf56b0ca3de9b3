"""Re-referrals: which referral of a child follows another within twelve months, and how many contacts there were."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pathway.engine.children import candidates
from rules import repeats
from storage.queries.children import repeat_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Contact, Person, Referral, id_of


def review(session: WriteSession, person_ids: Iterable[int]) -> None:
    """Marks each referral of these children with the one before, where that was less than twelve months before.

    To be called whenever a child's referrals have become more or fewer, the record has changed, or who may be the same
    child. While nobody has said that another is another child, the other's referrals count as well, and the other's are
    marked anew too. The same contact is no earlier one.
    """
    session.flush()
    for person_id in sorted({other for number in person_ids for other in candidates.proposed_with(session, number)}):
        _mark(session, person_id)
    session.flush()


def _mark(session: WriteSession, person_id: int) -> None:
    before: list[tuple[Referral, datetime]] = []
    for referral, received_at in repeat_rows.standing(session, candidates.perhaps_one(session, person_id)):
        since = repeats.twelve_months_before(received_at)
        earlier = [one for one, at in before if one.contact_id != referral.contact_id and at >= since]
        found = earlier[-1].id if earlier else None
        if referral.person_id == person_id and referral.re_referral_of_id != found:
            referral.re_referral_of_id = found
        before.append((referral, received_at))


def review_contact(session: WriteSession, contact: Contact, children: Iterable[Person]) -> None:
    """Reviews those children of a new contact who were here before, or may have been, and those whom they may be."""
    contact_id = id_of(contact)
    known = repeat_rows.perhaps_known(session, contact_id, [id_of(child) for child in children])
    review(
        session,
        [
            one
            for one in known
            if repeat_rows.are_elsewhere(session, contact_id, candidates.proposed_with(session, one))
        ],
    )


def contacts_in_a_year(session: ReadSession | WriteSession, referral: Referral) -> int:
    """How many contacts about this child there were in the twelve months up to this one, itself included."""
    received_at = session.get_one(Contact, referral.contact_id).received_at
    ids = candidates.perhaps_one(session, referral.person_id)
    start = repeats.twelve_months_before(received_at)
    return repeat_rows.contacts_between(session, ids, start=start, end=received_at)

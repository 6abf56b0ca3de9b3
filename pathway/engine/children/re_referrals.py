"""Re-referrals: which referral of a child follows another within twelve months, and how many contacts there were."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
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
    _review(session, candidates.proposed_with(session, set(person_ids)).values())


def _review(session: WriteSession, groups: Iterable[Collection[int]]) -> None:
    perhaps = candidates.perhaps_one_each(session, set[int]().union(*groups))
    if not perhaps:
        return
    standing = repeat_rows.standing(session, set[int]().union(*perhaps.values()))
    for person_id, same in perhaps.items():
        _mark(person_id, [pair for pair in standing if pair[0].person_id in same])
    session.flush()


def _mark(person_id: int, standing: Sequence[tuple[Referral, datetime]]) -> None:
    for place, (referral, received_at) in enumerate(standing):
        if referral.person_id != person_id:
            continue
        since = repeats.twelve_months_before(received_at)
        before = (
            one for one, at in reversed(standing[:place]) if one.contact_id != referral.contact_id and at >= since
        )
        earlier = next(before, None)
        found = earlier.id if earlier else None
        if referral.re_referral_of_id != found:
            referral.re_referral_of_id = found


def review_contact(session: WriteSession, contact: Contact, children: Iterable[Person]) -> None:
    """Reviews those children of a new contact who were here before, or may have been, and those whom they may be."""
    contact_id = id_of(contact)
    known = repeat_rows.perhaps_known(session, contact_id, [id_of(child) for child in children])
    groups = candidates.proposed_with(session, known) if known else {}
    elsewhere = repeat_rows.those_elsewhere(session, contact_id, set[int]().union(*groups.values()))
    if here_before := [group for group in groups.values() if not elsewhere.isdisjoint(group)]:
        session.flush()
        _review(session, here_before)


def contacts_in_a_year(session: ReadSession | WriteSession, referral: Referral) -> int:
    """How many contacts about this child there were in the twelve months up to this one, itself included."""
    received_at = session.get_one(Contact, referral.contact_id).received_at
    ids = candidates.perhaps_one(session, referral.person_id)
    start = repeats.twelve_months_before(received_at)
    return repeat_rows.contacts_between(session, ids, start=start, end=received_at)

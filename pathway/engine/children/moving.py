"""Referrals that change hands from one record to another, and what follows from who has which."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pathway.engine import locking
from pathway.engine.act import Act
from pathway.engine.casework import caseloads
from pathway.engine.children import re_referrals, third_contacts
from storage.queries.children import merge_rows
from storage.queries.staff import staff_rows
from storage.sessions import WriteSession
from storage.tables import Referral


def move(session: WriteSession, referrals: Sequence[Referral], *, to: int) -> None:
    """Gives referrals to another record."""
    for referral in referrals:
        referral.person_id = to
        locking.changed(session, referral)
    session.flush()


def review(act: Act, person_ids: Collection[int]) -> None:
    """What follows from who has which referral: re-referrals, second looks, and the caseloads of who has the child."""
    workers = set[int]()
    re_referrals.review(act.session, person_ids)
    for person_id in sorted(person_ids):
        held = merge_rows.referrals_of(act.session, person_id)
        for referral in held:
            third_contacts.review(act, referral)
        workers |= {one.worker_id for one in held if one.worker_id is not None and one.closed_at is None}
    for worker_id in sorted(workers):
        staff_rows.lock_worker_for_review(act.session, worker_id)
        caseloads.review(act, worker_id)

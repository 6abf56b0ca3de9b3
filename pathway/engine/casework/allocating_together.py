"""Allocating several children of one contact under one act: each counts in the caseload, all or none."""

from __future__ import annotations

from collections.abc import Sequence

from pathway.engine import together
from pathway.engine.act import Act
from pathway.engine.casework import allocating
from pathway.engine.casework.allocating import AllocationInput
from pathway.engine.together import OfChild
from storage.queries.staff import staff_rows


def allocate(act: Act, wanted: Sequence[OfChild[AllocationInput]]) -> None:
    """Gives each child to its worker, the ones before counted already. Raises SeveralRefused, NotAllowed, NotFound.

    The workers are locked in the order of their numbers, after the contact, so that two families allocated at once
    wait for each other in one order.
    """
    act.hold_referral(wanted[0].referral_id)
    for worker_id in sorted({child.data.worker_id for child in wanted}):
        staff_rows.lock_worker_for_review(act.session, worker_id)
    together.each(act, allocating.allocate, wanted)

"""The end of a decision's grace: what waited for it is followed now, and a letter on paper may be printed.

A due moment like any other: whoever is killed in between leaves it due, and done twice it changes nothing more.
"""

from __future__ import annotations

import logging
from datetime import datetime

from pathway.engine import following
from pathway.engine.act import Act
from pathway.engine.actors import SYSTEM
from storage.queries import due_rows
from storage.queries.letters import grace_rows
from storage.sessions import Conflict, Database

BATCH = 100
log = logging.getLogger(__name__)


def follow_ended(database: Database, *, now: datetime, batch: int = BATCH) -> int:
    """Follows each contact of which the grace of a decision is over, in a transaction of its own; returns how many.

    Page after page by key, to the end: what is left because somebody is changing it stands in nobody's way.
    """
    count, last = 0, due_rows.START
    while True:
        with database.read() as session:
            page = due_rows.graces(session, now=now, limit=batch, after=last)
        if not page:
            return count
        count += sum(_followed(database, contact_id, now=now) for _, contact_id in page)
        last = page[-1][0]


def _followed(database: Database, contact_id: int, *, now: datetime) -> bool:
    try:
        with following.acting(database, SYSTEM, now=now) as act:
            return act.hold_unless_taken(contact_id) is not None and _end(act, contact_id)
    except Conflict:
        return False  # another process followed it at this moment
    except Exception:
        log.exception("What waited for the grace of a decision about contact %s could not be followed", contact_id)
        return False  # it stays due, and comes again with the next sweep


def _end(act: Act, contact_id: int) -> bool:
    """Notes on the referrals that their grace is over; the frame of the act does what follows."""
    over = [
        one
        for one in grace_rows.in_grace(act.session, contact_id)
        if one.grace_until is not None and one.grace_until <= act.now
    ]
    for referral in over:
        referral.grace_until = None
    act.session.flush()
    return bool(over)

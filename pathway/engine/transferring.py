"""Moving a child to another worker or team: both sides accept, and until then the first worker holds the child."""

from __future__ import annotations

from datetime import datetime

from pathway.engine import history
from pathway.engine.actors import Actor
from rules.vocabulary import EventKind
from storage.queries import transfers
from storage.sessions import WriteSession
from storage.tables import Referral, id_of


def end_open(session: WriteSession, referral: Referral, *, because: str, now: datetime, actor: Actor) -> None:
    """Ends the transfer that waits, where there is one: the referral was closed, set aside, or decided anew."""
    transfer = transfers.open_of(session, id_of(referral))
    if transfer is None:
        return
    transfer.refused_at, transfer.refused_by, transfer.refused_because = now, actor.username, because
    summary = f"Transfer ended: {because}"
    history.of_referral(session, referral, EventKind.TRANSFER_REFUSED, summary, actor=actor, now=now)

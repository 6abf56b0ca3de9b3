"""Changing one referral safely: locked under its contact, and not on top of somebody else's change."""

from __future__ import annotations

from pathway.engine import history
from rules.errors import Stale
from storage.queries import referral_rows
from storage.sessions import WriteSession
from storage.tables import Referral


def lock_referral(
    session: WriteSession, referral_id: int, *, version: int | None, request_id: str | None = None
) -> Referral:
    """The referral, its contact locked. Raises Stale when it changed since ``version``, NotFound.

    A form token that was used already is let through: the second click of one form is not somebody else's change.
    """
    _, referral = referral_rows.lock(session, referral_id)
    if version is not None and version != referral.version and not history.done_already(session, request_id):
        raise Stale(Stale.__doc__)
    return referral


def changed(session: WriteSession, referral: Referral) -> Referral:
    """Counts the change, so that a page opened before it can't overwrite it."""
    referral.version += 1
    session.flush()
    return referral

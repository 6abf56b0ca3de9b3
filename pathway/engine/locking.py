"""Changing one referral safely: locked under its contact, and not on top of somebody else's change."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rules.errors import Stale
from storage.queries import contact_rows, referral_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Referral


def lock_contact(session: WriteSession, contact_id: int) -> Contact:
    """The contact, locked until the transaction ends: every change to its referrals takes this lock first."""
    return contact_rows.lock(session, contact_id)


def lock_contacts(session: WriteSession, contact_ids: Collection[int]) -> Sequence[Contact]:
    """Several contacts, locked in the order of their numbers until the transaction ends."""
    return contact_rows.lock_several(session, contact_ids)


def lock_contact_unless_taken(session: WriteSession, contact_id: int) -> Contact | None:
    """The contact, locked, or None when somebody else is changing it."""
    return contact_rows.lock_unless_taken(session, contact_id)


def lock_referral(session: WriteSession, referral_id: int) -> tuple[Contact, Referral]:
    """The referral and its contact, which is locked. Raises NotFound."""
    return referral_rows.lock(session, referral_id)


def refuse_stale(referral: Referral, version: int | None = None) -> None:
    """Raises Stale when the referral changed since ``version``; None stands for whoever saw no page of it."""
    if version is not None and version != referral.version:
        raise Stale(Stale.__doc__)


def changed(session: WriteSession, referral: Referral) -> Referral:
    """Counts the change, so that a page opened before it can't overwrite it."""
    referral.version += 1
    session.flush()
    return referral

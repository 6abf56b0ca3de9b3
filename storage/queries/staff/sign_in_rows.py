"""Sign-in sessions: whose they are, and which have run out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete, func, select

from storage.tables import KnownDevice, SignInFailure, User, UserRole, WebSession


def user_of(session: Session, token_sha256: str, *, now: datetime) -> tuple[User, Sequence[str]] | None:
    """The active user of a session that has not run out, with the roles, or None."""
    statement = (
        select(User, UserRole.role)
        .join(WebSession, col(WebSession.user_id) == col(User.id))
        .outerjoin(UserRole, col(UserRole.user_id) == col(User.id))
        .where(col(WebSession.token_sha256) == token_sha256, col(WebSession.expires_at) > now, col(User.active))
    )
    rows = session.exec(statement).all()
    return (rows[0][0], [role for _, role in rows if role]) if rows else None


def remove(session: Session, token_sha256: str) -> None:
    """Removes one session."""
    session.exec(delete(WebSession).where(col(WebSession.token_sha256) == token_sha256))


def clear(session: Session, *, expired_by: datetime) -> None:
    """Removes the sessions that have run out."""
    session.exec(delete(WebSession).where(col(WebSession.expires_at) <= expired_by))


def remove_all(session: Session, user_id: int) -> None:
    """Removes every session of one user."""
    session.exec(delete(WebSession).where(col(WebSession.user_id) == user_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """How many sign-ins failed lately: under this name from this address, from the address, and under the name."""

    both: int
    address: int
    name: int


def failures(session: Session, name_sha256: str, address: str, *, since: datetime) -> Failures:
    """The failures since a moment."""
    lately = select(func.count()).select_from(SignInFailure).where(col(SignInFailure.at) > since)
    by_name, by_address = col(SignInFailure.name_sha256) == name_sha256, col(SignInFailure.address) == address
    both, of_address, of_name = (
        session.exec(lately.where(*which)).one() for which in ((by_name, by_address), (by_address,), (by_name,))
    )
    return Failures(both=both, address=of_address, name=of_name)


def keep_failure(session: Session, name_sha256: str, address: str, *, now: datetime, forgotten: datetime) -> None:
    """Keeps one failure, and forgets those before ``forgotten``."""
    session.exec(delete(SignInFailure).where(col(SignInFailure.at) < forgotten))
    session.add(SignInFailure(at=now, name_sha256=name_sha256, address=address))


def is_known_device(session: Session, token_sha256: str, user_id: int, *, since: datetime) -> bool:
    """True where this person has signed in with this browser since a moment."""
    statement = select(KnownDevice).where(
        col(KnownDevice.token_sha256) == token_sha256,
        col(KnownDevice.user_id) == user_id,
        col(KnownDevice.seen_at) > since,
    )
    return session.exec(statement).first() is not None


def keep_device(session: Session, token_sha256: str, user_id: int, *, now: datetime, forgotten: datetime) -> None:
    """Keeps that this person has signed in with this browser, and forgets those not seen since ``forgotten``."""
    session.exec(delete(KnownDevice).where(col(KnownDevice.seen_at) < forgotten))
    device = session.get(KnownDevice, (token_sha256, user_id))
    if device is None:
        device = KnownDevice(token_sha256=token_sha256, user_id=user_id, seen_at=now)
    device.seen_at = now
    session.add(device)

"""Every process of the pages signs its cookies with one key: a second key signs people out at every second request."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from datetime import datetime, timedelta

from pathway.settings import Settings
from storage.queries.alerts import heartbeat_rows
from storage.sessions import Database, ReadSession

NAME = "pages signed with "
LATELY = timedelta(days=1)


def secret_key(settings: Settings) -> str:
    """The key that signs sign-in cookies: the one that is set, or one kept in the home folder."""
    if told := settings.secret_key.get_secret_value():
        return told
    path = settings.home / "secret-key"
    with contextlib.suppress(FileNotFoundError):
        return path.read_text(encoding="ascii")
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_name(f"secret-key.{os.getpid()}")
    partial.touch(mode=0o600)
    partial.write_text(secrets.token_urlsafe(32), encoding="ascii")
    with contextlib.suppress(FileExistsError):
        os.link(partial, path)  # whole or not at all, and the first process wins
    partial.unlink()
    return path.read_text(encoding="ascii")


def _mark(settings: Settings) -> str:
    """A short mark by which keys are told apart; it tells nothing of the key."""
    return hashlib.sha256(f"pathway pages {secret_key(settings)}".encode()).hexdigest()[:12]


def keep(database: Database, settings: Settings, *, now: datetime) -> None:
    """Writes down with which key the pages of this process sign, as they start."""
    with database.write() as session:
        heartbeat_rows.beat(session, f"{NAME}{_mark(settings)}", now=now)


def others(session: ReadSession, settings: Settings, *, now: datetime) -> int:
    """With how many other keys than ours pages were started in the last day; looking makes no key."""
    has_one = settings.secret_key.get_secret_value() or (settings.home / "secret-key").exists()
    own = f"{NAME}{_mark(settings)}" if has_one else ""
    beats = [one for one in heartbeat_rows.heartbeats(session) if one.name.startswith(NAME)]
    return sum(one.beat_at > now - LATELY and one.name != own for one in beats) - (not has_one and bool(beats))

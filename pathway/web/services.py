"""What the pages are given to work with; ``pathway.wiring`` builds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from notifications.letters import paper
from storage.sessions import Database

HEARTBEAT_LIMITS: Mapping[str, timedelta] = {"sweep": timedelta(minutes=2), "dispatch": timedelta(minutes=2)}


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoUser:
    """Somebody who may sign in to the demonstration; the sign-in page prints the password."""

    username: str
    password: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The database, the clock and what else a page needs.

    ``base_url`` is where people find the pages, without a final slash; what a proxy does to addresses is judged by it.
    ``slowed_by``: seconds that a sign-in waits under a name under which many have failed.
    ``mailbox_directory`` is the embedded catcher's folder, None with a real mail server. ``banner`` is on every page.
    ``takes_referrals``: the form for professionals outside is open. ``own_words`` are the council's own texts for its
    public pages, by name; what is not there is shipped.
    ``secret_key`` signs the sign-in cookie. The secret proper is the cookie's token, of which the database keeps only a
    hash; the signature spares a look-up for what we never gave out. Processes that share a database must share it.
    ``no_paper`` says what is missing to make letters as PDF, and what to install; empty where nothing is.
    ``notify_token`` is what GOV.UK Notify's call-backs bear; without one none is taken.
    ``heartbeats`` names the background duties that ``/health`` expects, with the age at which each is too old.
    """

    database: Database
    clock: Callable[[], datetime]
    wake_dispatcher: Callable[[], None]
    mailbox_directory: Path | None = None
    banner: str = ""
    base_url: str = ""
    slowed_by: float = 1.0
    demo_users: Sequence[DemoUser] = ()
    takes_referrals: bool = False
    own_words: Mapping[str, str] = field(default_factory=dict)
    secret_key: str = field(default="pathway", repr=False)
    no_paper: Callable[[], str] = paper.available
    notify_token: str = field(default="", repr=False)
    heartbeats: Mapping[str, timedelta] = field(default_factory=lambda: HEARTBEAT_LIMITS)

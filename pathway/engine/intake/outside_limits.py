"""How often somebody outside may send, and guess: counted in the database, so that all processes count as one.

What is counted by is kept as a hash and forgotten after a day. A limit never depends on what is on record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from pathway.engine.letters.link_opening import network_of
from rules.errors import Refused
from storage.queries.intake import outside_rows
from storage.sessions import ReadSession, WriteSession

WINDOW = timedelta(hours=1)
FORGOTTEN = timedelta(days=1)
# A hospital or a group of schools has one network address for all of its people.
MOST_FROM_A_NETWORK = 30
MOST_TO_AN_ADDRESS = 10
MOST_GUESSES_AT_A_LINK = 5
MOST_GUESSES_FROM_A_NETWORK = 20
Limits = Iterable[tuple[str, int]]


class TooMany(Refused):
    """Too much came from one place; nothing of it was taken."""

    status = 429


def sending(*, network: str, email: str) -> Limits:
    """The limits of sending a form."""
    return [
        (f"sent from {network_of(network)}", MOST_FROM_A_NETWORK),
        (f"sent for {email.casefold()}", MOST_TO_AN_ADDRESS),
    ]


def guessing(*, network: str, code: str) -> Limits:
    """The limits of wrong answers at a link that confirms an address; ``code`` is empty for no link of ours."""
    at_link = [(f"guessed at {code}", MOST_GUESSES_AT_A_LINK)] if code else []
    return [*at_link, (f"guessed from {network_of(network)}", MOST_GUESSES_FROM_A_NETWORK)]


def is_over(session: ReadSession | WriteSession, limits: Limits, *, now: datetime) -> bool:
    """True where one of the limits was reached in the last hour."""
    return any(outside_rows.tries(session, _sha256(key), since=now - WINDOW) >= most for key, most in limits)


def count(session: WriteSession, limits: Limits, *, now: datetime) -> None:
    """Counts once more, and forgets what is older than a day."""
    for key, _ in limits:
        outside_rows.keep_try(session, _sha256(key), now=now, forgotten=now - FORGOTTEN)
    session.flush()


def _sha256(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()

"""What stands on the board of the front door, and for how long somebody's word "I am on it" is good."""

from __future__ import annotations

from datetime import datetime, timedelta

from rules.vocabulary import State

# Local: no source says when somebody's word about who looks after a family is too old to be believed.
ON_IT_FOR = timedelta(minutes=30)
SOON = timedelta(hours=4)
DONE_WITH = (State.ALLOCATED, State.CLOSED, State.SET_ASIDE)


def is_on_it(taken_at: datetime, until: datetime, *, now: datetime) -> bool:
    """True while the word holds; one that lies ahead, as the clock was put back, holds nothing."""
    return taken_at <= now < until

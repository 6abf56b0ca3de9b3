"""What of one contact is counted: plain values, as they stand when its figures are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rules.vocabulary import ClockState


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFacts:
    """One round of one duty. ``ended_by`` is the user name of whoever met it, ``why`` the reason given for being late.

    ``given_up``: it was late, and nobody will meet it any more.
    """

    id: int
    kind: str
    duty: str
    round: int
    state: ClockState
    due_at: datetime
    stopped_at: datetime | None = None
    given_up: bool = False
    ended_by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFacts:
    """One child in one contact.

    ``first_decided_at`` is the first decision, ``told_at`` when the first letter about the child left that did not come
    back; ``unusable``: the old system's decision can't be judged. ``accepted_again``: the child had another accepted
    referral within the twelve months before this one was accepted.
    """

    referral_id: int
    outcome: str = ""
    decided_at: datetime | None = None
    decided_by: str = ""
    first_decided_at: datetime | None = None
    first_decided_by: str = ""
    told_at: datetime | None = None
    told_by: str = ""
    accepted_at: datetime | None = None
    accepted_again: bool = False
    was_here_before: bool = False
    worker_id: int | None = None
    closed: bool = False
    unusable: bool = False
    clocks: tuple[ClockFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFacts:
    """One alert about the contact. ``acknowledged_at`` is the first acknowledgement."""

    id: int
    referral_id: int | None
    opened_at: datetime
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFacts:
    """A letter that left, or came back: ``how`` is the way."""

    id: int
    how: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """One contact; ``children`` are those that are not set aside: what was logged in error counts in no figure."""

    id: int
    received_at: datetime
    source_code: str
    children: tuple[ChildFacts, ...]
    handed_over: tuple[PostFacts, ...] = ()
    returned: tuple[PostFacts, ...] = ()
    alerts: tuple[AlertFacts, ...] = ()

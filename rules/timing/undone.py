"""History without what was undone: a decision that was revoked, and what it alone began, counts nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Protocol, TypeVar

from rules.timing.rounds import AFTER_ACCEPTANCE
from rules.vocabulary import EventKind

# What only a decision leads to.
OF_A_DECISION = AFTER_ACCEPTANCE | {
    EventKind.DECIDED,
    EventKind.DECIDED_BEFORE_CHECKS,
    EventKind.DECISION_CORRECTED,
    EventKind.SECOND_LOOK_ASKED,
    EventKind.SECOND_LOOK_GIVEN,
    EventKind.SENT_ONWARD,
    EventKind.RECEIVER_ACCEPTED,
    EventKind.SHOULD_BE_CLOSED,
}
# The number of the event by which the revoked decision stands in the history.
FROM = "from_event"


class Told(Protocol):
    """An event as it is kept: its number, what happened, and its details as JSON."""

    @property
    def id(self) -> int | None:
        """The number."""
        ...

    @property
    def kind(self) -> str:
        """A word of ``EventKind``."""
        ...

    @property
    def details(self) -> str:
        """A JSON object."""
        ...


Kept = TypeVar("Kept", bound=Told)


def without(events: Iterable[Kept]) -> list[Kept]:
    """The events of one referral, in their order, but for those of a decision that was undone later."""
    known = list(events)
    spans = [(_first(one), one.id or 0) for one in known if one.kind == EventKind.DECISION_UNDONE]
    return [
        one
        for one in known
        if one.kind not in OF_A_DECISION or not any(first <= (one.id or 0) < last for first, last in spans)
    ]


def _first(undone: Told) -> int:
    return int(json.loads(undone.details)[FROM])

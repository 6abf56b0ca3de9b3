"""Which events start and stop clocks, and which can come after which: what the engine and the pathway give."""

from __future__ import annotations

from rules.vocabulary import EventKind, MilestoneKind

MILESTONES = frozenset(kind.event for kind in MilestoneKind)
WRITTEN = frozenset({EventKind.ACKNOWLEDGED, EventKind.FEEDBACK_GIVEN})
# Back in a new round these bring only what is written to a referrer.
ABOUT_LETTERS = frozenset({EventKind.LETTER_RETURNED, EventKind.UNSAFE_LIFTED})
STARTS = MILESTONES | ABOUT_LETTERS | {
    EventKind.RECEIVED,
    EventKind.DANGER_MARKED,
    EventKind.SCREENING_BEGUN,
    EventKind.SCREENED,
    EventKind.RATED,
    EventKind.DECIDED,
    EventKind.DECIDED_BEFORE_CHECKS,
    EventKind.SECOND_LOOK_ASKED,
    EventKind.SENT_ONWARD,
    EventKind.RECEIVER_REFUSED,
    EventKind.ACCEPTED,
    EventKind.ALLOCATED,
    EventKind.SHOULD_BE_CLOSED,
    EventKind.REOPENED,
    EventKind.RESTORED,
    EventKind.TO_BE_TOLD_AGAIN,
}  # fmt: skip
STOPS = MILESTONES | WRITTEN | {
    EventKind.SCREENING_BEGUN,
    EventKind.SCREENED,
    EventKind.RATED,
    EventKind.DECIDED,
    EventKind.SECOND_LOOK_GIVEN,
    EventKind.RECEIVER_ACCEPTED,
    EventKind.ALLOCATED,
    EventKind.CLOSED,
}  # fmt: skip
# The order in which the pathway's steps follow each other.
ORDER = (
    EventKind.RECEIVED,
    EventKind.SCREENING_BEGUN,
    EventKind.CHECKED,
    EventKind.SCREENED,
    EventKind.DECIDED,
    EventKind.ACCEPTED,
    EventKind.ALLOCATED,
    EventKind.CLOSED,
)
_AT = {event: float(number) for number, event in enumerate(ORDER)}
_DECIDED, _ACCEPTED, _CLOSED = (_AT[event] for event in (EventKind.DECIDED, EventKind.ACCEPTED, EventKind.CLOSED))
ANY_TIME = (0.1, float("inf"))
# The earliest and the latest place of an event among those steps; what is not here can come at any time after receipt.
PLACES = (
    {event: (at, at) for event, at in _AT.items()}
    | dict.fromkeys(MILESTONES, (_ACCEPTED + 0.1, _CLOSED - 0.1))
    | {
        EventKind.DANGER_MARKED: (0.1, _DECIDED - 0.1),
        EventKind.RATED: (0.1, _DECIDED - 0.1),
        EventKind.DECIDED_BEFORE_CHECKS: (_DECIDED + 0.1, _DECIDED + 0.1),
        EventKind.SECOND_LOOK_ASKED: (_DECIDED + 0.1, _CLOSED - 0.1),
        EventKind.SECOND_LOOK_GIVEN: (_DECIDED + 0.2, _CLOSED - 0.1),
        EventKind.SENT_ONWARD: (_DECIDED + 0.1, _CLOSED - 0.1),
        EventKind.RECEIVER_ACCEPTED: (_DECIDED + 0.2, _CLOSED - 0.1),
        EventKind.SHOULD_BE_CLOSED: (_DECIDED + 0.1, _CLOSED - 0.1),
    }
)
# Beside those places: what has always happened before the other, and what comes late in one case alone.
NEVER_AFTER = frozenset(
    {
        (EventKind.SCREENED, EventKind.DECIDED_BEFORE_CHECKS),
        (EventKind.SECOND_LOOK_GIVEN, EventKind.SECOND_LOOK_ASKED),
        (EventKind.RECEIVER_ACCEPTED, EventKind.SENT_ONWARD),
    }
)
ALL_THE_SAME = frozenset({(EventKind.DECIDED_BEFORE_CHECKS, EventKind.SCREENED)})


def can_follow(start: EventKind, stop: EventKind) -> bool:
    """False where the pathway rules out that ``stop`` comes after ``start``; only a milestone comes after itself."""
    if start is stop:
        return start in MILESTONES
    if stop is EventKind.RECEIVED or (start, stop) in NEVER_AFTER:
        return False
    return (start, stop) in ALL_THE_SAME or comes_later(start, stop)


def always_before(event: EventKind, other: EventKind) -> bool:
    """True where a step of the pathway has happened whenever ``other`` does; what has no place comes after receipt."""
    return PLACES[event][1] < PLACES.get(other, ANY_TIME)[0]


def comes_later(start: EventKind, stop: EventKind) -> bool:
    """True unless the places of both among the pathway's steps rule it out."""
    return PLACES.get(start, ANY_TIME)[0] < PLACES.get(stop, ANY_TIME)[1]

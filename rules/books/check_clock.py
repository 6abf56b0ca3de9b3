"""What makes a clock unusable: events that never follow each other, conditions on facts that nobody records."""

from __future__ import annotations

from collections.abc import Iterator

from rules.errors import Fault
from rules.rulebook import ClockRule, Rulebook
from rules.vocabulary import Condition, EventKind, MilestoneKind
from rules.words import nearest

# Facts about a clock or an alert can't start or stop a duty of a person.
OF_THE_ENGINE = frozenset(
    {
        EventKind.CLOCK_STARTED,
        EventKind.CLOCK_STOPPED,
        EventKind.CLOCK_MOVED,
        EventKind.RULES_MOVED,
        EventKind.CALENDAR_MOVED,
        EventKind.CLOCK_NOT_APPLICABLE,
        EventKind.BREACHED,
        EventKind.ALERT_OPENED,
        EventKind.RUNG_TAKEN,
        EventKind.ALERT_ACKNOWLEDGED,
        EventKind.ALERT_CLOSED,
        EventKind.FAULT,
        EventKind.QUERY_RAISED,
        EventKind.QUERY_SETTLED,
        EventKind.MATCH_SETTLED,
        EventKind.PERSONS_MERGED,
        EventKind.MERGE_UNDONE,
        EventKind.STAFF_CHANGED,
        EventKind.RESTRICTED,
        EventKind.RESTRICTION_LIFTED,
        EventKind.GLASS_BROKEN,
        EventKind.GLASS_REVIEWED,
        EventKind.IDENTITY_PROTECTED,
        EventKind.IDENTITY_OPENED,
        EventKind.LETTER_WRITTEN,
        EventKind.LETTER_CANCELLED,
    }
)
# The order in which the pathway's steps follow each other; other events can come at any time after receipt.
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
# Beside that order: what has always happened before the other.
NEVER_AFTER = frozenset(
    {
        (EventKind.SCREENED, EventKind.DECIDED_BEFORE_CHECKS),
        (EventKind.SECOND_LOOK_GIVEN, EventKind.SECOND_LOOK_ASKED),
        (EventKind.RECEIVER_ACCEPTED, EventKind.SENT_ONWARD),
        (EventKind.TRANSFERRED, EventKind.TRANSFER_PROPOSED),
        (EventKind.LETTER_POSTED, EventKind.LETTER_PRINTED),
        (EventKind.UNSAFE_LIFTED, EventKind.UNSAFE_MARKED),
        (EventKind.DANGER_WITHDRAWN, EventKind.DANGER_MARKED),
    }
)
MILESTONES = frozenset(kind.event for kind in MilestoneKind)


def faults_of(place: str, clock: ClockRule, book: Rulebook) -> Iterator[Fault]:
    """The faults of one clock's events and conditions."""
    yield from _of_the_engine(place, clock)
    yield from _order(place, clock)
    yield from _again(place, clock)
    yield from _never_accepted(place, clock, book)
    yield from _conditions(place, clock)
    yield from _counted_from(place, clock)
    yield from _ratings(place, clock, book)
    if clock.reason_when_late and clock.stops_on not in MILESTONES:
        problem = f"nobody is asked for a reason when {str(clock.stops_on)!r} comes late"
        remedy = f"leave it out, or stop the clock on one of: {', '.join(MilestoneKind)}"
        yield Fault(place=f"{place}.reason_when_late", problem=problem, remedy=remedy)


def _of_the_engine(place: str, clock: ClockRule) -> Iterator[Fault]:
    named = [("starts_on", clock.starts_on), ("stops_on", clock.stops_on), ("counts_from", clock.counts_from)]
    for key, event in [*named, *(("again_on", event) for event in sorted(clock.again_on))]:
        if event in OF_THE_ENGINE:
            problem = f"{str(event)!r} is something that happens to a clock or an alert, not a step of somebody's duty"
            yield Fault(place=f"{place}.{key}", problem=problem, remedy=f"use one of: {', '.join(_of_people())}")


def _order(place: str, clock: ClockRule) -> Iterator[Fault]:
    if _can_follow(clock.starts_on, clock.stops_on):
        return
    problem = f"nothing stops this clock: {str(clock.stops_on)!r} never comes after {str(clock.starts_on)!r}"
    later = [event for event in (*ORDER, *MilestoneKind) if _comes_later(clock.starts_on, EventKind(event))]
    told = ", ".join(later) if clock.starts_on in ORDER and later else "another event"
    yield Fault(place=f"{place}.stops_on", problem=problem, remedy=f"stop it on something later: {told}")


def _again(place: str, clock: ClockRule) -> Iterator[Fault]:
    """What meets a duty would begin it anew at the same moment; milestones alone come in rounds of their own."""
    if clock.stops_on in clock.again_on and clock.stops_on not in MILESTONES:
        problem = f"{str(clock.stops_on)!r} stops this clock and would start it again at once"
        remedy = "take it out of again_on, or stop the clock on something else"
        yield Fault(place=f"{place}.again_on", problem=problem, remedy=remedy)
    for event in sorted(clock.again_on - {clock.stops_on}):
        if not _can_follow(event, clock.stops_on):
            problem = (
                f"nothing stops the round that {str(event)!r} starts: {str(clock.stops_on)!r} never comes after it"
            )
            yield Fault(
                place=f"{place}.again_on", problem=problem, remedy="take it out, or stop the clock on something later"
            )


def _can_follow(start: EventKind, stop: EventKind) -> bool:
    if start is stop:
        return start in MILESTONES
    if stop is EventKind.RECEIVED or (start, stop) in NEVER_AFTER:
        return False
    return _comes_later(start, stop)


def _comes_later(start: EventKind, stop: EventKind) -> bool:
    """False only where the pathway rules it out."""
    begun, ended = _place_in_order(start), _place_in_order(stop)
    return begun is None or ended is None or begun[0] < ended[1]


def _place_in_order(event: EventKind) -> tuple[float, float] | None:
    """The earliest and the latest place of an event among the pathway's steps; None where it has none."""
    if event is EventKind.RATED:
        return 0.1, ORDER.index(EventKind.DECIDED) - 0.1
    if event in MILESTONES:
        return ORDER.index(EventKind.ACCEPTED) + 0.1, ORDER.index(EventKind.CLOSED) - 0.1
    return (ORDER.index(event), ORDER.index(event)) if event in ORDER else None


def _never_accepted(place: str, clock: ClockRule, book: Rulebook) -> Iterator[Fault]:
    if any(outcome.effect.accepts for outcome in book.outcomes.values()):
        return
    for key, event in (("starts_on", clock.starts_on), ("stops_on", clock.stops_on)):
        if event is EventKind.ACCEPTED or event in MILESTONES:
            remedy = 'give an outcome the effect "accept", or use another event'
            yield Fault(place=f"{place}.{key}", problem="no outcome of this book accepts a referral", remedy=remedy)
            return


def _conditions(place: str, clock: ClockRule) -> Iterator[Fault]:
    pairs = (("starts", clock.starts_on, clock.starts_when), ("stops", clock.stops_on, clock.stops_when))
    for side, event, condition in pairs:
        if condition is not None and condition.known_of is not event:
            problem = f"whether {str(condition)!r} holds is never recorded of {str(event)!r}"
            fitting = [str(one) for one in Condition if one.known_of is event]
            remedy = f"use {fitting[0]!r}" if fitting else f'write {side}_on = "{condition.known_of}", or leave it out'
            yield Fault(place=f"{place}.{side}_when", problem=problem, remedy=remedy)


def _counted_from(place: str, clock: ClockRule) -> Iterator[Fault]:
    event = clock.counts_from
    if event is None or (event in ORDER and event is not clock.starts_on and _comes_later(event, clock.starts_on)):
        return
    problem = f"{str(event)!r} has not always happened before {str(clock.starts_on)!r}"
    earlier = [str(one) for one in ORDER if one is not clock.starts_on and _comes_later(one, clock.starts_on)]
    remedy = f"use one of: {', '.join(earlier)}" if earlier else "leave it out"
    yield Fault(place=f"{place}.counts_from", problem=problem, remedy=remedy)


def _ratings(place: str, clock: ClockRule, book: Rulebook) -> Iterator[Fault]:
    for rating in clock.limit_by_rating:
        if rating not in book.ratings:
            known = nearest(rating, book.ratings) if book.ratings else f'write [ratings] and {rating} = "..."'
            problem = f"this book has no rating {rating!r}"
            yield Fault(place=f"{place}.limit_by_rating.{rating}", problem=problem, remedy=known)
    missing = [rating for rating in book.ratings if clock.limit_by_rating and rating not in clock.limit_by_rating]
    if missing:
        problem = f"no limit for {', '.join(missing)}"
        yield Fault(place=f"{place}.limit_by_rating", problem=problem, remedy="give each rating of [ratings] its limit")


def _of_people() -> list[str]:
    return [str(event) for event in EventKind if event not in OF_THE_ENGINE]

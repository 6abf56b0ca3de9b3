"""What makes a clock unusable: events that never follow each other, conditions on facts that nobody records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rules.books.clock_events import (
    ABOUT_LETTERS,
    MILESTONES,
    ORDER,
    STARTS,
    STOPS,
    WRITTEN,
    always_before,
    can_follow,
)
from rules.errors import Fault
from rules.rulebook import ClockRule, Rulebook
from rules.vocabulary import Condition, Effect, EventKind, MilestoneKind
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
        EventKind.ALERT_TAKEN_ON,
        EventKind.ALERT_ACKNOWLEDGED,
        EventKind.ALERT_CLOSED,
        EventKind.FAULT,
        EventKind.QUERY_RAISED,
        EventKind.QUERY_SETTLED,
        EventKind.MATCH_SETTLED,
        EventKind.PERSONS_MERGED,
        EventKind.MERGE_UNDONE,
        EventKind.PERSONS_SPLIT,
        EventKind.ADULT_ADDED,
        EventKind.SPLIT_UNDONE,
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
AFTER_ACCEPTANCE = MILESTONES | {EventKind.ACCEPTED, EventKind.ALLOCATED}
ONWARD = frozenset({EventKind.SENT_ONWARD, EventKind.RECEIVER_ACCEPTED, EventKind.RECEIVER_REFUSED})


def faults_of(place: str, clock: ClockRule, book: Rulebook) -> Iterator[Fault]:
    """The faults of one clock's events and conditions."""
    yield from _of_the_engine(place, clock)
    yield from _starts(place, clock)
    yield from _order(place, clock)
    yield from _again(place, clock)
    yield from _never_comes(place, clock, book)
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
            known = STOPS if key == "stops_on" else STARTS
            problem = f"{str(event)!r} is something that happens to a clock or an alert, not a step of somebody's duty"
            yield Fault(place=f"{place}.{key}", problem=problem, remedy=_one_of(known))


def _starts(place: str, clock: ClockRule) -> Iterator[Fault]:
    for key, event in [("starts_on", clock.starts_on), *(("again_on", event) for event in sorted(clock.again_on))]:
        if event not in STARTS | OF_THE_ENGINE:
            problem = f"no clock ever starts on {str(event)!r}"
            yield Fault(place=f"{place}.{key}", problem=problem, remedy=_one_of(STARTS))
        elif key == "starts_on" and event in ABOUT_LETTERS and clock.stops_on not in WRITTEN:
            written = " or ".join(repr(str(one)) for one in sorted(WRITTEN))
            problem = f"{str(event)!r} starts only what is stopped by {written}"
            yield Fault(place=f"{place}.{key}", problem=problem, remedy="take it out, or use another event")


def _one_of(events: Iterable[EventKind]) -> str:
    return f"use one of: {', '.join(event for event in EventKind if event in set(events))}"


def _order(place: str, clock: ClockRule) -> Iterator[Fault]:
    if clock.stops_on in OF_THE_ENGINE:
        return
    known = clock.stops_on in STOPS
    if known and can_follow(clock.starts_on, clock.stops_on):
        return
    stop = repr(str(clock.stops_on))
    because = f"{stop} never comes after {str(clock.starts_on)!r}" if known else f"no clock ever stops on {stop}"
    later = [event for event in dict.fromkeys((*ORDER, *EventKind)) if event in STOPS]
    told = ", ".join(event for event in later if can_follow(clock.starts_on, event))
    remedy = f"stop it on something later: {told}"
    yield Fault(place=f"{place}.stops_on", problem=f"nothing stops this clock: {because}", remedy=remedy)


def _again(place: str, clock: ClockRule) -> Iterator[Fault]:
    """What meets a duty would begin it anew at the same moment; milestones alone come in rounds of their own."""
    if clock.stops_on in clock.again_on and clock.stops_on not in MILESTONES:
        problem = f"{str(clock.stops_on)!r} stops this clock and would start it again at once"
        remedy = "take it out of again_on, or stop the clock on something else"
        yield Fault(place=f"{place}.again_on", problem=problem, remedy=remedy)
    for event in sorted(clock.again_on - {clock.stops_on}):
        if not can_follow(event, clock.stops_on):
            problem = (
                f"nothing stops the round that {str(event)!r} starts: {str(clock.stops_on)!r} never comes after it"
            )
            yield Fault(
                place=f"{place}.again_on", problem=problem, remedy="take it out, or stop the clock on something later"
            )


def _never_comes(place: str, clock: ClockRule, book: Rulebook) -> Iterator[Fault]:
    """The first of start and stop that no decision under this book leads to."""
    for missing, events, problem, remedy in _missing(book):
        at = [key for key in ("starts_on", "stops_on") if getattr(clock, key) in events]
        # A duty that never begins does no harm; it has a notice.
        if missing and at and (at == ["stops_on"] or events is AFTER_ACCEPTANCE):
            yield Fault(place=f"{place}.{at[0]}", problem=problem, remedy=f"{remedy}, or use another event")


def _missing(book: Rulebook) -> Iterator[tuple[bool, frozenset[EventKind], str, str]]:
    effects = {outcome.effect for outcome in book.outcomes.values()}
    accepts = any(effect.accepts for effect in effects)
    problem = "no outcome of this book accepts a referral"
    yield not accepts, AFTER_ACCEPTANCE, problem, 'give an outcome the effect "accept"'
    problem = "no outcome of this book hands a child over"
    yield Effect.REFER_ONWARD not in effects, ONWARD, problem, f'give an outcome the effect "{Effect.REFER_ONWARD}"'
    yield not book.ratings, frozenset({EventKind.RATED}), "this book has no ratings", "write [ratings]"


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
    earlier = [str(one) for one in ORDER if always_before(one, clock.starts_on)]
    if event is None or event in earlier:
        return
    problem = f"{str(event)!r} has not always happened before {str(clock.starts_on)!r}"
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

"""What may be meant in a book, and should be looked at before it is published: no fault, and nothing is refused for it.

A notice has a fault's shape: a place, what is odd there, and what could be done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from rules.books import diff, said_limits
from rules.errors import Fault
from rules.rulebook import ClockRule, Ladder, Outcome, Rulebook
from rules.vocabulary import Action, Condition, Effect, EventKind, NotApplicable, Role

CLOCKS = "clocks."
WORDING = ("title", "owed", "source", "local")
SHOWN = 3
# Each duty that no book should leave unwatched, what people call it, and whom it may leave out.
WATCHED = (
    (EventKind.DECIDED, "decision", frozenset({NotApplicable.IMPORTED})),
    (
        EventKind.FEEDBACK_GIVEN,
        "feedback",
        frozenset(
            {
                NotApplicable.ANONYMOUS,
                NotApplicable.UNSAFE_TO_CONTACT,
                NotApplicable.NOT_NAMED,
                NotApplicable.NO_ADDRESS,
                NotApplicable.IMPORTED,
            }
        ),
    ),
)


def notices_of(book: Rulebook, *, in_force: Rulebook | None = None) -> list[Fault]:
    """The notices of a book that has no fault; with ``in_force`` also where its clocks differ from that book's."""
    return [
        *(notice for watched in WATCHED for notice in _unwatched(book, *watched)),
        *_told_at_night(book),
        *_outcomes(book),
        *(notice for clock in book.clocks.values() for notice in _never_begins(clock, book)),
        *(notice for clock in book.clocks.values() for notice in said_limits.notices_of(clock)),
        *(_other_clocks(in_force, book) if in_force else ()),
    ]


def _unwatched(book: Rulebook, event: EventKind, what: str, exempt: frozenset[NotApplicable]) -> Iterator[Fault]:
    watching = [clock for clock in book.clocks.values() if clock in _from_receipt(book) and clock.stops_on is event]
    if not watching:
        remedy = f'write [clocks.{what}] with starts_on = "{EventKind.RECEIVED}" and stops_on = "{event}"'
        yield Fault(
            place="clocks", problem=f"nothing watches the {what}: no clock runs to it from receipt", remedy=remedy
        )
        return
    left_out = frozenset.intersection(*(clock.not_applicable_when for clock in watching)) - exempt
    if left_out:
        problem = f"nothing watches the {what} where the contact is {', '.join(sorted(left_out))}"
        place = f"{CLOCKS}{watching[0].kind}.not_applicable_when"
        yield Fault(place=place, problem=problem, remedy="take it out, or give these a clock of their own")


def _from_receipt(book: Rulebook) -> list[ClockRule]:
    """The clocks that run for every referral, one after the other, with no gap in between."""
    reached, found = {EventKind.RECEIVED}, list[ClockRule]()
    plain = [clock for clock in book.clocks.values() if not clock.starts_when and not clock.stops_when]
    while new := [clock for clock in plain if clock not in found and clock.starts_on in reached]:
        found += new
        reached |= {clock.stops_on for clock in new}
    return found


def _told_at_night(book: Rulebook) -> Iterator[Fault]:
    """Alerts go out at any hour: whoever is told of one and may not acknowledge it can only watch it climb."""
    may = book.permissions.get(Action.ACKNOWLEDGE_ALERT, frozenset())
    told: dict[Role, list[str]] = {}
    for place, ladder in _ladders(book):
        for at, rung in enumerate(ladder.rungs):
            if rung in ladder.alerts and rung.role not in may:
                told.setdefault(rung.role, []).append(f"{place}[{at}]")
    for role, places in told.items():
        more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
        where = f"{', '.join(places[:SHOWN])}{more}"
        problem = f"the {role} is told of alerts, at night too, and may not acknowledge them: {where}"
        remedy = f'add "{role}" there, or tell a role that may'
        yield Fault(place=f'permissions."{Action.ACKNOWLEDGE_ALERT}"', problem=problem, remedy=remedy)


def _ladders(book: Rulebook) -> Iterator[tuple[str, Ladder]]:
    for kind, clock in book.clocks.items():
        yield f"{CLOCKS}{kind}.ladder", clock.ladder
    yield "caseload.ladder", book.caseload.ladder
    for kind, ladder in book.ladders.items():
        yield f"ladders.{kind}.ladder", ladder


def _outcomes(book: Rulebook) -> Iterator[Fault]:
    if not book.deciders:
        problem = "nobody reaches an outcome: no role may both decide and read a record"
        yield Fault(place="permissions.decide", problem=problem, remedy='add a role that "read record" names')
    titles = Counter(_folded(outcome.title) for outcome in book.outcomes.values())
    for code, outcome in book.outcomes.items():
        if titles[_folded(outcome.title)] > 1:
            problem = f"nobody can tell it apart: another outcome is called {outcome.title!r} as well"
            yield Fault(place=f"outcomes.{code}.title", problem=problem, remedy="give each a title of its own")
        yield from _unreached(f"outcomes.{code}", outcome, book)


def _folded(title: str) -> str:
    return " ".join(title.split()).casefold()


def _unreached(place: str, outcome: Outcome, book: Rulebook) -> Iterator[Fault]:
    needs_worker = outcome.effect is Effect.PASS_TO_WORKER or "allocated worker" in outcome.required
    if needs_worker and not _accepts(book):
        problem = "nobody reaches it: no outcome of this book accepts a referral, so that no child has a worker"
        yield Fault(place=place, problem=problem, remedy='give an outcome the effect "accept", or take this one out')
    says_so = any(clock.starts_when is Condition.AT_ONCE for clock in book.clocks.values())
    if outcome.effect is Effect.ACCEPT_URGENTLY and not says_so:
        remedy = f'write a clock with starts_on = "{EventKind.ACCEPTED}" and starts_when = "{Condition.AT_ONCE}"'
        yield Fault(place=place, problem="it accepts at once, and no clock says how soon that is", remedy=remedy)


def _accepts(book: Rulebook) -> bool:
    return any(outcome.effect.accepts for outcome in book.outcomes.values())


def _never_begins(clock: ClockRule, book: Rulebook) -> Iterator[Fault]:
    effects = {outcome.effect for outcome in book.outcomes.values()}
    needed = {EventKind.SENT_ONWARD: Effect.REFER_ONWARD}.get(clock.starts_on)
    needed = Effect.ACCEPT_URGENTLY if clock.starts_when is Condition.AT_ONCE else needed
    because = f"no outcome has the effect {str(needed)!r}" if needed and needed not in effects else ""
    if clock.starts_on is EventKind.RATED and not book.ratings:
        because = "this book has no ratings"
    if because:
        problem = f"this clock never starts: {because}"
        yield Fault(
            place=f"{CLOCKS}{clock.kind}", problem=problem, remedy="take it out, or give the book what it needs"
        )


def _other_clocks(in_force: Rulebook, book: Rulebook) -> Iterable[Fault]:
    """One notice a clock, with all in which it does something else; wording and sources don't count."""
    told: dict[str, list[str]] = {}
    for one in diff.between(in_force, book):
        part, _, rest = one.place.partition(".")
        kind, _, key = rest.partition(".")
        if part == "clocks" and key not in WORDING:
            told.setdefault(kind, []).append(_lower(one.words.removeprefix(f"Clock {kind}: ").removesuffix(".")))
    running = f"{in_force.name} {in_force.version}, the book in force"
    for kind, words in told.items():
        yield Fault(place=f"{CLOCKS}{kind}", problem=f"it differs from {running}", remedy="; ".join(words))


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]

"""What makes a book unusable though it can be read: duties that never end, steps that nobody may take."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain

from rules import letters
from rules.books import check_clock, check_due, check_ladder
from rules.errors import BeyondCalendar, Fault, TimeError
from rules.rulebook import Counting, Limit, Outcome, Rulebook
from rules.timing import timescales, working_time
from rules.timing.calendar import Calendar
from rules.vocabulary import Action, CheckKind

LONGEST_VERSION = 40
# Names of devices, which no file can bear everywhere.
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
LONGEST_NAME = 60
NAME = re.compile(rf"[^\W_][^\x00-\x1f\x7f/\\@]{{0,{LONGEST_NAME - 1}}}")
VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,39}")
# Plan actions 2.1.9, 2.2.6 and 2.2.7: no book lets a manager decide without having asked these.
ALWAYS = (CheckKind.HISTORY, CheckKind.SIBLINGS, CheckKind.ALREADY_OPEN)


def faults_of(book: Rulebook, *, already: frozenset[str] = frozenset()) -> list[Fault]:
    """The faults of a book's sense; places in ``already`` could not be read and are not judged again."""
    found = [
        *_names(book),
        *_version(book),
        *_dates(book),
        *_out_of_hours(book),
        *_checks(book),
        *_outcomes(book),
        *_imported_words(book),
        *_permissions(book),
    ]
    found += _break_glass(book)
    for kind, clock in book.clocks.items():
        found += check_clock.faults_of(f"clocks.{kind}", clock, book)
        found += _once(fault for one in clock.with_each_limit for fault in check_ladder.warnings_of(one))
        found += check_ladder.faults_of(f"clocks.{kind}.ladder", clock.ladder, book, warns=True)
    found += check_ladder.faults_of("caseload.ladder", book.caseload.ladder, book, warns=False)
    for kind, ladder in book.ladders.items():
        found += check_ladder.faults_of(f"ladders.{kind}.ladder", ladder, book, warns=False)
    return [fault for fault in found if not _already(fault.place, already)]


def _once(faults: Iterable[Fault]) -> list[Fault]:
    """The first fault of each place."""
    return list({fault.place: fault for fault in reversed(list(faults))}.values())[::-1]


def _already(place: str, already: frozenset[str]) -> bool:
    return any(_within(place, known) or _within(known, place) for known in already)


def _within(place: str, outer: str) -> bool:
    return place == outer or place.startswith((f"{outer}.", f"{outer}["))


def _break_glass(book: Rulebook) -> Iterator[Fault]:
    if book.deciders and book.break_glass.role not in book.deciders:
        problem = f"the {book.break_glass.role} may not open a record and decide"
        remedy = f"name one of: {', '.join(sorted(book.deciders))}"
        yield Fault(place="break_glass.role", problem=problem, remedy=remedy)


def _version(book: Rulebook) -> Iterator[Fault]:
    yield from version_faults(book.version)


def version_faults(version: str) -> Iterator[Fault]:
    """Versions are typed on command lines, stand in addresses and become names of files."""
    if version and (VERSION.fullmatch(version) is None or version.endswith(".") or RESERVED.fullmatch(version)):
        remedy = 'begin with a letter or a digit, then letters, digits, dots and hyphens, such as "2" or "2026-11"'
        problem = f"{_shown(version, LONGEST_VERSION)!r} can be no version"
        yield Fault(place="version", problem=problem, remedy=f"{remedy}; {LONGEST_VERSION} at most")


def _shown(word: str, most: int) -> str:
    return word if len(word) <= most else f"{word[:most]}..."


def _names(book: Rulebook) -> Iterator[Fault]:
    """Of the book and of what it names: typed in settings and commands, shown in lists, kept for ever."""
    for place in ("clocks", "outcomes", "contact_kinds", "ratings", "levels_of_need"):
        for name in getattr(book, place):
            yield from _name(place, name)
    yield from _name("the file", book.name)
    if book.calendar:
        yield from _name("calendar", book.calendar)


def _name(place: str, name: str) -> Iterator[Fault]:
    if NAME.fullmatch(name) is None or name != name.strip() or RESERVED.fullmatch(name):
        problem = f"{_shown(name, LONGEST_NAME)!r} can be no name"
        remedy = f"begin with a letter or a digit, then letters, digits, hyphens and blanks; {LONGEST_NAME} at most"
        yield Fault(place=place, problem=problem, remedy=remedy)


def _out_of_hours(book: Rulebook) -> Iterator[Fault]:
    role = book.out_of_hours_role
    may = book.permissions.get(Action.ACKNOWLEDGE_ALERT, frozenset())
    if role is not None and may and role not in may:
        problem = f"the {role} is told out of hours and may not acknowledge an alert"
        remedy = f'add "{role}" to permissions."{Action.ACKNOWLEDGE_ALERT}", or name a role that may'
        yield Fault(place="out_of_hours_role", problem=problem, remedy=remedy)


def _dates(book: Rulebook) -> Iterator[Fault]:
    if book.effective_to is not None and book.effective_to < book.effective_from:
        yield Fault(
            place="effective_to", problem="the book ends before it begins", remedy="give a later date or leave it out"
        )


def _checks(book: Rulebook) -> Iterator[Fault]:
    always, further = ({rule.kind for rule in rules} for rules in (book.checks, book.further_checks))
    for kind in ALWAYS:
        if kind not in always:
            problem = f"the check {str(kind)!r} is needed before every decision"
            yield Fault(place="checks", problem=problem, remedy=f'write "{kind}" = "..." below [checks]')
    for code, one in book.contact_kinds.items():
        for kind in sorted(one.checks - always - further):
            remedy = f'write "{kind}" = "..." below [further_checks]'
            yield Fault(place=f"contact_kinds.{code}.checks", problem=f"nothing says what {kind!s} is", remedy=remedy)


def _outcomes(book: Rulebook) -> Iterator[Fault]:
    for code, outcome in book.outcomes.items():
        for key, text in (("paragraph", outcome.paragraph), ("next_steps", outcome.next_steps)):
            for name in letters.unknown_fields(text):
                yield _unknown_field(f"outcomes.{code}.{key}", name)


def _unknown_field(place: str, name: str) -> Fault:
    known = ", ".join(f"{{{field}}}" for field in sorted(letters.LETTER_FIELDS))
    if name in ("{", "}"):
        return Fault(place=place, problem=f"a lone {name}", remedy=f"braces are for fields only: {known}")
    return Fault(place=place, problem=f"a letter has no field {{{name}}}", remedy=f"use one of {known}, or plain words")


def _imported_words(book: Rulebook) -> Iterator[Fault]:
    words = Counter(word for outcome in book.outcomes.values() for word in _old_words(outcome))
    for code, outcome in book.outcomes.items():
        for at, word in enumerate(outcome.imported_as):
            if words[word.casefold()] > 1:
                problem = f"the old word {word!r} stands for more than one outcome"
                yield Fault(
                    place=f"outcomes.{code}.imported_as[{at}]", problem=problem, remedy="keep it with one outcome"
                )


def _old_words(outcome: Outcome) -> set[str]:
    return {outcome.code.casefold()} | {word.casefold() for word in outcome.imported_as}


def _permissions(book: Rulebook) -> Iterator[Fault]:
    for action in Action:
        if not book.permissions.get(action):
            remedy = f'write "{action}" = ["duty manager"], with every role that may'
            yield Fault(place=f"permissions.{action}", problem="no role may do this", remedy=remedy)


def faults_with(book: Rulebook, calendar: Calendar) -> list[Fault]:
    """The faults that show only with the calendar: limits that it can't reach, warnings longer than any clock runs."""
    found: list[Fault] = []
    first = max(book.effective_from, date(calendar.years[0], 1, 1))
    for clock in chain.from_iterable(rule.with_each_limit for rule in book.clocks.values()):
        if clock.limit.unit in timescales.ELAPSED:
            found += check_due.too_long(clock)
            continue
        try:
            found += check_due.faults_of(clock, first, calendar)
            longest = _longest(clock.limit, clock.counting, first, calendar)
            found += check_ladder.warnings_of(clock, longest=longest)
        except TimeError as error:
            problem = f"the calendar {book.calendar!r} can't reach {clock.limit}"
            found.append(Fault(place=f"clocks.{clock.kind}.limit", problem=problem, remedy=str(error)))
    return _once(found)


@lru_cache(maxsize=check_due.LIMITS_KEPT)
def _longest(limit: Limit, counting: Counting, first: date, calendar: Calendar) -> timedelta:
    """The longest that a clock runs when started just after closing on any day of a year from the first."""

    def length(day: date) -> timedelta:
        start = working_time.close_of_day(calendar, day) + timedelta(seconds=1)
        return timescales.due_moment(limit, start, calendar, counting) - start

    longest = length(first)
    for number in range(1, check_due.STARTS_TRIED):
        try:
            longest = max(longest, length(first + timedelta(days=number)))
        except BeyondCalendar:
            break
    return longest

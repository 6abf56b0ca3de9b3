"""A council's own books and calendars in versions: published, named as NAME@VERSION, and found again.

Publishing moves nothing that is open; ``pathway.engine.changeover.changeover_plan`` does, when somebody asks for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from pathway.engine.actors import Actor
from pathway.engine.rulebooks import published_books
from pathway.engine.rulebooks.published_books import Published
from rules.books import check, parse
from rules.errors import Fault, InvalidInput, NotFound, RuleError
from rules.rulebook import Rulebook
from rules.timing import calendar_terms
from rules.timing.calendar import Calendar
from storage.queries.rulebooks import book_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import CalendarVersion, Council, RulebookVersion, id_of

AT = "@"


def actor_named(name: str) -> Actor:
    """The person in whose name somebody at the command line acts. Raises InvalidInput for a blank name."""
    kept = " ".join(name.split())
    if not kept:
        raise InvalidInput.of("--by", "Nobody is named", "Give the name of the person who decides this")
    return Actor(username=kept, name=kept, roles=frozenset())


def reason_given(text: str) -> str:
    """The reason, on one line. Raises InvalidInput for a blank one."""
    kept = " ".join(text.split())
    if not kept:
        raise InvalidInput.of("--reason", "The reason is blank", "Say why; it stands in each history")
    return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A book that may be published; ``calendar`` is the one it will count by, ``there`` True where it is published."""

    book: Rulebook
    calendar: Calendar
    there: bool
    needs_calendar: bool


def proposed(session: WriteSession | ReadSession, text: str, *, name: str, calendar: Calendar) -> Proposed:
    """A book as publishing would find it; writes nothing. ``calendar`` counts where none of its name is published.

    Raises RuleError for a faulty book, one that its calendar can't serve, or one edited under the same version.
    """
    book = parse.parse(text, name)
    _refuse_odd_name(name, book.version)
    found = newest_calendar(session, book.calendar)
    counted_by = found.calendar if found else calendar
    if faults := check.faults_with(book, counted_by):
        raise RuleError(faults)
    there = published_books.is_published(session, text, name=name, version=book.version)
    return Proposed(book=book, calendar=counted_by, there=there, needs_calendar=found is None)


def publish_book(
    session: WriteSession, text: str, *, name: str, calendar: Calendar, actor: Actor, now: datetime
) -> tuple[RulebookVersion, bool]:
    """One version of a council's own book; True when it is new. ``calendar`` is published where none of its name is.

    Raises what ``proposed`` raises.
    """
    found = proposed(session, text, name=name, calendar=calendar)
    if found.needs_calendar:
        published_books.publish_calendar(session, calendar, name=found.book.calendar, actor=actor, now=now)
    return published_books.publish(session, text, name=name, actor=actor, now=now), not found.there


def replaced_by(session: WriteSession | ReadSession, name: str, *, now: datetime) -> Published | None:
    """What is in force where a book of this name would come: its version before, else the book that is in use."""
    council = session.get(Council, 1)
    for called in (name, council.rulebook if council else name):
        if book_rows.versions(session, called):
            return published_books.in_force(session, called, at=now)
    return None


def _refuse_odd_name(name: str, version: str) -> None:
    for place, word in (("name", name), ("version", version)):
        if AT in word or word != word.strip() or not word:
            remedy = f"use letters, digits and hyphens; {AT} parts a name from a version"
            raise RuleError([Fault(place=place, problem=f"{word!r} can't be called upon", remedy=remedy)])


def book_row(session: WriteSession | ReadSession, name: str, version: str) -> RulebookVersion:
    """One published version of one book. Raises NotFound, naming those that there are."""
    row = book_rows.rulebook(session, name, version)
    if row is not None:
        return row
    known = ", ".join(book_rows.versions(session, name))
    if known:
        raise NotFound(f"There is no version {version!r} of the rulebook {name}; published are: {known}.")
    books_known = ", ".join(book_rows.names(session)) or "none"
    raise NotFound(f"There is no rulebook {name!r}; published are: {books_known}.")


def book_at(session: WriteSession | ReadSession, address: str) -> tuple[Rulebook, Calendar]:
    """The published book that NAME@VERSION names, with the newest version of its calendar. Raises NotFound."""
    name, _, version = address.rpartition(AT)
    row = book_row(session, name, version)
    book = parse.kept(row.text, row.name)
    return book, calendar_called(session, book.calendar).calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFound:
    """The newest version of a published calendar."""

    row: CalendarVersion
    calendar: Calendar

    @property
    def id(self) -> int:
        """The number of the version's row."""
        return id_of(self.row)


def newest_calendar(session: WriteSession | ReadSession, name: str) -> CalendarFound | None:
    """The newest version of a calendar, or None."""
    row = book_rows.calendar_version(session, name)
    if row is None:
        return None
    return CalendarFound(row=row, calendar=calendar_terms.calendar_from_terms(json.loads(row.terms)))


def calendar_called(session: WriteSession | ReadSession, name: str) -> CalendarFound:
    """The newest version of a calendar. Raises NotFound, naming those that there are."""
    found = newest_calendar(session, name)
    if found is None:
        known = ", ".join(book_rows.calendar_names(session)) or "none"
        raise NotFound(f"There is no calendar {name!r}; published are: {known}.")
    return found


def changed_calendar(
    calendar: Calendar, *, closed: Iterable[tuple[date, str]] = (), opened: Iterable[date] = ()
) -> Calendar:
    """The calendar with more days off, and more extra openings. A day off with a name is a holiday, else a closure.

    A day that is closed is no extra opening any more, and the other way round. Raises InvalidInput for a day that is in
    both lists, or one on which nothing changes.
    """
    off, on = dict(closed), frozenset(opened)
    if both := off.keys() & on:
        raise InvalidInput.of("--open", f"{min(both)} is closed and opened at once", "Leave one of the two out")
    for day in sorted(off):
        _refuse_same(calendar, day, "--close", closes=True)
    for day in sorted(on):
        _refuse_same(calendar, day, "--open", closes=False)
    names = {day: name for day, name in off.items() if name}
    return replace(
        calendar,
        closed=(calendar.closed | (off.keys() - names)) - on,
        holidays=calendar.holidays | names.keys(),
        opened=(calendar.opened - off.keys()) | on,
        names={**calendar.names, **names},
    )


def _refuse_same(calendar: Calendar, day: date, option: str, *, closes: bool) -> None:
    if not calendar.week[day.weekday()]:
        raise InvalidInput.of(option, f"{day:%A %d %B %Y} has no opening hours anyway", "Correct the date")
    if calendar.is_closed(day) is closes:
        state = "closed" if closes else "open"
        raise InvalidInput.of(option, f"{day:%A %d %B %Y} is {state} already", "Correct the date, or leave it out")


def publish_calendar(
    session: WriteSession, calendar: Calendar, *, name: str, reason: str, actor: Actor, now: datetime
) -> tuple[CalendarVersion, bool]:
    """A new version of a calendar with its reason; True when it is new. What the newest says already is kept once."""
    before = newest_calendar(session, name)
    if before is not None and before.calendar == calendar:
        return before.row, False
    number = before.row.version + 1 if before else 1
    numbered = replace(calendar, name=name, version=str(number))
    version_id = published_books.publish_calendar(session, numbered, name=name, actor=actor, now=now)
    row = session.get_one(CalendarVersion, version_id)
    row.reason = reason
    session.flush()
    return row, True

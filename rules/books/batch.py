"""Questions as JSON lines, answers as JSON lines: due moments and counted time, many thousands a second."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from rules.errors import PathwayError, RuleError, StillPaused, TimeError
from rules.rulebook import ClockRule, Counting, Limit, Rulebook
from rules.timing import calendar_terms, counting, timescales, working_time, zones
from rules.timing.calendar import Calendar
from rules.timing.explain import utc_text
from rules.timing.timescales import LedgerEntry
from rules.vocabulary import Unit
from rules.words import nearest

BookReader = Callable[[str], tuple[Rulebook, Calendar]]
CalendarReader = Callable[[str], Calendar]
OPTIONS = frozenset(counting.KEYS)
OF_BOOK = frozenset({"id", "book", "clock", "rating", "from", "pauses", "extensions", "as_at"})
OF_TERMS = frozenset({"id", "calendar", "limit", "from", "pauses", "extensions", "as_at"}) | OPTIONS
OF_BETWEEN = frozenset({"id", "book", "calendar", "from", "to"})
DEFAULT = Counting()
CALENDARS_KEPT = 1000
UNITS = {name: unit for unit in Unit for name in (str(unit), unit.removesuffix("s"))}


class Answerer:
    """Answers lines; books and calendars are read once, by the two functions handed in."""

    def __init__(self, read_book: BookReader, read_calendar: CalendarReader) -> None:
        self._read_book, self._read_calendar = read_book, read_calendar
        self._books: dict[str, tuple[Rulebook, Calendar]] = {}
        self._calendars: dict[str, Calendar] = {}

    def due(self, line: str) -> str:
        """The answer to a line that asks for a due moment: {"due": ...}, or {"error": ...}."""
        return _answered(line, self._due)

    def between(self, line: str) -> str:
        """The answer to a line that asks for the counted time between two moments."""
        return _answered(line, self._between)

    def _due(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        if "book" in asked:
            _refuse_unknown(asked, OF_BOOK)
            rule, calendar = self._clock(asked)
            limit, options = limit_of(rule, str(asked.get("rating", ""))), rule.counting
        else:
            _refuse_unknown(asked, OF_TERMS)
            calendar, limit = self._calendar(asked), limit_from_terms(asked.get("limit"))
            options = counting.from_terms(asked) if OPTIONS & asked.keys() else DEFAULT
        start, ledger = moment_from(asked, "from"), ledger_from_terms(asked)
        as_at = moment_from(asked, "as_at") if "as_at" in asked else None
        try:
            due = timescales.due_moment(limit, start, calendar, options, ledger=ledger, as_at=as_at)
        except StillPaused as paused:
            return {"due": None, "paused": str(paused)}
        return {"due": utc_text(due)}

    def _between(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        _refuse_unknown(asked, OF_BETWEEN)
        calendar = self._book(asked)[1] if "book" in asked else self._calendar(asked)
        start, end = moment_from(asked, "from"), moment_from(asked, "to")
        return {"working_seconds": seconds_between(calendar, start, end)}

    def _clock(self, asked: Mapping[str, Any]) -> tuple[ClockRule, Calendar]:
        book, calendar = self._book(asked)
        return clock_of(book, str(asked.get("clock"))), calendar

    def _book(self, asked: Mapping[str, Any]) -> tuple[Rulebook, Calendar]:
        name = str(asked["book"])
        if name not in self._books:
            self._books[name] = self._read_book(name)
        return self._books[name]

    def _calendar(self, asked: Mapping[str, Any]) -> Calendar:
        terms = asked.get("calendar")
        key = terms if isinstance(terms, str) else repr(terms)
        found = self._calendars.get(key)
        if found is None:
            if len(self._calendars) >= CALENDARS_KEPT:
                self._calendars.clear()
            found = self._calendars[key] = self._new_calendar(terms)
        return found

    def _new_calendar(self, terms: object) -> Calendar:
        if isinstance(terms, str):
            return self._read_calendar(terms)
        if isinstance(terms, Mapping):
            return calendar_terms.calendar_from_terms(terms)
        raise TimeError(
            'calendar: it is missing; write {"zone": "Europe/London", "week": {"mon": [["09:00", "17:00"]]}}.'
        )


def clock_of(book: Rulebook, kind: str) -> ClockRule:
    """The clock called ``kind``; raises TimeError."""
    if kind not in book.clocks:
        raise TimeError(f"clock: {book.name} has no clock {kind!r}; {nearest(kind, book.clocks)}")
    return book.clocks[kind]


def limit_of(rule: ClockRule, rating: str) -> Limit:
    """The limit of a clock for a rating, or without one; raises TimeError for a rating that the clock does not know."""
    if rating and rating not in rule.limit_by_rating:
        known = nearest(rating, rule.limit_by_rating) if rule.limit_by_rating else "Leave it out"
        raise TimeError(f"rating: {rule.kind} has no limit for {rating!r}; {known}")
    return rule.limit_for(rating)


def seconds_between(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Whole seconds of open time from ``start`` to ``end``; raises EndBeforeStart."""
    return working_time.working_seconds_between(calendar, start, end)


def _answered(line: str, answer: Callable[[Mapping[str, Any]], dict[str, Any]]) -> str:
    asked: object = None
    try:
        asked = json.loads(line)
        if not isinstance(asked, dict):
            raise TimeError(
                'A line is a JSON object, such as {"book": "haringey-2009", "clock": "decision", "from": ...}.'
            )
        answered = answer(asked)
    except RuleError as error:
        answered = {"error": " ".join(str(fault) for fault in error.faults)}
    except PathwayError as error:
        answered = {"error": str(error)}
    except (ValueError, RecursionError) as error:
        answered = {"error": f"This line is not JSON: {error}. Write one JSON object on one line."}
    except OverflowError:
        answered = {"error": "This line leads beyond the years 1 to 9999. Write nearer moments or a shorter limit."}
    if isinstance(asked, dict) and "id" in asked:
        answered = {"id": asked["id"], **answered}
    return json.dumps(answered)


def _refuse_unknown(asked: Mapping[str, Any], known: frozenset[str]) -> None:
    if not asked.keys() <= known:
        key = min(asked.keys() - known)
        raise TimeError(f"{key}: a line has no such key; {nearest(key, known)}")


def moment_from(asked: Mapping[str, Any], key: str) -> datetime:
    """The aware moment under ``key``; raises TimeError."""
    if key not in asked:
        raise TimeError(f'{key}: it is missing; write a moment such as "2026-11-23T10:00:00Z".')
    return moment_of(asked[key], key)


def moment_of(text: object, place: str) -> datetime:
    """The aware moment that an ISO text names; raises TimeError, NaiveMoment."""
    try:
        moment = zones.aware(datetime.fromisoformat(text))  # type: ignore[arg-type]
        moment.astimezone(UTC)
    except (ValueError, TypeError):
        raise TimeError(f'{place}: {text!r} is no moment; write one such as "2026-11-23T10:00:00Z".') from None
    except OverflowError:
        raise TimeError(
            f"{place}: {text!r} lies before year 1 or after year 9999 in UTC; write a nearer one."
        ) from None
    return moment


def limit_from_terms(terms: object) -> Limit:
    """The limit of {"amount": 90, "unit": "working minutes"}; raises TimeError."""
    if not isinstance(terms, Mapping):
        raise TimeError('limit: it is missing; write {"amount": 24, "unit": "hours"}.')
    amount, name = terms.get("amount"), str(terms.get("unit"))
    unit = UNITS.get(name)
    if unit is None:
        raise TimeError(f"limit.unit: {name!r} is no unit; {nearest(name, Unit)}")
    if type(amount) is not int:
        raise TimeError(f"limit.amount: {amount!r} is no whole number; use a smaller unit for parts.")
    return Limit(amount, unit)


def ledger_from_terms(asked: Mapping[str, Any]) -> tuple[LedgerEntry, ...]:
    """The pauses ("from/to", open without an end) and the extensions of a line; raises TimeError."""
    pauses, extensions = asked.get("pauses") or (), asked.get("extensions") or ()
    if not isinstance(pauses, list | tuple) or not isinstance(extensions, list | tuple):
        raise TimeError(
            'pauses and extensions are lists; write "pauses": ["2026-11-23T11:00:00Z/2026-11-23T12:00:00Z"].'
        )
    entries = [pause_of(text, f"pauses[{at}]") for at, text in enumerate(pauses)]
    entries += [LedgerEntry(extension=limit_from_terms(terms)) for terms in extensions]
    return tuple(entries)


def pause_of(text: object, place: str) -> LedgerEntry:
    """The pause that "from/to" names; raises TimeError."""
    if not isinstance(text, str) or "/" not in text:
        raise TimeError(f'{place}: {text!r} is no pause; write "2026-11-23T11:00:00Z/2026-11-23T12:00:00Z".')
    begin, _, end = text.partition("/")
    return LedgerEntry(paused_from=moment_of(begin, place), paused_to=moment_of(end, place) if end else None)

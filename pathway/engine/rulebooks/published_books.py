"""Published rulebooks and calendars: the engine reads them from the database only, each version for ever the same."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from pathway.engine.actors import SYSTEM, Actor
from pathway.engine.rulebooks import shipped
from rules.books import parse
from rules.errors import Fault, NotFound, RuleError
from rules.rulebook import Rulebook
from rules.timing import calendar_terms, zones
from rules.timing.calendar import Calendar
from storage.queries.rulebooks import book_rows
from storage.queries.rulebooks.book_rows import Version
from storage.sessions import ReadSession, WriteSession
from storage.tables import CalendarVersion, Council, Referral, RulebookVersion, id_of

_LONDON = zones.zone_named(zones.LONDON)
_IN_FORCE = "books in force"
_COUNCIL = "council"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A book and the calendar it counts by, with the numbers of their versions."""

    book: Rulebook
    calendar: Calendar
    rulebook_version_id: int
    calendar_version_id: int


def publish(session: WriteSession, text: str, *, name: str, actor: Actor, now: datetime) -> RulebookVersion:
    """Keeps one version of a book. Raises RuleError for a faulty book, or one edited under the same version."""
    book = _parsed(text, name)
    there = book_rows.rulebook(session, book.name, book.version)
    if there is not None:
        _refuse_edited(there, text)
        return there
    row = RulebookVersion(
        name=book.name,
        version=book.version,
        effective_from=book.effective_from,
        text=text,
        sha256=_sha256(text),
        published_at=now,
        published_by=actor.username,
    )
    session.add(row)
    session.flush()
    session.info.pop(_IN_FORCE, None)
    return row


def is_published(session: WriteSession | ReadSession, text: str, *, name: str, version: str) -> bool:
    """True where this very text is published already. Raises RuleError where the version is, with another text."""
    there = book_rows.rulebook(session, name, version)
    if there is not None:
        _refuse_edited(there, text)
    return there is not None


def _refuse_edited(there: RulebookVersion, text: str) -> None:
    if there.sha256 == _sha256(text):
        return
    fault = Fault(
        place="version",
        problem=f"{there.name} {there.version} was published on {there.published_at:%d %B %Y} with another text",
        remedy="Give the edited book a new version, so that what runs under the old one keeps its rules",
    )
    raise RuleError([fault])


def publish_calendar(session: WriteSession, calendar: Calendar, *, name: str, actor: Actor, now: datetime) -> int:
    """Keeps one version of a calendar, every holiday spelled out; returns its id. The same again is kept once."""
    terms = json.dumps(calendar_terms.calendar_to_terms(calendar), sort_keys=True)
    latest = book_rows.latest_calendar(session, name)
    if latest is not None and latest[1] == _sha256(terms):
        return latest[0]
    row = CalendarVersion(
        name=name,
        version=book_rows.latest_calendar_number(session, name) + 1,
        terms=terms,
        sha256=_sha256(terms),
        published_at=now,
        published_by=actor.username,
        reason="shipped with the product",
    )
    session.add(row)
    session.flush()
    session.info.pop(_IN_FORCE, None)
    return id_of(row)


def publish_shipped(session: WriteSession, *, now: datetime) -> None:
    """Publishes every shipped book and its calendar; what is there already stays as it is.

    A book of which the council published a version of its own is the council's from then on: nothing overtakes it.
    A calendar is published once: an upgrade of the product that knows another holiday moves nothing by itself.
    """
    ours = set(shipped.shipped_books()) - book_rows.published_by_others(session, SYSTEM.username)
    for name in sorted(ours):
        publish(session, shipped.book_text(name), name=name, actor=SYSTEM, now=now)
    for name in shipped.shipped_calendars():
        if book_rows.latest_calendar(session, name) is None:
            calendar = _parsed_calendar(shipped.calendar_text(name), name)
            publish_calendar(session, calendar, name=name, actor=SYSTEM, now=now)


def current(session: WriteSession | ReadSession, *, now: datetime) -> Published:
    """The council's own book as it is in force at this moment. Raises NotFound when none is published."""
    known, day = _known_in_force(session), now.astimezone(_LONDON).date()
    council: Council | None = session.info.get(_COUNCIL)
    if council is None or (council.rulebook, day) not in known:
        council = session.info[_COUNCIL] = _council(session, day)  # kept, so that the session reads it once
    return in_force(session, council.rulebook, at=now)


def _council(session: WriteSession | ReadSession, day: date) -> Council:
    """The council; where nothing is missing its book in force on this day is known from now on."""
    found = book_rows.of_council(session, day)
    if found is None:
        return session.get_one(Council, 1)
    council, version, calendars = found
    calendar = calendars.get(_book(session, *version).calendar)
    if calendar is not None:
        _known_in_force(session)[council.rulebook, day] = _published(session, version, calendar)
    return council


def in_force(session: WriteSession | ReadSession, name: str, *, at: datetime) -> Published:
    """The version of a book in force at a moment, with the newest version of its calendar. Raises NotFound.

    Before its first version the first one serves: no contact is turned away because it is older than the book.
    Asked once a session and day: what others publish meanwhile holds from the next transaction on.
    """
    known = _known_in_force(session)
    day = at.astimezone(_LONDON).date()
    if (name, day) not in known:
        known[name, day] = _in_force(session, name, day)
    return known[name, day]


def _known_in_force(session: WriteSession | ReadSession) -> dict[tuple[str, date], Published]:
    known: dict[tuple[str, date], Published] = session.info.setdefault(_IN_FORCE, {})
    return known


def _in_force(session: WriteSession | ReadSession, name: str, day: date) -> Published:
    found = book_rows.in_force(session, name, day) or book_rows.first(session, name)
    if found is None:
        known = ", ".join(book_rows.names(session)) or "none"
        raise NotFound(
            f"The rulebook {name} is not published yet; published are: {known}. Publish it with "
            f"`pathway rules publish {name}.toml --by NAME`, or set PATHWAY_RULEBOOK to one of them."
        )
    book = _book(session, *found)
    calendar = book_rows.latest_calendar(session, book.calendar)
    if calendar is None:
        raise NotFound(f"The calendar {book.calendar} of the rulebook {name} is not published; run `pathway migrate`.")
    return _published(session, found, calendar)


def _published(session: WriteSession | ReadSession, version: Version, calendar: Version) -> Published:
    published = Published(
        book=_book(session, *version),
        calendar=_calendar(session, *calendar),
        rulebook_version_id=version[0],
        calendar_version_id=calendar[0],
    )
    return _known_versions(session).setdefault((version[0], calendar[0]), published)


def of(session: WriteSession | ReadSession, rulebook_version_id: int, calendar_version_id: int) -> Published:
    """The very versions that a referral or a clock keeps; asked once a session, for they never change."""
    known, key = _known_versions(session), (rulebook_version_id, calendar_version_id)
    if key not in known:
        known[key] = _of(session, rulebook_version_id, calendar_version_id)
    return known[key]


def outcome_title(session: WriteSession | ReadSession, rulebook_version_id: int, code: str) -> str:
    """An outcome's title in one version of a book; the code where that does not know it."""
    known: dict[int, Rulebook] = session.info.setdefault("books by number", {})
    if rulebook_version_id not in known:
        row = session.get_one(RulebookVersion, rulebook_version_id)
        known[rulebook_version_id] = _book(session, rulebook_version_id, row.sha256)
    outcome = known[rulebook_version_id].outcomes.get(code)
    return outcome.title if outcome else code


def _known_versions(session: WriteSession | ReadSession) -> dict[tuple[int, int], Published]:
    known: dict[tuple[int, int], Published] = session.info.setdefault("published", {})
    return known


def _of(session: WriteSession | ReadSession, rulebook_version_id: int, calendar_version_id: int) -> Published:
    of_book, of_calendar = book_rows.hashes(session, rulebook_version_id, calendar_version_id)
    return Published(
        book=_book(session, rulebook_version_id, of_book),
        calendar=_calendar(session, calendar_version_id, of_calendar),
        rulebook_version_id=rulebook_version_id,
        calendar_version_id=calendar_version_id,
    )


# Parsed once a process and text; keyed by hash, because numbers differ from database to database.
_books: dict[str, Rulebook] = {}


def _book(session: WriteSession | ReadSession, rulebook_version_id: int, sha256: str) -> Rulebook:
    if sha256 not in _books:
        row = session.get_one(RulebookVersion, rulebook_version_id)
        _books[sha256] = parse.kept(row.text, row.name)
    return _books[sha256]


def _calendar(session: WriteSession | ReadSession, calendar_version_id: int, sha256: str) -> Calendar:
    if sha256 not in _calendars:
        row = session.get_one(CalendarVersion, calendar_version_id)
        _calendars[sha256] = calendar_terms.calendar_from_terms(json.loads(row.terms))
    return _calendars[sha256]


_calendars: dict[str, Calendar] = {}


@lru_cache(maxsize=64)
def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=64)
def _parsed(text: str, name: str) -> Rulebook:
    return parse.parse(text, name)


@lru_cache(maxsize=16)
def _parsed_calendar(text: str, name: str) -> Calendar:
    return parse.parse_calendar(text, name)


def published_of(session: WriteSession | ReadSession, referral: Referral) -> Published:
    """The book and calendar that the referral came in under."""
    return of(session, referral.rulebook_version_id, referral.calendar_version_id)


def in_force_for(session: WriteSession, referral: Referral, *, at: datetime) -> Published:
    """The version of the referral's own book that is in force when a clock starts."""
    return in_force(session, published_of(session, referral).book.name, at=at)

"""Books and calendars for the command line: shipped ones by name, others by their file's path."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pathway.engine.rulebooks import shipped
from rules.books import check, describe, parse
from rules.errors import Fault, NotFound, RuleError
from rules.rulebook import Rulebook
from rules.timing.calendar import Calendar

LONGEST_SHOWN = 80


def text_of(name: str) -> tuple[str, str]:
    """The text of a shipped book or of a file, and the book's name; raises NotFound, RuleError."""
    if name in shipped.shipped_books():
        return shipped.book_text(name), name
    path = Path(name)
    if not is_file(name):
        known = ", ".join(shipped.shipped_books())
        raise NotFound(
            f"No book and no file is called {clipped(name)!r}. Name a shipped book ({known}) or give a file's path."
        )
    try:
        return path.read_text(encoding="utf-8"), path.stem
    except OSError as error:
        raise NotFound(
            f"The file {clipped(name)!r} can't be read ({error.strerror}). Let this account read it."
        ) from None
    except UnicodeDecodeError:
        fault = Fault(place=name, problem="this file is not UTF-8 text", remedy="save it as UTF-8")
        raise RuleError([fault]) from None


def is_file(name: str) -> bool:
    """True for the path of a file; False for what can be none, such as a name of 300 characters."""
    try:
        return Path(name).is_file()
    except (OSError, ValueError):
        return False


def clipped(text: str) -> str:
    """What somebody gave as a name, short enough for a message."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def is_calendar(text: str) -> bool:
    """True for the text of a calendar: it has a week, and no clocks."""
    try:
        terms = parse.terms_of(text)
    except RuleError:
        return False
    return "week" in terms and "clocks" not in terms


@cache
def calendar_named(name: str, beside: str = "") -> Calendar:
    """A calendar beside a book's file, or a shipped one; raises NotFound, RuleError."""
    own = Path(beside).parent / f"{name}.toml" if beside else None
    if own is not None and is_file(str(own)):
        return parse.parse_calendar(own.read_text(encoding="utf-8"), name)
    return parse.parse_calendar(shipped.calendar_text(name), name)


@cache
def book_and_calendar(name: str) -> tuple[Rulebook, Calendar]:
    """A book and the calendar it counts by; raises NotFound, RuleError."""
    text, stem = text_of(name)
    book = parse.parse(text, stem)
    return book, _calendar_of(book, name)


def _calendar_of(book: Rulebook, name: str) -> Calendar:
    try:
        return calendar_named(book.calendar, name if name != book.name else "")
    except NotFound as error:
        remedy = "name a shipped one, or put its file beside the book"
        raise RuleError([Fault(place="calendar", problem=str(error).partition(";")[0], remedy=remedy)]) from None


def checked(name: str) -> tuple[Rulebook, Calendar]:
    """A book that also fits its calendar; raises NotFound, RuleError."""
    book, calendar = book_and_calendar(name)
    faults = check.faults_with(book, calendar)
    if faults:
        raise RuleError(faults)
    return book, calendar


def pathway_document() -> str:
    """The pathway and every shipped book as one Markdown page."""
    return describe.document([book_and_calendar(name) for name in shipped.shipped_books()])

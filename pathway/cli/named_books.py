"""Books for commands that compare: shipped ones by name, published ones as NAME@VERSION, others by file."""

from __future__ import annotations

from pathway.cli import opening, rule_files
from pathway.engine.rulebooks import council_versions
from rules.books import parse
from rules.errors import NotFound
from rules.rulebook import Rulebook
from rules.timing.calendar import Calendar
from storage.clock import utc_now
from storage.sessions import Database

AT = "@"


def read(name: str) -> tuple[Rulebook, Calendar]:
    """A book and the calendar it counts by; opens the database only for NAME@VERSION. Raises NotFound, RuleError."""
    if not _is_published(name):
        return rule_files.checked(name)
    with opening.existing_database(opening.load()) as database:
        return read_in(database, name)


def read_in(database: Database, name: str) -> tuple[Rulebook, Calendar]:
    """The same where a database is open already."""
    if not _is_published(name):
        return rule_files.checked(name)
    with database.read() as session:
        return council_versions.book_at(session, name)


def replaced_by(name: str) -> Rulebook | None:
    """The book in force whose place a book of this name would take, read from the database; None where none is.

    Raises NotFound where there is no database, Unavailable where it can't be used.
    """
    with opening.existing_database(opening.load()) as database, database.read() as session:
        found = council_versions.replaced_by(session, name, now=utc_now())
        return found.book if found else None


def _is_published(name: str) -> bool:
    return AT in name and not rule_files.is_file(name)


def calendar_in(path: str) -> Calendar:
    """The calendar of a file. Raises NotFound, RuleError."""
    if not rule_files.is_file(path):
        raise NotFound(f"There is no file {rule_files.clipped(path)!r}; give the path of a calendar's file.")
    text, name = rule_files.text_of(path)
    return parse.parse_calendar(text, name)

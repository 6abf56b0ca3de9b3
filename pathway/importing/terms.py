"""What the words in the file are checked against: the council's outcomes and the department's codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pathway.engine import code_lists
from pathway.engine.rulebooks import published_books, shipped
from rules.books import parse
from rules.rulebook import Rulebook
from storage.queries.intake import importing_rows
from storage.sessions import ReadSession, WriteSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Book and code lists of one run, and its present moment. ``judged_from``: the book's first day in force."""

    book: Rulebook
    judged_from: date
    sources: Mapping[str, str]
    ethnicities: Mapping[str, str]
    sexes: Mapping[str, str]
    now: datetime


def published(session: ReadSession | WriteSession, book: str | None, *, now: datetime) -> Terms:
    """The terms of a run under a published book, the council's own unless one is named. Raises NotFound."""
    found = published_books.in_force(session, book, at=now) if book else published_books.current(session, now=now)
    return _terms(found.book, importing_rows.first_day(session, found.book.name), now=now)


def as_shipped(book: str, *, now: datetime) -> Terms:
    """The terms of a trial run where there is no database yet. Raises NotFound."""
    parsed = parse.parse(shipped.book_text(book), book)
    return _terms(parsed, parsed.effective_from, now=now)


def _terms(book: Rulebook, judged_from: date, *, now: datetime) -> Terms:
    return Terms(
        book=book,
        judged_from=judged_from,
        sources=code_lists.labels(code_lists.REFERRAL_SOURCE),
        ethnicities=code_lists.labels(code_lists.ETHNICITY),
        sexes=code_lists.labels(code_lists.SEX),
        now=now,
    )

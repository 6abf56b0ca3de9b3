"""A page of a list: its lines, how many there are in all as far as that was counted, and the pages beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from pathway.web.lists.filtered import AFTER, BEFORE, Filtered
from storage.queries import keyset
from storage.queries.keyset import AtLeast, Order, Slice, Wanted
from storage.sessions import ReadSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a list's page shows. ``kept_back``: how many restricted records a file would leave out."""

    filtered: Filtered
    found: Slice
    count: int
    kept_back: int = 0

    @property
    def lines(self) -> Sequence[Any]:
        """The rows of the page."""
        return self.found.rows

    def counted(self, one: str, many: str) -> str:
        """How many there are in words, such as “836 children” or “more than 1,000 children”."""
        return f"{self.words} {one if self.count == 1 else many}"

    @property
    def words(self) -> str:
        """How many there are, such as “836” or “more than 1,000”."""
        return number_words(self.count)

    @property
    def has_pages(self) -> bool:
        """True where not all is on this page."""
        return bool(self.found.before or self.found.after)

    @property
    def first_href(self) -> str:
        """The first page; empty on it."""
        return self.filtered.href() if self.found.before else ""

    @property
    def before_href(self) -> str:
        """The page before this one; empty on the first."""
        return self.filtered.href(**{BEFORE: keyset.written(self.found.before)}) if self.found.before else ""

    @property
    def after_href(self) -> str:
        """The page after this one; empty on the last."""
        return self.filtered.href(**{AFTER: keyset.written(self.found.after)}) if self.found.after else ""

    def with_lines(self, lines: Sequence[Any]) -> Listed:
        """The same page with its lines as somebody may see them."""
        return replace(self, found=replace(self.found, rows=lines))


class Rows(Protocol):
    """The module of a list's rows: what is wanted of it is its own."""

    def order(self, wanted: Any) -> Order:
        """How it is sorted."""

    def page(self, session: ReadSession, wanted: Any, page_wanted: Wanted) -> Slice:
        """One page of it."""

    def count(self, session: ReadSession, wanted: Any) -> int:
        """How many there are."""

    def kept_back(self, session: ReadSession, wanted: Any) -> int:
        """How many of them a file leaves out."""


def read(session: ReadSession, filtered: Filtered, rows: Rows, asked: Any) -> Listed:
    """The page that an address asks for, by the module of the list's rows and what it calls ``asked``."""
    return Listed(
        filtered=filtered,
        found=rows.page(session, asked, wanted(filtered, rows.order(asked))),
        count=rows.count(session, asked),
        kept_back=rows.kept_back(session, asked),
    )


def wanted(filtered: Filtered, order: Order) -> Wanted:
    """The page that an address asks for; the first for a place that is none."""
    behind = keyset.place_of(filtered.after, order)
    place = behind or keyset.place_of(filtered.before, order, backwards=True)
    return Wanted(size=filtered.size, place=place)


def number_words(count: int) -> str:
    """A count in words, whether or not it was gone on with to the end."""
    return f"more than {count - 1:,}" if isinstance(count, AtLeast) else f"{count:,}"

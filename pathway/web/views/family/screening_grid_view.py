"""The checks of a family as a grid: children down, checks across, and a first row that stands for all children.

A check's field in the first row holds for every child who misses that check and says nothing else in a row of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pathway.engine.intake import own_search
from pathway.engine.intake.own_search import Answer, OwnSearch
from pathway.web.views.family.family_view import Child, Family
from rules.vocabulary import CheckKind
from storage.sessions import ReadSession, WriteSession
from storage.tables import Check

ALL = "all."
NOTHING, MADE, NOT_MADE = "nothing", "yes", "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One check across the grid, and the children of whom Pathway's own record holds nothing.

    ``by``: what those were searched by, as far as it is known of each.
    """

    kind: CheckKind
    title: str
    nothing_for: Sequence[Child]
    missed_by: Sequence[Child]
    by: Sequence[str]

    @property
    def slug(self) -> str:
        """The check as it stands in the names of fields."""
        return slug(self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One check of one child: what is recorded of it already, and what Pathway's own record answers."""

    column: Column
    place: str
    recorded: Sequence[Check]
    is_missing: bool
    search: OwnSearch | None

    @property
    def can_take_over(self) -> bool:
        """True where Pathway's own search found nothing."""
        return self.search is not None and self.search.answer is Answer.NOTHING

    @property
    def must_look(self) -> bool:
        """True where Pathway's own search found something, or somebody is still to say who a child is."""
        return self.search is not None and self.search.answer in (Answer.SOMETHING, Answer.ASKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The checks across, and down the children with their cells."""

    columns: Sequence[Column]
    rows: Sequence[tuple[Child, Sequence[Cell]]]


def slug(kind: str) -> str:
    """A check as it stands in the names of fields."""
    return kind.replace(" ", "-")


def of(session: ReadSession | WriteSession, family: Family) -> Grid:
    """The grid of those children whose checks are recorded now."""
    children = family.on("screen")
    searches = {child.referral.ref: own_search.of_child(session, child.referral) for child in children}
    columns = [_column(kind, title, children, searches) for kind, title in _asked(family).items()]
    return Grid(
        columns=columns,
        rows=[
            (child, [_cell(column, child, searches[child.referral.ref]) for column in columns]) for child in children
        ],
    )


def _asked(family: Family) -> Mapping[CheckKind, str]:
    """What is asked for this kind of contact, by the book of each child."""
    books = [child.published.book for child in family.on("screen")]
    return {rule.kind: rule.title for book in books for rule in book.checks_for(family.contact.kind)}


def _column(
    kind: CheckKind, title: str, children: Sequence[Child], searches: Mapping[str, Mapping[CheckKind, OwnSearch]]
) -> Column:
    missed_by = [child for child in children if _misses(child, kind)]
    found = [(child, searches[child.referral.ref].get(kind)) for child in missed_by]
    free = {child.referral.ref: search for child, search in found if search and search.answer is Answer.NOTHING}
    return Column(
        kind=kind,
        title=title,
        nothing_for=[child for child in missed_by if child.referral.ref in free],
        missed_by=missed_by,
        by=list(dict.fromkeys(by for search in free.values() for by in search.by)),
    )


def _misses(child: Child, kind: CheckKind) -> bool:
    return any(rule.kind is kind for rule in child.missing)


def _cell(column: Column, child: Child, searches: Mapping[CheckKind, OwnSearch]) -> Cell:
    return Cell(
        column=column,
        place=f"{child.prefix}{column.slug}",
        recorded=[check for check in child.checks if check.kind == column.kind],
        is_missing=_misses(child, column.kind),
        search=searches.get(column.kind),
    )

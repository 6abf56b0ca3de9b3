"""Possible matches, and the merges that stand: filtered, sorted, in pages by key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, func, or_, select, true

from storage.queries import keyset, sought
from storage.queries.children import match_rows, merge_rows
from storage.queries.keyset import Order, Segment, Slice
from storage.queries.lists import narrowed_rows
from storage.queries.lists.referral_list_rows import ReferralsWanted
from storage.tables import Person, PersonMerge, ProposedMatch

MERGED = "merged"
_ONE, _OTHER = aliased(Person), aliased(Person)


class Sort(StrEnum):
    """How matches are sorted; merges have no likeness, and come by time."""

    LIKELIEST = "likeliest"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchesWanted:
    """What of the matches is listed; what is empty narrows nothing.

    ``tab``: ``open``, ``confirmed`` (the same child, and not merged yet), ``declined``, or ``merged`` for merges. Each
    of the ``words`` must be in the name of one of the two, or both are found by what is sought ``of`` their referrals.
    """

    tab: str = "open"
    words: str = ""
    settled_by: str = ""
    of: ReferralsWanted = field(default_factory=ReferralsWanted)
    sort: Sort = Sort.LIKELIEST

    @property
    def narrows(self) -> bool:
        """True where the tab is not shown whole."""
        return bool(self.words or self.settled_by) or narrowed_rows.narrows(self.of)


def order(wanted: MatchesWanted) -> Order:
    """The likeliest first, of those alike the one proposed last; or by time."""
    table: Any = PersonMerge if wanted.tab == MERGED else ProposedMatch
    keys = [col(table.id)]
    if wanted.sort is Sort.LIKELIEST and wanted.tab != MERGED:
        keys.insert(0, col(ProposedMatch.weight))
    return Order(segments=[Segment(name="0", where=true())], keys=keys, descending=wanted.sort is not Sort.OLDEST)


def page(session: Session, wanted: MatchesWanted, page_wanted: keyset.Wanted) -> Slice:
    """A page, its rows as lines of matches or of merges."""
    found = keyset.read(session, _statement(session, wanted), order(wanted), page_wanted)
    rows: Sequence[Any] = (
        [merge_rows.Line(merge=merge, kept=one, merged=other) for merge, one, other in found.rows]
        if wanted.tab == MERGED
        else [match_rows.Line(match=match, newer=one, older=other) for match, one, other in found.rows]
    )
    return Slice(rows=rows, before=found.before, after=found.after)


def count(session: Session, wanted: MatchesWanted, *, most: int = keyset.MOST_COUNTED) -> int:
    """How many there are, one more than ``most`` for any more."""
    return keyset.count(session, _numbers(session, wanted), most=most)


def kept_back(session: Session, wanted: MatchesWanted) -> int:
    """How many of them are about a child whose record is closed to whoever looks, 1,001 for any more."""
    if not wanted.of.closed:
        return 0
    return keyset.count(session, _numbers(session, wanted).where(or_(*(_in(one, wanted) for one in (_ONE, _OTHER)))))


def _in(person: Any, wanted: MatchesWanted) -> Any:
    return person.id.in_(wanted.of.closed)


def _numbers(session: Session, wanted: MatchesWanted) -> Any:
    return _statement(session, wanted).with_only_columns(_ONE.id, _OTHER.id)


def _statement(session: Session, wanted: MatchesWanted) -> Any:
    table, sides, settled_by, tab = _of_merges() if wanted.tab == MERGED else _of_matches(wanted.tab)
    joined = select(table, _ONE, _OTHER)
    for person, number in zip((_ONE, _OTHER), sides, strict=True):
        joined = joined.join(person, person.id == col(number))  # type: ignore[arg-type]
    mine = [col(settled_by) == wanted.settled_by] if wanted.settled_by else []
    return joined.where(*tab, *mine, *_conditions(session, wanted))


def _of_merges() -> Any:
    sides = (PersonMerge.kept_id, PersonMerge.merged_id)
    return PersonMerge, sides, PersonMerge.merged_by, [col(PersonMerge.undone_at).is_(None)]


def _of_matches(tab: str) -> Any:
    sides = (ProposedMatch.person_id, ProposedMatch.other_person_id)
    return ProposedMatch, sides, ProposedMatch.settled_by, match_rows.of_tab(tab)


def _conditions(session: Session, wanted: MatchesWanted) -> Sequence[Any]:
    found: list[Any] = []
    filters = replace(wanted.of, sought=None)
    if narrowed_rows.narrows(filters):
        found.append(_either(session, filters))
    if wanted.words:
        found.append(_found(session, wanted))
    if wanted.narrows and wanted.of.closed:
        found += [~_in(one, wanted) for one in (_ONE, _OTHER)]
    return found


def _found(session: Session, wanted: MatchesWanted) -> Any:
    places = [column for one in (_ONE, _OTHER) for column in (one.forename, one.surname)]
    named = and_(*(sought.holds(word, *places) for word in sought.words(wanted.words)))
    if wanted.of.sought is None:
        return named
    return or_(named, _either(session, ReferralsWanted(sought=wanted.of.sought)))


def _either(session: Session, wanted: ReferralsWanted) -> Any:
    """Of a record that was merged since, what is asked of referrals is asked of the record that was kept."""
    numbers = narrowed_rows.numbers(session, wanted, narrowed_rows.CHILD)
    return or_(*(func.coalesce(one.merged_into_id, one.id).in_(numbers) for one in (_ONE, _OTHER)))

"""Lists that are short by nature, such as what waits for one person: filtered, searched, sorted and paged as read.

The page of such a list says of each row what it is filtered, found and sorted by (``Line``); all the rest is here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.responses import Response

from pathway.web.lists import files, referral_filters
from pathway.web.lists.files import Record, Table
from pathway.web.lists.filtered import YES, Filtered, Tick
from pathway.web.lists.listed import Listed
from pathway.web.visit import Visit
from rules.likeness import search_words
from storage.queries import keyset
from storage.queries.keyset import Place, Slice
from storage.queries.lists import referral_list_rows
from storage.sessions import ReadSession
from storage.tables import Contact, Referral

DUE = ("due", "What is due soonest")
OLDEST, NEWEST = ("oldest", "What has waited longest"), ("newest", "What came last")
LINES = "lines"
_EPOCH, _TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_NEVER = (datetime(9000, 1, 1, tzinfo=UTC) - _EPOCH) // _TICK
Key = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a short list, ``row`` as the page shows it.

    All rows of a lower ``part`` come before it, in every order; ``number`` tells it from every other row of its part.
    ``at`` is since when it stands on the list. ``values``: what it is, by the name of each filter. ``words`` are
    searched. ``children`` are those whom it is about, ``cells`` the row as it stands in a file.
    """

    row: Any
    number: int
    at: datetime
    part: int = 0
    due_at: datetime | None = None
    values: Mapping[str, Collection[str]] = field(default_factory=dict)
    words: str = ""
    children: frozenset[int] = frozenset()
    cells: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortList:
    """The rows of a list as read, and what is asked of it.

    Where a filter or words are in force, no row about one of the children ``closed`` is listed: standing there would
    tell what its line hides. ``told``: filters by what the line of a closed record tells as well.
    """

    asked: Filtered
    lines: Sequence[Line]
    closed: frozenset[int] = frozenset()
    told: Collection[str] = ()

    @property
    def chosen(self) -> Sequence[Line]:
        """All that is asked for, in order."""
        return sorted((line for line in self.lines if self._is_asked(line)), key=self._key)

    def listed(self) -> Listed:
        """The page that is asked for."""
        chosen = self.chosen
        kept_back = sum(not line.children.isdisjoint(self.closed) for line in chosen)
        return Listed(filtered=self.asked, found=self._page(chosen), count=len(chosen), kept_back=kept_back)

    def file(self, visit: Visit, name: str, columns: Sequence[str]) -> Response:
        """All that is asked for as a file."""
        records = [Record(cells=line.cells, children=line.children) for line in self.chosen]
        return files.answer(visit, Table(name=name, columns=columns, records=records))

    def _is_asked(self, line: Line) -> bool:
        if self._tells and not line.children.isdisjoint(self.closed):
            return False
        fits = all(not set(self.asked.all(name)).isdisjoint(line.values.get(name, ())) for name in self._filters)
        return fits and search_words.are_in(self.asked.words, line.words)

    @property
    def _filters(self) -> Sequence[str]:
        offer = self.asked.offer
        offered = (*(one.name for one in offer.choices), *(one.name for one in offer.ticks))
        return [name for name in offered if self.asked.all(name)]

    @property
    def _tells(self) -> bool:
        return bool(self.asked.words) or not set(self._filters).issubset(self.told)

    def _key(self, line: Line) -> Key:
        at = _ticks(line.at)
        if self.asked.sort == NEWEST[0]:
            return line.part, -at, -line.number
        if self.asked.sort != DUE[0]:
            return line.part, at, line.number
        # What has no due moment comes after what has one, the newest first.
        return (line.part, _ticks(line.due_at), line.number) if line.due_at else (line.part, _NEVER - at, -line.number)

    def _page(self, chosen: Sequence[Line]) -> Slice:
        keys, size = [self._key(line) for line in chosen], self.asked.size
        start = bisect_right(keys, behind) if (behind := _place(self.asked.after)) else 0
        if not behind and (before := _place(self.asked.before)):
            start = max(0, bisect_left(keys, before) - size)
        end = min(start + size, len(keys))
        return Slice(
            rows=chosen[start:end],
            before=Place(segment=LINES, keys=keys[start], backwards=True) if 0 < start < end else None,
            after=Place(segment=LINES, keys=keys[end - 1]) if start < end < len(keys) else None,
        )


def _ticks(moment: datetime) -> int:
    return (moment - _EPOCH) // _TICK


def _place(text: str) -> Key:
    """The place that an address names; empty for what is none, so that the list begins at its beginning."""
    segment, *numbers = text.split(".")
    is_one = segment == LINES and len(numbers) == 3 and all(map(keyset.is_number, numbers))
    return tuple(map(int, numbers)) if is_one else ()


def yes(*, when: bool) -> Collection[str]:
    """What a row is by a filter that is on or off."""
    return (YES,) if when else ()


def tick(line: Line, tick: Tick, *, when: bool) -> Line:
    """The row, and whether it is what a filter that is on or off asks for."""
    return replace(line, values={**line.values, tick.name: yes(when=when)})


def about(line: Line, children: frozenset[int]) -> Line:
    """The row, and the children whom it is about."""
    return replace(line, children=children)


def of_contact(contact: Contact) -> Mapping[str, Collection[str]]:
    """What a row about a contact is by the filters of ``referral_filters``."""
    return {"source": (contact.source_code,), "kind": (contact.kind,)}


def of_referral(referral: Referral, contact: Contact) -> Mapping[str, Collection[str]]:
    """What a row about a referral is by the filters of ``referral_filters``."""
    numbers = {"team": referral.team_id, "worker": referral.worker_id}
    held = {name: (str(number),) for name, number in numbers.items() if number is not None}
    return {**of_contact(contact), **held, "state": (referral.state,)}


def mine(visit: Visit, session: ReadSession, asked: Filtered, referrals: Iterable[Referral]) -> Collection[int]:
    """Those of the referrals that whoever asks logged, screened or holds; looked up where somebody asks for them."""
    if not asked.ticked(referral_filters.MINE.name):
        return ()
    numbers = [one.id for one in referrals if one.id is not None]
    return referral_list_rows.mine_among(session, visit.actor.username, numbers)

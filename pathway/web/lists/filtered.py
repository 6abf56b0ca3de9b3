"""A list as an address asks for it: filters, search, order and place, and the links that change one of them.

All of it stands in the query of the address, so that it can be kept, sent and gone back to without scripts. What an
address asks for that no filter offers is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from pathway.web import typed

SIZES = (25, 50, 100)
LONGEST = 200
YES = "yes"
AFTER, BEFORE = "after", "before"
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A filter by one column: (value, words) pairs, of which one is chosen, or ``several``."""

    name: str
    legend: str
    choices: Choices
    several: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A filter that is on or off; ``words`` say what is listed then."""

    name: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What one list offers. ``sorts``: (value, words) pairs, the first as it comes. ``search``: what its label says.

    ``kept``: parameters of the address that are no filter and stay, such as a tab.
    """

    path: str
    title: str
    search: str = ""
    choices: Sequence[Choice] = ()
    ticks: Sequence[Tick] = ()
    sorts: Choices = ()
    kept: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One filter in force, and the address of the same list without it."""

    words: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filtered:
    """What is asked of a list: ``values`` by the name of each filter, ``words`` of a search, and where it is read."""

    offer: Offer
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: str = ""
    sort: str = ""
    size: int = SIZES[0]
    after: str = ""
    before: str = ""

    def all(self, name: str) -> tuple[str, ...]:
        """What is chosen of a filter."""
        return self.values.get(name, ())

    def one(self, name: str) -> str:
        """The one that is chosen of a filter; empty for none."""
        return next(iter(self.all(name)), "")

    def ticked(self, name: str) -> bool:
        """True where a filter is on."""
        return self.one(name) == YES

    def numbers(self, name: str) -> list[int]:
        """What is chosen of a filter by numbers."""
        return [number for text in self.all(name) if (number := typed.whole(text))]

    @property
    def narrows(self) -> int:
        """How many filters are in force, the search not counted."""
        offered = (*(one.name for one in self.offer.choices), *(one.name for one in self.offer.ticks))
        return sum(len(self.all(name)) for name in offered)

    @property
    def is_narrowed(self) -> bool:
        """True where not all of the list is shown."""
        return bool(self.words or self.narrows)

    @property
    def query(self) -> str:
        """The query of the address, without the place."""
        return urlencode(list(self._pairs()))

    def href(self, **place: str) -> str:
        """The address of this list, from its beginning or from a place on."""
        return self._address([*self._pairs(), *place.items()])

    @property
    def here(self) -> str:
        """The address of this list from where it is read: what an act on one of its lines comes back to."""
        return self.href(**{name: text for name, text in ((AFTER, self.after), (BEFORE, self.before)) if text})

    def file(self, kind: str) -> str:
        """The address of the same as a file."""
        query = urlencode([*self._pairs(), ("as", kind)])
        return f"{self.offer.path}/export?{query}"

    @property
    def chips(self) -> Sequence[Chip]:
        """What is in force, each with the way to be rid of it."""
        words = [Chip(words=f"“{self.words}”", href=self._without("q", self.words))] if self.words else []
        of_choices = [
            Chip(words=f"{one.legend}: {said}", href=self._without(one.name, value))
            for one in self.offer.choices
            for value, said in one.choices
            if value in self.all(one.name)
        ]
        ticked = [one for one in self.offer.ticks if self.ticked(one.name)]
        return [*words, *of_choices, *(Chip(words=one.words, href=self._without(one.name, YES)) for one in ticked)]

    @property
    def plain(self) -> str:
        """The address of the list without any filter."""
        return self._address([(name, self.one(name)) for name in self.offer.kept if self.one(name)])

    def _without(self, name: str, value: str) -> str:
        return self._address([pair for pair in self._pairs() if pair != (name, value)])

    def _address(self, pairs: Sequence[tuple[str, str]]) -> str:
        return f"{self.offer.path}?{urlencode(pairs)}" if pairs else self.offer.path

    def _pairs(self) -> Iterator[tuple[str, str]]:
        if self.words:
            yield "q", self.words
        for name in self.values:
            yield from ((name, value) for value in self.all(name))
        if self.sort and self.sort != self.offer.sorts[0][0]:
            yield "sort", self.sort
        if self.size != SIZES[0]:
            yield "size", str(self.size)


def read(offer: Offer, query: QueryParams) -> Filtered:
    """What an address asks of a list."""
    sorts = [value for value, _ in offer.sorts]
    size = typed.whole(query.get("size", ""))
    return Filtered(
        offer=offer,
        values=dict(_values(offer, query)),
        words=query.get("q", "").strip()[:LONGEST] if offer.search else "",
        sort=query.get("sort", "") if query.get("sort") in sorts else (sorts[0] if sorts else ""),
        size=size if size in SIZES else SIZES[0],
        after=query.get(AFTER, ""),
        before=query.get(BEFORE, ""),
    )


def _values(offer: Offer, query: QueryParams) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in offer.kept:
        if query.get(name):
            yield name, (query[name][:LONGEST],)
    for one in offer.choices:
        asked = query.getlist(one.name)
        chosen = tuple(value for value, _ in one.choices if value in asked)
        if chosen:
            yield one.name, chosen if one.several else chosen[-1:]
    for tick in offer.ticks:
        if query.get(tick.name):
            yield tick.name, (YES,)

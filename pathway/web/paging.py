"""Lists in pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from pathway.web import typed

SIZE = 25
MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which page of a list of ``count`` lines, and the query that every link keeps."""

    number: int
    count: int
    path: str
    query: Mapping[str, str]
    size: int = SIZE

    @property
    def last(self) -> int:
        """The number of the last page; 1 for an empty list."""
        return max(1, -(-self.count // self.size))

    @property
    def first_line(self) -> int:
        """The number of the first line shown."""
        return (self.number - 1) * self.size + 1

    @property
    def last_line(self) -> int:
        """The number of the last line shown."""
        return min(self.number * self.size, self.count)

    def href(self, number: int) -> str:
        """The address of another page of the same list."""
        wanted = {key: value for key, value in self.query.items() if value}
        return f"{self.path}?{urlencode({**wanted, 'page': str(number)})}"

    def pagination(self) -> dict[str, object]:
        """What the design system's pagination wants."""
        items: list[dict[str, object]] = []
        shown = sorted({1, self.last, *range(max(1, self.number - 1), min(self.last, self.number + 1) + 1)})
        for place, number in enumerate(shown):
            if place and number - shown[place - 1] > 1:
                items.append({"ellipsis": True})
            items.append({"number": number, "href": self.href(number), "current": number == self.number})
        links: dict[str, object] = {"items": items}
        if self.number > 1:
            links["previous"] = {"href": self.href(self.number - 1)}
        if self.number < self.last:
            links["next"] = {"href": self.href(self.number + 1)}
        return links


def number_of(text: str) -> int:
    """The page that an address asks for; 1 for anything that is no page."""
    return min(max(1, typed.whole(text)), MOST_PAGES)

"""What waits: every list of work in one place, with how much is on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from starlette.responses import Response

from pathway.web.lists import listed
from pathway.web.needs import Route
from pathway.web.visit import Here, Visit
from storage.queries import waiting_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One list: its address, name, what it is for, and how much is on it; None where it is not counted."""

    path: str
    name: str
    what: str
    count: int | None

    @property
    def count_words(self) -> str:
        """How much, as far as it was counted."""
        return "–" if self.count is None else listed.number_words(self.count)


LISTS = (
    ("/check-in", "To check in", "Contacts that professionals sent by the form, and nobody has taken over yet"),
    ("/unfinished", "Unfinished contacts", "Contacts that somebody began and did not log"),
    ("/allocations", "Allocations", "Accepted children who have no worker yet"),
    ("/second-looks", "Second looks", "Decisions about a third contact that another manager looks at"),
    ("/decision-questions", "Does the decision stand?", "Decisions after which information was added"),
    ("/corrections", "Corrections", "Corrections for a second person, and letters that have left and say it wrong"),
    ("/why-late", "Late, without a reason", "What ended late and of which nobody has said why"),
    ("/onward", "Referred onward", "Children whose receiver has not answered yet"),
    ("/letters?owed=yes", "Letters owed", "Letters that no e-mail carries: print, post, or find an address"),
    ("/print-queue", "Print queue", "Letters to be printed and posted together"),
    ("/bounces", "What came back by e-mail", "Reports that a person must look at"),
    ("/outbox", "Outbox", "Every e-mail and what the mail server said"),
    ("/matches", "Possible matches", "Two records that may be one child"),
    ("/queries", "Queries", "Odd details on records that somebody must look into"),
    ("/restricted", "Restricted records", "Records that open only to people named"),
)


def show(visit: Here) -> Response:
    """The lists that this person may open."""
    with visit.reading() as session:
        entries = list(_entries(visit, waiting_rows.counts(session, closed=visit.closed)))
    return visit.page("waiting.html", entries=entries)


def _entries(visit: Visit, counts: Mapping[str, int]) -> Iterator[Entry]:
    table: Mapping[tuple[str, str], Route] = visit.request.app.state.routes
    for path, name, what in LISTS:
        route = table.get(("GET", path.partition("?")[0]))
        if route is not None and visit.may(route.needs):
            yield Entry(path=path, name=name, what=what, count=counts.get(path))

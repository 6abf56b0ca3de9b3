"""Who looked at which child's record, and who was refused; and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.responses import Response

from pathway.engine import record_access
from pathway.web import times
from pathway.web.lists import answers, files, filtered, listed, which
from pathway.web.lists.files import Record, Table
from pathway.web.lists.filtered import Filtered, Offer, Text, Tick
from pathway.web.lists.listed import Listed
from pathway.web.looks.child_access_view import PAGE
from pathway.web.visit import Here, Visit
from storage.queries import access_rows, shown_rows
from storage.queries.access_rows import Look
from storage.queries.lists import access_page_rows
from storage.queries.lists.access_page_rows import LooksWanted
from storage.sessions import ReadSession

CHILD = Text(name="child", legend="Child, by number or a referral")
REFUSED = Tick(name="refused", words="Refusals")
SEARCHES = Tick(name="searches", words="Searches")
FILES = Tick(name="files", words="Files taken")
MINE = Tick(name="mine", words="My own looks")
NEWEST, OLDEST = ("newest", "The newest"), ("oldest", "The oldest")
OFFER = Offer(
    path=which.ACCESS_LOG,
    title=which.TITLES[which.ACCESS_LOG],
    search="Person, reference or words searched for",
    texts=[CHILD],
    ticks=[REFUSED, SEARCHES, FILES, MINE],
    sorts=(NEWEST, OLDEST),
)
COLUMNS = ("When", "Name", "User name", "What", "Searched for", "Record", "Children", "Allowed", "Why")


def show(visit: Here) -> Response:
    """The newest looks first, all or those that are filtered. Whose record is closed to the reader is not named."""
    asked = filtered.read(OFFER, visit.request.query_params)
    wanted = _wanted(visit, asked)
    with visit.reading() as session:
        _refuse_closed(visit, session, wanted.child)
        found = Listed(
            filtered=asked,
            found=access_page_rows.page(session, wanted, listed.wanted(asked, access_page_rows.order(wanted))),
            count=access_page_rows.count(session, wanted),
            kept_back=access_page_rows.kept_back(session, wanted),
        )
        return answers.show(visit, session, "access_log.html", asked, listed=found)


def export(visit: Here) -> Response:
    """What is filtered as a file."""
    wanted = _wanted(visit, filtered.read(OFFER, visit.request.query_params))
    with visit.reading() as session:
        _refuse_closed(visit, session, wanted.child)
        looks = files.walk(lambda page: access_page_rows.page(session, wanted, page))
        return files.answer(visit, Table(name="access-log", columns=COLUMNS, records=_records(visit, looks)))


def _wanted(visit: Visit, asked: Filtered) -> LooksWanted:
    return LooksWanted(
        words=asked.words,
        child=asked.one(CHILD.name)[:40],
        refused=asked.ticked(REFUSED.name),
        searches=asked.ticked(SEARCHES.name),
        files=asked.ticked(FILES.name),
        mine=visit.actor.username if asked.ticked(MINE.name) else "",
        before=visit.look if asked.words or visit.request.url.path != which.ACCESS_LOG else None,
        closed=visit.closed,
        oldest_first=asked.sort == OLDEST[0],
    )


def _refuse_closed(visit: Visit, session: ReadSession, child: str) -> None:
    """Raises NotAllowed, after the refusal has been written down, where the child's record is closed to the reader."""
    asked = access_rows.persons(session, child) if child else ()
    for person_id in sorted(visit.closed.intersection(asked))[:1]:
        shown = shown_rows.of_child(session, person_id)
        record_access.open_record(visit.services.database, visit.actor, PAGE, shown, now=visit.now)


def _records(visit: Visit, looks: Iterator[Look]) -> Iterator[Record]:
    """A look that showed others too is written without those whose record is closed to the reader."""
    for look in looks:
        seen = frozenset(look.children) - visit.closed
        shut = visit.closed if look.is_shut else frozenset(look.children)
        yield Record(cells=_cells(look, seen), children=seen if seen and not look.is_shut else shut)


def _cells(look: Look, seen: frozenset[int]) -> tuple[str, ...]:
    access = look.access
    children = (ref or f"Child {number}" for number, ref in look.children.items() if number in seen)
    return (
        times.sortable(access.at),
        look.name,
        access.username,
        access.what,
        access.words,
        look.referral_ref or look.contact_ref,
        ", ".join(children),
        "Yes" if access.allowed else "Refused",
        access.reason,
    )

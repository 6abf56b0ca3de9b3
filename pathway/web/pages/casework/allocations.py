"""The allocation list: who waits for a worker, and which transfers wait for an answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from starlette.responses import Response

from pathway.engine.referrers import visible_referrer
from pathway.web import page_words, times
from pathway.web.lists import answers, files, filtered, listed, referral_filters, which
from pathway.web.lists.files import Record, Table
from pathway.web.lists.filtered import Filtered, Offer
from pathway.web.lists.listed import Listed
from pathway.web.visit import Here, Visit
from storage.queries.casework import transfer_rows
from storage.queries.lists import allocation_page_rows
from storage.queries.lists.allocation_page_rows import AllocationLine
from storage.queries.lists.referral_list_rows import ReferralsWanted
from storage.sessions import ReadSession

MOST_TRANSFERS = 100
COLUMNS = ("Section", "Reference", "Child", "Team", "Allocation due", "Accepted", "Source", "From", "Immediate danger")


def show(visit: Here) -> Response:
    """Accepted children without a worker, by team: danger first, then the longest overdue."""
    with visit.reading() as session:
        asked = _asked(visit, session)
        wanted = _wanted(visit, asked)
        order = allocation_page_rows.order(session, wanted)
        found = Listed(
            filtered=asked,
            found=allocation_page_rows.page(session, wanted, listed.wanted(asked, order), order),
            count=allocation_page_rows.count(session, wanted),
            kept_back=allocation_page_rows.kept_back(session, wanted),
        )
        transfers = transfer_rows.open_lines(session, limit=MOST_TRANSFERS)
        return answers.show(visit, session, "allocations.html", asked, listed=found, transfers=transfers)


def export(visit: Here) -> Response:
    """What is filtered as a file."""
    with visit.reading() as session:
        records = _records(visit, session, _wanted(visit, _asked(visit, session)))
        return files.answer(visit, Table(name="allocation-list", columns=COLUMNS, records=records))


def _asked(visit: Visit, session: ReadSession) -> Filtered:
    offer = Offer(
        path=which.ALLOCATIONS,
        title=which.TITLES[which.ALLOCATIONS],
        search="Child, referrer or reference",
        choices=[referral_filters.teams(session), referral_filters.sources(), *referral_filters.kinds(visit)],
        ticks=[referral_filters.LATE],
    )
    return filtered.read(offer, visit.request.query_params)


def _wanted(visit: Visit, asked: Filtered) -> ReferralsWanted:
    """Late counts by the clock of the allocation, and the line of a closed record shows its team as well."""
    wanted = referral_filters.wanted(visit, asked)
    return replace(wanted, by_allocation=True, shows_team=True)


def _records(visit: Visit, session: ReadSession, wanted: ReferralsWanted) -> Iterator[Record]:
    order = allocation_page_rows.order(session, wanted)
    for line in files.walk(lambda page: allocation_page_rows.page(session, wanted, page, order)):
        yield _record(line, sees=visit.sees_protected)


def _record(line: AllocationLine, *, sees: bool) -> Record:
    contact = visible_referrer.as_seen(line.contact, sees=sees)
    cells = (
        line.section,
        line.referral.ref,
        page_words.child_name(line.person),
        line.team,
        times.sortable(line.clock.due_at) if line.clock else "",
        times.sortable(line.referral.accepted_at) if line.referral.accepted_at else "",
        page_words.source_words(contact.source_code),
        contact.referrer_agency,
        "yes" if contact.immediate_danger else "",
    )
    return Record(cells=cells, children=frozenset({line.referral.person_id}))

"""Contacts from outside that are to be checked in, with the list's filter, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.responses import Response

from pathway.engine.referrers import visible_referrer
from pathway.web import page_words, times
from pathway.web.lists import answers, files, filtered, listed, referral_filters, which
from pathway.web.lists.files import Record, Table
from pathway.web.lists.filtered import Filtered, Offer, Tick
from pathway.web.visit import Here, Visit
from storage.queries import contact_rows
from storage.queries.intake.outside_rows import Waiting
from storage.queries.lists import check_in_page_rows
from storage.queries.lists.check_in_page_rows import CheckInsWanted
from storage.sessions import ReadSession

DANGER = Tick(name="danger", words="Immediate danger")
UNCONFIRMED = Tick(name="unconfirmed", words="The address waits to be confirmed")
OLDEST, NEWEST = ("oldest", "Received first"), ("newest", "Received last")
COLUMNS = ("Contact", "Children", "Received", "Source", "From", "Immediate danger", "Address confirmed")


def show(visit: Here) -> Response:
    """Those that nobody has taken over; what is about a restricted record says only so."""
    with visit.reading() as session:
        asked = _asked(visit)
        found = listed.read(session, asked, check_in_page_rows, _wanted(visit, asked))
        shut = visit.shut(session, [one.contact.id for one in found.lines])
        return answers.show(visit, session, "check_in_list.html", asked, listed=found, shut=shut)


def export(visit: Here) -> Response:
    """What is filtered as a file."""
    with visit.reading() as session:
        records = _records(visit, session, _wanted(visit, _asked(visit)))
        return files.answer(visit, Table(name="to-check-in", columns=COLUMNS, records=records))


def _asked(visit: Visit) -> Filtered:
    offer = Offer(
        path=which.CHECK_IN,
        title=which.TITLES[which.CHECK_IN],
        search="Child, referrer or reference",
        choices=[referral_filters.sources(), *referral_filters.kinds(visit)],
        ticks=[DANGER, UNCONFIRMED, referral_filters.LATE],
        sorts=(OLDEST, NEWEST),
    )
    return filtered.read(offer, visit.request.query_params)


def _wanted(visit: Visit, asked: Filtered) -> CheckInsWanted:
    return CheckInsWanted(
        of=referral_filters.narrowed(visit, asked),
        danger=asked.ticked(DANGER.name),
        unconfirmed=asked.ticked(UNCONFIRMED.name),
        newest_first=asked.sort == NEWEST[0],
    )


def _records(visit: Visit, session: ReadSession, wanted: CheckInsWanted) -> Iterator[Record]:
    for lines in files.chunks(lambda page: check_in_page_rows.page(session, wanted, page)):
        children = contact_rows.children_of(session, {line.outside.contact_id for line in lines})
        for line in lines:
            yield _record(visit, line, children.get(line.outside.contact_id, frozenset()))


def _record(visit: Visit, line: Waiting, children: frozenset[int]) -> Record:
    contact = visible_referrer.as_seen(line.contact, sees=visit.sees_protected)
    cells = (
        contact.ref,
        ", ".join(page_words.child_name(child) for child in line.children),
        times.sortable(contact.received_at),
        page_words.source_words(contact.source_code),
        contact.referrer_agency,
        "yes" if contact.immediate_danger else "",
        times.sortable(line.outside.confirmed_at) if line.outside.confirmed_at else "",
    )
    return Record(cells=cells, children=children)

"""The screening list, where work begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from starlette.responses import Response

from pathway.engine.drafts import unfinished_contacts
from pathway.engine.referrers import visible_referrer
from pathway.web import page_words, times
from pathway.web.lists import answers, files, filtered, listed, referral_filters, which
from pathway.web.lists.files import Record, Table
from pathway.web.lists.filtered import Filtered, Offer
from pathway.web.visit import Here, Visit
from storage.queries.lists import referral_list_rows
from storage.queries.lists.referral_list_rows import ReferralLine
from storage.sessions import ReadSession

COLUMNS = (
    "Reference",
    "Child",
    "Birth date",
    "State",
    "Due",
    "What is due",
    "Received",
    "Source",
    "From",
    "Worker",
    "Immediate danger",
    "Imported history",
)


def show(visit: Here) -> Response:
    """Open referrals by time left, with filters."""
    with visit.reading() as session:
        asked = _asked(visit, session)
        wanted = referral_filters.wanted(visit, asked)
        found = listed.read(session, asked, referral_list_rows, wanted)
        found = found.with_lines([_seen(visit, line) for line in found.lines])
        unfinished = unfinished_contacts.listed(session, visit.actor, visit.book, now=visit.now)
        return answers.show(visit, session, "screening_list.html", asked, listed=found, unfinished=unfinished)


def export(visit: Here) -> Response:
    """What is filtered as a file."""
    with visit.reading() as session:
        records = _records(visit, session, _asked(visit, session))
        return files.answer(visit, Table(name="screening-list", columns=COLUMNS, records=records))


def _asked(visit: Visit, session: ReadSession) -> Filtered:
    offer = Offer(
        path=which.REFERRALS,
        title=which.TITLES[which.REFERRALS],
        search="Child, referrer or reference",
        choices=referral_filters.all_of(visit, session),
        ticks=referral_filters.TICKS,
        sorts=referral_filters.SORTS,
    )
    return filtered.read(offer, visit.request.query_params)


def _seen(visit: Visit, line: ReferralLine) -> ReferralLine:
    return replace(line, contact=visible_referrer.as_seen(line.contact, sees=visit.sees_protected))


def _records(visit: Visit, session: ReadSession, asked: Filtered) -> Iterator[Record]:
    wanted = referral_filters.wanted(visit, asked)
    for line in files.walk(lambda page: referral_list_rows.page(session, wanted, page)):
        yield record(_seen(visit, line))


def record(line: ReferralLine) -> Record:
    """One child as a row of a file."""
    referral, contact, person, clock = line.referral, line.contact, line.person, line.clock
    cells = (
        referral.ref,
        page_words.child_name(person),
        person.birth_date.isoformat() if person.birth_date else "",
        referral.state,
        times.sortable(clock.due_at) if clock else "",
        clock.duty if clock else "",
        times.sortable(contact.received_at),
        page_words.source_words(contact.source_code),
        contact.referrer_agency,
        line.worker,
        "yes" if contact.immediate_danger else "",
        "yes" if referral.imported else "",
    )
    return Record(cells=cells, children=frozenset({referral.person_id}))

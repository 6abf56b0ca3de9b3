"""My children: what a social worker holds, what is due, and what waits for the worker's word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from starlette.responses import Response

from pathway.engine.casework import caseloads, transfer_sides
from pathway.engine.casework.caseloads import Load
from pathway.engine.watch import acknowledging
from pathway.web import page_words, times
from pathway.web.lists import answers, files, filtered, listed, referral_filters, which
from pathway.web.lists.files import Record, Table
from pathway.web.lists.filtered import Filtered, Offer
from pathway.web.lists.listed import Listed
from pathway.web.views import clock_view
from pathway.web.views.clock_view import ClockView
from pathway.web.visit import Here, Visit
from rules.vocabulary import State
from storage.queries.casework import my_children_rows, transfer_rows
from storage.queries.casework.my_children_rows import Mine
from storage.queries.lists import referral_list_rows
from storage.queries.lists.referral_list_rows import ReferralsWanted
from storage.sessions import ReadSession
from storage.tables import Alert, Worker, id_of

COLUMNS = ("Reference", "Child", "Birth date", "Due", "What is due", "Received", "Immediate danger")


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """One child on the page, with what is due for it, the soonest first."""

    mine: Mine
    clocks: Sequence[ClockView]


def show(visit: Here) -> Response:
    """The worker's own children; a word about what is missing where the user is no worker."""
    with visit.reading() as session:
        worker = transfer_sides.worker_of(session, visit.actor)
        if worker is None:
            return visit.page("my_children.html", worker=None)
        return _page(visit, session, worker)


def export(visit: Here) -> Response:
    """What is filtered as a file; nothing but its columns where the user is no worker."""
    with visit.reading() as session:
        worker = transfer_sides.worker_of(session, visit.actor)
        records = _records(session, _wanted(visit, _asked(visit), worker)) if worker else ()
        return files.answer(visit, Table(name="my-children", columns=COLUMNS, records=records))


def _page(visit: Visit, session: ReadSession, worker: Worker) -> Response:
    asked = _asked(visit)
    wanted = _wanted(visit, asked, worker)
    page = listed.wanted(asked, referral_list_rows.order(wanted))
    found = Listed(
        filtered=asked,
        found=referral_list_rows.numbers(session, wanted, page),
        count=referral_list_rows.count(session, wanted),
        kept_back=referral_list_rows.kept_back(session, wanted, closed=visit.closed),
    )
    children = [
        Child(mine=mine, clocks=clock_view.views(session, mine.clocks, now=visit.now))
        for mine in my_children_rows.among(session, found.lines)
    ]
    load: Load = caseloads.load_of(session, worker, now=visit.now)
    return answers.show(
        visit,
        session,
        "my_children.html",
        asked,
        worker=worker,
        listed=found.with_lines(children),
        load=load,
        alerts=_alerts(visit, session, worker),
        transfers=transfer_rows.open_of_worker(session, id_of(worker)),
    )


def _asked(visit: Visit) -> Filtered:
    offer = Offer(
        path=which.MY_CHILDREN,
        title=which.TITLES[which.MY_CHILDREN],
        search="Child, referrer or reference",
        choices=[*referral_filters.kinds(visit)],
        ticks=[referral_filters.LATE],
        sorts=referral_filters.SORTS,
    )
    return filtered.read(offer, visit.request.query_params)


def _wanted(visit: Visit, asked: Filtered, worker: Worker) -> ReferralsWanted:
    """Whoever holds a child knows of it, so that a closed record keeps its line here, without its name."""
    wanted = referral_filters.wanted(visit, asked)
    return replace(wanted, workers=[id_of(worker)], states=[State.ALLOCATED], closed=frozenset())


def _records(session: ReadSession, wanted: ReferralsWanted) -> Iterator[Record]:
    for line in files.walk(lambda page: referral_list_rows.page(session, wanted, page)):
        cells = (
            line.referral.ref,
            page_words.child_name(line.person),
            line.person.birth_date.isoformat() if line.person.birth_date else "",
            times.sortable(line.clock.due_at) if line.clock else "",
            line.clock.duty if line.clock else "",
            times.sortable(line.contact.received_at),
            "yes" if line.contact.immediate_danger else "",
        )
        yield Record(cells=cells, children=frozenset({line.referral.person_id}))


def _alerts(visit: Visit, session: ReadSession, worker: Worker) -> Sequence[tuple[Alert, bool]]:
    """Each alert about the worker's children, and whether it is the worker's to acknowledge; those first."""
    found = [
        (alert, not acknowledging.why_not(session, alert, visit.actor, visit.book))
        for alert in my_children_rows.alerts(session, id_of(worker))
    ]
    return sorted(found, key=lambda pair: not pair[1])

"""What waits for a second look, and what a second look did not agree with: filtered, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from starlette.responses import Response

from pathway.web import page_words, times
from pathway.web.lists import answers, filtered, referral_filters, short_list, which
from pathway.web.lists.filtered import Choice, Filtered, Offer
from pathway.web.lists.short_list import Line, ShortList
from pathway.web.visit import Here, Visit
from storage.queries import record_rows
from storage.queries.children import repeat_rows
from storage.sessions import ReadSession
from storage.tables import Contact, Person, Referral, id_of

WAITING, DISPUTED = "waiting", "disputed"
WHICH = Choice(
    name="which", legend="Which", choices=[(WAITING, "Waits for a second look"), (DISPUTED, "Not agreed with")]
)
# The line of a closed record tells these as well.
TOLD = (WHICH.name, referral_filters.STATES.name, referral_filters.LATE.name)
COLUMNS = ("Reference", "Child", "Which", "Due", "State", "Received", "Looked at", "By", "Note")


def show(visit: Here) -> Response:
    """What waits, the soonest due first, then what was not agreed with."""
    with visit.reading() as session:
        found = _read(visit, session)
        return answers.show(
            visit,
            session,
            "second_looks.html",
            found.asked,
            listed=found.listed(),
            names=record_rows.names(session),
        )


def export(visit: Here) -> Response:
    """What is filtered as a file."""
    with visit.reading() as session:
        return _read(visit, session).file(visit, "second-looks", COLUMNS)


def _read(visit: Visit, session: ReadSession) -> ShortList:
    asked, lines = _asked(visit, session), [*_waiting(visit, session), *_disputed(session)]
    mine = short_list.mine(visit, session, asked, (line.row[1] for line in lines))
    lines = [short_list.tick(line, referral_filters.MINE, when=line.row[1].id in mine) for line in lines]
    return ShortList(asked=asked, lines=lines, closed=visit.closed, told=TOLD)


def _asked(visit: Visit, session: ReadSession) -> Filtered:
    offer = Offer(
        path=which.SECOND_LOOKS,
        title=which.TITLES[which.SECOND_LOOKS],
        search="Child or reference",
        choices=[WHICH, *referral_filters.all_of(visit, session)],
        ticks=[referral_filters.LATE, referral_filters.MINE],
        sorts=(short_list.DUE, short_list.NEWEST, short_list.OLDEST),
    )
    return filtered.read(offer, visit.request.query_params)


def _waiting(visit: Visit, session: ReadSession) -> Iterator[Line]:
    for row in repeat_rows.waiting_looks(session):
        clock, referral, contact, person = row
        line = Line(row=row, number=id_of(clock), at=contact.received_at, due_at=clock.due_at)
        cells = (WAITING, times.sortable(clock.due_at), referral.state, times.sortable(contact.received_at), "", "", "")
        line = _of_child(line, (referral, contact, person), cells)
        yield short_list.tick(line, referral_filters.LATE, when=visit.now >= clock.due_at)


def _disputed(session: ReadSession) -> Iterator[Line]:
    names = record_rows.names(session)
    for row in repeat_rows.disagreements(session):
        look, referral, contact, person = row
        # Nothing is due of it: what has waited longest comes first, as if it had been due when it was looked at.
        line = Line(row=row, number=id_of(look), at=look.looked_at, part=1, due_at=look.looked_at)
        looked = (times.sortable(look.looked_at), names.get(look.looked_by, look.looked_by), look.note)
        cells = (DISPUTED, "", referral.state, times.sortable(contact.received_at), *looked)
        yield _of_child(line, (referral, contact, person), cells)


def _of_child(line: Line, child: tuple[Referral, Contact, Person], cells: tuple[str, ...]) -> Line:
    referral, contact, person = child
    name = page_words.child_name(person)
    values: Mapping[str, tuple[str, ...]] = {WHICH.name: (cells[0],)}
    return replace(
        line,
        values={**short_list.of_referral(referral, contact), **values},
        words=f"{name} {referral.ref}",
        children=frozenset({referral.person_id}),
        cells=(referral.ref, name, *cells),
    )

"""Corrections that wait: for a second person, or for a word on letters that have left and say it wrong."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.responses import Response

from pathway.web import times
from pathway.web.lists import answers, filtered, referral_filters, short_list, which
from pathway.web.lists.filtered import Choice, Filtered, Offer, Tick
from pathway.web.lists.short_list import Line, ShortList
from pathway.web.views import detail_view
from pathway.web.visit import Here, Visit
from storage.queries import contact_rows, correction_rows, record_rows
from storage.sessions import ReadSession
from storage.tables import Contact, id_of

WAITING, LETTER = "waiting", "letter"
WHICH = Choice(
    name="which",
    legend="Which",
    choices=[(WAITING, "Waits for a second person"), (LETTER, "A letter that says it wrong")],
)
BY_ME = Tick(name="by-me", words="Asked by me")
COLUMNS = ("Contact", "Which", "What", "Was", "Is to be", "Why", "Asked or written", "By")


def show(visit: Here) -> Response:
    """What waits; what is about a restricted record says only so."""
    with visit.reading() as session:
        found = _read(visit, session)
        page = found.listed()
        shut, names = visit.shut(session, [_contact(line).id for line in page.lines]), record_rows.names(session)
        return answers.show(visit, session, "corrections.html", found.asked, listed=page, shut=shut, names=names)


def export(visit: Here) -> Response:
    """What is filtered as a file."""
    with visit.reading() as session:
        return _read(visit, session).file(visit, "corrections", COLUMNS)


def _contact(line: Line) -> Contact:
    found: Contact = line.row.line.contact if line.part == 0 else line.row[2]
    return found


def _read(visit: Visit, session: ReadSession) -> ShortList:
    lines = [*_waiting(visit, session), *_letters(session)]
    children = contact_rows.children_of(session, {id_of(_contact(line)) for line in lines})
    lines = [short_list.about(line, children.get(id_of(_contact(line)), frozenset())) for line in lines]
    return ShortList(asked=_asked(visit), lines=lines, closed=visit.closed, told=(WHICH.name,))


def _asked(visit: Visit) -> Filtered:
    offer = Offer(
        path=which.CORRECTIONS,
        title=which.TITLES[which.CORRECTIONS],
        search="Contact, or who asked",
        choices=[WHICH, referral_filters.sources(), *referral_filters.kinds(visit)],
        ticks=[BY_ME],
        sorts=(short_list.OLDEST, short_list.NEWEST),
    )
    return filtered.read(offer, visit.request.query_params)


def _waiting(visit: Visit, session: ReadSession) -> Iterator[Line]:
    names = record_rows.names(session)
    for line in correction_rows.waiting(session):
        change, one = detail_view.change(line), line.correction
        by = names.get(one.made_by, one.made_by)
        said = (change.detail.name, change.old, change.new, one.reason, times.sortable(one.made_at), by)
        found = Line(
            row=change,
            number=id_of(one),
            at=one.made_at,
            values={**short_list.of_contact(line.contact), WHICH.name: (WAITING,)},
            words=f"{line.contact.ref} {by}",
            cells=(line.contact.ref, WAITING, *said),
        )
        yield short_list.tick(found, BY_ME, when=one.made_by == visit.actor.username)


def _letters(session: ReadSession) -> Iterator[Line]:
    for row in correction_rows.overtaken_open(session):
        offer, letter, contact = row
        yield Line(
            row=row,
            number=id_of(offer),
            at=letter.written_at,
            part=1,
            values={**short_list.of_contact(contact), WHICH.name: (LETTER,)},
            words=contact.ref,
            cells=(contact.ref, LETTER, letter.kind, "", "", "", times.sortable(letter.written_at), ""),
        )

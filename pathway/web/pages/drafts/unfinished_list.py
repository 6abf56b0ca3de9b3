"""Contacts that somebody began and did not log, filtered, and the same as a file; what was typed stays in them."""

from __future__ import annotations

from starlette.responses import Response

from pathway.engine.drafts import unfinished_contacts
from pathway.web import times
from pathway.web.lists import answers, filtered, short_list, which
from pathway.web.lists.filtered import Filtered, Offer, Tick
from pathway.web.lists.short_list import ShortList
from pathway.web.visit import Here, Visit
from storage.sessions import ReadSession
from storage.tables import id_of

DANGER = Tick(name="danger", words="Immediate danger")
MINE = Tick(name="mine", words="Begun by me")
OPENS = Tick(name="opens", words="I may open it")
COLUMNS = ("Begun by", "Begun", "Changed last", "Immediate danger")


def show(visit: Here) -> Response:
    """Immediate danger first, then what was begun first."""
    with visit.reading() as session:
        found = _read(visit, session)
        return answers.show(visit, session, "unfinished_list.html", found.asked, listed=found.listed())


def export(visit: Here) -> Response:
    """What is filtered as a file."""
    with visit.reading() as session:
        return _read(visit, session).file(visit, "unfinished-contacts", COLUMNS)


def _read(visit: Visit, session: ReadSession) -> ShortList:
    found = unfinished_contacts.listed(session, visit.actor, visit.book, now=visit.now)
    return ShortList(asked=_asked(visit), lines=[_line(visit, one) for one in found])


def _asked(visit: Visit) -> Filtered:
    offer = Offer(
        path=which.UNFINISHED,
        title=which.TITLES[which.UNFINISHED],
        search="Who began it",
        ticks=[DANGER, MINE, OPENS],
        sorts=(short_list.OLDEST, short_list.NEWEST),
    )
    return filtered.read(offer, visit.request.query_params)


def _line(visit: Visit, one: unfinished_contacts.Line) -> short_list.Line:
    draft = one.draft
    moments = (times.sortable(draft.begun_at), times.sortable(draft.changed_at))
    return short_list.Line(
        row=one,
        number=id_of(draft),
        at=draft.begun_at,
        part=0 if draft.in_danger else 1,
        values={
            DANGER.name: short_list.yes(when=draft.in_danger),
            MINE.name: short_list.yes(when=draft.writer == visit.actor.username),
            OPENS.name: short_list.yes(when=one.opens),
        },
        words=one.name,
        cells=(one.name, *moments, "yes" if draft.in_danger else ""),
    )

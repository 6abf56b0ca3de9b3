"""The decisions of which it is asked whether they stand, filtered, and the same as a file."""

from __future__ import annotations

from starlette.responses import Response

from pathway.web import page_words, times
from pathway.web.lists import answers, filtered, referral_filters, short_list, which
from pathway.web.lists.filtered import Filtered, Offer
from pathway.web.lists.short_list import Line, ShortList
from pathway.web.visit import Here, Visit
from storage.queries import contact_rows, information_rows
from storage.queries.information_rows import Asked
from storage.sessions import ReadSession
from storage.tables import id_of

COLUMNS = ("Reference", "Child", "State", "Information added", "By", "Asked")


def show(visit: Here) -> Response:
    """The questions, the oldest first."""
    with visit.reading() as session:
        found = _read(visit, session)
        page = found.listed()
        shut = visit.shut(session, [line.row.contact.id for line in page.lines])
        return answers.show(visit, session, "decision_questions.html", found.asked, listed=page, shut=shut)


def export(visit: Here) -> Response:
    """What is filtered as a file."""
    with visit.reading() as session:
        return _read(visit, session).file(visit, "decision-questions", COLUMNS)


def _read(visit: Visit, session: ReadSession) -> ShortList:
    asked, found = _asked(visit, session), information_rows.open_questions(session)
    mine = short_list.mine(visit, session, asked, (one.referral for one in found))
    children = contact_rows.children_of(session, {id_of(one.contact) for one in found})
    lines = [
        short_list.tick(
            short_list.about(_line(one), children.get(id_of(one.contact), frozenset())),
            referral_filters.MINE,
            when=one.referral.id in mine,
        )
        for one in found
    ]
    return ShortList(asked=asked, lines=lines, closed=visit.closed)


def _asked(visit: Visit, session: ReadSession) -> Filtered:
    offer = Offer(
        path=which.DECISION_QUESTIONS,
        title=which.TITLES[which.DECISION_QUESTIONS],
        search="Child or reference",
        choices=referral_filters.all_of(visit, session),
        ticks=[referral_filters.MINE],
        sorts=(short_list.OLDEST, short_list.NEWEST),
    )
    return filtered.read(offer, visit.request.query_params)


def _line(one: Asked) -> Line:
    name, told = page_words.child_name(one.person), one.information
    added = (times.sortable(told.recorded_at), told.channel, times.sortable(one.question.asked_at))
    return Line(
        row=one,
        number=id_of(one.question),
        at=one.question.asked_at,
        values=short_list.of_referral(one.referral, one.contact),
        words=f"{name} {one.referral.ref}",
        cells=(one.referral.ref, name, one.referral.state, *added),
    )

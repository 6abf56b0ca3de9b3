"""Restricted records, and broken glass that is to be reviewed: filtered, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from starlette.responses import Response

from pathway.web import forms, page_words, times
from pathway.web.lists import answers, filtered, short_list, which
from pathway.web.lists.filtered import Choice, Filtered, Offer, Tick
from pathway.web.lists.short_list import Line, ShortList
from pathway.web.visit import Here, Visit
from storage.queries import record_rows
from storage.queries.children import opener_rows, restriction_rows
from storage.sessions import ReadSession
from storage.tables import Person, id_of

RESTRICTED, BROKEN = "restricted", "broken"
WHICH = Choice(name="which", legend="Which", choices=[(RESTRICTED, "Restricted"), (BROKEN, "Broken glass to review")])
MINE = Tick(name="mine", words="Restricted by me, or opened by me")
LATE = Tick(name="late", words="The review is late")
SORTS = (("due", "Restricted last, and the review due soonest"), short_list.NEWEST, short_list.OLDEST)
COLUMNS = ("Child", "Name", "Which", "Since", "By", "Why", "Opens to", "Review due")


def show(visit: Here) -> Response:
    """All restrictions that hold; a child's name only to those named."""
    with visit.reading() as session:
        found, names = _read(visit, session), record_rows.names(session)
        page, form = found.listed(), forms.fresh()
        return answers.show(visit, session, "restricted.html", found.asked, listed=page, form=form, names=names)


def export(visit: Here) -> Response:
    """What is filtered as a file."""
    with visit.reading() as session:
        return _read(visit, session).file(visit, "restricted-records", COLUMNS)


def _read(visit: Visit, session: ReadSession) -> ShortList:
    names = record_rows.names(session)
    lines = [*_restricted(visit, session, names), *_broken(visit, session, names)]
    # That somebody restricted a record or opened it, and when, the line of a closed one tells as well.
    told = (WHICH.name, MINE.name, LATE.name)
    return ShortList(asked=_asked(visit), lines=lines, closed=visit.closed, told=told)


def _asked(visit: Visit) -> Filtered:
    offer = Offer(
        path=which.RESTRICTED,
        title=which.TITLES[which.RESTRICTED],
        search="Child, or who it opens to",
        choices=[WHICH],
        ticks=[LATE, MINE],
        sorts=SORTS,
    )
    return filtered.read(offer, visit.request.query_params)


def _restricted(visit: Visit, session: ReadSession, names: Mapping[str, str]) -> Iterator[Line]:
    for one in restriction_rows.listed(session):
        held, name = one.restriction, page_words.child_name(one.person)
        by, why = names.get(held.restricted_by, held.restricted_by), held.reason
        opens_to = ", ".join(names.get(each.username, each.username) for each in one.names)
        yield Line(
            row=one,
            number=id_of(held),
            at=held.restricted_at,
            values=_values(RESTRICTED, mine=held.restricted_by == visit.actor.username, late=False),
            words=f"{name} {by} {opens_to}",
            children=frozenset({held.person_id}),
            cells=(str(held.person_id), name, RESTRICTED, times.sortable(held.restricted_at), by, why, opens_to, ""),
        )


def _broken(visit: Visit, session: ReadSession, names: Mapping[str, str]) -> Iterator[Line]:
    for one in opener_rows.to_review(session):
        name, by = page_words.child_name(session.get_one(Person, one.person_id)), names.get(one.username, one.username)
        since, due = times.sortable(one.broken_at), times.sortable(one.review_due_at)
        is_mine, is_late = one.username == visit.actor.username, visit.now >= one.review_due_at
        yield Line(
            row=one,
            number=id_of(one),
            at=one.broken_at,
            part=1,
            due_at=one.review_due_at,
            values=_values(BROKEN, mine=is_mine, late=is_late),
            words=f"{name} {by}",
            children=frozenset({one.person_id}),
            cells=(str(one.person_id), name, BROKEN, since, by, one.reason, "", due),
        )


def _values(kind: str, *, mine: bool, late: bool) -> Mapping[str, tuple[str, ...]]:
    yes = {MINE.name: mine, LATE.name: late}
    return {WHICH.name: (kind,), **{name: (filtered.YES,) for name, holds in yes.items() if holds}}

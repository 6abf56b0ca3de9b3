"""Queries: what is odd on records and waits for somebody to look into it, filtered, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from starlette.datastructures import QueryParams
from starlette.responses import Response

from pathway.engine import inputs
from pathway.engine.children import oddities
from pathway.engine.children.oddities import QueryInput
from pathway.engine.referrers import visible_referrer
from pathway.web import forms, page_words, times
from pathway.web.forms import Form, Posted
from pathway.web.kept import way_back
from pathway.web.lists import answers, files, filtered, listed, referral_filters, which
from pathway.web.lists.files import Record, Table
from pathway.web.lists.filtered import Choice, Choices, Filtered, Offer, Tick
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, PathwayError, Refused
from storage.queries import record_rows
from storage.queries.children.oddity_rows import Hidden, Line
from storage.queries.lists import query_page_rows
from storage.queries.lists.query_page_rows import QueriesWanted
from storage.sessions import ReadSession
from storage.tables import id_of

SETTLED = "settled"
PLACES: Choices = (
    ("nhs_number", "NHS number"),
    ("upn", "Unique pupil number"),
    ("birth_date", "Birth date"),
    ("forename", "First name"),
    ("surname", "Surname"),
    ("address", "Address"),
    ("school", "School"),
    ("referrer_email", "Referrer’s e-mail address"),
)
# A file of an old system has another word for it.
ALSO = {"birth_date": ("birth_date", "dob")}
BY_ME = Tick(name="by-me", words="Settled by me")
OLDEST, NEWEST = ("oldest", "Raised first"), ("newest", "Raised last")
LATEST, EARLIEST = ("latest", "Settled last"), ("earliest", "Settled first")
COLUMNS = ("Query", "Where", "Value", "What to do", "Contact", "Referral", "Raised", "Settled", "By", "Found out")


def show(visit: Here) -> Response:
    """The open queries, or those that have been settled."""
    return _list(visit, visit.request.query_params)


def export(visit: Here) -> Response:
    """What is filtered as a file."""
    with visit.reading() as session:
        asked = _asked(visit, session, visit.request.query_params)
        records = _records(session, _wanted(visit, asked))
        return files.answer(visit, Table(name="queries", columns=COLUMNS, records=records))


def settle(visit: Here, query_id: int, form: Posted) -> Response:
    """Settles one query with what was found out; back to the list as it was filtered."""
    back = way_back.own_path(form.get("back"), default=which.QUERIES)
    try:
        data = inputs.parse(QueryInput, {"note": form.get("note")})
        visit.change(lambda act: oddities.settle(act, query_id, data), token=form.token)
    except (InvalidInput, Refused) as error:
        wrong = form.where(**{f"note-{query_id}": form.get("note")}).refused(_placed(error, query_id))
        return _list(visit, QueryParams(urlsplit(back).query), status=error.status, wrong=wrong)
    return visit.go(back, notice="query-settled")


def _placed(error: PathwayError, query_id: int) -> PathwayError:
    """Every query of the page has a field of its own for the note."""
    if not isinstance(error, InvalidInput):
        return error
    return InvalidInput([replace(fault, place=f"note-{query_id}") for fault in error.faults])


def _list(visit: Visit, query: QueryParams, *, status: int = 200, wrong: Form | None = None) -> Response:
    with visit.reading() as session:
        asked = _asked(visit, session, query)
        found = listed.read(session, asked, query_page_rows, _wanted(visit, asked))
        visit.shut(session, [line.contact.id for line in found.lines])
        return answers.show(
            visit,
            session,
            "queries.html",
            asked,
            status=status,
            listed=found,
            settled=asked.one("tab") == SETTLED,
            form=wrong or Form(),
            fresh=forms.fresh,
            names=record_rows.names(session),
        )


def _asked(visit: Visit, session: ReadSession, query: QueryParams) -> Filtered:
    offer = Offer(
        path=which.QUERIES,
        title=which.TITLES[which.QUERIES],
        search="Child, referrer, contact or words",
        choices=[
            Choice(name="about", legend="Where it lies", choices=PLACES, several=True),
            *referral_filters.all_of(visit, session),
        ],
        ticks=[*referral_filters.TICKS, BY_ME],
        sorts=(LATEST, EARLIEST) if query.get("tab") == SETTLED else (OLDEST, NEWEST),
        kept=["tab"],
    )
    return filtered.read(offer, query)


def _wanted(visit: Visit, asked: Filtered) -> QueriesWanted:
    return QueriesWanted(
        settled=asked.one("tab") == SETTLED,
        words=asked.words,
        places=[place for one in asked.all("about") for place in ALSO.get(one, (one,))],
        settled_by=visit.actor.username if asked.ticked(BY_ME.name) else "",
        of=referral_filters.narrowed(visit, asked),
        hidden=Hidden(places=() if visit.sees_protected else visible_referrer.FACTS, children=visit.closed),
        turned=asked.sort in (NEWEST[0], EARLIEST[0]),
    )


def _records(session: ReadSession, wanted: QueriesWanted) -> Iterator[Record]:
    names = record_rows.names(session)
    for line in files.walk(lambda page: query_page_rows.page(session, wanted, page)):
        yield _record(line, names)


def _record(line: Line, names: Mapping[str, str]) -> Record:
    query = line.query
    cells = (
        query.problem,
        page_words.place_words(query.place),
        page_words.child_name(line.other) if line.other else query.value,
        query.remedy,
        line.contact.ref,
        line.referral_ref,
        times.sortable(query.raised_at),
        times.sortable(query.settled_at) if query.settled_at else "",
        names.get(query.settled_by, query.settled_by),
        query.settled_note,
    )
    return Record(cells=cells, children=line.children | ({id_of(line.other)} if line.other else set()))

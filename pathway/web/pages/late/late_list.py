"""The list of what ended late and of which nobody has said why, with its filter, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from starlette.responses import Response

from pathway.engine import clocks
from pathway.web import page_words, times
from pathway.web.lists import answers, files, filtered, listed, referral_filters, which
from pathway.web.lists.files import Record, Table
from pathway.web.lists.filtered import Choice, Filtered, Offer
from pathway.web.visit import Here, Visit
from storage.queries.lists import late_page_rows
from storage.queries.lists.late_page_rows import LateLine, LateWanted
from storage.sessions import ReadSession
from storage.tables import id_of

DAYS = 28
NEWEST, OLDEST = ("newest", "What was due last"), ("oldest", "What was due first")
NEVER_DONE = "never done"
COLUMNS = ("Reference", "Child", "What was late", "Due", "Done", "Late by")


def show(visit: Here) -> Response:
    """What ended late in the last four weeks and of which nobody has said why."""
    with visit.reading() as session:
        asked = _asked(visit, session)
        found = listed.read(session, asked, late_page_rows, _wanted(visit, asked))
        titles = _titles(session, found.lines)
        return answers.show(visit, session, "late_list.html", asked, listed=found, titles=titles, days=DAYS)


def export(visit: Here) -> Response:
    """What is filtered as a file."""
    with visit.reading() as session:
        wanted = replace(_wanted(visit, _asked(visit, session)), counts_closed=True)
        return files.answer(
            visit, Table(name="late-without-reason", columns=COLUMNS, records=_records(session, wanted))
        )


def _asked(visit: Visit, session: ReadSession) -> Filtered:
    duties = [(kind, rule.title) for kind, rule in visit.book.clocks.items()]
    offer = Offer(
        path=which.WHY_LATE,
        title=which.TITLES[which.WHY_LATE],
        search="Child, referrer or reference",
        choices=[
            Choice(name="duty", legend="What was late", choices=duties, several=True),
            *referral_filters.all_of(visit, session),
        ],
        ticks=[referral_filters.UNDECIDED, referral_filters.MINE],
        sorts=(NEWEST, OLDEST),
    )
    return filtered.read(offer, visit.request.query_params)


def _wanted(visit: Visit, asked: Filtered) -> LateWanted:
    return LateWanted(
        since=visit.now - timedelta(days=DAYS),
        kinds=asked.all("duty"),
        of=referral_filters.narrowed(visit, asked),
        oldest_first=asked.sort == OLDEST[0],
    )


def _titles(session: ReadSession, lines: Sequence[LateLine]) -> Mapping[int, str]:
    return {id_of(line.clock): clocks.rule_of(session, line.clock).title for line in lines}


def _records(session: ReadSession, wanted: LateWanted) -> Iterator[Record]:
    for lines in files.chunks(lambda page: late_page_rows.page(session, wanted, page)):
        titles = _titles(session, lines)
        for line in lines:
            yield Record(cells=_cells(line, titles), children=frozenset({line.referral.person_id}))


def _cells(line: LateLine, titles: Mapping[int, str]) -> Sequence[str]:
    clock, name = line.clock, page_words.child_name(line.person)
    due, title = times.sortable(clock.due_at), titles[id_of(clock)]
    if clock.not_applicable_because or clock.stopped_at is None:
        return line.referral.ref, name, title, due, "", NEVER_DONE
    done, gap = times.sortable(clock.stopped_at), times.gap(clock.due_at, clock.stopped_at)
    return line.referral.ref, name, title, due, done, gap or "less than a minute"

"""The list of possible matches and of merges, with its filter, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from starlette.responses import Response

from pathway.web import page_words, times
from pathway.web.lists import answers, files, filtered, listed, referral_filters, which
from pathway.web.lists.files import Record, Table
from pathway.web.lists.filtered import Choices, Filtered, Offer, Tick
from pathway.web.views import match_view
from pathway.web.visit import Here, Visit
from storage.queries import record_rows
from storage.queries.children import match_rows, merge_rows
from storage.queries.lists import match_page_rows
from storage.queries.lists.match_page_rows import MERGED, MatchesWanted, Sort
from storage.sessions import ReadSession
from storage.tables import Person, id_of

OPEN = "open"
TABS = (
    (OPEN, "To be settled"),
    ("confirmed", "Confirmed, to be merged"),
    (MERGED, "Merged"),
    ("declined", "Declined"),
)
BY_ME = Tick(name="by-me", words="Settled or merged by me")
SORTS: Choices = (
    (Sort.LIKELIEST.value, "The likeliest"),
    (Sort.NEWEST.value, "Proposed last"),
    (Sort.OLDEST.value, "Proposed first"),
)
OF_MERGES: Choices = ((Sort.NEWEST.value, "Merged last"), (Sort.OLDEST.value, "Merged first"))
COLUMNS = (
    *(f"{side}, {fact}" for side in ("Older or kept record", "Newer or merged record") for fact in ("child", "name")),
    "Birth date",
    "Other birth date",
    "Why",
    "Proposed",
    "Settled or merged",
    "By",
    "Note",
)


def show(visit: Here) -> Response:
    """The proposals that wait, or those settled, or the merges that stand."""
    with visit.reading() as session:
        asked = _asked(visit, session)
        return answers.show(
            visit,
            session,
            "matches.html",
            asked,
            listed=listed.read(session, asked, match_page_rows, _wanted(visit, asked)),
            tabs=TABS,
            tab=_tab(asked),
            compare=match_view.compare,
            names=record_rows.names(session),
        )


def export(visit: Here) -> Response:
    """What is filtered as a file."""
    with visit.reading() as session:
        records = _records(session, _wanted(visit, _asked(visit, session)))
        return files.answer(visit, Table(name="possible-matches", columns=COLUMNS, records=records))


def _asked(visit: Visit, session: ReadSession) -> Filtered:
    tab = visit.request.query_params.get("tab")
    offer = Offer(
        path=which.MATCHES,
        title=which.TITLES[which.MATCHES],
        search="Child, referrer or reference",
        choices=referral_filters.all_of(visit, session),
        ticks=[*referral_filters.TICKS, BY_ME],
        sorts=OF_MERGES if tab == MERGED else SORTS,
        kept=["tab"],
    )
    return filtered.read(offer, visit.request.query_params)


def _tab(asked: Filtered) -> str:
    return asked.one("tab") if asked.one("tab") in dict(TABS) else OPEN


def _wanted(visit: Visit, asked: Filtered) -> MatchesWanted:
    return MatchesWanted(
        tab=_tab(asked),
        words=asked.words,
        settled_by=visit.actor.username if asked.ticked(BY_ME.name) else "",
        of=referral_filters.narrowed(visit, asked),
        sort=Sort(asked.sort),
    )


def _records(session: ReadSession, wanted: MatchesWanted) -> Iterator[Record]:
    names = record_rows.names(session)
    for line in files.walk(lambda page: match_page_rows.page(session, wanted, page)):
        yield _of_merge(line, names) if wanted.tab == MERGED else _of_match(line, names)


def _of_match(line: match_rows.Line, names: Mapping[str, str]) -> Record:
    match = line.match
    settled = times.sortable(match.settled_at) if match.settled_at else ""
    by = names.get(match.settled_by, match.settled_by)
    more = (match.reason, times.sortable(match.proposed_at), settled, by, match.note)
    return _record(line.older, line.newer, more)


def _of_merge(line: merge_rows.Line, names: Mapping[str, str]) -> Record:
    merge = line.merge
    by = names.get(merge.merged_by, merge.merged_by)
    return _record(line.kept, line.merged, (merge.reason, "", times.sortable(merge.merged_at), by, ""))


def _record(one: Person, other: Person, more: Sequence[str]) -> Record:
    both = (one, other)
    named = [cell for person in both for cell in (str(id_of(person)), page_words.child_name(person))]
    born = [person.birth_date.isoformat() if person.birth_date else "" for person in both]
    cells = (*named, *born, *more)
    return Record(cells=cells, children=frozenset(id_of(person) for person in both))

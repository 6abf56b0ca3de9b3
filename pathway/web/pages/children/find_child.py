"""Do we know this child? The search that stands in the header of every page, its answers, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from starlette.responses import Response

from pathway.engine.children import finding, kept_back
from pathway.engine.children.finding import Answer
from pathway.web import page_words, times
from pathway.web.lists import answers, files, filtered, listed, which
from pathway.web.lists.files import Record, Table
from pathway.web.lists.filtered import Filtered, Offer
from pathway.web.lists.listed import Listed
from pathway.web.views import found_view
from pathway.web.visit import Here, Visit
from rules.likeness import identifiers
from storage.queries import keyset
from storage.queries.children import shown_child_rows
from storage.queries.children.shown_child_rows import ChildFacts, Sort
from storage.sessions import ReadSession
from storage.tables import id_of

WORDS, WIDER = "q", "wider"
OFFER = Offer(
    path=which.FIND,
    title=which.TITLES[which.FIND],
    sorts=(
        (Sort.LIKELIEST.value, "The likeliest"),
        (Sort.NAME.value, "By name"),
        (Sort.YOUNGEST.value, "The youngest"),
        (Sort.OLDEST.value, "The oldest"),
    ),
    kept=[WORDS, WIDER],
    size=finding.MOST_SHOWN,
)
COLUMNS = (
    "Child",
    "Born or due",
    "NHS number",
    "Also recorded as",
    "Address",
    "Contacts",
    "Last received",
    "State",
    "Outcome",
    "Worker",
    "Latest referral",
)


def show(visit: Here) -> Response:
    """The people whom the words find. Whoever is named on a restricted record that fits is told before that is said."""
    asked = filtered.read(OFFER, visit.request.query_params)
    words, answer = _answer(visit, asked)
    with visit.reading() as session:
        numbers = shown_child_rows.ordered(session, answer.numbers, Sort(asked.sort))
        page = keyset.of_numbers(numbers, listed.wanted(asked, keyset.NUMBERS))
        people = found_view.people(session, _facts(visit, session, page.rows), now=visit.now)
        found = Listed(
            filtered=asked,
            found=replace(page, rows=people),
            count=len(numbers),
            kept_back=0 if answer.silent else len(answer.kept_back),
        )
        context = {"answer": answer, "words": words, "said": found_view}
        return answers.show(visit, session, "find.html", asked, listed=found, **context)


def export(visit: Here) -> Response:
    """All who are found, in the chosen order, as a file."""
    asked = filtered.read(OFFER, visit.request.query_params)
    _, answer = _answer(visit, asked)
    with visit.reading() as session:
        numbers = shown_child_rows.ordered(session, answer.numbers, Sort(asked.sort))
        records = _records(visit, session, answer, numbers)
        return files.answer(visit, Table(name="children-found", columns=COLUMNS, records=records))


def _answer(visit: Visit, asked: Filtered) -> tuple[str, Answer]:
    words = asked.one(WORDS)[: finding.LONGEST]
    with visit.reading() as session:
        answer = finding.ranked(session, visit.actor, words, now=visit.now, wider=bool(asked.one(WIDER)))
    if answer.kept_back:
        visit.change(lambda act: kept_back.tell(act, words))
    return words, answer


def _facts(visit: Visit, session: ReadSession, numbers: Sequence[int]) -> Sequence[ChildFacts]:
    facts = shown_child_rows.facts(session, numbers, closed=visit.closed)
    return [facts[number] for number in numbers]


def _records(visit: Visit, session: ReadSession, answer: Answer, numbers: Sequence[int]) -> Iterator[Record]:
    for one in _facts(visit, session, numbers):
        outcome = found_view.outcome(session, one)
        yield Record(cells=_cells(one, outcome), children=frozenset({id_of(one.person)}))
    if not answer.silent:
        yield from (Record(cells=(), children=frozenset({number})) for number in answer.kept_back)


def _cells(one: ChildFacts, outcome: str) -> Sequence[str]:
    person, latest = one.person, one.latest
    return (
        page_words.child_name(person),
        str(person.birth_date or person.due_date or ""),
        identifiers.show_nhs_number(person.nhs_number or ""),
        "; ".join(one.other_names),
        person.address,
        str(one.contacts),
        times.sortable(latest.received_at) if latest else "",
        latest.state if latest else "",
        outcome,
        one.worker,
        latest.ref if latest else "",
    )

"""The list of letters, with its filter, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from starlette.responses import Response

from pathway.engine.referrers import visible_referrer
from pathway.web import times
from pathway.web.lists import answers, files, filtered, listed, referral_filters, which
from pathway.web.lists.files import Record, Table
from pathway.web.lists.filtered import Choice, Filtered, Offer, Tick
from pathway.web.views import letter_words_view
from pathway.web.visit import Here, Visit
from rules.messages import MessageKind
from storage.queries import contact_rows
from storage.queries.letters.letter_list_rows import LetterLine
from storage.queries.lists import letter_page_rows
from storage.queries.lists.letter_page_rows import LettersWanted
from storage.sessions import ReadSession
from storage.tables.lists.listed import Stage

OWED = Tick(name="owed", words="Only letters owed")
KINDS = (
    MessageKind.ACKNOWLEDGEMENT,
    MessageKind.OUTCOME,
    MessageKind.PART_OUTCOME,
    MessageKind.CORRECTED_OUTCOME,
    MessageKind.MISSING_INFORMATION,
    MessageKind.PARENTS,
    MessageKind.ONWARD,
)
STAGES = [(stage.value, stage.capitalize()) for stage in Stage if stage is not Stage.OWED]
NEWEST, OLDEST = ("newest", "Written last"), ("oldest", "Written first")
COLUMNS = ("Letter", "To", "Address", "Contact", "Written", "State", "More")


def show(visit: Here) -> Response:
    """All letters, or those that are filtered."""
    with visit.reading() as session:
        asked = _asked(visit)
        wanted = _wanted(visit, asked)
        found = listed.read(session, asked, letter_page_rows, wanted)
        found = found.with_lines(_seen(visit, found.lines))
        shut = visit.shut(session, [line.contact.id for line in found.lines])
        return answers.show(
            visit, session, "letters.html", asked, listed=found, owed=asked.ticked(OWED.name), shut=shut
        )


def export(visit: Here) -> Response:
    """What is filtered as a file."""
    with visit.reading() as session:
        records = _records(visit, session, _wanted(visit, _asked(visit)))
        return files.answer(visit, Table(name="letters", columns=COLUMNS, records=records))


def _asked(visit: Visit) -> Filtered:
    query = visit.request.query_params
    offer = Offer(
        path=which.LETTERS,
        title=which.TITLES[which.LETTERS],
        search="Recipient, child or reference",
        choices=[
            Choice(name="kind", legend="Kind of letter", choices=[(one.value, one.capitalize()) for one in KINDS]),
            Choice(name="stage", legend="How far it has come", choices=STAGES, several=True),
            referral_filters.sources(),
        ],
        ticks=[OWED],
        sorts=(OLDEST, NEWEST) if query.get(OWED.name) else (NEWEST, OLDEST),
    )
    return filtered.read(offer, query)


def _wanted(visit: Visit, asked: Filtered) -> LettersWanted:
    return LettersWanted(
        owed=asked.ticked(OWED.name),
        stages=asked.all("stage"),
        kinds=asked.all("kind"),
        sources=asked.all("source"),
        words=asked.words,
        sought=referral_filters.sought(visit, asked.words),
        closed=visit.closed,
        oldest_first=asked.sort == OLDEST[0],
    )


def _seen(visit: Visit, lines: Sequence[LetterLine]) -> Sequence[LetterLine]:
    return [visible_referrer.letter_as_seen(line, sees=visit.sees_protected) for line in lines]


def _records(visit: Visit, session: ReadSession, wanted: LettersWanted) -> Iterator[Record]:
    for lines in files.chunks(lambda page: letter_page_rows.page(session, wanted, page)):
        children = contact_rows.children_of(session, {line.letter.contact_id for line in lines})
        for line in _seen(visit, lines):
            yield _record(line, children.get(line.letter.contact_id, frozenset()))


def _record(line: LetterLine, children: frozenset[int]) -> Record:
    standing = letter_words_view.standing(line)
    cells = (
        line.letter.kind,
        line.letter.recipient_name or "The referrer",
        line.address.replace("\n", ", "),
        line.contact.ref,
        times.sortable(line.letter.written_at),
        standing.words,
        standing.more,
    )
    return Record(cells=cells, children=children)

"""What is asked of the list of letters that wait to be printed, and the list as a file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from starlette.responses import Response

from pathway.engine.post import print_queue
from pathway.engine.post.print_queue import Queued
from pathway.web import times
from pathway.web.lists import files, filtered, listed, referral_filters, which
from pathway.web.lists.files import Record, Table
from pathway.web.lists.filtered import Choice, Filtered, Offer, Tick
from pathway.web.lists.listed import Listed
from pathway.web.pages.letters.letter_list import KINDS, NEWEST, OLDEST
from pathway.web.visit import Here, Visit
from storage.queries import contact_rows
from storage.queries.lists import print_page_rows
from storage.queries.lists.letter_page_rows import LettersWanted
from storage.queries.lists.print_page_rows import PrintWanted
from storage.sessions import ReadSession

AGAIN = Tick(name="again", words="To be printed again")
COLUMNS = ("Letter", "To", "Address", "Contact", "Written", "State", "What is wrong with it")


def asked(visit: Visit) -> Filtered:
    """The list as the address asks for it: that of the page, or of a form that was sent from it."""
    offer = Offer(
        path=which.PRINT_QUEUE,
        title=which.TITLES[which.PRINT_QUEUE],
        search="Recipient, child or reference",
        choices=[
            Choice(
                name="kind",
                legend="Kind of letter",
                choices=[(one.value, one.capitalize()) for one in KINDS],
                several=True,
            ),
            referral_filters.sources(),
        ],
        ticks=[AGAIN],
        sorts=(OLDEST, NEWEST),
        size=print_queue.MOST,
    )
    return filtered.read(offer, visit.request.query_params)


def listed_page(visit: Visit, session: ReadSession, asked: Filtered, again: Collection[int]) -> Listed:
    """A page of what waits to be printed. ``again``: the letters whose printed address does not hold any more."""
    whole = _wanted(visit, asked, again)
    wanted = replace(whole, hidden=visit.closed)
    found = print_page_rows.page(session, wanted, listed.wanted(asked, print_page_rows.order(wanted)))
    return Listed(
        filtered=asked,
        found=replace(found, rows=[print_queue.queued(line) for line in found.rows]),
        count=print_page_rows.count(session, wanted),
        kept_back=print_page_rows.kept_back(session, whole),
    )


def export(visit: Here) -> Response:
    """What is filtered of what waits to be printed as a file."""
    with visit.reading() as session:
        who = print_queue.viewer(session, visit.actor, visit.book, now=visit.now)
        again = print_queue.queue(session, who, most=0).again
        records = _records(session, _wanted(visit, asked(visit), again))
        return files.answer(visit, Table(name="print-queue", columns=COLUMNS, records=records))


def _wanted(visit: Visit, asked: Filtered, again: Collection[int]) -> PrintWanted:
    letters = LettersWanted(
        owed=True,
        kinds=asked.all("kind"),
        sources=asked.all("source"),
        words=asked.words,
        sought=referral_filters.sought(visit, asked.words),
        closed=visit.closed,
        oldest_first=asked.sort == OLDEST[0],
    )
    return PrintWanted(
        letters=letters,
        again=again,
        only_again=asked.ticked(AGAIN.name),
        sees_protected=visit.sees_protected,
    )


def _records(session: ReadSession, wanted: PrintWanted) -> Iterator[Record]:
    for lines in files.chunks(lambda page: print_page_rows.page(session, wanted, page)):
        children = contact_rows.children_of(session, {line.letter.contact_id for line in lines})
        for line in lines:
            about = children.get(line.letter.contact_id, frozenset())
            yield Record(cells=_cells(print_queue.queued(line)), children=about)


def _cells(one: Queued) -> Sequence[str]:
    letter, contact = one.line.letter, one.line.contact
    moved = "Printed with another address" if one.has_moved else ""
    return (
        letter.kind,
        letter.recipient_name or "The referrer",
        ", ".join(one.address.lines) if one.address else contact.referrer_address.replace("\n", ", "),
        contact.ref,
        times.sortable(letter.written_at),
        moved or ("Came back" if one.line.returned else "To print"),
        " ".join(f"{fault.problem}. {fault.remedy}." for fault in one.faults) or one.only_here,
    )

"""What came back by e-mail, as a list: what waits for a person, then what was settled; and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from starlette.responses import Response

from pathway.web import times
from pathway.web.lists import answers, files, filtered, listed, which
from pathway.web.lists.files import Record, Table
from pathway.web.lists.filtered import Choice, Filtered, Offer, Tick
from pathway.web.lists.listed import Listed
from pathway.web.page_words import RESTRICTED
from pathway.web.views.post import returned_mail_view
from pathway.web.views.post.returned_mail_view import BounceView, Eyes
from pathway.web.visit import Here, Visit
from rules.messages import BounceKind
from storage.queries import contact_rows, record_rows
from storage.queries.lists import bounce_page_rows
from storage.queries.lists.bounce_page_rows import BouncesWanted, Sort
from storage.sessions import ReadSession

WAITING = Tick(name="waiting", words="Waits for a person")
OFFER = Offer(
    path=which.BOUNCES,
    title=which.TITLES[which.BOUNCES],
    search="Address, subject or contact",
    choices=[
        Choice(name="kind", legend="Kind", choices=[(one.value, one.capitalize()) for one in BounceKind], several=True),
        Choice(
            name="how",
            legend="How it was settled",
            choices=[(how.value, words) for how, words in returned_mail_view.ENDED.items()],
            several=True,
        ),
    ],
    ticks=[WAITING],
    sorts=(
        (Sort.USUAL.value, "What waits longest, and was settled last"),
        (Sort.NEWEST.value, "What came last"),
        (Sort.OLDEST.value, "What came first"),
    ),
)
COLUMNS = ("What", "About or from", "Subject", "What it says", "Written", "Contact", "How it was settled", "By", "Note")


def show(visit: Here) -> Response:
    """Those that wait for a person, failures first and the oldest before all; then those settled, the newest first."""
    asked = filtered.read(OFFER, visit.request.query_params)
    wanted = _wanted(visit, asked)
    with visit.reading() as session:
        page = bounce_page_rows.page(session, wanted, listed.wanted(asked, bounce_page_rows.order(wanted)))
        visit.shut(session, [line.contact.id for line in page.rows if line.contact is not None])
        views = _eyes(visit, session).found(session, page.rows, asked.words)
        found = Listed(
            filtered=asked,
            found=replace(page, rows=views),
            count=bounce_page_rows.count(session, wanted) - len(page.rows) + len(views),
            kept_back=bounce_page_rows.kept_back(session, wanted),
        )
        hidden = sum(line.settlement is None for line in page.rows) - sum(view.settlement is None for view in views)
        waiting = bounce_page_rows.count(session, replace(wanted, waiting=True)) - hidden
        counted = {"waiting": waiting, "waiting_words": listed.number_words(waiting)}
        return answers.show(
            visit, session, "bounces.html", asked, listed=found, names=record_rows.names(session), **counted
        )


def export(visit: Here) -> Response:
    """What is filtered as a file."""
    asked = filtered.read(OFFER, visit.request.query_params)
    with visit.reading() as session:
        records = _records(visit, session, asked)
        return files.answer(visit, Table(name="bounces", columns=COLUMNS, records=records))


def _wanted(visit: Visit, asked: Filtered) -> BouncesWanted:
    return BouncesWanted(
        kinds=asked.all("kind"),
        how=asked.all("how"),
        waiting=asked.ticked(WAITING.name),
        words=asked.words,
        sees_protected=visit.sees_protected,
        closed=visit.closed,
        sort=Sort(asked.sort),
    )


def _eyes(visit: Visit, session: ReadSession) -> Eyes:
    return returned_mail_view.eyes(session, sees=visit.sees_protected, closed=visit.closed)


def _records(visit: Visit, session: ReadSession, asked: Filtered) -> Iterator[Record]:
    wanted, eyes, names = _wanted(visit, asked), _eyes(visit, session), record_rows.names(session)
    for lines in files.chunks(lambda page: bounce_page_rows.page(session, wanted, page)):
        contacts = {line.contact.id for line in lines if line.contact is not None and line.contact.id is not None}
        children = contact_rows.children_of(session, contacts)
        for view in eyes.found(session, lines, asked.words):
            about = children.get(view.line.contact.id or 0, frozenset()) if view.line.contact else frozenset()
            by = view.settlement.settled_by if view.settlement else ""
            # What names a restricted child is left out also where nothing says whose it is.
            closed = visit.closed if view.why_hidden == RESTRICTED else frozenset()
            yield Record(cells=_cells(view, names.get(by, by)), children=about | closed)


def _cells(view: BounceView, by: str) -> Sequence[str]:
    bounce, note = view.bounce, view.settlement.note if view.settlement else ""
    return (
        bounce.kind,
        view.about,
        view.shown(bounce.subject),
        view.shown(bounce.diagnostic or bounce.excerpt),
        times.sortable(view.at),
        view.line.contact.ref if view.line.contact else "",
        view.ended or "Waits for a person",
        by,
        view.shown(note),
    )

"""The list of children referred onward whose receiver has not answered, and the same as a file."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response

from pathway.web import page_words, times
from pathway.web.lists import answers, files, filtered, listed, referral_filters, which
from pathway.web.lists.files import Record, Table
from pathway.web.lists.filtered import Filtered, Offer, Tick
from pathway.web.lists.listed import Listed
from pathway.web.visit import Here, Visit
from storage.queries.decisions.onward_rows import OnwardLine
from storage.queries.lists import onward_page_rows
from storage.queries.lists.onward_page_rows import OnwardWanted, Sort
from storage.tables import id_of

LATE = Tick(name="late", words="The answer is late")
NO_EMAIL = Tick(name="no-email", words="To be sent by ourselves")
SORTS = (
    (Sort.DUE.value, "What is due soonest"),
    (Sort.NEWEST.value, "Referred last"),
    (Sort.OLDEST.value, "Referred first"),
)
COLUMNS = ("Reference", "Child", "Immediate danger", "Receiver", "Address", "Since", "E-mail", "Sent", "Answer due")


def show(visit: Here) -> Response:
    """The list, immediate danger and the oldest due first."""
    asked = _asked(visit)
    wanted = _wanted(visit, asked)
    with visit.reading() as session:
        found = Listed(
            filtered=asked,
            found=onward_page_rows.page(session, wanted, listed.wanted(asked, onward_page_rows.order(wanted))),
            count=onward_page_rows.count(session, wanted),
            kept_back=onward_page_rows.kept_back(session, wanted),
        )
        return answers.show(visit, session, "onward.html", asked, listed=found)


def export(visit: Here) -> Response:
    """What is filtered as a file."""
    wanted = _wanted(visit, _asked(visit))
    with visit.reading() as session:
        lines = files.walk(lambda page: onward_page_rows.page(session, wanted, page))
        records = (Record(cells=_cells(line), children=frozenset({id_of(line.person)})) for line in lines)
        return files.answer(visit, Table(name="referred-onward", columns=COLUMNS, records=records))


def _asked(visit: Visit) -> Filtered:
    offer = Offer(
        path=which.ONWARD,
        title=which.TITLES[which.ONWARD],
        search="Child, receiver or reference",
        choices=[referral_filters.sources()],
        ticks=[LATE, NO_EMAIL],
        sorts=SORTS,
    )
    return filtered.read(offer, visit.request.query_params)


def _wanted(visit: Visit, asked: Filtered) -> OnwardWanted:
    return OnwardWanted(
        late=visit.now if asked.ticked(LATE.name) else None,
        no_email=asked.ticked(NO_EMAIL.name),
        sources=asked.all("source"),
        words=asked.words,
        sought=referral_filters.sought(visit, asked.words),
        closed=visit.closed,
        sort=Sort(asked.sort),
    )


def _cells(line: OnwardLine) -> Sequence[str]:
    message = line.message
    return (
        line.referral.ref,
        page_words.child_name(line.person),
        "Yes" if line.contact.immediate_danger else "",
        line.onward.receiver,
        message.recipient_address if message else line.onward.receiver_email,
        times.sortable(line.onward.sent_at),
        message.state if message else "Send it yourself",
        times.sortable(message.handed_over_at) if message and message.handed_over_at else "",
        times.sortable(line.due_at) if line.due_at else "",
    )

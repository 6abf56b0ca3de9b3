"""What is asked of the list of alerts, and the list as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from starlette.responses import Response

from pathway.web import times
from pathway.web.lists import files, filtered, referral_filters, which
from pathway.web.lists.files import Record, Table
from pathway.web.lists.filtered import Choice, Filtered, Offer, Tick
from pathway.web.visit import Here, Visit
from rules.vocabulary import Action, AlertKind
from storage.queries import contact_rows, record_rows
from storage.queries.alerts.alert_list_rows import AlertLine
from storage.queries.lists import alert_page_rows
from storage.queries.lists.alert_page_rows import AlertsWanted
from storage.sessions import ReadSession

CLOSED = "closed"
UNHELD = Tick(name="unheld", words="Nobody has answered")
COLUMNS = (
    "Alert",
    "Kind",
    "Contact",
    "Referral",
    "Due",
    "Opened",
    "Acknowledged",
    "By",
    "Held until",
    "Closed",
    "What to do",
)


def export(visit: Here) -> Response:
    """What is filtered as a file."""
    with visit.reading() as session:
        records = _records(session, wanted(visit, asked(visit, session)))
        return files.answer(visit, Table(name="alerts", columns=COLUMNS, records=records))


def asked(visit: Visit, session: ReadSession) -> Filtered:
    """The list as an address asks for it; people who read no records are offered no search for a child."""
    reads = visit.may(Action.READ_RECORD)
    kinds = Choice(
        name="kind", legend="Kind", choices=[(kind.value, kind.capitalize()) for kind in AlertKind], several=True
    )
    offer = Offer(
        path=which.ALERTS,
        title=which.TITLES[which.ALERTS],
        search="Child, referrer or reference" if reads else "",
        choices=[kinds, referral_filters.teams(session)] if reads else [kinds],
        ticks=[UNHELD],
        kept=["tab"],
    )
    return filtered.read(offer, visit.request.query_params)


def wanted(visit: Visit, asked: Filtered) -> AlertsWanted:
    """What an address asks for."""
    return AlertsWanted(
        closed=asked.one("tab") == CLOSED,
        records=visit.may(Action.READ_RECORD),
        kinds=asked.all("kind"),
        teams=asked.numbers("team"),
        unheld=asked.ticked(UNHELD.name),
        sought=referral_filters.sought(visit, asked.words),
        hidden=visit.closed,
        now=visit.now,
    )


def all_open(visit: Visit) -> AlertsWanted:
    """Every open alert that this person may see."""
    return AlertsWanted(records=visit.may(Action.READ_RECORD), hidden=visit.closed, now=visit.now)


def shut(visit: Visit, session: ReadSession, lines: Sequence[AlertLine]) -> frozenset[int | None]:
    """The alerts about records that are closed to this person; one about one child of several is about that child."""
    contacts = visit.shut(session, [line.contact.id for line in lines if line.contact and not line.referral])
    visit.showed({line.referral.person_id for line in lines if line.referral})
    return frozenset(
        line.alert.id
        for line in lines
        if (line.referral.person_id in visit.closed if line.referral else line.contact and line.contact.id in contacts)
    )


def _records(session: ReadSession, wanted: AlertsWanted) -> Iterator[Record]:
    names = record_rows.names(session)
    for families in files.chunks(lambda page: alert_page_rows.page(session, wanted, page)):
        lines = [line for family in families for line in family.lines]
        contacts = {line.contact.id for line in lines if line.contact and not line.referral}
        children = contact_rows.children_of(session, {number for number in contacts if number is not None})
        for line in lines:
            of_contact = children.get(line.alert.contact_id or 0, frozenset())
            about = frozenset({line.referral.person_id}) if line.referral else of_contact
            yield Record(cells=_cells(line, names), children=about)


def _cells(line: AlertLine, names: Mapping[str, str]) -> Sequence[str]:
    alert = line.alert
    moments = (alert.due_at, alert.opened_at, alert.acknowledged_at, alert.held_until, alert.closed_at)
    due, opened, answered, held, closed = (times.sortable(moment) if moment else "" for moment in moments)
    by = names.get(alert.acknowledged_by, alert.acknowledged_by)
    contact = line.contact.ref if line.contact else ""
    referral = line.referral.ref if line.referral else ""
    return (alert.headline, alert.kind, contact, referral, due, opened, answered, by, held, closed, alert.next_step)

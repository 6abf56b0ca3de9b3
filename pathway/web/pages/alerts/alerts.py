"""Alerts by family: what is open, who has been told, who is told next; acknowledged one by one or several at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from starlette.responses import Response

from pathway.engine import inputs, record_access
from pathway.engine.watch import acknowledging, taking_on
from pathway.engine.watch.acknowledging import AcknowledgementInput
from pathway.web import forms, typed
from pathway.web.forms import Form, Posted
from pathway.web.kept import way_back
from pathway.web.lists import answers, listed
from pathway.web.lists.listed import Listed
from pathway.web.pages.alerts import alert_list
from pathway.web.views.alerts import alert_view
from pathway.web.views.alerts.alert_view import AlertView, FamilyView
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, NotFound, Refused
from storage.queries import record_rows, shown_rows
from storage.queries.alerts import taken_on_rows
from storage.queries.lists import alert_page_rows
from storage.queries.lists.alert_page_rows import Family
from storage.sessions import ReadSession
from storage.tables import Alert

BANNER = "/danger-banner"  # of which an open page asks for itself: nothing is said there
SEVERAL = "acknowledge alerts"
MOST = 100


def show(visit: Here) -> Response:
    """Open alerts, or those that have been closed."""
    return _list(visit)


def acknowledge(visit: Here, alert_id: int, form: Posted) -> Response:
    """Records that somebody has taken the alert on."""
    if alert_id > typed.LARGEST:
        raise NotFound(f"There is no alert {alert_id}; open the list of alerts again.")
    return _acknowledge(visit, [alert_id], form, notice="acknowledged")


def acknowledge_several(visit: Here, form: Posted) -> Response:
    """Records one note for several alerts: all of them or none. Each child's record must be open."""
    numbers = {number for text in form.all("alert")[:MOST] if (number := typed.whole(text))}
    numbers = {number for number in numbers if number <= typed.LARGEST}
    with visit.reading() as session:
        shown = shown_rows.of_alerts(session, numbers)
    if not visit.closed.isdisjoint(shown.children):  # is refused, and written down as each single one would be
        record_access.open_record(visit.services.database, visit.actor, SEVERAL, shown, now=visit.now)
    visit.showed(shown.children)
    return _acknowledge(visit, sorted(numbers), form, notice="acknowledged-several")


def take_on(visit: Here, alert_id: int, form: Posted) -> Response:
    """What the button “I have it” in the bar of immediate danger does: back to the page that was open."""
    if alert_id > typed.LARGEST:
        raise NotFound(f"There is no alert {alert_id}; open the list of alerts again.")
    try:
        visit.change(lambda act: taking_on.take_on(act, alert_id), token=form.token)
    except Refused as error:
        return _list(visit, status=error.status, wrong=forms.fresh().refused(error), only=[alert_id])
    return _back(visit, form, "taken-on")


def _acknowledge(visit: Visit, numbers: Sequence[int], form: Form, *, notice: str) -> Response:
    family = typed.whole(form.get("family")) or next(iter(numbers), 0)
    try:
        if not numbers:
            raise InvalidInput.of(f"alert-{family}", "No alert is chosen", "Choose one or more")
        data = inputs.parse(AcknowledgementInput, {"note": form.get("note")})
        visit.change(lambda act: acknowledging.acknowledge_several(act, numbers, data), token=form.token)
    except (InvalidInput, Refused) as error:
        named = form.where(**{f"note-{family}": form.get("note")})
        refused = named.refused(_placed(error, family))
        return _list(visit, status=error.status, wrong=refused, only=numbers or [family])
    return _back(visit, form, notice)


def _back(visit: Visit, form: Form, notice: str) -> Response:
    path = way_back.own_path(form.get("back"), default="/alerts")
    return visit.go(path) if path.startswith(BANNER) else visit.go(path, notice=notice)


def _placed(error: InvalidInput | Refused, family: int) -> InvalidInput | Refused:
    if isinstance(error, Refused) or error.faults[0].place != "note":
        return error
    return InvalidInput.of(
        f"note-{family}", "Say what you are doing about it", "The next person on the ladder reads it"
    )


def _list(visit: Visit, *, status: int = 200, wrong: Form | None = None, only: Collection[int] = ()) -> Response:
    """The list as it is asked for; where a form comes back, the families that it is about, with what was typed."""
    with visit.reading() as session:
        asked = alert_list.asked(visit, session)
        wanted = alert_list.wanted(visit, asked)
        if only:
            wanted = replace(alert_list.all_open(visit), families=only)
        page = listed.wanted(asked, alert_page_rows.order(wanted))
        found = Listed(
            filtered=asked,
            found=alert_page_rows.page(session, wanted, page),
            count=alert_page_rows.count(session, wanted),
        )
        views = _families(visit, session, found.lines, wrong)
        return answers.show(
            visit,
            session,
            "alerts.html",
            asked,
            status=status,
            form=wrong or Form(),
            listed=found.with_lines(views),
            closed=wanted.closed,
            some=bool(only),
            names=record_rows.names(session),
        )


def _families(
    visit: Visit, session: ReadSession, families: Sequence[Family], wrong: Form | None
) -> Sequence[FamilyView]:
    lines = [line for family in families for line in family.lines]
    shut = alert_list.shut(visit, session, lines)
    names = record_rows.names(session)
    has_it = taken_on_rows.holding(session, [line.alert.id for line in lines], now=visit.now)
    found: list[FamilyView] = []
    for family in families:
        views = [
            AlertView(
                line=line,
                ladder=alert_view.ladder(line, names),
                may_acknowledge=_may_acknowledge(visit, session, line.alert),
                has_it=has_it.get(line.alert.id or 0),
            )
            for line in family.lines
            if line.alert.id not in shut
        ]
        # What is closed to whoever looks stands by itself: beside its family it would tell whose it is.
        alone = [AlertView(line=line, is_shut=True) for line in family.lines if line.alert.id in shut]
        groups = [*([views] if views else []), *([one] for one in alone)]
        found += [FamilyView(alerts=group, form=wrong or forms.fresh()) for group in groups]
    return found


def _may_acknowledge(visit: Visit, session: ReadSession, alert: Alert) -> bool:
    return alert.closed_at is None and not acknowledging.why_not(session, alert, visit.actor, visit.book)

"""Alerts: what is open, who has been told, who is told next, and the acknowledgement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from starlette.responses import Response

from pathway.engine import inputs
from pathway.engine.alerts import ladders, notices
from pathway.engine.watch import acknowledging, taking_on
from pathway.engine.watch.acknowledging import AcknowledgementInput
from pathway.web import forms, paging, typed
from pathway.web.forms import Form, Posted
from pathway.web.kept import way_back
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, NotFound, Refused
from rules.rulebook import Rung
from rules.vocabulary import Action, AlertKind
from storage.queries import record_rows
from storage.queries.alerts import alert_list_rows, taken_on_rows
from storage.queries.alerts.alert_list_rows import AlertLine
from storage.sessions import ReadSession
from storage.tables import Alert, AlertTakenOn, RungTaken

NO_TIME = timedelta(0)
BANNER = "/danger-banner"  # of which an open page asks for itself: nothing is said there


@dataclass(frozen=True, slots=True, kw_only=True)
class RungView:
    """One rung of an open alert's ladder: taken, or when it comes unless the duty is met before."""

    role: str
    intended_at: datetime
    taken: RungTaken | None
    people: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """One alert with its ladder and its own form."""

    line: AlertLine
    ladder: Sequence[RungView]
    form: Form
    may_acknowledge: bool
    is_shut: bool = False
    has_it: AlertTakenOn | None = None

    @property
    def alert(self) -> Alert:
        """The alert itself."""
        return self.line.alert

    @property
    def in_danger(self) -> bool:
        """True for immediate danger."""
        marked = self.line.contact is not None and self.line.contact.immediate_danger
        return marked or self.alert.kind == AlertKind.DANGER or self.alert.subject_key.endswith(notices.IN_DANGER)

    @property
    def unfinished(self) -> str:
        """Where an unfinished contact is opened that the alert is about."""
        return f"/unfinished/{self.alert.subject_key.split(':')[1]}"


def show(visit: Here, tab: str = "", page: str = "") -> Response:
    """Open alerts, or those that have been closed."""
    return _list(visit, closed=tab == "closed", number=paging.number_of(page))


def acknowledge(visit: Here, alert_id: int, form: Posted) -> Response:
    """Records that somebody has taken the alert on."""
    if alert_id > typed.LARGEST:
        raise NotFound(f"There is no alert {alert_id}; open the list of alerts again.")
    try:
        data = inputs.parse(AcknowledgementInput, {"note": form.get("note")})
        visit.change(lambda act: acknowledging.acknowledge(act, alert_id, data), token=form.token)
    except (InvalidInput, Refused) as error:
        wrong = {alert_id: _renamed(form, alert_id).refused(_placed(error, alert_id))}
        return _list(visit, closed=False, number=1, status=error.status, wrong=wrong)
    return _back(visit, form, "acknowledged")


def take_on(visit: Here, alert_id: int, form: Posted) -> Response:
    """What the button “I have it” in the bar of immediate danger does: back to the page that was open."""
    if alert_id > typed.LARGEST:
        raise NotFound(f"There is no alert {alert_id}; open the list of alerts again.")
    try:
        visit.change(lambda act: taking_on.take_on(act, alert_id), token=form.token)
    except Refused as error:
        return _list(visit, closed=False, number=1, status=error.status, wrong={alert_id: forms.fresh().refused(error)})
    return _back(visit, form, "taken-on")


def _back(visit: Visit, form: Form, notice: str) -> Response:
    path = way_back.own_path(form.get("back"), default="/alerts")
    return visit.go(path) if path.startswith(BANNER) else visit.go(path, notice=notice)


def _renamed(form: Form, number: int) -> Form:
    return form.where(**{f"note-{number}": form.get("note")})


def _placed(error: InvalidInput | Refused, number: int) -> InvalidInput | Refused:
    if isinstance(error, Refused):
        return error
    return InvalidInput.of(
        f"note-{number}", "Say what you are doing about it", "The next person on the ladder reads it"
    )


def _list(
    visit: Visit, *, closed: bool, number: int, status: int = 200, wrong: Mapping[int, Form] | None = None
) -> Response:
    with visit.reading() as session:
        lines, count = alert_list_rows.lines(
            session,
            closed=closed,
            records=visit.may(Action.READ_RECORD),
            offset=(number - 1) * paging.SIZE,
            limit=paging.SIZE,
        )
        names = record_rows.names(session)
        shut = _shut(visit, session, lines)
        views = [
            _view(visit, session, line, names, (wrong or {}).get(line.alert.id or 0))
            if line.alert.id not in shut
            else AlertView(line=line, ladder=(), form=Form(), may_acknowledge=False, is_shut=True)
            for line in lines
        ]
        has_it = taken_on_rows.holding(session, [view.alert.id for view in views if not view.is_shut], now=visit.now)
        views = [replace(view, has_it=has_it.get(view.alert.id or 0)) for view in views]
        shown = paging.Page(number=number, count=count, path="/alerts", query={"tab": "closed" if closed else ""})
        first = next(iter((wrong or {}).values()), Form())
        return visit.page(
            "alerts.html", status=status, form=first, alerts=views, page=shown, closed=closed, names=names
        )


def _shut(visit: Visit, session: ReadSession, lines: Sequence[AlertLine]) -> frozenset[int | None]:
    """The alerts about records that are closed to this person; one about one child of several is about that child."""
    contacts = visit.shut(session, [line.contact.id for line in lines if line.contact and not line.referral])
    visit.showed({line.referral.person_id for line in lines if line.referral})
    return frozenset(
        line.alert.id
        for line in lines
        if (line.referral.person_id in visit.closed if line.referral else line.contact and line.contact.id in contacts)
    )


def _view(
    visit: Visit, session: ReadSession, line: AlertLine, names: Mapping[str, str], wrong: Form | None
) -> AlertView:
    open_one = line.alert.closed_at is None
    return AlertView(
        line=line,
        ladder=_ladder(line, names),
        form=wrong or forms.fresh(),
        may_acknowledge=open_one and not acknowledging.why_not(session, line.alert, visit.actor, visit.book),
    )


def _ladder(line: AlertLine, names: Mapping[str, str]) -> Sequence[RungView]:
    taken = [_taken(rung, names) for rung in sorted(line.rungs, key=lambda rung: (rung.intended_at, rung.rung))]
    if line.alert.closed_at is not None:
        return taken
    turns = {rung.rung: rung.turn for rung in line.rungs}
    rungs = enumerate(ladders.ladder_of(line.alert).alerts)
    coming = [
        _coming(line.alert, rung, turn=turns.get(index, -1) + 1)
        for index, rung in rungs
        if index not in turns or rung.repeat
    ]
    return [*taken, *sorted(coming, key=lambda rung: rung.intended_at)]


def _taken(rung: RungTaken, names: Mapping[str, str]) -> RungView:
    people = [names.get(username, username) for username in rung.people_told.split(",") if username]
    return RungView(role=rung.role, intended_at=rung.intended_at, taken=rung, people=", ".join(people))


def _coming(alert: Alert, rung: Rung, *, turn: int) -> RungView:
    # While an acknowledgement holds the ladder, nothing goes before it has run out.
    planned = alert.anchor_at + rung.offset + turn * (rung.repeat or NO_TIME)
    intended = max(planned, alert.held_until) if alert.held_until else planned
    return RungView(role=rung.role, intended_at=intended, taken=None, people="")

"""Alerts as a page shows them, by family: what each is about, its ladder, and what may be answered with one note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pathway.engine.alerts import ladders, notices
from pathway.web.forms import Form
from rules.rulebook import Rung
from rules.vocabulary import AlertKind
from storage.queries.alerts.alert_list_rows import AlertLine
from storage.tables import Alert, AlertTakenOn, RungTaken

NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RungView:
    """One rung of an open alert's ladder: taken, or when it comes unless the duty is met before."""

    role: str
    intended_at: datetime
    taken: RungTaken | None
    people: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """One alert with its ladder. ``is_shut``: the record that it is about is closed to whoever looks."""

    line: AlertLine
    ladder: Sequence[RungView] = ()
    may_acknowledge: bool = False
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


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyView:
    """The alerts that stand together, and the form by which those that one may answer are answered with one note."""

    alerts: Sequence[AlertView]
    form: Form

    @property
    def number(self) -> int:
        """The number of the first alert, by which the fields of the form are told from other families'."""
        return self.alerts[0].alert.id or 0

    @property
    def contact_ref(self) -> str:
        """The contact that they are about; empty for none."""
        contact = self.alerts[0].line.contact
        return contact.ref if contact is not None else ""

    @property
    def answerable(self) -> Sequence[AlertView]:
        """Those that whoever looks may acknowledge."""
        return [view for view in self.alerts if view.may_acknowledge]


def ladder(line: AlertLine, names: Mapping[str, str]) -> Sequence[RungView]:
    """The rungs taken, and of an open alert those to come."""
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

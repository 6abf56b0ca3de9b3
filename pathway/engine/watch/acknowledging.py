"""Acknowledging an alert: it rests for a time; new information about a child is done with once it has been read."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pathway.engine import permissions
from pathway.engine.act import Act
from pathway.engine.actors import Actor
from pathway.engine.alerts import ladders
from pathway.engine.inputs import Input, NeededText
from rules.errors import NotAllowed, Refused
from rules.rulebook import Rulebook
from rules.vocabulary import Action, AlertKind, EventKind, Role
from storage.queries.alerts import alert_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Alert, User, Worker, id_of


class AcknowledgementInput(Input):
    """What somebody is doing about an alert."""

    note: NeededText


def acknowledge(act: Act, alert_id: int, data: AcknowledgementInput) -> Alert:
    """Holds the ladder for the time that the book gives; when it runs out unmet, the next rung goes at once.

    New information is only there to be read: that it was acknowledged closes its alert. Raises Refused for an alert
    that is closed, NotAllowed, NotFound.
    """
    (alert,) = acknowledge_several(act, [alert_id], data)
    return alert


def acknowledge_several(act: Act, alert_ids: Collection[int], data: AcknowledgementInput) -> Sequence[Alert]:
    """The same for several alerts with one note: all of them or none.

    They are locked in the order of their contacts, as every command locks them, and each one's right is asked before
    anything is recorded. One that another of them closes is done with by that.
    """
    found = [alert_rows.find(act.session, alert_id) for alert_id in sorted(set(alert_ids))]
    ordered = sorted(found, key=lambda alert: (alert.contact_id or 0, alert.id or 0))
    alerts = [ladders.lock(act, id_of(alert)) for alert in ordered]
    if act.repeated:
        return alerts
    for alert in alerts:
        _refuse(act, alert)
    for alert in alerts:
        if alert.closed_at is None:
            _acknowledge(act, alert, data.note)
    return alerts


def _refuse(act: Act, alert: Alert) -> None:
    if refusal := why_not(act.session, alert, act.actor, act.book):
        raise NotAllowed(refusal)
    if alert.closed_at is not None:
        raise Refused(["This alert is closed already; there is nothing to acknowledge."])


def _acknowledge(act: Act, alert: Alert, note: str) -> None:
    _record(act, alert, note)
    if alert.kind == AlertKind.NEW_INFORMATION:
        _taken(act, alert, note)


def why_not(session: WriteSession | ReadSession, alert: Alert, actor: Actor, book: Rulebook) -> str:
    """Why this person may not acknowledge this alert; the empty string when they may.

    A social worker answers only for what was told to that worker. New information is acknowledged by those whom its
    ladder tells, so that nobody can read it in the worker's stead unseen.
    """
    if not permissions.may(book, actor, Action.ACKNOWLEDGE_ALERT):
        roles = ", ".join(sorted(book.permissions.get(Action.ACKNOWLEDGE_ALERT, frozenset()))) or "nobody"
        return f"Your role does not allow you to {Action.ACKNOWLEDGE_ALERT}. It is for: {roles}."
    told = {rung.role for rung in ladders.ladder_of(alert).alerts}
    if Role.SOCIAL_WORKER in told and _is_the_worker(session, alert, actor):
        return ""
    others = actor.roles - {Role.SOCIAL_WORKER}
    if alert.kind == AlertKind.NEW_INFORMATION:
        others &= told
    if others & book.permissions[Action.ACKNOWLEDGE_ALERT]:
        return ""
    theirs = ", ".join(sorted(told))
    return (
        f"This alert is somebody else's to acknowledge. It is for: {theirs}; a social worker answers only for what was "
        "told to that worker."
    )


def _is_the_worker(session: WriteSession | ReadSession, alert: Alert, actor: Actor) -> bool:
    worker = session.get(Worker, alert.worker_id) if alert.worker_id is not None else None
    user = session.get(User, worker.user_id) if worker is not None and worker.user_id is not None else None
    return user is not None and user.username == actor.username


def _record(act: Act, alert: Alert, note: str) -> None:
    alert.acknowledged_at = act.now
    alert.acknowledged_by = act.actor.username
    alert.acknowledgement_note = note
    alert.held_until = alert.next_at = act.now + ladders.ladder_of(alert).hold
    ladders.record(
        act,
        alert,
        EventKind.ALERT_ACKNOWLEDGED,
        f"Alert acknowledged by {act.actor.name}: {note}",
        held_until=alert.held_until.isoformat(),
    )


def _taken(act: Act, alert: Alert, note: str) -> None:
    summary = f"New information taken by {act.actor.name}: {note}"
    ladders.record(act, alert, EventKind.NEW_INFORMATION_TAKEN, summary)
    because = f"{act.actor.name} has read it: {note}"
    ladders.close_for(act, alert.subject_key, because=because, except_for=act.actor.username)

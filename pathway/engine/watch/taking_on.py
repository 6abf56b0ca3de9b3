"""“I have it”: one click holds the ladder of immediate danger for ten minutes at most, and everybody reads who has it.

Without a note the next rung goes at once when they are over (ADR 22). A note is an acknowledgement.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pathway.engine import permissions
from pathway.engine.act import Act
from pathway.engine.actors import Actor
from pathway.engine.alerts import ladders
from pathway.engine.watch import acknowledging
from rules import escalation
from rules.errors import NotAllowed, Refused
from rules.rulebook import Rulebook
from rules.vocabulary import Action, AlertKind, EventKind, Role
from storage.queries.alerts import taken_on_rows
from storage.tables import Alert, AlertTakenOn, id_of


def take_on(act: Act, alert_id: int) -> Alert:
    """Holds the ladder until ten minutes from now. What is due by then goes first: a late click holds nothing back.

    Once a person; after somebody else only when the rung that waited for them has gone. Raises Refused, NotAllowed,
    NotFound.
    """
    alert = ladders.lock(act, alert_id)
    if act.repeated:
        return alert
    if refusal := acknowledging.why_not(act.session, alert, act.actor, act.book):
        raise NotAllowed(refusal)
    _refuse(act, alert)
    earlier = taken_on_rows.of_alert(act.session, alert_id)
    _refuse_again(act, earlier)
    ladders.climb(act, alert, act.published)
    act.session.flush()
    if earlier and not taken_on_rows.rung_since(act.session, alert_id, earlier[-1].until):
        raise Refused(
            [f"{earlier[-1].name} had it. The next person on the ladder is told before anybody else takes it."]
        )
    _hold(act, alert)
    return alert


def _refuse(act: Act, alert: Alert) -> None:
    if alert.kind != AlertKind.DANGER:
        raise Refused(["Only an alert of immediate danger is taken so. Acknowledge this one with a note."])
    if alert.closed_at is not None:
        raise Refused(["This alert is closed already; there is nothing to take on."])
    if alert.held_until is None or alert.held_until <= act.now:
        return
    has_it = taken_on_rows.holding(act.session, [alert.id], now=act.now).get(id_of(alert))
    who = f"{has_it.name} has it" if has_it else "It has been acknowledged; the ladder waits"
    raise Refused([f"{who} until {_clock(act, alert.held_until)}."])


def _refuse_again(act: Act, earlier: Sequence[AlertTakenOn]) -> None:
    if act.actor.username in {one.username for one in earlier}:
        raise Refused(["You have had it for your ten minutes. Say what was done: a note acknowledges it."])


def _hold(act: Act, alert: Alert) -> None:
    until = escalation.taken_on_until(ladders.ladder_of(alert), ladders.progress_of(act.session, alert), act.now)
    if until <= act.now:
        raise Refused(["The next person on the ladder is told first: that has waited ten minutes already."])
    alert.held_until = alert.next_at = until
    name = act.actor.name
    row = AlertTakenOn(alert_id=id_of(alert), username=act.actor.username, name=name, taken_at=act.now, until=until)
    act.session.add(row)
    summary = f"Alert taken on by {name} until {_clock(act, until)}"
    ladders.record(act, alert, EventKind.ALERT_TAKEN_ON, summary, held_until=until.isoformat())


def _clock(act: Act, moment: datetime) -> str:
    return f"{act.published.calendar.local(moment):%H:%M}"


def may_answer(actor: Actor, book: Rulebook) -> bool:
    """True for whoever may take danger on and acknowledge it; a social worker is never told of it as such."""
    return bool((actor.roles - {Role.SOCIAL_WORKER}) & book.permissions.get(Action.ACKNOWLEDGE_ALERT, frozenset()))


def hears(actor: Actor, book: Rulebook) -> bool:
    """True for everybody who may act on immediate danger: decide, mark it, or answer for it and read the record.

    With the last word the system owner is left out, who answers for faults of the system and reads no record.
    """
    if any(permissions.may(book, actor, action) for action in (Action.DECIDE, Action.MARK_DANGER)):
        return True
    return may_answer(actor, book) and permissions.may(book, actor, Action.READ_RECORD)

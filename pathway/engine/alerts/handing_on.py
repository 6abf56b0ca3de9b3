"""An alert of which somebody was told who has left: others hear of it, and nobody's word holds it any more."""

from __future__ import annotations

from collections.abc import Sequence

from pathway.engine.act import Act
from pathway.engine.alerts import ladders, notices, recipients
from pathway.engine.alerts.recipients import Recipient
from rules.vocabulary import EventKind, Role
from storage.queries.alerts import alert_rows, taken_on_rows
from storage.tables import Alert, RungTaken, id_of


def hand_on(act: Act, alert: Alert, gone: frozenset[str], *, because: str, to: Recipient | None = None) -> None:
    """Tells ``to`` of the alert, else the rest of each role as which those who are ``gone`` were told.

    What they said that they would do holds the ladder no more. Where nobody who was told is left, the next rung goes at
    once.
    """
    taken = alert_rows.rungs(act.session, f"alert:{alert.id}")
    theirs = [row for row in taken if not gone.isdisjoint(row.people_told.split(","))]
    has_it = taken_on_rows.holding(act.session, [alert.id], now=act.now).get(id_of(alert))
    held = (has_it.username if has_it else alert.acknowledged_by) in gone
    told = ladders.people_told(act.session, alert) - gone
    people = [to] if to is not None else _rest(act, alert, theirs)
    reached = [person for person in people if held or person.username not in told]
    for person in reached:
        notices.alert(act.by_itself, person, alert, turn=f"left:{'+'.join(sorted(gone))}", role=None)
    names = [person.username for person in reached]
    if theirs and names:
        theirs[-1].people_told = ",".join([*theirs[-1].people_told.split(","), *names])
    ladders.record(
        act.by_itself, alert, EventKind.RUNG_TAKEN, f"{because}: alert told to {_named(reached)}", people=names
    )
    if held:
        alert.held_until, alert.next_at = None, act.now
    if not people and not recipients.told_before(act.session, told):
        ladders.climb_on(act, alert)


def _rest(act: Act, alert: Alert, rows: Sequence[RungTaken]) -> Sequence[Recipient]:
    roles = dict.fromkeys(Role(row.role) for row in rows)
    of_roles = [recipients.for_role(act, role, published=act.published, worker_id=alert.worker_id) for role in roles]
    beside = recipients.who_may_open(act, contact_id=alert.contact_id, referral_id=alert.referral_id)
    return recipients.every_one(*of_roles, beside)


def _named(people: Sequence[Recipient]) -> str:
    return ", ".join(person.name for person in people) or "nobody more"

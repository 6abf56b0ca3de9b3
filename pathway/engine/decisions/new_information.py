"""Already open: what was said goes to the worker who has the child and to the manager of the team, who acknowledge it.

Two alerts with ladders of their own: that one has read it does not mean that the other has.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pathway.engine.act import Act
from pathway.engine.alerts import ladders
from pathway.engine.alerts.ladders import Matter
from rules.rulebook import Ladder, Rung
from rules.vocabulary import AlertKind, EventKind, Role
from storage.queries.alerts import alert_rows
from storage.tables import Contact, Decision, Referral, Worker, id_of

# For a council's own book that names no ladder. Local: no source gives the numbers.
LADDER = Ladder(
    name=AlertKind.NEW_INFORMATION,
    rungs=(
        Rung(offset=timedelta(0), role=Role.SOCIAL_WORKER, local=True),
        Rung(offset=timedelta(0), role=Role.TEAM_MANAGER, local=True),
        Rung(offset=timedelta(hours=24), role=Role.TEAM_MANAGER, local=True),
        Rung(offset=timedelta(hours=72), role=Role.SERVICE_MANAGER, local=True),
    ),
    hold=timedelta(hours=24),
)
PARTS = {Role.SOCIAL_WORKER: "worker", Role.TEAM_MANAGER: "manager"}
_WHOM = {Role.SOCIAL_WORKER: "worker of an open child", Role.TEAM_MANAGER: "team manager of an open child"}
NEXT_STEPS = {
    Role.SOCIAL_WORKER: "Read what was said about a child who is yours, and acknowledge it with what you will do.",
    Role.TEAM_MANAGER: "Read what was said about a child of your team, and acknowledge it when the worker acts on it.",
}


def send(act: Act, referral: Referral, decision: Decision, worker: Worker) -> None:
    """Opens an alert for the worker and one for the team manager; whom they tell waits for the decision's grace."""
    summary = f"New information sent to {worker.name}, who has the child already, and to the team manager"
    act.note(EventKind.NEW_INFORMATION_SENT, summary, about=referral, worker=id_of(worker))
    act.session.flush()
    for role in PARTS:
        _open(act, referral, decision, worker, role=role)


def _open(act: Act, referral: Referral, decision: Decision, worker: Worker, *, role: Role) -> None:
    contact = act.session.get_one(Contact, referral.contact_id)
    danger = "Immediate danger. " if contact.immediate_danger else ""
    whole = act.book.ladders.get(AlertKind.NEW_INFORMATION, LADDER)
    matter = Matter(
        kind=AlertKind.NEW_INFORMATION,
        subject_key=_subject(decision, role),
        headline=f"{danger}New information for the {_WHOM[role]}: referral {referral.ref}",
        next_step=NEXT_STEPS[role],
        ladder=part_of(whole, role),
        due_at=referral.grace_until or act.now,
        worker_id=id_of(worker),
        about=referral,
    )
    ladders.open_alert(act, matter)


def part_of(ladder: Ladder, role: Role) -> Ladder:
    """The rungs that begin with this role, and those that follow for whoever has not answered."""
    rungs = _cut(ladder, role)
    return replace(ladder, rungs=rungs or _cut(LADDER, role))


def _cut(ladder: Ladder, role: Role) -> tuple[Rung, ...]:
    """This role's own rungs, and of the others those that come later than its first."""
    first = min((rung.offset for rung in ladder.alerts if rung.role is role), default=None)
    if first is None:
        return ()
    later = [rung for rung in ladder.alerts if rung.offset > first and rung.role is not Role.SOCIAL_WORKER]
    own = [rung for rung in ladder.alerts if rung.role is role and rung not in later]
    return (*own, *later)


def withdraw(act: Act, referral: Referral, *, because: str) -> None:
    """Closes what is still to be acknowledged about a referral: its decision no longer stands."""
    for alert in alert_rows.open_of(act.session, id_of(referral), AlertKind.NEW_INFORMATION):
        ladders.close_for(act, alert.subject_key, because=because)


def _subject(decision: Decision, role: Role) -> str:
    return f"new information:{decision.id}:{PARTS[role]}"

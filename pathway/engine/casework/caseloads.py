"""Caseloads: how many open children a worker holds, and what follows when it is too many.

Children are counted, not families: inspectors found siblings without files, so that caseloads looked smaller (JAR 44).
The limit itself is local: no national number exists (plan action 2.1.4 speaks of "manageable").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pathway.engine import record_openers
from pathway.engine.act import Act
from pathway.engine.alerts import ladders
from pathway.engine.alerts.ladders import Matter
from pathway.engine.rulebooks import published_books
from rules import caseload
from rules.vocabulary import AlertKind
from rules.words import counted
from storage.queries.staff import held_rows, staff_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Referral, Worker, id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A worker's open children, and the limit that the book and the worker's hours give."""

    children: int
    limit: int

    @property
    def over(self) -> bool:
        """True when there are more children than the limit allows."""
        return self.children > self.limit


def load_of(session: WriteSession | ReadSession, worker: Worker, *, now: datetime) -> Load:
    """The worker's load, measured by the council's own book as it is in force now."""
    rule = published_books.current(session, now=now).book.caseload
    limit = caseload.limit_for(rule, worker.full_time_equivalent)
    return Load(children=staff_rows.open_children(session, id_of(worker)), limit=limit)


def refusal(session: WriteSession | ReadSession, worker: Worker, referral: Referral, *, now: datetime) -> str:
    """Why this child can't go to this worker without an override; the empty string when it can."""
    load = load_of(session, worker, now=now)
    more = 0 if staff_rows.holds_child(session, id_of(worker), referral.person_id) else 1
    return caseload.refusal(load.children + more, load.limit, worker.name)


def open_alert(act: Act, worker: Worker) -> None:
    """Opens the alert that a manager's override calls for; one for each worker, until the caseload falls."""
    load = load_of(act.session, worker, now=act.now)
    matter = Matter(
        kind=AlertKind.CASELOAD,
        subject_key=f"worker:{worker.id}",
        headline=f"Caseload over the limit: {worker.name} holds {load.children} children; the limit is {load.limit}",
        next_step="Move children to another worker, or bring the caseload down, and note what you do.",
        ladder=act.book.caseload.ladder,
        due_at=act.now,
        worker_id=id_of(worker),
    )
    ladders.open_alert(act, matter)


def tell_who_is_left_behind(act: Act, worker: Worker) -> None:
    """Opens one alert to the manager of a worker who has left children behind; whoever may open one is told as well."""
    waiting = held_rows.still_waiting(act.session, id_of(worker))
    if not waiting:
        return
    children = counted(len({one.person_id for one in waiting}), "child waits", "children wait")
    matter = Matter(
        kind=AlertKind.CASELOAD,
        subject_key=_left(id_of(worker)),
        headline=f"{worker.name} has left: {children} for another worker",
        next_step="Open the allocation list, and allocate each child, or name who takes the one on the way.",
        ladder=act.book.caseload.ladder,
        due_at=act.now,
        worker_id=id_of(worker),
    )
    alert = ladders.open_alert(act, matter)
    openers = {name for one in waiting for name in record_openers.of_children(act.session, [one.person_id])}
    ladders.tell_as_well(act, alert, openers)


def found_for(act: Act, referral: Referral) -> None:
    """A child who was left behind has a worker again, or waits no more: perhaps the last one of whoever left."""
    for worker_id in held_rows.left_by(act.session, id_of(referral)):
        _close_left(act, worker_id)


def _close_left(act: Act, worker_id: int) -> None:
    if not held_rows.still_waiting(act.session, worker_id):
        ladders.close_for(act, _left(worker_id), because="No child waits for another worker any more.")


def _left(worker_id: int) -> str:
    return f"left:{worker_id}"


def review(act: Act, worker_id: int) -> None:
    """Closes the worker's alerts: when the caseload has fallen to the limit, and when nobody left behind waits."""
    _close_left(act, worker_id)
    worker = act.session.get_one(Worker, worker_id)
    load = load_of(act.session, worker, now=act.now)
    if not load.over:
        because = f"{worker.name} holds {load.children} children; the limit is {load.limit}."
        ladders.close_for(act, f"worker:{worker_id}", because=because)

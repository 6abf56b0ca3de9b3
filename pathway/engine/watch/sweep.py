"""The sweep: finds what is due, judges it afresh from the facts, and takes the next step. It tells; the facts judge.

Batches of rows, each batch one transaction and each row in a savepoint of its own: a row that raises is put off,
written to the history and told to the system owner; it never stops the sweep. A row that somebody is changing is left
for the next run. At the end what is to be told goes into messages, one a person.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from pathway.engine import due_clocks, following
from pathway.engine.act import Act
from pathway.engine.actors import SystemName
from pathway.engine.alerts import ladders
from pathway.engine.casework import caseloads
from pathway.engine.drafts import keeping, unfinished_contacts
from pathway.engine.figures import counting
from pathway.engine.post import link_renewal
from pathway.engine.watch import (
    auditor,
    bundling,
    clock_doubts,
    digests,
    grace_ends,
    heartbeats,
    put_off,
    weekly_figures,
)
from rules.vocabulary import AlertKind
from storage.queries import clock_rows, due_rows, errand_rows
from storage.queries.alerts import alert_rows
from storage.queries.due_rows import Key
from storage.queries.errand_rows import Errands
from storage.queries.hold_rows import Held
from storage.queries.lists import list_count_rows
from storage.queries.staff import staff_rows
from storage.sessions import Conflict, Database, ReadSession, WriteSession
from storage.tables import Alert, Clock

_log = logging.getLogger(__name__)
BATCH = 100
Done = TypeVar("Done")


@dataclass(slots=True, kw_only=True)
class SweepReport:
    """What one run did: rows looked at, rungs of alerts taken, rows that raised, rows left as somebody changed them.

    ``messages``: how many it wrote to staff, of notices and as digests. ``held``: why it did nothing at all, if it did.
    """

    clocks: int = 0
    alerts: int = 0
    rungs: int = 0
    faults: int = 0
    left_alone: int = 0
    messages: int = 0
    held: Held = Held.NOT


@dataclass(frozen=True, slots=True)
class _Work:
    """One kind of row to see to: how the due ones are found, and what is done with one (False: it is taken)."""

    load: Callable[[WriteSession, int], Clock | Alert]
    find: Callable[..., Sequence[Key]]
    act: Callable[..., bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One run: what it goes through, as at which moment, how many rows a transaction, and what it reports."""

    database: Database
    report: SweepReport
    now: datetime
    batch: int


def run_once(database: Database, *, now: datetime, batch: int = BATCH) -> SweepReport:
    """Takes everything that is due at ``now``: clocks, the ladders of alerts, the auditor's rounds; then tells.

    While the clock is in doubt, and in a copy, it does nothing and leaves no heartbeat. What waited is done first.
    """
    with database.read() as session:
        errands = _errands(session, now)
    run = _Run(database=database, report=SweepReport(held=errands.held), now=now, batch=batch)
    if errands.held is Held.NOT:
        _alone(database, lambda session: heartbeats.beat(session, heartbeats.SWEEP, now=now))
        if errands.to_judge:
            _judge(run)
        _tell(run, _round(run))
    return run.report


def _errands(session: ReadSession | WriteSession, now: datetime) -> Errands:
    return errand_rows.waiting(session, now=now, today=digests.local_day(now))


def _judge(run: _Run) -> None:
    clock_doubts.catch_up(run.database, now=run.now)
    grace_ends.follow_ended(run.database, now=run.now)
    for work in _WORK:
        _drain(run, work)


def _round(run: _Run) -> Errands:
    """The auditor's round, and what is tidied up; returns what is still to be done, by now."""
    errands = _alone(run.database, lambda session: _audited(session, run.now))
    if errands is None:
        with run.database.read() as session:
            errands = _errands(session, run.now)
    return errands


def _audited(session: WriteSession, now: datetime) -> Errands:
    auditor.audit(Act.of_system(session, SystemName.PATHWAY, now=now))
    keeping.clear(session, now=now)
    list_count_rows.fold(session)
    session.flush()
    return _errands(session, now)


def _tell(run: _Run, errands: Errands) -> None:
    if errands.links:
        link_renewal.tell_unopened(run.database, now=run.now)
    if errands.drafts:
        unfinished_contacts.tell_due(run.database, now=run.now)
    if errands.to_count:
        counting.count(run.database)
    if errands.to_tell:
        run.report.messages += bundling.bundle_all(run.database, now=run.now)
    if errands.digests:
        run.report.messages += digests.send_due(run.database, now=run.now)
    if errands.weekly:
        run.report.messages += weekly_figures.send_due(run.database, now=run.now)


def _alone(database: Database, act: Callable[[WriteSession], Done]) -> Done | None:
    """One small step; None where another process takes the very same at this moment: its result serves."""
    try:
        with database.write() as session:
            return act(session)
    except Conflict:
        _log.info("Another process swept at the same moment")
        return None


def _drain(run: _Run, work: _Work) -> None:
    """Goes through what is due, page after page by key, until a round finds no row that this run has not looked at.

    A row is looked at once a run, so that none can hold the run up. Rounds, because seeing to one row can make another
    due that stands before it in the order. The rows seen are remembered here and never told to the database: only those
    that were left come up again, and are passed over.
    """
    seen: set[int] = set()
    before = -1
    while len(seen) > before:
        before = len(seen)
        last: Key | None = due_rows.START
        while last is not None:
            last = _page(run, work, seen=seen, after=last)


def _page(run: _Run, work: _Work, *, seen: set[int], after: Key) -> Key | None:
    """Sees to the new rows of one page, in one transaction; returns the key of its last row, None at the end."""
    with run.database.write() as session:
        page = work.find(session, now=run.now, limit=run.batch, after=after)
        for row in page:
            if row.id not in seen:
                seen.add(row.id)
                _guarded(Act.of_system(session, SystemName.PATHWAY, now=run.now), work, row.id, run.report)
    return page[-1] if len(page) == run.batch else None


def _guarded(act: Act, work: _Work, row_id: int, report: SweepReport) -> None:
    try:
        with act.session.savepoint():
            done = work.act(act, row_id, report)
            act.session.flush()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one row, the others must be seen to
        _log.exception("The sweep put off row %s", row_id)
        report.faults += 1
        put_off.put_off(
            Act.of_system(act.session, SystemName.PATHWAY, now=act.now), work.load(act.session, row_id), error
        )
        return
    report.left_alone += 0 if done else 1


def _one_clock(act: Act, clock_id: int, report: SweepReport) -> bool:
    contact = act.hold_unless_taken(act.session.get_one(Clock, clock_id).contact_id)
    if contact is None:
        return False
    clock = clock_rows.fresh(act.session, clock_id)
    due_clocks.look_at_clock(act, clock, contact)
    following.follow(act, contact)
    report.clocks += 1
    return True


def _one_alert(act: Act, alert_id: int, report: SweepReport) -> bool:
    """Locks what the alert is about before the alert, in the order that every command keeps."""
    found = alert_rows.find(act.session, alert_id)
    if found.contact_id is not None and act.hold_unless_taken(found.contact_id) is None:
        return False
    if found.kind == AlertKind.CASELOAD and found.worker_id is not None:
        staff_rows.lock_worker_for_review(act.session, found.worker_id)
        caseloads.review(act, found.worker_id)
    following.follow_all(act)  # an alert whose reason is gone closes, and is not climbed
    alert = alert_rows.lock_unless_taken(act.session, alert_id)
    if alert is None:
        return False
    if alert.next_at is not None and alert.next_at <= act.now:
        report.rungs += ladders.climb(act, alert, act.published)
    report.alerts += 1
    return True


_WORK = (
    _Work(clock_rows.fresh, due_rows.clocks, _one_clock),
    _Work(alert_rows.find, due_rows.alerts, _one_alert),
)

"""The waker: APScheduler calls the sweep every few seconds, and other work. It holds no deadline; the database does."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from pathway.engine.watch import heartbeats, sweep
from pathway.importing import alerting
from rules.errors import Unavailable
from storage.outages import Outage
from storage.queries.hold_rows import Held
from storage.sessions import Database

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work that is done ``every`` so often; it sees to its own faults."""

    run: Callable[[], None]
    every: timedelta


class Scheduler:
    """Sweeps every few seconds in a thread of its own, and wakes the dispatcher when there was something to do.

    ``jobs`` are done besides, each in a thread of its own, so that a slow one holds up nothing.
    ``ended`` is called with the trouble, if any, after each sweep.
    """

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], datetime],
        wake_dispatcher: Callable[[], None],
        jobs: Sequence[Job] = (),
        ended: Callable[[str], None] = lambda _trouble: None,
    ) -> None:
        self._database, self._clock, self._wake_dispatcher, self._ended = database, clock, wake_dispatcher, ended
        self._outage = Outage(log, "The sweep")
        # The library's usual grace of one second would leave a late run out; runs that were missed become one.
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            daemon=True,
        )
        for job in (Job(run=self.run, every=heartbeats.EVERY), *jobs):
            self._scheduler.add_job(job.run, "interval", seconds=job.every.total_seconds(), next_run_time=clock())

    def start(self) -> None:
        """Sweep now, and then again and again."""
        self._scheduler.start()

    def pull_back(self) -> None:
        """Lets no run wait for a moment that was near until the clock was set back."""
        now = self._clock()
        for job in self._scheduler.get_jobs():
            if job.next_run_time is not None and job.next_run_time - now > 2 * job.trigger.interval:
                job.modify(next_run_time=now)

    def stop(self) -> None:
        """Start no further run; one that is under way ends by itself."""
        self._scheduler.shutdown(wait=False)

    def run(self) -> None:
        """One run; a fault is logged, and the next run comes all the same."""
        try:
            now = self._clock()
            report = sweep.run_once(self._database, now=now)
            if report.held is Held.NOT:
                alerting.review(self._database, now=now)
        except Unavailable as error:
            self._outage.goes_on(error)
            self._ended(type(error).__name__)
            return
        except Exception as error:
            log.exception("The sweep failed; it runs again in a few seconds.")
            self._ended(type(error).__name__)
            return
        self._outage.is_over()
        self._ended("" if report.held is Held.NOT else report.held.value)
        _tell(report)
        if report.clocks or report.alerts or report.faults or report.messages:
            self._wake_dispatcher()


def _tell(report: sweep.SweepReport) -> None:
    """One line for a sweep that did something: how much, and about nobody."""
    done = {name: number for name, number in asdict(report).items() if isinstance(number, int) and number}
    if done:
        log.info("Swept: %s.", ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in done.items()))

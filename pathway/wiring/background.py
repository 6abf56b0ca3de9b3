"""What works behind the pages: sweep, dispatcher, collector and, without a mail server, the embedded catcher."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from notifications.dispatch.dispatcher import Dispatcher
from notifications.notify.notify_channel import Notify
from notifications.outbox.channels import Channel
from notifications.returned import collecting
from notifications.smtp.catcher import Catcher
from notifications.smtp.mailer import MailServer
from notifications.smtp.smtp_channel import Smtp
from pathway.engine.post import handing_over
from pathway.engine.watch import heartbeats, installations
from pathway.scheduler import Job, Scheduler
from pathway.wiring import channels, mail_alert
from pathway.wiring.collecting_mail import Collector
from pathway.wiring.notify_jobs import Postman, Statuses
from pathway.wiring.signs_of_life import SignsOfLife
from rules.errors import Unavailable
from storage.queries import hold_rows
from storage.queries.hold_rows import Held
from storage.sessions import Database

log = logging.getLogger(__name__)
STOP_SECONDS = 1.5
COLLECT_EVERY = timedelta(minutes=1)
ASK_EVERY = timedelta(minutes=3)
POST_EVERY = timedelta(seconds=30)
TURN_EVERY = timedelta(minutes=1)


@dataclass(slots=True, kw_only=True)
class Background:
    """Scheduler and dispatcher on one database. Without ``channel`` messages are caught in ``mailbox``, or wait.

    ``bounces`` names the mailbox or folder from which returned mail is collected, if any. ``letters``: GOV.UK Notify
    prints what is written for the post. ``signs`` is the address that hears of each sweep and each sending, if any.
    ``look`` watches the clock.
    """

    database: Database
    channel: Channel | None
    mailbox: Path | None
    clock: Callable[[], datetime]
    look: Callable[[], None] = lambda: None
    bounces: str = ""
    letters: bool = False
    signs: str = ""
    _catcher: Catcher | None = field(default=None, init=False)
    _dispatcher: Dispatcher | None = field(default=None, init=False)
    _scheduler: Scheduler | None = field(default=None, init=False)
    _signs: SignsOfLife | None = field(default=None, init=False)
    _is_copy: bool = field(default=False, init=False)

    @property
    def catches(self) -> bool:
        """True when messages go to the embedded mailbox and to nobody else."""
        return self.channel is None and self.mailbox is not None

    def start(self) -> None:
        """Begin. Raises InvalidInput for an odd mail server or mailbox, Unavailable where the catcher can't start."""
        jobs = self._jobs()
        self._is_copy = installations.look(self.database, now=self.clock())
        channel = self.channel
        if channel is None and self.mailbox is not None:
            channel = Smtp(server=MailServer.from_url(self._start_catcher(self.mailbox)))
        if self.signs:
            self._start_signs((heartbeats.SWEEP, heartbeats.DISPATCH) if channel else (heartbeats.SWEEP,))
        if channel is not None:
            self._start_dispatcher(channel)
        self._scheduler = Scheduler(
            self.database,
            clock=self._now,
            wake_dispatcher=self.wake,
            jobs=jobs,
            ended=self._after(heartbeats.SWEEP),
        )
        self._scheduler.start()

    def _start_signs(self, duties: tuple[str, ...]) -> None:
        self._signs = SignsOfLife(self.signs, duties=duties, clock=self.clock)
        self._signs.start()

    def _after(self, duty: str) -> Callable[[str], None]:
        if self._signs is None:
            return lambda _trouble: None
        given = self._signs.after(duty)
        return lambda trouble: None if self._is_copy else given(trouble)  # the original's alone are waited for

    def _jobs(self) -> list[Job]:
        shared: Any = {"database": self.database, "clock": self.clock, "wake_dispatcher": self.wake}
        jobs = []
        if self.bounces:
            collecting.named(self.bounces)  # an odd setting is told at the start, not once a minute
            jobs.append(Job(run=Collector(setting=self.bounces, **shared).run, every=COLLECT_EVERY))
        if isinstance(self.channel, Notify):
            jobs.append(Job(run=Statuses(service=self.channel.service, **shared).run, every=ASK_EVERY))
            if self.letters:
                jobs.append(Job(run=Postman(**shared).run, every=POST_EVERY))
        held_back = [Job(run=self._unless_held(job.run), every=job.every) for job in jobs]
        return [*held_back, Job(run=self._turn, every=TURN_EVERY)]

    def _unless_held(self, work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            with self.database.read() as session:
                held = hold_rows.held(session)
            if held is Held.NOT:
                work()

        return run

    def _now(self) -> datetime:
        """What the sweep goes by: none judges by a clock at which nobody has just looked, nor in another's database."""
        self.look()
        now = self.clock()
        with suppress(Unavailable):  # the sweep will say so
            self._is_copy = installations.look(self.database, now=now)
        return now

    def _turn(self) -> None:
        try:
            installations.turn(self.database)
        except Exception:
            log.exception("The mark beside the database can't be changed; it is tried again in a minute.")

    def _start_dispatcher(self, channel: Channel) -> None:
        watch = mail_alert.Watch(database=self.database, server=channels.name(channel), clock=self.clock)
        settle, told, ended = handing_over.settle_message, watch.heard, self._after(heartbeats.DISPATCH)
        given: Any = {"told": told, "ended": ended, "look": self.look}
        self._dispatcher = Dispatcher(self.database, channel, settle, self.clock, **given)
        self._dispatcher.start()

    def _start_catcher(self, mailbox: Path) -> str:
        self._catcher = Catcher(mailbox)
        try:
            self._catcher.start()
        except OSError as error:
            message = f"The embedded mail server can't start: {error}. Check that {mailbox} can be written."
            raise Unavailable(message) from error
        return self._catcher.url

    def clock_was_watched(self) -> None:
        """The clock may have been set back since the last time: nothing waits for what was near before."""
        if self._scheduler is not None:
            self._scheduler.pull_back()

    def wake(self) -> None:
        """Something was written: look into the outbox now."""
        if self._dispatcher is not None:
            self._dispatcher.wake()

    def stop(self) -> None:
        """End within two seconds; what was not done goes on at the next start."""
        if self._signs is not None:
            self._signs.stop()
        if self._scheduler is not None:
            self._scheduler.stop()
        if self._dispatcher is not None:
            self._dispatcher.stop(STOP_SECONDS)
        if self._catcher is not None:
            self._catcher.stop()
        if self._scheduler is not None:
            self._turn()  # a backup of this run that is put back before the next is told from it
        self._scheduler = self._dispatcher = self._catcher = self._signs = None

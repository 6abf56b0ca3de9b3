"""What works behind the pages: sweep, dispatcher, collector and, without a mail server, the embedded catcher."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from notifications import collecting
from notifications.catcher import Catcher
from notifications.dispatch import Dispatcher
from notifications.mailer import MailServer
from pathway.engine import settling
from pathway.scheduler import Job, Scheduler
from pathway.wiring import mail_alert
from pathway.wiring.returned_mail import Collector
from rules.errors import Unavailable
from storage.sessions import Database

STOP_SECONDS = 1.5
COLLECT_EVERY = timedelta(minutes=1)


@dataclass(slots=True, kw_only=True)
class Background:
    """Scheduler and dispatcher on one database. Without ``mail_server`` messages are caught in ``mailbox``, or wait.

    ``bounces`` names the mailbox or folder from which returned mail is collected, if any.
    """

    database: Database
    mail_server: str
    mailbox: Path | None
    clock: Callable[[], datetime]
    bounces: str = ""
    _catcher: Catcher | None = field(default=None, init=False)
    _dispatcher: Dispatcher | None = field(default=None, init=False)
    _scheduler: Scheduler | None = field(default=None, init=False)

    @property
    def catches(self) -> bool:
        """True when messages go to the embedded mailbox and to nobody else."""
        return not self.mail_server and self.mailbox is not None

    def start(self) -> None:
        """Begin. Raises InvalidInput for an odd mail server or mailbox, Unavailable where the catcher can't start."""
        jobs = self._jobs()
        address = self.mail_server
        if not address and self.mailbox is not None:
            address = self._start_catcher(self.mailbox)
        if address:
            self._start_dispatcher(MailServer.from_url(address))
        self._scheduler = Scheduler(self.database, clock=self.clock, wake_dispatcher=self.wake, jobs=jobs)
        self._scheduler.start()

    def _jobs(self) -> list[Job]:
        if not self.bounces:
            return []
        collecting.named(self.bounces)  # an odd setting is told at the start, not once a minute
        collector = Collector(database=self.database, setting=self.bounces, clock=self.clock, wake_dispatcher=self.wake)
        return [Job(run=collector.run, every=COLLECT_EVERY)]

    def _start_dispatcher(self, server: MailServer) -> None:
        watch = mail_alert.Watch(database=self.database, server=str(server), clock=self.clock)
        self._dispatcher = Dispatcher(self.database, server, settling.settle_message, self.clock, told=watch.heard)
        self._dispatcher.start()

    def _start_catcher(self, mailbox: Path) -> str:
        self._catcher = Catcher(mailbox)
        try:
            self._catcher.start()
        except OSError as error:
            message = f"The embedded mail server can't start: {error}. Check that {mailbox} can be written."
            raise Unavailable(message) from error
        return self._catcher.url

    def wake(self) -> None:
        """Something was written: look into the outbox now."""
        if self._dispatcher is not None:
            self._dispatcher.wake()

    def stop(self) -> None:
        """End within two seconds; what was not done goes on at the next start."""
        if self._scheduler is not None:
            self._scheduler.stop()
        if self._dispatcher is not None:
            self._dispatcher.stop(STOP_SECONDS)
        if self._catcher is not None:
            self._catcher.stop()
        self._scheduler = self._dispatcher = self._catcher = None

"""A mail server that is down is one alert to the system owner, not one a message; it closes when the server is back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from notifications.dispatch.dispatcher import DispatchReport
from pathway.engine import following
from pathway.engine.act import Act
from pathway.engine.actors import SYSTEM
from pathway.engine.alerts import ladders
from pathway.engine.alerts.ladders import SYSTEM_LADDER, Matter
from rules.vocabulary import AlertKind
from storage.sessions import Database

SUBJECT = "mail server"
PATIENCE = 2
"""How often in a row a server may fail before somebody is told: most stumbles are over at the next try."""


@dataclass(slots=True, kw_only=True)
class Watch:
    """Hears of every batch that was sent, in the dispatcher's thread. ``server`` is its name, as a sentence begins."""

    database: Database
    server: str
    clock: Callable[[], datetime]
    failures: int = 0
    told: bool | None = None
    """Whether an alert is open as far as we know; None until the first batch says how the server is."""

    def heard(self, report: DispatchReport) -> None:
        """Open the alert when the server stays down, close it when it is back."""
        if report.server_down:
            self.failures += 1
            if not self.told and (report.needs_person or self.failures >= PATIENCE):
                self._change(lambda act: self._open(act, report))
                self.told = True
        elif report.handed_over or report.refused:
            self.failures = 0
            if self.told is not False:
                self._change(self._close)
                self.told = False

    def _change(self, change: Callable[[Act], None]) -> None:
        with following.acting(self.database, SYSTEM, now=self.clock()) as act:
            change(act)

    def _open(self, act: Act, report: DispatchReport) -> None:
        matter = Matter(
            kind=AlertKind.MAIL_SERVER,
            subject_key=SUBJECT,
            headline=f"{self.server} can't be used",
            next_step=f"Letters and alerts wait. Run `pathway doctor`. It said: {report.server_down}",
            ladder=SYSTEM_LADDER,
            due_at=act.now,
        )
        ladders.open_alert(act, matter)

    def _close(self, act: Act) -> None:
        because = f"{self.server} takes messages again."
        ladders.close_for(act, SUBJECT, because=because)

"""What goes on beside sending over GOV.UK Notify: letters for the post are made, and statuses asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifications.letters import paper
from notifications.notify.notify_channel import Inquiry, NotifyService
from notifications.notify.statuses import Report
from pathway.engine import following
from pathway.engine.actors import SYSTEM
from pathway.engine.post import notify_sheets, notify_statuses
from rules.errors import Unavailable
from storage.queries.letters import notify_rows
from storage.sessions import Conflict, Database

ASK_FOR = timedelta(days=14)
AT_ONCE = 200

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


@dataclass(slots=True, kw_only=True)
class Statuses:
    """Asks GOV.UK Notify what has become of what it accepted, some at a time and all in turn."""

    database: Database
    service: NotifyService
    clock: Clock
    wake_dispatcher: Callable[[], None]
    after: int = 0

    def run(self) -> None:
        """One round; a fault is logged, and the next round comes all the same."""
        try:
            if self.ask():
                self.wake_dispatcher()
        except Unavailable as error:
            log.warning("%s It is tried again.", error)
        except Exception:
            log.exception("Asking GOV.UK Notify for statuses failed; it is tried again.")

    def ask(self) -> int:
        """Asks for up to AT_ONCE statuses; how many were news. Raises Unavailable."""
        with self.database.read() as session:
            since = self.clock() - ASK_FOR
            waiting = notify_rows.unsettled(session, since=since, after=self.after, limit=AT_ONCE)
        if not waiting:
            self.after = 0
            return 0
        inquiry = Inquiry(self.service)
        try:
            return sum(self._ask(inquiry, number, name) for number, name in waiting)
        finally:
            inquiry.close()
            if len(waiting) < AT_ONCE:
                self.after = 0

    def _ask(self, inquiry: Inquiry, number: int, name: str) -> bool:
        report = inquiry.status_of(name)
        self.after = number
        return report is not None and taken(self.database, report, now=self.clock())


def taken(database: Database, report: Report, *, now: datetime) -> bool:
    """Records a status in a transaction of its own; False where it was no news, or somebody else records it now."""
    try:
        with following.acting(database, SYSTEM, now=now) as act:
            return notify_statuses.take(act, report)
    except Conflict:
        return False


@dataclass(slots=True, kw_only=True)
class Postman:
    """Puts letters written for the post into the outbox, as PDF; those with an odd address stay with people."""

    database: Database
    clock: Clock
    wake_dispatcher: Callable[[], None]
    told: bool = False

    def run(self) -> None:
        """One round; a fault is logged, and the next round comes all the same."""
        if missing := paper.available():
            if not self.told:
                log.warning("Letters stay in the print queue. %s", missing)
            self.told = True
            return
        try:
            if self.put():
                self.wake_dispatcher()
        except Exception:
            log.exception("Letters could not be made for GOV.UK Notify; it is tried again.")

    def put(self) -> int:
        """Puts all letters that can go into the outbox; how many."""
        with self.database.read() as session:
            waiting = notify_rows.letters_for_post(session)
        return sum(self._put(letter_id) for letter_id in waiting)

    def _put(self, letter_id: int) -> bool:
        with self.database.read() as session:
            sheet = notify_sheets.sheet(session, letter_id)
        if sheet is None:
            return False
        pdf = paper.pdf(sheet.paper, window=paper.NOTIFY)
        try:
            with following.acting(self.database, SYSTEM, now=self.clock()) as act:
                return notify_sheets.enqueue(act, sheet, pdf)
        except Conflict:
            return False

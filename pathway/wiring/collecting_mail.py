"""Collecting returned mail: again and again, outside any transaction, with one alert while it can't be had."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from notifications.returned import collecting
from notifications.returned.received import CannotCollect, Received
from pathway.engine import following
from pathway.engine.act import Act
from pathway.engine.actors import SYSTEM
from pathway.engine.alerts import ladders
from pathway.engine.alerts.ladders import SYSTEM_LADDER, Matter
from pathway.engine.post import returned_mail
from rules.errors import InvalidInput
from rules.vocabulary import AlertKind
from rules.words import counted
from storage.queries import installation_rows
from storage.queries.letters import returned_mail_rows
from storage.sessions import Conflict, Database
from storage.tables import Bounce

SUBJECT = "returned mail"
PATIENCE = 2
"""How often in a row it may fail before somebody is told: most stumbles are over a minute later."""

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


@dataclass(slots=True, kw_only=True)
class Collected:
    """What one round of collecting found: ``recorded`` now, ``left`` for the next round, ``faults`` of our own."""

    recorded: int = 0
    left: int = 0
    faults: int = 0


def collect(database: Database, setting: str, *, clock: Clock) -> Collected:
    """Records all that waits in the mailbox or folder that ``setting`` names, each in a transaction of its own.

    What can't be recorded stays where it is; so does what names no message of ours, marked as seen: it may be another
    installation's. Raises CannotCollect, after all else was recorded, and InvalidInput for a setting that names no
    source.
    """
    found = Collected()
    trouble: CannotCollect | None = None
    with collecting.opened(setting, _us(database)) as source:
        for received in source.waiting():
            bounce = _recorded(database, received, found, clock=clock)
            if bounce is None:
                continue
            try:
                (source.leave if bounce.message_id is None else source.done)(received)
            except CannotCollect as error:
                trouble = trouble or error
    if trouble is not None:
        raise trouble
    return found


def _us(database: Database) -> str:
    with database.read() as session:
        ours = installation_rows.installation(session)
    return ours.short_name if ours else ""


def _recorded(database: Database, received: Received, found: Collected, *, clock: Clock) -> Bounce | None:
    """What is on record of it once that is committed: only then the source may put it away."""
    is_new = False
    try:
        with following.acting(database, SYSTEM, now=clock()) as act:
            is_new = returned_mail_rows.by_hash(act.session, received.key) is None
            taken = returned_mail.take(act, received)
    except Conflict:
        taken = None  # somebody else was at the same letter at the same moment; the next round sees what is left to do
    except Exception:
        log.exception("Received mail %s can't be recorded; it stays where it is.", received.key[:16])
        found.faults += 1
        return None
    if taken is None:
        found.left += 1
        return None
    found.recorded += is_new
    return taken


@dataclass(slots=True, kw_only=True)
class Collector:
    """Collects whenever it is told to; what is wrong with the source becomes one alert, closed when it works again."""

    database: Database
    setting: str
    clock: Clock
    wake_dispatcher: Callable[[], None]
    failures: int = 0
    told: bool | None = None
    """Whether an alert is open as far as we know; None until the first round says how the source is."""

    def run(self) -> None:
        """One round; a fault is logged, and the next round comes all the same."""
        try:
            self._round()
        except Exception:
            log.exception("Collecting returned mail failed; it is tried again in a minute.")

    def _round(self) -> None:
        try:
            found = collect(self.database, self.setting, clock=self.clock)
        except (CannotCollect, InvalidInput) as error:
            log.warning("%s", error)
            self._failed(str(error))
            return
        if found.faults:
            self._failed(f"{counted(found.faults, 'e-mail')} can't be recorded. Look at the log.")
        else:
            self._worked()
        if found.recorded:
            log.info("Returned mail: %s recorded.", found.recorded)
            self.wake_dispatcher()

    def _failed(self, because: str) -> None:
        self.failures += 1
        if not self.told and self.failures >= PATIENCE:
            with following.acting(self.database, SYSTEM, now=self.clock()) as act:
                self._open(act, because)
            self.told = True
            self.wake_dispatcher()

    def _worked(self) -> None:
        self.failures = 0
        if self.told is not False:
            because = "Returned mail can be collected again."
            with following.acting(self.database, SYSTEM, now=self.clock()) as act:
                ladders.close_for(act, SUBJECT, because=because)
            self.told = False
            self.wake_dispatcher()

    def _open(self, act: Act, because: str) -> None:
        matter = Matter(
            kind=AlertKind.SYSTEM,
            subject_key=SUBJECT,
            headline="Returned mail can't be collected",
            next_step=f"Letters that bounce are not noticed. Run `pathway doctor`. {because}",
            ladder=SYSTEM_LADDER,
            due_at=act.now,
        )
        ladders.open_alert(act, matter)


def look(setting: str) -> str:
    """Opens the source and closes it again; returns its name in words. Raises CannotCollect, InvalidInput."""
    source = collecting.named(setting)
    with source.opened():
        return str(source)

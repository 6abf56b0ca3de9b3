"""A front door with a hand on its clock: the real engine, the real sweep and real SMTP into the catcher."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from notifications.dispatch import dispatcher
from notifications.smtp import catcher
from notifications.smtp.catcher import Catcher, CaughtMessage
from notifications.smtp.mailer import MailServer
from pathway.demo import people
from pathway.demo.front_desk import FrontDesk
from pathway.demo.people import Member
from pathway.engine import inputs
from pathway.engine.casework import allocating
from pathway.engine.children.match_answers import OPEN
from pathway.engine.decisions import deciding, decision_input, onward_referral, setting_aside
from pathway.engine.intake import added_child, logging_contact, screening
from pathway.engine.post import handing_over
from pathway.engine.watch import acknowledging, heartbeats, sweep
from pathway.settings import Settings
from pathway.wiring import databases
from rules.timing import zones
from rules.timing.zones import LONDON
from rules.vocabulary import CheckKind, Mark
from storage.queries.children import match_rows
from storage.queries.decisions import onward_rows
from storage.queries.letters import outbox_rows
from storage.tables import Alert, Contact, Heartbeat, Referral, Worker, id_of

CHECKS = (
    (CheckKind.HISTORY, "No earlier contact."),
    (CheckKind.SIBLINGS, "Seen together with the other children of the household."),
    (CheckKind.ALREADY_OPEN, "Not open to a worker."),
)
# So long what is decided can be changed or undone, as shipped, and nothing of it leaves.
GRACE = timedelta(minutes=10)
STILL_ASKED = "The school nurse looks it up on Monday."


def london(text: str) -> datetime:
    """The moment of a London time such as ``2009-03-27 16:40``."""
    return zones.localise(datetime.fromisoformat(text), LONDON)


# Said only where the decision is late.
LATE = {"late_reason": "waited-for-information", "late_words": "The school answered on the second day."}


@dataclass(slots=True)
class Hand:
    """A clock that stands where it is put."""

    now: datetime

    def __call__(self) -> datetime:
        """The moment at which it stands."""
        return self.now


@dataclass(slots=True, kw_only=True)
class Desk(FrontDesk):
    """The front door of the demonstration, with its mail server and its two workers."""

    mailbox: Path
    clock: Hand
    server: MailServer
    sam: Worker
    mei: Worker
    _read_before: set[str] = field(default_factory=set)

    @property
    def now(self) -> datetime:
        """The moment at which the clock stands."""
        return self.clock.now

    # -- the clock ---------------------------------------------------------------------------------------------

    def go_to(self, moment: datetime) -> None:
        """Let time pass, stopping wherever the sweep has something to do."""
        for stop in self.stops(moment):
            self.clock.now = stop
            self._carry_heartbeat()
            self.work_off()

    def _carry_heartbeat(self) -> None:
        # A real sweep runs every few seconds. Ours takes strides, and each would stand on record as a gap in the watch.
        with self.database.write() as session:
            session.merge(Heartbeat(name=heartbeats.SWEEP, beat_at=self.now))

    def work_off(self) -> None:
        """One sweep, and every message that is due handed over by SMTP."""
        sweep.run_once(self.database, now=self.now)
        self.send()

    def send(self) -> None:
        """Hand over what is due, and what that leads to: a letter that is handed over may close an alert."""
        while self._anything_due():
            dispatcher.run_once(self.database, self.server, handing_over.settle_message, now=self.clock)

    def _anything_due(self) -> bool:
        with self.database.read() as session:
            return outbox_rows.anything_due(session, now=self.now)

    def new_mail(self) -> list[CaughtMessage]:
        """What the catcher has taken since this was last asked, in the order of arrival."""
        found = [message for message in catcher.mailbox(self.mailbox) if message.name not in self._read_before]
        self._read_before |= {message.name for message in found}
        return found[::-1]

    # -- what people do ----------------------------------------------------------------------------------------

    def log(
        self,
        told: Mapping[str, object],
        children: Sequence[Mapping[str, object]],
        *,
        received_at: datetime | None = None,
    ) -> Contact:
        """The screening officer types in a contact."""
        typed = {"received_at": received_at or self.now, "children": children, **told}
        with self.acting(people.OFFICER.actor) as act:
            contact = logging_contact.log_contact(act, inputs.parse(logging_contact.ContactInput, typed))
        self.send()
        return contact

    def screen(self, referral: Referral, *, kinds: int = len(CHECKS)) -> None:
        """The screening officer records the first ``kinds`` checks."""
        checks = [screening.CheckInput(kind=kind, made=True, found=found) for kind, found in CHECKS[:kinds]]
        with self.acting(people.OFFICER.actor) as act:
            screening.screen(act, id_of(referral), checks)

    def add_child(self, contact: Contact, told: Mapping[str, object], *, why: str) -> Referral:
        """The screening officer adds a child whom the referrer did not name."""
        typed = (added_child.AddedChildInput, {"child": told, "why": why})
        return self.give(added_child.add_child, contact, typed, by=people.OFFICER.actor)

    def decide(self, referral: Referral, outcome: str, *, level: str, **more: object) -> None:
        """The duty manager decides; a letter that is now due goes when the decision has had its grace."""
        with self.database.read() as session:
            asked = match_rows.to_be_answered(session, session.get_one(Referral, id_of(referral)).person_id)
        answers = [{"match_id": number, "answer": OPEN, "note": STILL_ASKED} for number in asked]
        typed = {"outcome": outcome, "level_of_need": level, "matches": answers, **LATE, **more}
        self.give(deciding.decide, referral, (decision_input.DecisionInput, typed), by=people.DUTY_MANAGER.actor)
        self.send()

    def allocate(self, referral: Referral, worker: Worker, *, override: str = "") -> None:
        """The team manager gives the child to a worker, with whom it was talked over. Raises Refused over the limit."""
        talked = {"discussed_at": self.now - timedelta(minutes=20), "discussed_by": people.TEAM_MANAGER.name}
        agreed = {"agreed": "First visit within two days; supervision on Thursday.", "override_reason": override}
        typed = (allocating.AllocationInput, {"worker_id": id_of(worker), **talked, **agreed})
        self.give(allocating.allocate, referral, typed, by=people.TEAM_MANAGER.actor)
        self.send()

    def receiver_accepts(self, referral: Referral, note: str) -> None:
        """The screening officer records that the receiver has taken the child on."""
        with self.database.read() as session:
            sent = onward_rows.open_of(session, id_of(referral))
        typed = (onward_referral.ReceiverAnswerInput, {"accepted": True, "answered_at": self.now, "note": note})
        self.give(onward_referral.record_answer, sent, typed, by=people.OFFICER.actor)
        self.send()

    def set_aside_twice(self, referral: Referral, *, right: Referral) -> None:
        """The duty manager marks a referral as logged twice."""
        typed = {"mark": Mark.LOGGED_TWICE, "reason": "The school rang twice.", "right_ref": right.ref}
        self.give(setting_aside.set_aside, referral, (setting_aside.SetAsideInput, typed), by=people.DUTY_MANAGER.actor)

    def acknowledge(self, alert: Alert, note: str, *, by: Member) -> None:
        """Somebody says what they are doing about an alert."""
        self.give(acknowledging.acknowledge, alert, (acknowledging.AcknowledgementInput, {"note": note}), by=by.actor)


@contextmanager
def opened(settings: Settings, *, at: datetime) -> Iterator[Desk]:
    """A desk on a new database in the settings' home, with everybody at work and the catcher listening."""
    clock = Hand(at)
    database = databases.open_database(settings)
    caught = Catcher(settings.mailbox, now=clock)
    caught.start()
    try:
        databases.prepare(database, settings, now=at)
        with database.write() as session:
            sam, mei = people.employ(session, now=at)
        yield Desk(
            database=database,
            mailbox=settings.mailbox,
            clock=clock,
            server=MailServer.from_url(caught.url),
            sam=sam,
            mei=mei,
        )
    finally:
        caught.stop()
        database.dispose()

"""A front door for tests: people at their desks, a hand on the clock, and a mailbox to look into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory

from notifications.answers import Answer
from notifications.outbox import queue, recording
from pathway.demo.front_desk import FrontDesk
from pathway.engine import inputs
from pathway.engine.actors import Actor
from pathway.engine.casework import allocating, closing
from pathway.engine.decisions import deciding, decision_input, reopening
from pathway.engine.intake import logging_contact, rating, screening
from pathway.engine.milestones import recording_milestones
from pathway.engine.post import handing_over
from pathway.engine.rulebooks import published_books
from pathway.engine.staff import accounts
from pathway.engine.watch import acknowledging, sweep
from rules.messages import Delivery, MessageState
from rules.timing import zones
from rules.vocabulary import CheckKind, Role, State
from storage.clock import utc_now
from storage.queries import clock_rows, event_rows
from storage.queries.alerts import alert_rows
from storage.queries.casework import milestone_rows
from storage.queries.children import match_rows
from storage.queries.letters import letter_rows
from storage.queries.staff import staff_rows
from storage.sessions import Database
from storage.tables import Alert, Clock, Contact, Council, Event, Letter, Message, Milestone, Referral, Worker, id_of
from support import opening, rows
from support.scenes import kept

LONDON = zones.zone_named(zones.LONDON)
ACCEPTED = Answer(accepted=True, final=True, code=250, text="queued")
NEEDED = (CheckKind.HISTORY, CheckKind.SIBLINGS, CheckKind.ALREADY_OPEN)
FACTS = {
    "strategy discussion held": {"enquiry_started": True, "took_part": "Police, health visitor, school."},
    "child seen": {"seen_alone": True},
}
ROLES = tuple(role for role in Role if role is not Role.SYSTEM_OWNER)


def london(text: str) -> datetime:
    """A London wall-clock moment such as ``2009-03-27 16:40``, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def person_in(role: Role) -> Actor:
    """The one person who holds a role; the user name is the role's name."""
    name = role.replace(" ", ".")
    return Actor(username=name, name=role.title(), roles=frozenset({role}))


OFFICER = person_in(Role.SCREENING_OFFICER)
MANAGER = person_in(Role.DUTY_MANAGER)
TEAM_MANAGER = person_in(Role.TEAM_MANAGER)


@dataclass(slots=True, kw_only=True)
class FrontDoor(FrontDesk):
    """One council's front door on one database; ``now`` is wherever the hand on the frozen clock has moved it."""

    frozen: FrozenDateTimeFactory

    @property
    def now(self) -> datetime:
        """The moment at which everybody lives."""
        return utc_now()

    @classmethod
    def opened(
        cls, database: Database, frozen: FrozenDateTimeFactory, at: str, *, book: str = "haringey-2009"
    ) -> FrontDoor:
        """A front door with one person in each role, opened at a London moment."""
        door = cls(database=database, frozen=frozen)
        door.move_to(at)
        door._open(book)
        return door

    @kept
    def _open(self, book: str) -> None:
        opening.fill(self.database, book, lambda session: self._make(session, book), now=self.now)

    def _make(self, session: Any, book: str) -> None:
        session.add(council(book))
        session.flush()
        published_books.publish_shipped(session, now=self.now)
        for role in ROLES:
            self._add_person(session, role)

    def _add_person(self, session: Any, role: Role) -> None:
        actor = person_in(role)
        accounts.add_user(
            session,
            username=actor.username,
            name=actor.name,
            email=f"{actor.username}@council.example.org",
            password_hash="none",
            roles=[role],
            now=self.now,
        )

    # -- the hand on the clock ---------------------------------------------------------------------------------

    def move_to(self, at: str) -> None:
        """Moves the clock with nobody watching: no sweep runs in between."""
        self.frozen.move_to(london(at))

    @kept
    def watch_for(self, *, hours: float) -> None:
        """Lets time pass with the post and the sweep running; the clock stops where the sweep has something to do."""
        self.hand_over_letters()
        for stop in self.stops(self.now + timedelta(hours=hours)):
            self.frozen.move_to(stop)
            self.sweep()
            self.hand_over_letters()

    @kept
    def sweep(self) -> sweep.SweepReport:
        """One sweep at this moment."""
        return sweep.run_once(self.database, now=self.now)

    @kept
    def hand_over_letters(self) -> int:
        """The mail server accepts everything that is queued; returns how many messages."""
        with self.database.write() as session:
            claimed = queue.claim(session, now=self.now, lease=timedelta(minutes=5), limit=500, by="test")
            for message in claimed:
                row = recording.record_answer(session, message.id, ACCEPTED, now=self.now)
                handing_over.settle_message(session, row, ACCEPTED, now=self.now)
        return len(claimed)

    give = kept(FrontDesk.give)

    # -- what people do ----------------------------------------------------------------------------------------

    @kept
    def log(self, *children: str, received: str | None = None, by: Actor = OFFICER, **more: Any) -> Contact:
        """Logs a contact from a school about children named by forename."""
        received_at = london(received) if received else self.now
        typed = contact_fields(*children, **({"received_at": received_at} | more))
        request_id = typed.pop("request_id", None)
        with self.acting(by, token=request_id) as act:
            data = inputs.parse(logging_contact.ContactInput, typed)
            return logging_contact.log_contact(act, data)

    @kept
    def screen(self, referral: Referral, *, kinds: Sequence[CheckKind] = NEEDED, by: Actor = OFFICER) -> Referral:
        """Records checks as made, nothing found."""
        checks = [screening.CheckInput(kind=kind, made=True, found="Nothing known.") for kind in kinds]
        with self.acting(by) as act:
            screening.screen(act, id_of(referral), checks, version=None)
        return self.fresh(referral)

    @kept
    def decide(
        self, referral: Referral, outcome: str = "no-further-action", by: Actor = MANAGER, **more: Any
    ) -> Referral:
        """Screens the child when nobody has, and decides; of possible matches nothing can be told yet."""
        if self.fresh(referral).state in ("received", "screening"):
            self.screen(referral)
        with self.database.read() as session:
            asked = match_rows.to_be_answered(session, self.fresh(referral).person_id)
        more |= {"matches": [{"match_id": number, "answer": "open", "note": "Not yet."} for number in asked]} | more
        typed = {"outcome": outcome, "level_of_need": "1", "primary_need": "N1", "reasons": "Threshold not met."}
        typed = typed | {"receiver": "Early help hub", "late_reason": "more-than-usual"} | more
        self.give(deciding.decide, referral, (decision_input.DecisionInput, typed), by=by)
        return self.fresh(referral)

    @kept
    def allocate(self, referral: Referral, worker: Worker, by: Actor = TEAM_MANAGER, **more: Any) -> Referral:
        """Allocates after a discussion a moment ago."""
        talked = {"discussed_at": self.now, "discussed_by": by.name, "agreed": "First visit tomorrow."}
        typed = {"worker_id": worker.id} | talked | more
        self.give(allocating.allocate, referral, (allocating.AllocationInput, typed), by=by)
        return self.fresh(referral)

    @kept
    def close(self, referral: Referral, by: Actor = MANAGER, **more: Any) -> Referral:
        """Closes the referral, unless it has closed by itself; an accepted one with the department's reason."""
        now = self.fresh(referral)
        if now.state == State.CLOSED:
            return now
        typed = {"reason": "Nothing more to do."} | ({"code": "RC7"} if now.accepted_at else {}) | more
        self.give(closing.close, referral, (closing.ClosureInput, typed), by=by)
        return self.fresh(referral)

    @kept
    def rate(self, referral: Referral, rated: str, reason: str = "", by: Actor = MANAGER) -> Referral:
        """Rates how urgent a referral is."""
        self.give(rating.rate, referral, (rating.RatingInput, {"rating": rated, "reason": reason}), by=by)
        return self.fresh(referral)

    @kept
    def reopen(self, referral: Referral, by: Actor = MANAGER, **more: Any) -> Referral:
        """Takes a closed referral up again."""
        typed = {"reason": "The school rang again."} | more
        self.give(reopening.reopen, referral, (reopening.ReopeningInput, typed), by=by)
        return self.fresh(referral)

    @kept
    def post(self, letter: Letter, at: str, by: Actor = OFFICER) -> Letter:
        """Records a letter as posted at a London moment."""
        typed = {"delivery": Delivery.POST, "handed_over_at": london(at), "late_reason": "more-than-usual"}
        return self.give(handing_over.record_handover, letter, (handing_over.HandoverInput, typed), by=by)

    @kept
    def came_back(self, letter: Letter, at: str, how: str = "bounced", by: Actor = OFFICER) -> Letter:
        """Records that a letter came back at a London moment."""
        typed = {"how": how, "returned_at": london(at)}
        return self.give(handing_over.record_returned, letter, (handing_over.ReturnInput, typed), by=by)

    @kept
    def record(
        self, referral: Referral, kind: str, at: str | None = None, by: Actor = TEAM_MANAGER, **more: Any
    ) -> Referral:
        """Records a milestone that happened at a London moment, or now."""
        typed = {"kind": kind, "occurred_at": london(at) if at else self.now} | FACTS.get(kind, {}) | more
        self.give(recording_milestones.record, referral, (recording_milestones.MilestoneInput, typed), by=by)
        return self.fresh(referral)

    @kept
    def acknowledge(self, alert: Alert, note: str = "I am ringing the school now.", by: Actor = MANAGER) -> Alert:
        """Acknowledges an alert."""
        return self.give(acknowledging.acknowledge, alert, (acknowledging.AcknowledgementInput, {"note": note}), by=by)

    @kept
    def leave(self, actor: Actor) -> None:
        """Somebody leaves the council."""
        with self.database.write() as session:
            for user in staff_rows.named(session, [actor.username]):
                user.active = False

    @kept
    def add_worker(self, name: str = "Sam Okoro", full_time_equivalent: float = 1.0) -> Worker:
        """A worker in the assessment team."""
        with self.database.write() as session:
            team = accounts.add_team(session, name="Assessment team")
            email = f"{name.split(maxsplit=1)[0].lower()}@council.example.org"
            return accounts.add_worker(
                session, name=name, email=email, team=team, full_time_equivalent=full_time_equivalent
            )

    # -- what can be seen --------------------------------------------------------------------------------------

    def fresh(self, referral: Referral) -> Referral:
        """The referral as it is now."""
        with self.database.read() as session:
            return session.get_one(Referral, id_of(referral))

    def fresh_contact(self, contact: Contact) -> Contact:
        """The contact as it is now."""
        with self.database.read() as session:
            return session.get_one(Contact, id_of(contact))

    def clock(self, referral: Referral, kind: str = "decision") -> Clock:
        """The latest round of one clock of a referral."""
        with self.database.read() as session:
            found = [clock for clock in clock_rows.of_referral(session, id_of(referral)) if clock.kind == kind]
            return max(found, key=lambda clock: clock.round)

    def rounds(self, referral: Referral, kind: str) -> Sequence[Clock]:
        """Every round of one clock of a referral, in the order in which they began."""
        with self.database.read() as session:
            found = [clock for clock in clock_rows.of_referral(session, id_of(referral)) if clock.kind == kind]
            return sorted(found, key=lambda clock: (clock.started_at, clock.round))

    def letters(self, contact: Contact, kind: str | None = None) -> Sequence[Letter]:
        """The letters about a contact, oldest first."""
        with self.database.read() as session:
            found = letter_rows.of_contact(session, id_of(contact))
            return [letter for letter in found if kind in (None, letter.kind)]

    def milestones(self, referral: Referral) -> Sequence[Milestone]:
        """The milestones of a referral, in the order in which they happened."""
        with self.database.read() as session:
            return milestone_rows.of_referral(session, id_of(referral))

    def alert(self, subject_key: str) -> Alert | None:
        """The open alert about a subject."""
        with self.database.read() as session:
            return alert_rows.open_for(session, subject_key)

    def alert_of(self, referral: Referral, kind: str = "decision") -> Alert:
        """The open alert of one clock of a referral."""
        found = self.alert(f"clock:{self.clock(referral, kind).id}")
        assert found is not None, f"no open alert about the {kind} clock of {referral.ref}"
        return found

    def events(self, referral: Referral) -> Sequence[Event]:
        """The history of a referral."""
        with self.database.read() as session:
            return event_rows.of_referral(session, referral)

    def messages(self, to: Role | str | None = None, kind: str | None = None) -> Sequence[Message]:
        """The messages written so far, to a role or an address, oldest first."""
        address = f"{person_in(to).username}@council.example.org" if isinstance(to, Role) else to
        with self.database.read() as session:
            return [
                message
                for message in rows.everything(session, Message)
                if (address is None or message.recipient_address == address) and kind in (None, message.kind)
            ]

    def handed_over(self, to: Role | str) -> Sequence[Message]:
        """The messages to somebody that a mail server has accepted."""
        return [message for message in self.messages(to) if message.state == MessageState.HANDED_OVER]


def contact_fields(*children: str, **more: Any) -> dict[str, Any]:
    """What an officer types for a contact from a school about these children of one family."""
    typed: dict[str, Any] = {
        "channel": "phone",
        "source_code": "2A",
        "referrer_name": "Ada Ferreira",
        "referrer_agency": "Park Lane School",
        "referrer_role": "Designated safeguarding lead",
        "referrer_email": "ada@school.example.org",
        "late_recording_reason": "Taken by telephone; the system was down.",
        "concern_facts": "Attendance has fallen; no food at home.",
        "children": [child_fields(name) for name in children or ("Mia",)],
    }
    return typed | more


def child_fields(forename: str, surname: str = "Harlow", **more: Any) -> dict[str, Any]:
    """What an officer types for one child."""
    return {"forename": forename, "surname": surname, "birth_date": "2004-05-06", "sex": "F"} | more


def council(book: str) -> Council:
    """The council of the tests. Its decisions have no grace: a test that is about grace gives it one (``grace``)."""
    return Council(
        name="Northmoor Council",
        team_name="First Response Team",
        telephone="020 7946 0100",
        out_of_hours_telephone="020 7946 0999",
        email="first.response@council.example.org",
        address="1 Civic Way, Northmoor, N1 1AA",
        complaints="Write to the complaints team at the same address.",
        sender="no-reply@council.example.org",
        base_url="http://127.0.0.1:8000",
        rulebook=book,
        system_owner="administrator",
        secure_domains="*",
        grace_minutes=0,
    )

"""A clock in doubt (record 19): how it begins, who may end it, and how what waited is done afterwards.

While it lasts nothing is judged by time and nothing is written to anybody but the one e-mail that says so. What people
record is taken, and marked.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifications.outbox import queue
from notifications.outbox.queue import Draft
from pathway.engine import following
from pathway.engine.act import Act
from pathway.engine.actors import SYSTEM, Actor
from pathway.engine.alerts import recipients
from pathway.engine.alerts.recipients import Recipient
from pathway.engine.decisions import onward_referral
from pathway.engine.letters import feedback
from pathway.engine.rulebooks import published_books
from rules.errors import InvalidInput, NotAllowed
from rules.messages import MessageKind
from rules.timing import zones
from rules.vocabulary import Role
from storage.queries import hold_rows, referral_rows
from storage.queries.hold_rows import DOUBT_MESSAGE
from storage.sessions import Database, ReadSession, WriteSession
from storage.tables import ClockDoubt, Contact, Council, id_of

MAY_ACCEPT = (Role.DUTY_MANAGER, Role.SYSTEM_OWNER)
REFUSAL = "Only a duty manager or the system owner says that the clock is right."
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the two clocks of a machine said at one moment, and which machine it was."""

    wall: datetime
    counted: timedelta
    boot: str
    machine: str


def begin(session: WriteSession, read: Reading, *, because: str, trusted_at: datetime, reckoned: bool) -> ClockDoubt:
    """Opens a doubt and writes to the system owner; where one is open, that one is returned.

    ``trusted_at``: the last moment that was certain. ``reckoned``: it is the present one, counted by the other clock.
    """
    if (there := hold_rows.doubt(session)) is not None:
        return there
    doubt = ClockDoubt(
        began_at=read.wall,
        because=because,
        trusted_at=trusted_at,
        trusted_counted=read.counted.total_seconds() if reckoned else None,
        boot=read.boot,
        machine=read.machine,
        last_event_id=hold_rows.last_event_id(session),
    )
    session.add(doubt)
    session.flush()
    _tell(session, doubt)
    return doubt


def may_accept(session: WriteSession | ReadSession, actor: Actor) -> bool:
    """True for a duty manager and whoever looks after the system, by role or by the settings."""
    council = session.get(Council, 1)
    named = council is not None and council.system_owner == actor.username
    return named or not actor.roles.isdisjoint(MAY_ACCEPT)


def accept(act: Act) -> ClockDoubt | None:
    """Somebody says that the clock is right as it stands: everything goes on. None where it is not in doubt.

    Raises NotAllowed for whoever is neither a duty manager nor the system owner.
    """
    if not may_accept(act.session, act.actor):
        raise NotAllowed(REFUSAL)
    doubt = hold_rows.lock_doubt(act.session)
    if doubt is not None:
        end(act.session, doubt, by=act.actor.username, now=act.now)
    return doubt


def end(session: WriteSession, doubt: ClockDoubt, *, by: str, now: datetime) -> None:
    """Ends a doubt, which is locked; ``by`` is empty where the clock came right by itself."""
    doubt.ended_at, doubt.ended_by = now, by
    session.flush()
    hold_rows.bring_back(session, now=now)


def catch_up(database: Database, *, now: datetime) -> None:
    """Does what waited for the end of a doubt: letters, what follows, what is owed. Again it changes nothing."""
    with database.read() as session:
        behind = [(id_of(doubt), doubt.last_event_id) for doubt in hold_rows.behind(session)]
    for doubt_id, event_id in behind:
        with database.read() as session:
            contacts = hold_rows.contacts_since(session, event_id)
        for contact_id in contacts:
            _guarded(database, contact_id, event_id, now=now)
        with database.write() as session:
            session.get_one(ClockDoubt, doubt_id).caught_up_at = now


def _guarded(database: Database, contact_id: int, event_id: int, *, now: datetime) -> None:
    try:
        with following.acting(database, SYSTEM, now=now) as act:
            _follow_up(act, contact_id, since=event_id)
    except Exception:  # noqa: BLE001 - whatever is wrong with one contact, the others must be followed
        _log.exception("What waited for contact %s while the clock was in doubt could not be done", contact_id)


def _follow_up(act: Act, contact_id: int, *, since: int) -> None:
    contact = act.hold(contact_id)
    if hold_rows.is_unacknowledged(act.session, contact_id, logged_after=since):
        _acknowledge(act, contact)
    onward_referral.write_what_waited(act, contact_id)


def _acknowledge(act: Act, contact: Contact) -> None:
    children = referral_rows.children_of_contact(act.session, id_of(contact))
    published = published_books.published_of(act.session, children[0][0])
    feedback.acknowledge_receipt(act, contact, children, published=published)


def _tell(session: WriteSession, doubt: ClockDoubt) -> None:
    council = session.get(Council, 1)
    if council is None:
        return
    for person in recipients.system_owners(session):
        # Past the alerts and their ladders, which are held: nobody else tells of this.
        try:
            queue.enqueue(session, _draft(doubt, person, council), now=min(doubt.began_at, doubt.trusted_at))
        except InvalidInput:
            _log.exception("The system owner can't be written to; the pages say it all the same")


def _draft(doubt: ClockDoubt, person: Recipient, council: Council) -> Draft:
    return Draft(
        kind=MessageKind.ALERT,
        dedup_key=f"{DOUBT_MESSAGE}{doubt.id}:{person.key}",
        recipient_name=person.name,
        recipient_address=person.email,
        subject="Urgent: the clock is in doubt, and nothing is sent",
        text=_TEXT.format(because=doubt.because, machine=doubt.machine, address=f"{council.base_url}/clock"),
        html=None,
        sender=council.sender,
        sender_name=council.name,
        priority=0,
    )


_TEXT = """\
{because}.

Until the clock is right nothing is judged by time: no breach, no alert and no letter is written, and nothing else is
sent. What people record is kept, and marked "clock in doubt".

What to do
- Look at the clock of the machine {machine}. Once it is right again, everything goes on by itself.
- Where it is right already, say so: press the button on {address}, or run

    pathway clock accept

- Until then people must ring whoever has to know of a child in immediate danger.
"""


def moment_words(moment: datetime) -> str:
    """A moment as the reasons of a doubt name it, to the second, in London time."""
    there = moment.astimezone(zones.zone_named(zones.LONDON))
    return f"{there:%H:%M:%S} on {there.day} {there:%B %Y}"

"""A simulated week: a mail server that accepts, defers, refuses, drops and lies, and a sender that is killed in it."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from multiprocessing import forkserver, get_context
from multiprocessing.context import ForkServerContext
from random import Random

from sqlmodel import col, select

from notifications.answers import Answer
from notifications.dispatch import dispatcher
from notifications.outbox import queue
from notifications.smtp.servers import MailServer, Patience
from rules.messages import MessageState
from storage.sessions import Database, WriteSession
from storage.tables import Heartbeat, Message, MessageAttempt
from support import mail_servers, rows
from support.letters import draft
from support.mail_servers import DROP, NONSENSE, SILENCE, Behaviour, Received

MONDAY = datetime(2009, 3, 2, tzinfo=UTC)
WEEK = timedelta(days=7)
IDLE_SECONDS = 0.4
START_SECONDS = 20.0
LONGEST_ROUND = 20.0
# So that a lie costs a moment of the run and not the minutes that it costs in earnest.
HASTY = Patience(connect=0.3, command=0.3, final_dot=0.3, message=2.0)
GONE = "gone"
# How often what happens, in a hundred, at each place of a conversation.
FAULTS: dict[str, tuple[tuple[float, str], ...]] = {
    "banner": ((4, "421 4.3.2 Closing"), (2, DROP), (1, SILENCE), (1, NONSENSE)),
    "ehlo": ((1, DROP),),
    "mail": ((1, "452 4.3.1 Full"), (1, "421 4.3.2 Closing"), (1, DROP)),
    "rcpt": ((4, "450 4.2.1 Busy"), (1, DROP), (1, NONSENSE)),
    "mid-data": ((2, DROP), (1, NONSENSE)),
    "data": ((3, "451 4.3.0 Later"), (3, DROP), (3, SILENCE)),
}


@dataclass(frozen=True)
class Take:
    """One message that the server took, in the round in which it took it."""

    got: Received
    round: int


@dataclass
class Chaotic(Behaviour):
    """A server that draws a lot at each place. Addresses that begin with ``gone`` are refused for good."""

    random: Random = field(default_factory=Random)
    most_connections: int = 10**9
    honest: bool = False
    events: int = 0
    drawn: Counter[str] = field(default_factory=Counter)

    def fault(self, place: str, recipient: str = "") -> str:
        self.events += 1
        if place == "rcpt" and recipient.startswith(GONE):
            return "550 5.1.1 No such person"
        draw = 0 if self.honest else self.random.uniform(0, 100)
        for chance, fault in () if self.honest else FAULTS.get(place, ()):
            draw -= chance
            if draw < 0:
                self.drawn[fault] += 1
                return fault
        return ""


@dataclass
class Week:
    """What happened: who was owed what is in the database, what the server took in ``takes``."""

    seed: int
    database: Database
    behaviour: Chaotic
    takes: list[Take] = field(default_factory=list)
    held_at_kill: list[set[int]] = field(default_factory=list)
    kills: int = 0
    owed: int = 0

    def messages(self) -> list[Message]:
        with self.database.read() as session:
            return rows.everything(session, Message)

    def attempts(self) -> list[MessageAttempt]:
        with self.database.read() as session:
            return rows.everything(session, MessageAttempt)

    def settled(self) -> set[int]:
        with self.database.read() as session:
            names = session.exec(select(Heartbeat.name).where(col(Heartbeat.name).startswith("settled "))).all()
        return {int(name.split()[1]) for name in names}


def settle(session: WriteSession, message: Message, answer: Answer, *, now: datetime) -> None:
    """The consequence: a mark that can be made only once, in the transaction that records the answer."""
    if answer.accepted or answer.final:
        session.add(Heartbeat(name=f"settled {message.id}", beat_at=now))
        session.flush()


def send_for_ever(url: str, server: MailServer, moment: datetime) -> None:
    """The dispatcher of a process whose clock begins at ``moment``, until it is killed."""
    logging.getLogger().setLevel(logging.ERROR)  # a server that is down is no news here
    begun, database = time.monotonic(), Database(url)

    def clock() -> datetime:
        return moment + timedelta(seconds=time.monotonic() - begun)

    dispatcher.Dispatcher(database, server, settle, clock, poll=timedelta(seconds=0.02)).start()
    time.sleep(600)


def week(database: Database, *, seed: int, kills: int, told: Callable[[Week, datetime], None]) -> Week:
    """Live through it: in each round letters are written and the sender is killed; then a server that behaves."""
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # the server need not say what it makes of half a letter
    random = Random(seed)
    moments = sorted(MONDAY + WEEK * random.random() for _ in range(kills))
    found = Week(seed, database, Chaotic(random=Random(random.random())))
    with mail_servers.running(found.behaviour) as (server, _):
        hasty = replace(server, patience=HASTY)
        for moment in moments:
            _write(found, random, moment)
            _round(found, hasty, moment, events=random.randint(1, 250), delay=random.uniform(0, 0.03))
            found.kills += 1
            told(found, moment)
        _to_the_end(found, hasty)
    return found


def _write(found: Week, random: Random, moment: datetime) -> None:
    with found.database.write() as session:
        for _ in range(random.randint(5, 40)):
            found.owed += 1
            name = GONE if random.random() < 0.03 else "recipient"
            address = f"{name}{found.owed}@agency.example.org"
            priority = random.choice([0, 5])
            wanted = draft(found.owed, recipient_address=address, priority=priority, text=f"Letter {found.owed}")
            queue.enqueue(session, wanted, now=moment)


def _round(found: Week, server: MailServer, moment: datetime, *, events: int, delay: float) -> None:
    """One sender, killed when the server has seen so many events, or has seen nothing for a while."""
    before, taken_before = found.behaviour.events, len(found.behaviour.received)
    process = _forks().Process(target=send_for_ever, args=(found.database.url, server, moment), daemon=True)
    process.start()
    _wait_for_its_moment(found.behaviour, before=before, events=events)
    time.sleep(delay)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    time.sleep(0.02)  # what stood in the socket is still read by the server
    number = len(found.held_at_kill)
    found.takes += [Take(got, number) for got in found.behaviour.received[taken_before:]]
    held = [row for row in found.messages() if row.state == MessageState.SENDING and row.lease_until > moment]
    found.held_at_kill.append({row.id for row in held})


def _forks() -> ForkServerContext:
    """Starts processes that have imported everything already: two seconds for the first, none for the others."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["support.chaos"])
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)  # or it finds nothing to import beforehand
    try:
        forkserver.ensure_running()
    finally:
        del os.environ["PYTHONPATH"]
        os.environ |= {"PYTHONPATH": before} if before is not None else {}
    return context


def _wait_for_its_moment(behaviour: Chaotic, *, before: int, events: int) -> None:
    begun = quiet_since = time.monotonic()
    seen = before
    while behaviour.events - before < events and time.monotonic() < begun + LONGEST_ROUND:
        time.sleep(0.002)
        if behaviour.events != seen:
            seen, quiet_since = behaviour.events, time.monotonic()
        patience = IDLE_SECONDS if seen > before else START_SECONDS
        if time.monotonic() > quiet_since + patience:
            return


def _to_the_end(found: Week, server: MailServer) -> None:
    """The week after: the server behaves, nobody is killed, and an hour passes between one look and the next."""
    found.behaviour.honest = True
    taken_before = len(found.behaviour.received)
    for hour in range(2, 50):
        now = MONDAY + WEEK + timedelta(hours=hour)
        while dispatcher.run_once(found.database, server, settle, now=lambda now=now: now).found_work:
            pass
        if all(row.state in {MessageState.HANDED_OVER, MessageState.REFUSED} for row in found.messages()):
            break
    number = len(found.held_at_kill)
    found.takes += [Take(got, number) for got in found.behaviour.received[taken_before:]]
    found.held_at_kill.append(set())


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What was counted; ``broken`` names every promise that was not kept, and for which message."""

    owed: int
    handed_over: int
    refused: int
    twins: int
    flagged: int
    broken: tuple[str, ...]


def judge(found: Week) -> Verdict:
    """Hold what the server took against what was owed."""
    messages = found.messages()
    by_message_id = {row.message_id: row for row in messages}
    takes: dict[int, list[Take]] = {row.id or 0: [] for row in messages}
    broken = []
    for take in found.takes:
        row = by_message_id.get(take.got.message["Message-ID"])
        if row is None or row.recipient_address.split() != take.got.recipients or row.content != take.got.content:
            broken.append(f"Something was taken for {take.got.recipients} that is not owed to them")
        else:
            takes[row.id or 0].append(take)
    settled = found.settled()
    accepted = Counter(attempt.message_id for attempt in found.attempts() if attempt.accepted)
    for row in messages:
        broken += [f"Message {row.id}: {fault}" for fault in _faults(found, row, takes[row.id or 0], accepted, settled)]
    states = Counter(row.state for row in messages)
    return Verdict(
        owed=len(messages),
        handed_over=states[MessageState.HANDED_OVER],
        refused=states[MessageState.REFUSED],
        twins=sum(len(copies) > 1 for copies in takes.values()),
        flagged=sum(row.perhaps_twice for row in messages),
        broken=tuple(broken),
    )


def _faults(found: Week, row: Message, takes: list[Take], accepted: Counter[int], settled: set[int]) -> Iterator[str]:
    number = row.id or 0
    refused = row.recipient_address.startswith(GONE)
    if row.state != (MessageState.REFUSED if refused else MessageState.HANDED_OVER):
        yield f"it ended as {row.state}"
    if bool(takes) is refused:
        yield f"it was taken {len(takes)} times"
    if number not in settled:
        yield "nothing followed from it"
    if not refused and accepted[number] != 1:
        yield f"it was recorded as accepted {accepted[number]} times"
    if len(takes) > 1 and not row.perhaps_twice:
        yield "it was taken twice and is not flagged"
    for take in takes[:-1]:
        # What a dead sender had written to its socket may be read by the server a round later.
        held = found.held_at_kill[take.round] | found.held_at_kill[max(take.round - 1, 0)]
        if take.got.answered and number not in held:
            yield "it was sent again although the server's answer was not lost"

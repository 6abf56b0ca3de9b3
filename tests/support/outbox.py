"""A hand in the outbox: messages put in, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from notifications.answers import Answer
from notifications.outbox import queue
from storage.queries.letters import outbox_rows
from storage.sessions import Database, WriteSession
from storage.tables import Heartbeat, Message, MessageAttempt
from support.letters import NOW, draft

OK = Answer(accepted=True, final=True, code=250, text="2.0.0 Queued")
BUSY = Answer(accepted=False, final=False, code=450, text="4.2.1 Busy")
UNKNOWN = Answer(accepted=False, final=True, code=550, text="5.1.1 Unknown")


def put(database: Database, count: int = 1, *, now: datetime = NOW, **changes: object) -> list[int]:
    """The ids of ``count`` queued messages."""
    with database.write() as session:
        return [queue.enqueue(session, draft(number, **changes), now=now).id for number in range(1, count + 1)]


def message(database: Database, message_id: int) -> Message:
    with database.read() as session:
        return session.get_one(Message, message_id)


def attempts(database: Database, message_id: int) -> list[MessageAttempt]:
    with database.read() as session:
        return list(outbox_rows.attempts(session, message_id))


@dataclass
class Settled:
    """A settle function that leaves a mark in the transaction, and fails for the messages it is told to."""

    fails_for: set[int] = field(default_factory=set)
    calls: list[tuple[int, str, datetime]] = field(default_factory=list)

    def __call__(self, session: WriteSession, message: Message, answer: Answer, *, now: datetime) -> None:
        session.add(Heartbeat(name=f"settled {message.id}", beat_at=now))
        session.flush()
        if message.id in self.fails_for:
            raise RuntimeError("The clock would not stop")
        self.calls.append((message.id, message.state, now))

    def mark(self, database: Database, message_id: int) -> datetime | None:
        with database.read() as session:
            found = session.get(Heartbeat, f"settled {message_id}")
            return found and found.beat_at

"""Letters on paper in the outbox: for a channel that prints, each as the PDF that it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from notifications import plain
from notifications.outbox import mime
from rules.messages import Delivery, MessageKind, MessageState
from storage.queries.letters import outbox_rows
from storage.sessions import WriteSession
from storage.tables import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A letter to be printed and posted by somebody else; ``envelope`` are the lines in the window."""

    kind: MessageKind
    dedup_key: str
    recipient_name: str
    envelope: tuple[str, ...]
    subject: str
    pdf: bytes
    sender: str
    letter_id: int
    contact_id: int
    priority: int


def enqueue(session: WriteSession, posting: Posting, *, now: datetime) -> Message:
    """Write the letter into the open transaction, under a Message-ID of its own; the same key again changes nothing."""
    return outbox_rows.add_once(
        session,
        Message(
            kind=posting.kind,
            state=MessageState.QUEUED,
            dedup_key=posting.dedup_key,
            message_id=mime.new_message_id(posting.sender),
            recipient_name=plain.one_line(posting.recipient_name),
            recipient_address=plain.one_line(", ".join(posting.envelope)),
            subject=plain.one_line(posting.subject),
            content=posting.pdf,
            priority=posting.priority,
            letter_id=posting.letter_id,
            contact_id=posting.contact_id,
            created_at=now,
            next_attempt_at=now,
            delivery=Delivery.POST,
        ),
    )

"""The board: one card a contact that waits, kept by whatever changes what it stands for.

A card is kept in the transaction of the change itself, at its end, so that there is never one too many or too few. All
who change a referral, a clock or a letter of a contact hold its lock, so that no two of them keep one card at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Index, bindparam, case, delete, event, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel

from rules.board import DONE_WITH
from rules.messages import MessageKind
from rules.pathway import UNDECIDED
from rules.vocabulary import ClockState
from storage.tables.base import INSERT, metadata, partial_index
from storage.tables.clocks import Clock
from storage.tables.contacts import Contact
from storage.tables.information import Information
from storage.tables.letters import Letter, LetterCancellation, LetterExcuse
from storage.tables.referrals import Referral

NEVER = datetime(9000, 1, 1, tzinfo=UTC)
CHUNK = 500
_KEPT = "contacts whose card is to be kept"
_KEPT_BY_LETTER = "letters whose card is to be kept"


class BoardCard(SQLModel, table=True):
    """A contact of which a child waits here: neither imported nor allocated, closed or set aside.

    ``rank`` is 0 in immediate danger, else 1. ``due_at`` is that of the strictest running clock of those children,
    ``NEVER`` where none runs. ``asked_at``: the referrer was asked in writing then, and has not answered.
    """

    __tablename__ = "board_card"
    __table_args__ = (
        Index("ix_board_card_order", "rank", "due_at", "contact_id"),
        Index("ix_board_card_due", "due_at", "contact_id"),
        partial_index("ix_board_card_asked", "rank", "due_at", "contact_id", where="asked_at IS NOT NULL"),
    )

    contact_id: int = Field(foreign_key="contact.id", primary_key=True, sa_column_kwargs={"autoincrement": False})
    rank: int
    due_at: datetime
    asked_at: datetime | None = None


_CARD, _CONTACT, _REFERRAL, _CLOCK, _LETTER, _INFORMATION, _CANCELLED, _EXCUSED = (
    metadata.tables[name]
    for name in (
        "board_card",
        "contact",
        "referral",
        "clock",
        "letter",
        "information",
        "letter_cancellation",
        "letter_excuse",
    )
)


@event.listens_for(Session, "after_flush")
def _changed(session: Session, _context: object) -> None:
    """Remembers what a change touched."""
    kept, by_letter = (session.info.setdefault(name, set()) for name in (_KEPT, _KEPT_BY_LETTER))
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Contact):
            kept.add(row.id)
        elif isinstance(row, Referral | Clock | Letter | Information):
            kept.add(row.contact_id)
        elif isinstance(row, LetterCancellation | LetterExcuse):
            by_letter.add(row.letter_id)


@event.listens_for(Session, "before_commit")
def _keep(session: Session) -> None:
    """Keeps the cards of all that was touched, as they are at the end of the transaction."""
    session.flush()
    kept, by_letter = (session.info.pop(name, set()) for name in (_KEPT, _KEPT_BY_LETTER))
    if by_letter:
        wanted = select(_LETTER.c.contact_id).where(_LETTER.c.id.in_(sorted(by_letter)))
        kept |= set(session.connection().execute(wanted).scalars())
    if kept:
        keep(session.connection(), kept)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    for name in (_KEPT, _KEPT_BY_LETTER):
        session.info.pop(name, None)


def keep(connection: Connection, contact_ids: Collection[int]) -> None:
    """Keeps the cards of these contacts anew."""
    for some in _chunks(sorted(contact_ids)):
        cards = cards_of(connection, some)
        gone = set(some) - {card["contact_id"] for card in cards}
        if gone:
            connection.execute(delete(_CARD).where(_CARD.c.contact_id.in_(sorted(gone))))
        if cards:
            connection.execute(_writing(connection.dialect.name), cards)


@cache
def _writing(dialect: str) -> Any:
    insert: Any = INSERT[dialect](_CARD)
    new = {name: insert.excluded[name] for name in ("rank", "due_at", "asked_at")}
    return insert.on_conflict_do_update(index_elements=["contact_id"], set_=new)


def cards_of(connection: Connection, contact_ids: Sequence[int]) -> Sequence[dict[str, Any]]:
    """The cards that these contacts should have, read from what they stand for."""
    return [
        {**row, "due_at": row["due_at"] or NEVER}
        for row in connection.execute(_cards(), {"contact_ids": contact_ids}).mappings()
    ]


@cache
def _cards() -> Any:
    """The question, written once: each act that changes something asks it."""
    waits = (~_REFERRAL.c.imported) & _REFERRAL.c.state.not_in(DONE_WITH)
    runs = (_CLOCK.c.referral_id == _REFERRAL.c.id) & (_CLOCK.c.state == ClockState.RUNNING)
    asked = (_REFERRAL.c.state.in_(UNDECIDED)) & _REFERRAL.c.named_by_referrer
    return (
        select(
            _CONTACT.c.id.label("contact_id"),
            case((_CONTACT.c.immediate_danger, 0), else_=1).label("rank"),
            func.min(_CLOCK.c.due_at).label("due_at"),
            case((func.max(case((asked, 1), else_=0)) == 1, _asked()), else_=None).label("asked_at"),
        )
        .join(_REFERRAL, (_REFERRAL.c.contact_id == _CONTACT.c.id) & waits)
        .outerjoin(_CLOCK, runs)
        .where(_CONTACT.c.id.in_(bindparam("contact_ids", expanding=True)))
        .group_by(_CONTACT.c.id, _CONTACT.c.immediate_danger)
    )


def _asked() -> Any:
    """When the referrer was last asked in a letter that stands, where nothing has come from the referrer since."""
    stopped = or_(
        _LETTER.c.id.in_(select(_CANCELLED.c.letter_id)),
        _LETTER.c.id.in_(select(_EXCUSED.c.letter_id)),
    )
    answered = select(_INFORMATION.c.id).where(
        _INFORMATION.c.contact_id == _LETTER.c.contact_id,
        _INFORMATION.c.from_referrer | _INFORMATION.c.answers,
        _INFORMATION.c.recorded_at > _LETTER.c.written_at,
    )
    return (
        select(func.max(_LETTER.c.written_at))
        .where(
            _LETTER.c.contact_id == _CONTACT.c.id,
            _LETTER.c.kind == MessageKind.MISSING_INFORMATION,
            ~stopped,
            ~answered.correlate(_LETTER).exists(),
        )
        .correlate(_CONTACT)
        .scalar_subquery()
    )


def _chunks(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), CHUNK):
        yield numbers[start : start + CHUNK]

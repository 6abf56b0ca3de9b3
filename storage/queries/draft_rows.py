"""Drafts: what was typed and is not recorded, by form and by writer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, and_, col, delete, or_, select

from rules.errors import NotFound
from storage.tables import Draft, User

LARGEST = 2**31 - 1
NONE = "There is no such text any more: it was recorded or discarded, or seven days have passed."


def lock(session: Session, token: str) -> Draft | None:
    """The draft of a form's token, locked until the transaction ends; None where there is none."""
    statement = select(Draft).where(col(Draft.token) == token).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one_or_none()


def find(session: Session, draft_id: int) -> Draft:
    """A draft that is not ended. Raises NotFound."""
    draft = session.get(Draft, min(draft_id, LARGEST))
    if draft is None or draft.ended_at is not None:
        raise NotFound(NONE)
    return draft


def of_writer(session: Session, form: str, writer: str) -> Sequence[Draft]:
    """What one person has typed into one form and not recorded, the latest first."""
    mine = (col(Draft.form) == form, col(Draft.writer) == writer, col(Draft.ended_at).is_(None))
    return session.exec(select(Draft).where(*mine).order_by(col(Draft.changed_at).desc(), col(Draft.id).desc())).all()


def all_of_writer(session: Session, writer: str) -> Sequence[Draft]:
    """Everything that one person has typed into any form and not recorded, the latest first."""
    mine = select(Draft).where(col(Draft.writer) == writer, col(Draft.ended_at).is_(None))
    return session.exec(mine.order_by(col(Draft.changed_at).desc(), col(Draft.id).desc())).all()


def open_of(session: Session, form: str) -> Sequence[tuple[Draft, str]]:
    """(draft, its writer's name) of what everybody has typed into one form and not recorded, the oldest first."""
    statement = select(Draft, User.name).outerjoin(User, col(User.username) == col(Draft.writer))
    statement = statement.where(col(Draft.form) == form, col(Draft.ended_at).is_(None))
    rows = session.exec(statement.order_by(col(Draft.begun_at), col(Draft.id)))
    return [(draft, name or draft.writer) for draft, name in rows]


def name_of(session: Session, username: str) -> str:
    """The name of somebody who has typed something; the user name where it is nobody's any more."""
    return session.exec(select(User.name).where(col(User.username) == username)).one_or_none() or username


def clear(session: Session, *, before: datetime, except_form: str) -> None:
    """Removes what has not changed since ``before``; of one form only what is ended."""
    old = or_(
        and_(col(Draft.form) != except_form, col(Draft.changed_at) < before),
        and_(col(Draft.ended_at).is_not(None), col(Draft.ended_at) < before),
    )
    session.exec(delete(Draft).where(old))

"""Lists as people filtered them, under names."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, or_, select

from rules.errors import NotFound
from storage.tables import SavedView

LARGEST = 2**31 - 1


def seen_by(session: Session, username: str, *, path: str = "") -> Sequence[SavedView]:
    """Somebody's own views and those that are shared, of one list or of all, by name; one's own first."""
    statement = select(SavedView).where(or_(col(SavedView.owner) == username, col(SavedView.shared)))
    if path:
        statement = statement.where(col(SavedView.path) == path)
    mine = col(SavedView.owner) != username
    order = (col(SavedView.path), mine, col(SavedView.name), col(SavedView.id))
    return session.exec(statement.order_by(*order)).all()


def lock(session: Session, view_id: int) -> SavedView:
    """One view, locked. Raises NotFound."""
    statement = select(SavedView).where(col(SavedView.id) == min(view_id, LARGEST)).with_for_update()
    found = session.exec(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("There is no such view; somebody may have deleted it. Open the list of saved views again.")
    return found


def named(session: Session, owner: str, path: str, name: str) -> SavedView | None:
    """The view that somebody has under this name of one list, or None."""
    same = (col(SavedView.owner) == owner, col(SavedView.path) == path, col(SavedView.name) == name)
    return session.exec(select(SavedView).where(*same)).one_or_none()


def count_of(session: Session, owner: str) -> int:
    """How many views somebody has."""
    return len(session.exec(select(SavedView.id).where(col(SavedView.owner) == owner)).all())

"""Rows that say nothing but what a test cares about: all else is filled in, with the rows they point at."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import CheckConstraint, Column
from sqlmodel import Session, SQLModel, select

from storage import tables
from storage.sessions import WriteSession

MOMENT = datetime(2009, 3, 27, 16, 40, tzinfo=UTC)
PLAIN: dict[type, Any] = {int: 1, float: 1.0, bool: False, bytes: b"", date: date(2004, 2, 29), datetime: MOMENT}
_numbers = count(1)
_Row = TypeVar("_Row", bound=SQLModel)


def insert(session: WriteSession, table: type[SQLModel], **values: Any) -> Any:
    """One flushed row of ``table``; ``values`` are the columns that matter to the test."""
    for column in table.__table__.columns:
        if column.name not in values and _needed(column):
            values[column.name] = _parent_id(session, column) if column.foreign_keys else _filler(column)
    row = table(**values)
    session.add(row)
    session.flush()
    return row


def words_allowed(text: str) -> set[str]:
    """The quoted words of a CHECK, however the database has rewritten it."""
    return set(re.findall(r"'([^']*)'", text))


def _needed(column: Column[Any]) -> bool:
    numbered = column.primary_key and _kind(column) is int and not column.foreign_keys
    return not (numbered or column.nullable or column.default is not None)


def _kind(column: Column[Any]) -> type:
    return getattr(column.type, "impl_instance", column.type).python_type  # SQLModel wraps the types of SQLAlchemy


def _parent_id(session: WriteSession, column: Column[Any]) -> Any:
    parent = next(iter(column.foreign_keys)).column.table.name
    return insert(session, next(table for table in all_tables() if table.__tablename__ == parent)).id


def all_tables() -> list[type[SQLModel]]:
    """The class of each table."""
    found = [getattr(tables, name) for name in tables.__all__]
    return [table for table in found if isinstance(table, type)]


def _filler(column: Column[Any]) -> Any:
    if _kind(column) is not str:
        return PLAIN.get(_kind(column), MOMENT)  # under a clock that is held the kind of a moment is another
    for rule in column.table.constraints:
        if isinstance(rule, CheckConstraint) and str(rule.sqltext).startswith(f"{column.name} IN"):
            return min(words_allowed(str(rule.sqltext)))
    return f"{column.name} {next(_numbers)}"


def everything(session: Session, table: type[_Row]) -> list[_Row]:
    """Every row of a table, by number."""
    return list(session.exec(select(table).order_by(table.__table__.columns["id"])))

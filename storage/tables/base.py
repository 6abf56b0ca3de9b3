"""What every table shares: names for constraints, and states kept as text with a CHECK."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import CheckConstraint, Index, false, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = SQLModel.metadata


def one_of(column: str, vocabulary: type[StrEnum]) -> CheckConstraint:
    """A CHECK that ``column`` holds a word of ``vocabulary``; a test compares it with the migrated database."""
    words = ", ".join(f"'{word.value}'" for word in vocabulary)
    return CheckConstraint(f"{column} IN ({words})", name=column)


def one_of_or_empty(column: str, vocabulary: type[StrEnum]) -> CheckConstraint:
    """The same, where the empty string stands for none."""
    words = ", ".join(f"'{word}'" for word in ("", *vocabulary))
    return CheckConstraint(f"{column} IN ({words})", name=column)


INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
"""By the name of the database: an insert that says what becomes of a row that is there already."""


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over the few rows that matter, so that a sweep's cost follows what is due, not what is stored."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


def added() -> Any:
    """A text that a later step added: empty in every row that was there."""
    return Field(default="", sa_column_kwargs={"server_default": ""})


def added_flag() -> Any:
    """A yes or no that a later step added: no in every row that was there."""
    return Field(default=False, sa_column_kwargs={"server_default": false()})


class Stored(Protocol):
    """A row with a number of its own."""

    id: int | None


def id_of(row: Stored) -> int:
    """The number of a row that has been flushed. Raises RuntimeError for one that has not."""
    if row.id is None:
        message = f"{type(row).__name__} has no number before it is flushed"
        raise RuntimeError(message)
    return row.id

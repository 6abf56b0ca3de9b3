"""A CHECK that a column holds a word of a list, when the list grows: both databases, without copying the table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa


def allow(op: Any, table: str, column: str, words: Sequence[str]) -> None:
    """In a step: let ``column`` hold these words, which are all of the list, from now on.

    SQLite can't change a CHECK but by its stored text. Its makers give this way for it (Making Other Kinds Of Table
    Schema Changes); the rows need no second look, as a list only grows.
    """
    quoted = ", ".join(f"'{word}'" for word in words)
    name, rule = f"ck_{table}_{column}", f"{column} IN ({quoted})"
    if op.get_context().dialect.name != "sqlite":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, sa.text(rule))
        return
    bind = op.get_bind()
    made = bind.execute(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name"), {"name": table})
    changed, found = re.subn(rf"\b{column} IN \([^)]*\)", lambda _: rule, made.scalar_one(), count=1)
    if not found:
        message = f"The table {table} has no CHECK on {column}"
        raise RuntimeError(message)
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema=ON")
    bind.execute(
        sa.text("UPDATE sqlite_master SET sql = :changed WHERE type = 'table' AND name = :name"),
        {"changed": changed, "name": table},
    )
    bind.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema=RESET")

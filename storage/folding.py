"""A text in small letters without marks and apostrophes, in SQL: the same on SQLite and on PostgreSQL.

What ``rules.likeness.names.fold`` does to a name, for a column that keeps no folded form.
"""

from __future__ import annotations

import sqlite3
from functools import cache
from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from rules.likeness import plain_letters

_NAME = "plain_letters"


class plain(FunctionElement[str]):  # noqa: N801 - reads as a function in a statement
    """The text of one column, made plain."""

    name = _NAME
    type = String()
    inherit_cache = True


def add_to(connection: sqlite3.Connection) -> None:
    """Teaches a connection to SQLite the function, which PostgreSQL is told in its own words."""
    connection.create_function(_NAME, 1, lambda text: plain_letters.plain(text or ""), deterministic=True)


@compiles(plain, "sqlite")
def _on_sqlite(element: plain, compiler: Any, **how: Any) -> str:
    return f"{_NAME}({compiler.process(element.clauses, **how)})"


@compiles(plain, "postgresql")
def _on_postgresql(element: plain, compiler: Any, **how: Any) -> str:
    # Most texts have nothing to be folded, and looking each letter up takes long.
    text = compiler.process(element.clauses, **how)
    odd = f"octet_length({text}) <> char_length({text}) OR strpos({text}, '''') > 0 OR strpos({text}, '`') > 0"
    return f"CASE WHEN {odd} THEN lower({_translated(text)}) ELSE lower({text}) END"


def _translated(text: str) -> str:
    single, several = _letters()
    for sign, to in several:
        text = f"replace({text}, '{sign}', '{to}')"
    signs, to = ("".join(part).replace("'", "''") for part in zip(*single, strict=True))
    return f"translate({text}, '{signs}', '{to}')"


@cache
def _letters() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Those that become one sign or none, which translate drops when they stand last, and those that become several."""
    known = plain_letters.table()
    single = sorted(((sign, to) for sign, to in known.items() if len(to) < 2), key=lambda pair: not pair[1])
    return single, [(sign, to) for sign, to in known.items() if len(to) > 1]

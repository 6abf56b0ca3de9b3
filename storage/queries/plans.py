"""Hints to a planner, where it is known to begin at the wrong end."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class Unled(FunctionElement[Any]):
    """A column by which SQLite is not to begin: no index serves ``+column``. PostgreSQL knows how many there are."""

    inherit_cache = True

    def __init__(self, column: Any) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(Unled)
def _as_it_is(element: Unled, compiler: Any, **more: Any) -> str:
    return str(compiler.process(element.clauses, **more))


@compiles(Unled, "sqlite")
def _without_index(element: Unled, compiler: Any, **more: Any) -> str:
    return f"+{compiler.process(element.clauses, **more)}"

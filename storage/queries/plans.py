"""Hints to a planner, where it is known to begin at the wrong end."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import Dialect, Integer, String, literal
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NULLTYPE, TypeDecorator, TypeEngine


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


class _Numbers(TypeDecorator[list[int]]):
    """Many numbers as one value: an array, which SQLite has as text only."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return ARRAY(Integer()) if dialect.name == "postgresql" else String()

    def process_bind_param(self, value: list[int] | None, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else json.dumps(value)


class Among(FunctionElement[Any]):
    """True where a column is one of these numbers: thousands are one value and not as many, so that it costs little.

    It has no type: of a boolean SQLAlchemy asks SQLite whether it is 1, which no index answers. Join it by ``and_``.
    """

    type = NULLTYPE
    inherit_cache = True

    def __init__(self, column: Any, numbers: Collection[int]) -> None:
        super().__init__(column, literal(list(numbers), _Numbers()))


@compiles(Among)
def _of_array(element: Among, compiler: Any, **more: Any) -> str:
    column, numbers = (compiler.process(clause, **more) for clause in element.clauses)
    return f"({column} = ANY ({numbers}))"


@compiles(Among, "sqlite")
def _of_text(element: Among, compiler: Any, **more: Any) -> str:
    column, numbers = (compiler.process(clause, **more) for clause in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({numbers})))"  # noqa: S608 - both are compiled

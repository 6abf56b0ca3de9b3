"""How new steps are written: in plain SQLAlchemy types, so that old steps don't change with SQLModel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import CreateTableOp, MigrateOperation, MigrationScript, UpgradeOps
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Table
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from storage import triggers


class KeepHistory(MigrateOperation):
    """In a step: make one table append-only."""

    def __init__(self, table: Table) -> None:
        self.table = table.name
        self.unique = triggers.unique_columns(table)


@renderers.dispatch_for(KeepHistory)
def render(context: AutogenContext, operation: KeepHistory) -> str:
    """The line in the step's file."""
    context.imports.add("from storage import triggers")
    unique = ", ".join(map(repr, operation.unique))
    kept = f"triggers.keep_history(op, {operation.table!r})"
    return f"{kept}\ntriggers.refuse_replacing(op, {operation.table!r}, {unique})"


def plain_types(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """SQLModel's own types as SQLAlchemy's; False leaves the rest to Alembic."""
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def keep_histories(
    _context: MigrationContext, _revision: str | Iterable[str | None] | Iterable[str], scripts: list[MigrationScript]
) -> None:
    """Make each new table of ``triggers.APPEND_ONLY`` append-only."""
    for script in scripts:
        upgrades = script.upgrade_ops
        if isinstance(upgrades, UpgradeOps):
            made = [step.to_table() for step in upgrades.ops if isinstance(step, CreateTableOp)]
            upgrades.ops.extend(KeepHistory(table) for table in made if table.name in triggers.APPEND_ONLY)

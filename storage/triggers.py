"""Tables that only grow: the database itself refuses to change or delete their rows."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import PrimaryKeyConstraint, Table, UniqueConstraint

APPEND_ONLY = (
    "access",
    "access_child",
    "adult_relation",
    "alert_taken_on",
    "attached_file",
    "bounce",
    "bounce_settlement",
    "correction",
    "correction_answer",
    "decision",
    "event",
    "handover",
    "information",
    "letter",
    "letter_cancellation",
    "letter_excuse",
    "letter_link_revocation",
    "letter_link_try",
    "letter_print",
    "letter_referral",
    "letter_return",
    "message_attempt",
    "milestone",
    "named_adult",
    "named_child",
    "notify_status",
    "merged_referral",
    "print_batch",
    "rating",
    "second_look",
    "split_referral",
    "undone_decision",
    "why_late",
)
REFUSAL = "the history is kept: rows of {table} are never changed or deleted; record what is right as a new row"
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION pathway_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


class Operations(Protocol):
    """What is used of a migration's ``op``."""

    def execute(self, sqltext: str) -> object:
        """Run one statement."""
        ...

    def get_context(self) -> Context:
        """What is being migrated."""
        ...


class Context(Protocol):
    """What is used of a migration's context."""

    @property
    def dialect(self) -> Dialect:
        """The database."""
        ...


class Dialect(Protocol):
    """What is used of a dialect."""

    name: str


def keep_history(op: Operations, table: str) -> None:
    """Make ``table`` append-only. A step that rebuilds it calls this again, as the triggers go with the old one."""
    for statement in _statements(op.get_context().dialect.name, table):
        op.execute(statement)


def refuse_replacing(op: Operations, table: str, *unique: tuple[str, ...]) -> None:
    """Make SQLite refuse a row of an append-only table that would take another's place (``INSERT OR REPLACE``).

    ``unique``: the columns of the primary key and of each unique constraint or index. A trigger on DELETE does not see
    it: SQLite deletes what is replaced unseen, unless the client has asked for recursive triggers. Called again by a
    step that rebuilds the table.
    """
    if op.get_context().dialect.name != "sqlite":
        return
    taken = " OR ".join(_taken(table, columns) for columns in (("rowid",), *unique))
    refusal = REFUSAL.format(table=table)
    op.execute(
        f"CREATE TRIGGER {table}_replace_refused BEFORE INSERT ON {table} WHEN {taken} "
        f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
    )


def _taken(table: str, columns: tuple[str, ...]) -> str:
    same = " AND ".join(f"{column} = NEW.{column}" for column in columns)
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names of our own tables and columns


def unique_columns(table: Table) -> list[tuple[str, ...]]:
    """The columns of the primary key and of each unique constraint or index, in an order that stays."""
    constraints = [one for one in table.constraints if isinstance(one, PrimaryKeyConstraint | UniqueConstraint)]
    columns = [one.columns for one in (*constraints, *(index for index in table.indexes if index.unique))]
    return sorted({tuple(column.name for column in some) for some in columns})


def _statements(dialect: str, table: str) -> list[str]:
    refusal = REFUSAL.format(table=table)
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_{act.lower()}_refused BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            for act in ("UPDATE", "DELETE")
        ]
    call = f"EXECUTE FUNCTION pathway_keep_history('{refusal}')"
    return [
        POSTGRESQL_FUNCTION,
        f"CREATE TRIGGER {table}_change_refused BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {call}",
        f"CREATE TRIGGER {table}_truncate_refused BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}",
    ]

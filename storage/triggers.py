"""Tables that only grow: the database itself refuses to change or delete their rows."""

from __future__ import annotations

from typing import Protocol

APPEND_ONLY = (
    "access",
    "bounce",
    "bounce_settlement",
    "decision",
    "event",
    "handover",
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
    "notify_status",
    "merged_referral",
    "print_batch",
    "rating",
    "second_look",
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

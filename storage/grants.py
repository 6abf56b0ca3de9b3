"""On PostgreSQL the account that runs Pathway owns nothing: it gets what it needs, and no way to rewrite the history.

Whoever owns a table can drop the triggers that keep it. So the owner migrates and grants, and the others only work.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

from storage import faults, tables
from storage.sessions import Database, ReadSession
from storage.triggers import APPEND_ONLY

STEP_TABLE = "alembic_version"
_TO_WORK = "SELECT, INSERT, UPDATE, DELETE"
_TO_KEEP = "SELECT, INSERT"
_OWNED = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = current_schema() AND c.relkind = 'r' AND c.relname = ANY(:names)
AND pg_has_role(current_user, c.relowner, 'MEMBER') ORDER BY c.relname
"""
_LACKS = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = current_schema() AND c.relkind = 'r' AND c.relname = ANY(:names)
AND NOT has_table_privilege(c.oid, :needed) ORDER BY c.relname
"""
_OWNS_SCHEMA = """
SELECT 'owns the schema ' || nspname FROM pg_namespace
WHERE nspname = current_schema() AND pg_has_role(current_user, nspowner, 'MEMBER')
"""
_MAY_TOO_MUCH = """
SELECT 'may ' || string_agg(lower(privilege), ', ' ORDER BY privilege) || ' on ' || c.relname
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS privilege
WHERE n.nspname = current_schema() AND c.relkind = 'r' AND c.relname = ANY(:names)
AND has_table_privilege(c.oid, privilege) GROUP BY c.relname ORDER BY c.relname
"""


def account(session: ReadSession) -> str:
    """The name of the account with which the database is used."""
    return str(session.connection().execute(text("SELECT current_user")).scalar_one())


def give(owner: Database, account: str) -> None:
    """Lets an account do Pathway's work on the owner's tables, and nothing more. Raises Unavailable."""
    with faults.in_plain_words(owner.place), owner.engine.begin() as connection:
        quoted = owner.engine.dialect.identifier_preparer.quote(account)
        for statement in _statements(connection, quoted):
            connection.execute(text(statement))


def _statements(connection: Connection, account: str) -> Sequence[str]:
    schema = connection.execute(text("SELECT quote_ident(current_schema())")).scalar_one()
    return (
        f"GRANT USAGE ON SCHEMA {schema} TO {account}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {account}",
        f"GRANT {_TO_WORK} ON {', '.join(_changing())} TO {account}",
        f"GRANT {_TO_KEEP} ON {', '.join(APPEND_ONLY)} TO {account}",
        f"GRANT SELECT ON {STEP_TABLE} TO {account}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {account}",
    )


def owned(session: ReadSession) -> Sequence[str]:
    """The tables of Pathway that this account owns, or may act as the owner of: it could rewrite what they hold."""
    names = sorted(tables.metadata.tables)
    return session.connection().execute(text(_OWNED), {"names": names}).scalars().all()


def too_much(session: ReadSession) -> Sequence[str]:
    """What this account could do to the tables that only grow, though it owns none: drop, empty or change them."""
    connection = session.connection()
    found = list(connection.execute(text(_OWNS_SCHEMA)).scalars())
    return [*found, *connection.execute(text(_MAY_TOO_MUCH), {"names": sorted(APPEND_ONLY)}).scalars()]


def missing(session: ReadSession) -> Sequence[str]:
    """The tables of Pathway on which this account lacks a right that it needs."""
    found: list[str] = []
    for needed, names in ((_TO_WORK, _changing()), (_TO_KEEP, APPEND_ONLY), ("SELECT", (STEP_TABLE,))):
        for right in needed.split(", "):
            given = {"names": list(names), "needed": right}
            found += session.connection().execute(text(_LACKS), given).scalars().all()
    return sorted(set(found))


def _changing() -> Sequence[str]:
    return sorted(set(tables.metadata.tables) - set(APPEND_ONLY))

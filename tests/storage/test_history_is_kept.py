from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage import tables, triggers
from storage.sessions import Conflict
from support import rows

KEPT = [
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
    "merged_referral",
    "message_attempt",
    "milestone",
    "notify_status",
    "print_batch",
    "rating",
    "second_look",
]


@pytest.fixture(params=KEPT)
def table(request):
    return next(table for table in rows.all_tables() if table.__tablename__ == request.param)


def test_these_tables_only_grow():
    assert sorted(triggers.APPEND_ONLY) == KEPT


def test_a_row_of_the_history_cannot_be_changed(database, table):
    column = next(iter(table.__table__.columns)).name
    with database.write() as session:
        rows.insert(session, table)
    with pytest.raises(Conflict, match="the history is kept"), database.write() as session:
        session.connection().execute(text(f"UPDATE {table.__tablename__} SET {column} = {column}"))


def test_a_row_of_the_history_cannot_be_deleted(database, table):
    with database.write() as session:
        rows.insert(session, table)
    with pytest.raises(Conflict, match=f"rows of {table.__tablename__} are never"), database.write() as session:
        session.connection().execute(text(f"DELETE FROM {table.__tablename__}"))


def test_the_history_cannot_be_emptied(postgresql_database, table):
    with pytest.raises(DBAPIError, match="the history is kept"), postgresql_database.write() as session:
        session.connection().execute(text(f"TRUNCATE {table.__tablename__} CASCADE"))


def test_a_row_of_the_history_cannot_be_replaced(sqlite_database):
    with sqlite_database.write() as session:
        rows.insert(session, tables.Access)
    replace = "INSERT OR REPLACE INTO access SELECT * FROM access"
    with pytest.raises(Conflict, match="the history is kept"), sqlite_database.write() as session:
        session.connection().execute(text(replace))

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage import triggers
from storage.sessions import Conflict
from support import rows

KEPT = [
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
    "merged_referral",
    "message_attempt",
    "milestone",
    "named_adult",
    "named_child",
    "notify_status",
    "print_batch",
    "rating",
    "second_look",
    "split_referral",
    "undone_decision",
    "why_late",
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


@pytest.mark.parametrize("name", KEPT)
def test_a_row_of_the_history_cannot_be_replaced_by_whatever_client(sqlite_database, name):
    table = next(table for table in rows.all_tables() if table.__tablename__ == name)
    with sqlite_database.write() as session:
        rows.insert(session, table, **({"request_id": "form-7"} if name == "event" else {}))
    with closing(sqlite3.connect(sqlite_database.place)) as client:
        client.row_factory = sqlite3.Row
        before = dict(client.execute(f"SELECT rowid AS rowid, * FROM {name}").fetchone())
        for columns in (("rowid",), *triggers.unique_columns(table.__table__)):
            other = {one: value for one, value in before.items() if one in columns or one not in _keys(table)}
            words = f"INTO {name} ({', '.join(other)}) VALUES ({', '.join('?' * len(other))})"
            for how in ("INSERT OR REPLACE", "REPLACE"):
                with pytest.raises(sqlite3.IntegrityError, match="the history is kept"):
                    client.execute(f"{how} {words}", list(other.values()))
        assert [dict(row) for row in client.execute(f"SELECT rowid AS rowid, * FROM {name}")] == [before]


def _keys(table):
    """Every column by which a row could take another's place, the number of the row among them."""
    return {"rowid", *(column for columns in triggers.unique_columns(table.__table__) for column in columns)}


@pytest.mark.parametrize("name", KEPT)
def test_what_is_new_goes_in_beside_what_is_there(sqlite_database, name):
    with sqlite_database.write() as session:
        for _ in range(2):
            rows.insert(session, next(table for table in rows.all_tables() if table.__tablename__ == name))

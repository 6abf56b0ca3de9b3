from __future__ import annotations

import gc
import sqlite3
import stat
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from rules.errors import Unavailable
from storage.sessions import Conflict, Database, ReadOnly
from storage.tables import Heartbeat, Person, Referral
from support import rows


def beats(database: Database) -> int:
    with database.read() as session:
        return int(session.connection().execute(text("SELECT count(*) FROM heartbeat")).scalar_one())


def test_a_write_session_commits_when_its_block_ends(database):
    with database.write() as session:
        rows.insert(session, Heartbeat)
    assert beats(database) == 1


def test_a_write_session_saves_nothing_when_its_block_raises(database):
    with pytest.raises(KeyError):
        fail_after_writing(database)
    assert beats(database) == 0


def fail_after_writing(database):
    with database.write() as session:
        rows.insert(session, Heartbeat)
        raise KeyError


def test_rows_stay_readable_after_their_session(database):
    with database.write() as session:
        written = rows.insert(session, Person, surname="Marsh")
    with database.read() as session:
        read = session.get(Person, written.id)
    assert (written.surname, read.surname, read.created_at) == ("Marsh", "Marsh", rows.MOMENT)


def test_a_savepoint_that_fails_takes_back_only_its_own_work(database):
    with database.write() as session:
        rows.insert(session, Heartbeat, name="sweep")
        with pytest.raises(Conflict), session.savepoint():
            session.connection().execute(text("INSERT INTO heartbeat SELECT * FROM heartbeat"))
        rows.insert(session, Heartbeat, name="dispatch")
    assert beats(database) == 2


@pytest.mark.parametrize("act", ["add", "delete", "merge"])
def test_a_read_session_refuses_to_change_rows(database, act):
    with pytest.raises(ReadOnly, match=r"database\.write"), database.read() as session:
        getattr(session, act)(Person(created_at=rows.MOMENT))


@pytest.mark.parametrize("act", ["flush", "commit"])
def test_a_read_session_refuses_to_save(database, act):
    with pytest.raises(ReadOnly, match=r"database\.write"), database.read() as session:
        getattr(session, act)()


def test_a_read_session_does_not_lose_a_change_in_silence(database):
    with database.write() as session:
        person = rows.insert(session, Person, surname="Marsh")
    with pytest.raises(ReadOnly), database.read() as session:
        session.get_one(Person, person.id).surname = "Marshall"


def test_the_database_itself_refuses_a_statement_that_writes_in_a_read_session(database):
    with pytest.raises(ReadOnly), database.read() as session:
        session.connection().execute(text("DELETE FROM heartbeat"))
    with database.write() as session:  # and the next writer is not hindered
        rows.insert(session, Heartbeat)
    assert beats(database) == 1


def test_a_read_session_sees_one_state_while_others_write(database):
    with database.read() as reader:
        before = reader.connection().execute(text("SELECT count(*) FROM heartbeat")).scalar_one()
        with database.write() as writer:
            rows.insert(writer, Heartbeat)
        after = reader.connection().execute(text("SELECT count(*) FROM heartbeat")).scalar_one()
    assert (before, after, beats(database)) == (0, 0, 1)


def test_a_row_that_points_at_nothing_is_refused(database):
    with pytest.raises(Conflict), database.write() as session:
        rows.insert(session, Referral, person_id=4711)


def test_a_moment_without_a_time_zone_is_refused(database):
    with pytest.raises(StatementError, match="timezone"), database.write() as session:
        rows.insert(session, Heartbeat, beat_at=datetime(2009, 3, 27, 16, 40))


def test_a_moment_comes_back_in_utc(database):
    summer = timezone(timedelta(hours=1))
    with database.write() as session:
        rows.insert(session, Heartbeat, name="sweep", beat_at=datetime(2009, 3, 30, 9, 30, 0, 5, tzinfo=summer))
    with database.read() as session:
        beat_at = session.get_one(Heartbeat, "sweep").beat_at
    assert beat_at == datetime(2009, 3, 30, 8, 30, 0, 5, tzinfo=UTC)
    assert beat_at.utcoffset() == timedelta(0)


def test_errors_do_not_repeat_what_is_known_about_a_child(sqlite_database):
    with pytest.raises(Conflict) as caught, sqlite_database.write() as session:
        rows.insert(session, Referral, person_id=4711, closure_reason="moved to her grandmother")
    assert "grandmother" not in str(caught.value)


def test_only_the_user_who_runs_pathway_can_open_folder_and_files(tmp_path, open_database):
    database = open_database(f"sqlite:///{tmp_path}/data/pathway.db")
    with database.write() as session:
        session.connection().execute(text("CREATE TABLE t (x)"))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir()}
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert modes == {"pathway.db": 0o600, "pathway.db-wal": 0o600, "pathway.db-shm": 0o600}


def test_a_logged_contact_survives_a_power_cut(sqlite_database):
    with sqlite_database.write() as session:
        settings = {
            name: session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_database_that_nobody_knows_any_more_keeps_no_file_open(tmp_path):
    path, kept = tmp_path / "pathway.db", []
    database = Database(f"sqlite:///{path}")
    with database.write() as session, database.read() as reading:
        kept += [session.connection().connection.dbapi_connection, reading.connection().connection.dbapi_connection]
    del database, session, reading
    gc.collect()
    for connection in kept:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")


def test_a_file_that_is_no_database_is_named(tmp_path, open_database):
    (tmp_path / "letter.txt").write_text("Dear Ms Clarke, " * 100)
    database = open_database(f"sqlite:///{tmp_path}/letter.txt")
    with pytest.raises(Unavailable, match=r"letter\.txt is not a SQLite database"), database.read():
        pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="Check that the folder exists"):
        Database(f"sqlite:///{tmp_path}/file/pathway.db")

"""A restored or copied database acts for nobody until somebody adopts it with the council's name."""

from __future__ import annotations

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from pathway.engine.watch import installations
from pathway.settings import Settings
from pathway.wiring import databases
from rules.errors import InvalidInput
from rules.messages import MessageState
from storage import mark_file
from storage.clock import utc_now
from storage.queries.hold_rows import Held
from storage.tables import Clock, Council, Event, Installation, Message
from support import databases as server_of_tests
from support import postgres, rows
from support.front_door import MANAGER


def look(database):
    return installations.look(database, now=utc_now())


def reason(database):
    with database.read() as session:
        return installations.why_copied(database, session)


# --- a file


@pytest.fixture
def original(tmp_path, open_database):
    """The folder of a database that has been in use; whoever used it has ended."""
    folder = tmp_path / "original"
    folder.mkdir()
    database = open_database(f"sqlite:///{folder / 'pathway.db'}")
    databases.fill(database, Settings(), now=utc_now())
    assert not look(database)
    database.dispose()
    return folder


@pytest.fixture
def of(open_database):
    """The database in a folder."""
    return lambda folder: open_database(f"sqlite:///{folder / 'pathway.db'}")


def backup(folder, to):
    """What `.backup` makes of a database in use."""
    to.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(folder / "pathway.db")) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)


def test_what_is_started_again_where_it_was_is_no_copy(original, of):
    for _ in range(3):
        assert not look(of(original))
        installations.turn(of(original))
    assert reason(of(original)) == ""


def test_a_folder_that_was_moved_is_no_copy(original, of):
    assert not look(of(original.rename(original.with_name("moved"))))


def test_a_file_put_somewhere_else_is_a_copy(original, of):
    elsewhere = original.with_name("elsewhere")
    backup(original, elsewhere / "pathway.db")
    assert look(of(elsewhere))
    assert "pathway.db.mark does not lie beside the database" in reason(of(elsewhere))
    assert not look(of(original))


def test_a_copied_folder_is_a_copy_and_the_original_is_none(original, of):
    shutil.copytree(original, original.with_name("copied"))
    assert look(of(original.with_name("copied")))
    assert not look(of(original))


def test_a_backup_put_back_over_the_original_is_a_copy(original, of, tmp_path):
    backup(original, tmp_path / "backup.db")
    database = of(original)
    installations.turn(database)
    database.dispose()
    shutil.copyfile(tmp_path / "backup.db", original / "pathway.db")
    assert look(of(original))
    assert "does not belong to it" in reason(of(original))


def test_a_backup_from_before_this_release_put_over_a_database_in_use_is_a_copy(original, of):
    database = of(original)
    with database.write() as session:
        session.delete(session.get_one(Installation, 1))
        rows.insert(session, Event)
    assert look(database)
    assert "an older database was put in its place" in reason(database)


def test_a_new_database_in_place_of_one_that_was_thrown_away_is_none(original, of):
    database = of(original)
    with database.write() as session:
        session.delete(session.get_one(Installation, 1))
    assert not look(database)


@pytest.mark.parametrize("written", [False, True])
def test_whoever_is_killed_while_the_mark_is_changed_makes_no_copy_of_the_original(original, of, written):
    database = of(original)
    with database.write() as session:
        session.get_one(Installation, 1).next_mark = "next"
    if written:
        mark_file.write(mark_file.beside(database), "next")
    assert not look(database)
    installations.turn(database)
    assert not look(database)
    with database.read() as session:
        row = session.get_one(Installation, 1)
    assert (row.mark, row.next_mark) == ("next", "")


def test_several_processes_change_the_mark_at_once_and_none_takes_it_for_a_copy(original, of):
    def often(database):
        for _ in range(10):
            installations.turn(database)
            assert not look(database)

    with ThreadPoolExecutor() as threads:
        assert list(threads.map(often, [of(original) for _ in range(4)])) == [None] * 4


# --- on PostgreSQL


@pytest.fixture
def on_server(postgresql_database):
    """A database that has been in use, and its name on the server."""
    databases.fill(postgresql_database, Settings(), now=utc_now())
    assert not look(postgresql_database)
    assert not look(postgresql_database)
    return postgresql_database


def test_a_dump_that_was_read_back_is_a_copy_even_into_the_same_tables(on_server):
    with on_server.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TEMP TABLE dump AS SELECT * FROM installation")
        connection.exec_driver_sql("DELETE FROM installation")
        connection.exec_driver_sql("INSERT INTO installation SELECT * FROM dump")
    assert look(on_server)
    assert reason(on_server) == installations.RESTORED


def test_a_database_made_from_another_as_its_template_is_a_copy(postgresql_server, open_database):
    original = open_database(server_of_tests.migrated_postgresql(postgresql_server))
    databases.fill(original, Settings(), now=utc_now())
    assert not look(original)
    name = original.engine.url.database
    original.dispose()
    postgres.run(postgresql_server, f"CREATE DATABASE {name}_copied TEMPLATE {name}")
    assert look(open_database(postgres.url(postgresql_server, f"{name}_copied")))
    assert not look(original)


def test_vacuum_and_analysis_make_no_copy(on_server):
    with on_server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in ("VACUUM (FULL, FREEZE) installation", "VACUUM FREEZE", "ANALYZE"):
            connection.exec_driver_sql(statement)
    assert not look(on_server)


# --- what a copy does


@pytest.fixture
def door(open_door):
    """A front door with something queued and something late, in a database that was copied."""
    opened = open_door("2009-03-10 09:00")
    opened.log("Mia")
    look(opened.database)
    with opened.database.write() as session:
        row = session.get_one(Installation, 1)
        row.copied_because, row.copied_at = "It was restored", opened.now
    opened.move_to("2009-03-11 15:00")
    return opened


def every(door, table):
    with door.database.read() as session:
        return rows.everything(session, table)


def test_a_copy_neither_judges_nor_tells_nor_sends(door):
    before = [message.state for message in every(door, Message)]
    assert MessageState.QUEUED in before
    assert door.sweep().held is Held.COPY
    assert door.hand_over_letters() == 0
    assert [message.state for message in every(door, Message)] == before
    assert not any(clock.breached_at for clock in every(door, Clock))


def test_a_copy_is_adopted_by_the_name_of_the_council_and_goes_on(door):
    with pytest.raises(InvalidInput, match="is not the council of the settings"), door.acting(MANAGER) as act:
        installations.adopt(act, door.database, council="Another Council")
    with door.acting(MANAGER) as act:
        name = act.session.get_one(Council, 1).name
        assert installations.adopt(act, door.database, council=f"  {name.upper()} ")
    assert not look(door.database)
    assert door.hand_over_letters()
    assert door.sweep().held is Held.NOT
    assert any(clock.breached_at for clock in every(door, Clock))


def test_what_is_no_copy_is_not_adopted(open_door):
    door = open_door("2009-03-10 09:00")
    look(door.database)
    with door.acting(MANAGER) as act:
        assert installations.adopt(act, door.database, council="whatever") is None

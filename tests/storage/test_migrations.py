from __future__ import annotations

import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from rules.errors import Unavailable
from storage import migrate, tables
from storage.tables import Person
from support import rows, writers


def table_names(database):
    with database.read() as session:
        return set(inspect(session.connection()).get_table_names())


def test_an_empty_database_is_brought_to_head(empty_url, open_database):
    database = open_database(empty_url)
    assert migrate.current(database) is None
    migrate.upgrade(database)
    assert migrate.current(database) == migrate.head()
    assert set(tables.metadata.tables) <= table_names(database)


def test_a_current_database_keeps_its_rows_when_pathway_starts_again(database):
    with database.write() as session:
        rows.insert(session, Person, surname="Marsh")
    migrate.upgrade(database)
    with database.read() as session:
        assert session.get_one(Person, 1).surname == "Marsh"


def test_the_migrated_database_has_the_tables_that_the_code_expects(database):
    with database.write() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []


def test_processes_that_start_together_migrate_once(empty_url, open_database):
    writers.in_processes(writers.upgrade, empty_url, processes=2)
    assert migrate.is_current(open_database(empty_url))


def test_a_step_that_fails_leaves_nothing_behind(empty_url, open_database):
    database = open_database(empty_url)
    with pytest.raises(KeyError):
        fail_halfway(database)
    assert table_names(database) == set()


def fail_halfway(database):
    with migrate._alone(database) as connection:
        connection.execute(text("CREATE TABLE half_done (id integer)"))
        raise KeyError


def test_a_step_that_orphans_rows_is_refused(sqlite_database):
    with sqlite_database.write() as session:
        rows.insert(session, tables.Allocation)
    with pytest.raises(Unavailable, match="pointing at nothing"), migrate._alone(sqlite_database) as connection:
        connection.execute(text("DELETE FROM worker"))
    with sqlite_database.read() as session:
        assert session.get(tables.Worker, 1)


def test_foreign_keys_are_watched_again_after_a_migration(empty_url, open_database):
    database = open_database(empty_url)
    migrate.upgrade(database)
    with pytest.raises(Exception, match=r"(?i)foreign key"), database.write() as session:
        rows.insert(session, tables.Referral, person_id=4711)


def test_a_database_of_a_newer_release_is_left_alone(database):
    with database.write() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        with pytest.raises(Unavailable, match=r"9999.*newer release"):
            migrate.upgrade(database)
        with pytest.raises(Unavailable, match=r"9999.*newer release"):
            migrate.require_current(database)
    finally:
        with database.write() as session:
            session.connection().execute(text(f"UPDATE alembic_version SET version_num = '{migrate.head()}'"))


def test_a_database_that_was_never_migrated_says_what_to_run(empty_url, open_database):
    with pytest.raises(Unavailable, match="pathway migrate"):
        migrate.require_current(open_database(empty_url))


def test_the_highest_file_is_the_head_that_alembic_sees(sqlite_database):
    with sqlite_database.write() as session:
        scripts = ScriptDirectory.from_config(migrate._config(session.connection()))
    assert scripts.get_heads() == [migrate.head()]


def test_a_start_on_a_current_database_does_not_wait_for_alembic(sqlite_database):
    start = f"""
import sys
from storage import migrate
from storage.sessions import Database
migrate.upgrade(Database({sqlite_database.url!r}))
print("alembic" in sys.modules)
"""
    ran = subprocess.run([sys.executable, "-c", start], check=True, capture_output=True, text=True)
    assert ran.stdout.strip() == "False"

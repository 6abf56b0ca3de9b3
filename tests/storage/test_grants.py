"""On PostgreSQL one account owns the tables, and another one, which runs Pathway, can't rewrite what is kept."""

from __future__ import annotations

import secrets
from contextlib import closing
from datetime import UTC

import pytest
from sqlalchemy import make_url, text

from pathway.settings import Settings
from pathway.wiring import databases, examination
from rules.errors import InvalidInput, Unavailable
from rules.vocabulary import Role
from storage import grants, triggers
from storage.sessions import Database
from support import frozen, postgres
from support.front_door import FrontDoor

OWNER, WORKER = "pathway_owner", "Pathway worker"


@pytest.fixture
def settings(postgresql_server, tmp_path):
    """A new database that belongs to the owner, named by both accounts."""
    name = f"pathway_{secrets.token_hex(6)}"
    for role in (OWNER, WORKER):
        make = f'CREATE ROLE "{role}" LOGIN'
        postgres.run(postgresql_server, f"DO $$ BEGIN {make}; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    postgres.run(postgresql_server, f"CREATE DATABASE {name} OWNER {OWNER}")
    worker = WORKER.replace(" ", "%20")
    return Settings(
        home=tmp_path,
        database_url=postgres.url(postgresql_server, name, worker),
        owner_url=postgres.url(postgresql_server, name, OWNER),
    )


@pytest.fixture
def working(settings):
    """The database as the account that works uses it, after `pathway migrate`."""
    with closing(Database(settings.database)) as database:
        assert databases.migrate_as_owner(database, settings) is None
        yield database


def account_told(settings, now):
    return [(one.health, one.found) for one in examination.examine(settings, now=now) if one.what == "account"]


def test_who_works_does_a_whole_day_without_owning_anything(working):
    with frozen.clock("2009-01-05") as hand:
        door = FrontDoor(database=working, frozen=hand)
        door.move_to("2009-03-10 09:00")
        with working.write() as session:
            door._make(session, "haringey-2009")
        mia, leo = door.referrals(door.log("Mia", "Leo", immediate_danger=True))
        door.watch_for(hours=2)
        door.decide(mia, "assessment")
        door.decide(leo, "no-further-action")
        door.allocate(mia, door.add_worker())
        door.watch_for(hours=30)
    assert door.fresh(leo).state == "closed"
    assert door.handed_over(Role.DUTY_MANAGER)


def test_what_is_kept_can_not_be_rewritten_by_who_works(working):
    ways = ("DELETE FROM {}", "TRUNCATE {}", "ALTER TABLE {} DISABLE TRIGGER ALL", "DROP TABLE {}")
    for statement in [way.format(table) for table in triggers.APPEND_ONLY for way in ways]:
        with pytest.raises(Unavailable, match="may not do that"), working.write() as session:
            session.connection().execute(text(statement))


def test_doctor_says_that_the_account_owns_nothing_what_it_lacks_and_when_it_owns_something(settings, working):
    with frozen.clock("2009-03-10 09:00") as hand:
        now = hand().replace(tzinfo=UTC)
        databases.prepare(working, settings, now=now)
        ((health, found),) = account_told(settings, now)
        assert (health, "owns nothing" in found) == ("OK", True)
        with closing(Database(settings.owner)) as owner, owner.write() as session:
            session.connection().execute(text(f'REVOKE INSERT ON event FROM "{WORKER}"'))
        ((health, found),) = account_told(settings, now)
        assert (health, found) == ("FAULT", f"{WORKER} lacks rights on event")
        itself = settings.model_copy(update={"database_url": settings.owner_url})
        ((health, found),) = account_told(itself, now)
        assert (health, "could rewrite the history" in found) == ("FAULT", True)


def test_doctor_says_what_the_account_could_do_to_the_history_without_owning_it(settings, working, postgresql_server):
    with frozen.clock("2009-03-10 09:00") as hand:
        now = hand().replace(tzinfo=UTC)
        databases.prepare(working, settings, now=now)
        postgres.run(
            postgresql_server,
            f'GRANT TRUNCATE, TRIGGER ON event TO "{WORKER}"',
            "GRANT UPDATE ON letter TO PUBLIC",
            f'ALTER SCHEMA public OWNER TO "{WORKER}"',
            database=make_url(settings.owner).database,
        )
        ((health, found),) = account_told(settings, now)
    told = "owns the schema public; may trigger, truncate on event; may update on letter, and could rewrite the history"
    assert (health, found) == ("FAULT", f"{WORKER} {told}")


def test_a_database_that_waits_for_its_owner_says_so(settings, working):
    with closing(Database(settings.owner)) as owner, owner.write() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '0002'"))
    with pytest.raises(Unavailable, match="PATHWAY_OWNER_URL"):
        databases.migrate_as_owner(working, settings.model_copy(update={"owner_url": type(settings.owner_url)("")}))


def test_the_owner_of_another_database_is_refused(settings, working, sqlite_database):
    other = type(settings.owner_url)(settings.owner.replace("/pathway_", "/other_"))
    with pytest.raises(InvalidInput, match="two databases"):
        databases.migrate_as_owner(working, settings.model_copy(update={"owner_url": other}))
    with pytest.raises(InvalidInput, match="SQLite file has no accounts"):
        databases.migrate_as_owner(sqlite_database, settings)


def test_grants_are_made_again_at_each_migration(settings, working):
    databases.migrate_as_owner(working, settings)
    with working.read() as session:
        assert not grants.missing(session)

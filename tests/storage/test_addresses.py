from __future__ import annotations

import pytest

from rules.errors import InvalidInput, Unavailable
from storage.sessions import Database


@pytest.mark.parametrize(
    "address",
    [
        "postgres://officer:hunter2@db.example/pathway",
        "postgresql://officer:hunter2@db.example/pathway",
        "postgresql+psycopg://officer:hunter2@db.example/pathway",
    ],
)
def test_postgresql_is_spoken_to_through_one_driver_and_its_password_is_never_shown(address):
    database = Database(address)
    assert database.engine.url.drivername == "postgresql+psycopg"
    assert database.place == "postgresql://officer:***@db.example/pathway"
    assert "hunter2" not in repr(database)


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("", "not a database address"),
        ("pathway.db", "not a database address"),
        ("postgresql://officer:hunter2@db.example:port/pathway", "not a database address"),
        ("mysql://officer:hunter2@db.example/pathway", "kind 'mysql'"),
        ("postgresql+asyncpg://officer:hunter2@db.example/pathway", "not supported"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(address, problem):
    with pytest.raises(InvalidInput, match=problem) as caught:
        Database(address)
    assert caught.value.faults[0].place == "PATHWAY_DATABASE_URL"
    assert "sqlite:///FILE" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_server_that_does_not_answer_is_named_with_what_to_check(open_database):
    database = open_database("postgresql://officer:hunter2@127.0.0.1:1/pathway")
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1.*Check that PostgreSQL is running") as caught, database.read():
        pass
    assert "hunter2" not in str(caught.value)


def test_a_database_that_does_not_exist_is_named(postgresql_server, open_database):
    database = open_database(f"postgresql://postgres@/nowhere?host={postgresql_server}")
    with pytest.raises(Unavailable, match='database "nowhere" does not exist'), database.write():
        pass

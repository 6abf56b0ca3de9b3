"""The rows of one logged contact, written again without the engine: by a plain SQLModel session, or by the driver."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

import psycopg
from sqlalchemy import Column, Table, func, select, text
from sqlmodel import Session, SQLModel

from storage import engines
from storage.sessions import Database
from storage.tables import metadata

Row = dict[str, Any]
Changes = Mapping[str, Mapping[str, Any]]
# What must differ between two copies; everything else is the same in each.
UNIQUE = {
    ("contact", "ref"),
    ("referral", "ref"),
    ("message", "dedup_key"),
    ("message", "message_id"),
    ("figure_row", "key"),
}
# What rows write of themselves where a session writes them (``storage.tables.found_by``, ``storage.tables.board``).
OF_THEMSELVES = {"board_card", "child_word", "referrer_word"}
# What the database itself writes, whoever writes the rest (``storage.listing``).
OF_THE_DATABASE = {"listed_letter", "listed_referral"}
MODELS: dict[str, type[SQLModel]] = {
    mapper.local_table.name: mapper.class_  # type: ignore[attr-defined]
    for mapper in SQLModel._sa_registry.mappers  # noqa: SLF001 - the only list of all models
}


class Copier:
    """Captures what stands in ``example`` but not in ``empty``, and makes numbered copies of it."""

    def __init__(self, example: Database, empty: Database, changes: Changes | None = None) -> None:
        before, after = _counts(empty), _counts(example)
        more = [table for table in metadata.sorted_tables if after[table.name] > before[table.name]]
        self.tables = [table for table in more if table.name not in OF_THE_DATABASE]
        with example.read() as session:
            self.rows = {table.name: [dict(row) for row in _mappings(session, table)] for table in self.tables}
        for name, values in (changes or {}).items():
            for row in self.rows[name]:
                row.update(values)

    def count(self) -> int:
        """Rows of one copy."""
        return sum(map(len, self.rows.values()))

    def by_session(self, database: Database, number: int) -> None:
        """One copy through a plain SQLModel session: objects, one flush a table, ids given by the database."""
        ids: dict[tuple[str, int], int] = {}
        with Session(database.engine) as session:
            for table in (one for one in self.tables if one.name not in OF_THEMSELVES):
                olds = self.rows[table.name]
                news = [MODELS[table.name](**self._values(table, row, str(number), ids)) for row in olds]
                session.add_all(news)
                session.flush()
                for old, new in zip(olds, news, strict=True):
                    if "id" in old:
                        ids[table.name, old["id"]] = new.id  # type: ignore[attr-defined]
            session.commit()

    def _values(self, table: Table, row: Row, label: str, ids: Mapping[tuple[str, int], int]) -> Row:
        values = {}
        for column in table.columns:
            key = (_target(column), row[column.name])
            value = ids.get(key, row[column.name])  # a key of a row that is not copied stays as it is
            values[column.name] = f"{value}~{label}" if (table.name, column.name) in UNIQUE else value
        values.pop("id", None)
        return values

    def by_driver(
        self, driver: Driver, numbers: Sequence[int], *, above: Mapping[str, int] | None = None, label: str = ""
    ) -> None:
        """Copies through the database's own driver in one transaction: one executemany a table, ids given by us.

        ``above``: the highest id of each table before the copy with number 0.
        ``label`` sets the references of one load apart.
        """
        with driver.transaction():
            for table in self.tables:
                rows = [row for number in numbers for row in self._numbered(table, number, above or {}, label)]
                driver.insert(table, rows)

    def _numbered(self, table: Table, number: int, above: Mapping[str, int], label: str) -> Iterator[Row]:
        ids = {
            (name, row["id"]): above.get(name, 0) + number * len(rows) + place
            for name, rows in self.rows.items()
            for place, row in enumerate(rows, start=1)
            if "id" in row
        }
        for row in self.rows[table.name]:
            numbered = self._values(table, row, f"{label}-{number}", ids)
            if "id" in row:
                numbered["id"] = ids[table.name, row["id"]]
            yield numbered


def _target(column: Column[Any]) -> str:
    return next((key.column.table.name for key in column.foreign_keys), "")


def _mappings(session: Session, table: Table) -> Sequence[Mapping[str, Any]]:
    return [
        {str(key): value for key, value in row.items()}
        for row in session.connection().execute(select(table)).mappings()
    ]


def _counts(database: Database) -> dict[str, int]:
    with database.read() as session:
        connection = session.connection()
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


class Driver:
    """A connection of sqlite3 or psycopg with the settings that the product gives its own."""

    def __init__(self, database: Database) -> None:
        self._dialect = database.engine.dialect
        self._sqlite = database.dialect == "sqlite"
        if self._sqlite:
            self._connection: Any = sqlite3.connect(database.engine.url.database or "", isolation_level=None)
            for pragma in engines.SQLITE_PRAGMAS:
                self._connection.execute(f"PRAGMA {pragma}")
        else:
            url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
            self._connection = psycopg.connect(url, autocommit=True)

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    def transaction(self) -> Any:
        """A block that commits when it ends."""
        return _Transaction(self._connection) if self._sqlite else self._connection.transaction()

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Rows of one table, by one executemany."""
        columns = list(rows[0])
        marks = ", ".join("?" if self._sqlite else "%s" for _ in columns)
        statement = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - our own names
        makers = [self._processor(table.columns[name]) for name in columns]
        values = [[make(row[name]) for make, name in zip(makers, columns, strict=True)] for row in rows]
        with closing(self._connection.cursor()) as cursor:
            cursor.executemany(statement, values)

    def _processor(self, column: Column[Any]) -> Any:
        """What turns a Python value into what this driver stores."""
        return column.type.dialect_impl(self._dialect).bind_processor(self._dialect) or (lambda value: value)


class _Transaction:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._connection.execute("ROLLBACK" if kind else "COMMIT")


def highest_ids(database: Database) -> dict[str, int]:
    """The highest id of each table that has ids; 0 where there is no row."""
    with database.read() as session:
        connection = session.connection()
        return {
            table.name: connection.execute(select(func.max(table.columns["id"]))).scalar() or 0
            for table in metadata.sorted_tables
            if "id" in table.columns
        }


def settle(database: Database) -> None:
    """After a bulk load: PostgreSQL's sequences go on behind the highest id, and it knows its tables and tidied them.

    A server that lives does that by itself (autovacuum); SQLite needs neither.
    """
    if database.dialect == "sqlite":
        return
    with database.write() as session:
        for table in metadata.sorted_tables:
            if "id" in table.columns and table.name != "council":
                highest = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}"  # noqa: S608
                session.connection().execute(text(f"{highest} HAVING max(id) IS NOT NULL"))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))

"""Fresh databases with a council, a rulebook and staff, and the contacts that are logged in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from pathway.engine import following
from pathway.engine.actors import SYSTEM
from pathway.engine.children.child_input import ChildInput
from pathway.engine.intake import logging_contact
from pathway.engine.intake.logging_contact import ContactInput
from pathway.engine.rulebooks import published_books
from pathway.engine.staff import accounts
from pathway.settings import Settings
from rules.vocabulary import Role
from storage import migrate
from storage.sessions import Database
from storage.tables import Contact, Council
from support import databases, postgres

NOW = datetime(2009, 3, 18, 10, 30, tzinfo=UTC)
PEOPLE = (Role.SCREENING_OFFICER, Role.DUTY_MANAGER, Role.DUTY_MANAGER, Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE)

SYLLABLES = (
    "ba",
    "do",
    "ki",
    "lu",
    "me",
    "na",
    "po",
    "ra",
    "si",
    "to",
    "chi",
    "fen",
    "gar",
    "hol",
    "jin",
    "mur",
    "tan",
    "wil",
)


class Databases:
    """Makes as many fresh databases of one kind as are asked for."""

    def __init__(self, folder: Path, socket: str) -> None:
        self._folder = folder
        self._socket = socket
        self._opened: list[Database] = []

    def fresh(self, kind: str) -> Database:
        """A migrated database of the kind (``sqlite`` or ``postgresql``) with council, rulebook and staff."""
        path = self._folder / f"{len(self._opened)}.db"
        url = f"sqlite:///{path}" if kind == "sqlite" else databases.new_postgresql(self._socket)
        database = Database(url)
        self._opened.append(database)
        migrate.upgrade(database)
        with database.write() as session:
            session.add(_council())
            published_books.publish_shipped(session, now=NOW)
            for number, role in enumerate(PEOPLE):
                email = f"person{number}@example.org"
                accounts.add_user(
                    session,
                    username=f"person{number}",
                    name=f"Person {number}",
                    email=email,
                    password_hash="-",  # noqa: S106 - nobody signs in here
                    roles=[role],
                    now=NOW,
                )
        return database

    def close(self) -> None:
        """Closes what was opened."""
        for database in self._opened:
            database.dispose()


@contextmanager
def opened() -> Iterator[Databases]:
    """A PostgreSQL server and a folder for SQLite files, gone at the end."""
    with TemporaryDirectory(prefix="pathway-bench-") as folder, postgres.server() as socket:
        found = Databases(Path(folder), socket)
        try:
            yield found
        finally:
            found.close()


def _council() -> Council:
    settings = Settings()
    return Council(
        name=settings.council_name,
        team_name=settings.council_team_name,
        telephone=settings.council_telephone,
        out_of_hours_telephone=settings.council_out_of_hours_telephone,
        email=settings.council_email,
        address=settings.council_address,
        complaints=settings.council_complaints,
        sender=settings.council_sender,
        base_url=settings.address,
        rulebook="haringey-2009",
        secure_domains="*",
    )


def log(database: Database, number: int, *, children: int, received_at: datetime) -> Contact:
    """One contact about new children from a school, in a transaction of its own."""
    with following.acting(database, SYSTEM, now=received_at) as act:
        return logging_contact.log_contact(act, _contact(number, children, received_at))


def _contact(number: int, children: int, received_at: datetime) -> ContactInput:
    invented = Random(number)
    surname, street = _name(invented), _name(invented)
    return ContactInput(
        received_at=received_at,
        channel="form",
        source_code="2A",
        referrer_name="Ruth Adeyemi",
        referrer_agency="Rowan Primary School",
        referrer_role="Head teacher",
        referrer_email="ruth.adeyemi@example.org",
        concern_facts="The children came to school without coats and food for the third day.",
        children=[_child(invented, surname, f"{number} {street} Road, London") for _ in range(children)],
    )


def _child(invented: Random, surname: str, address: str) -> ChildInput:
    return ChildInput(
        forename=_name(invented),
        surname=surname,
        birth_date=NOW.date() - timedelta(days=invented.randrange(1, 17 * 365)),
        sex="F",
        address=address,
        school="Rowan Primary School",
    )


def _name(invented: Random) -> str:
    """Unlike enough that nearly no two children look like the same child."""
    return "".join(invented.choices(SYLLABLES, k=3)).capitalize()

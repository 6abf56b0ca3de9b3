"""Files as an old system exports them, and imports of them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from pathway.engine.actors import Actor
from pathway.engine.rulebooks import published_books
from pathway.engine.staff import accounts
from pathway.importing import terms
from pathway.importing.layout import COLUMNS
from pathway.importing.run import ImportReport, Run
from pathway.importing.undoing import Undoing, Undone
from rules.vocabulary import Role
from storage.sessions import Database, WriteSession
from support import front_door

SAMPLE = Path(__file__).parents[2] / "pathway" / "demo" / "data" / "contacts-2009-03.csv"
NOW = datetime(2009, 4, 6, 8, 0, tzinfo=UTC)
AUTUMN = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
IMPORTER = Actor(username="importer", name="Importer", roles=frozenset())
PLAIN = {
    "contact_ref": "OLD-1",
    "received": "10/03/2009 09:00",
    "channel": "phone",
    "source_code": "2A",
    "referrer_name": "Ada Ferreira",
    "referrer_agency": "Park Lane School",
    "referrer_role": "Designated safeguarding lead",
    "referrer_email": "ada@school.example.org",
    "anonymous": "N",
    "child_forename": "Mia",
    "child_surname": "Harlow",
    "child_dob": "06/05/2004",
    "child_sex": "F",
    "child_ethnicity": "WBRI",
    "immediate_danger": "N",
    "concern_facts": "No food at home.",
    "outcome": "NFA",
    "outcome_reason": "Threshold not met.",
    "decided": "10/03/2009 15:00",
    "decided_by": "DM01",
    "feedback_sent": "11/03/2009 10:00",
    "feedback_by": "email",
}
UNDECIDED = {
    "outcome": "",
    "outcome_reason": "",
    "decided": "",
    "decided_by": "",
    "feedback_sent": "",
    "feedback_by": "",
}
Month = tuple[Database, ImportReport]
UNTOLD = {"feedback_sent": "", "feedback_by": ""}


def line(**values: str) -> dict[str, str]:
    """One line about one child, decided and told in time but for what ``values`` say otherwise."""
    return PLAIN | values


def sibling(forename: str, **values: str) -> dict[str, str]:
    """A line about another child of the same contact."""
    return line(child_forename=forename, child_dob="01/02/2006") | values


def written(folder: Path, *lines: dict[str, str], name: str = "contacts.csv", encoding: str = "utf-8") -> Path:
    """The file of these lines."""
    path = folder / name
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(lines)
    return path


def imported(
    database: Database,
    path: Path,
    *,
    now: datetime = NOW,
    dry: bool = False,
    live: bool = False,
    book: str | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> ImportReport:
    """Imports a file into a database in which a front door stands."""
    with database.read() as session:
        found = terms.published(session, book, now=now)
    run = Run(database=database, terms=found, actor=IMPORTER, dry=dry, live=live)
    return run.carry_out(path, progress=progress)


def taken_back(database: Database, run_id: int, *, now: datetime, because: str = "") -> Undone:
    """An import taken back."""
    with database.read() as session:
        found = terms.published(session, None, now=now)
    return Undoing(database=database, actor=IMPORTER, terms=found, now=now, because=because).carry_out(run_id)


def sample_month(database: Database, path: Path = SAMPLE) -> ImportReport:
    """Imports the sample month, or another file, in November 2026 into an empty database."""
    with database.write() as session:
        session.add(front_door.council("haringey-2009"))
        session.flush()
        published_books.publish_shipped(session, now=AUTUMN)
        _employ(session, Role.SERVICE_MANAGER)
    return imported(database, path, now=AUTUMN)


def _employ(session: WriteSession, role: Role) -> None:
    person = front_door.person_in(role)
    email = f"{person.username}@council.example.org"
    accounts.add_user(
        session,
        username=person.username,
        name=person.name,
        email=email,
        password_hash="none",
        roles=[role],
        now=AUTUMN,
    )

"""The database of a process: opened, brought to this release, with its rulebooks and the council's particulars."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from typing import Any

from notifications.letters import own_templates
from pathway.engine.rulebooks import published_books
from pathway.settings import Settings
from rules.errors import Fault, InvalidInput, NotFound, Unavailable
from rules.words import counted
from storage import grants, migrate
from storage.faults import StartingUp
from storage.queries.letters import template_rows
from storage.sessions import Conflict, Database, WriteSession
from storage.tables import Council

PAUSE_SECONDS = 1.0


def open_database(settings: Settings) -> Database:
    """The database that the settings name; nothing is made or changed in it yet."""
    return Database(settings.database)


def open_existing(settings: Settings) -> Database | None:
    """The same, but None where it is a SQLite file that has not been made: opening would make it."""
    if settings.file is not None and not settings.file.exists():
        return None
    return open_database(settings)


def is_there(settings: Settings) -> bool:
    """True where the database has tables; looking makes neither a file nor tables. Raises Unavailable."""
    database = open_existing(settings)
    if database is None:
        return False
    with closing(database):
        return migrate.current(database) is not None


def prepare(database: Database, settings: Settings, *, now: datetime) -> None:
    """Everything that pages and worker need: ``fill``, and a book in force.

    Raises what ``fill`` does, and NotFound where the book that the settings name is not published yet.
    """
    fill(database, settings, now=now)
    with database.read() as session:
        published_books.current(session, now=now)


def missing_book(database: Database, *, now: datetime) -> str:
    """What is to be done where the book that the council chose is not published yet; empty where it is."""
    try:
        with database.read() as session:
            published_books.current(session, now=now)
    except NotFound as error:
        return str(error)
    return ""


def fill(database: Database, settings: Settings, *, now: datetime) -> None:
    """Takes the migrations, publishes the shipped books and writes the council's particulars from the settings.

    On a new database the book that these name need not be there yet: publishing it needs this database. Safe when
    several processes start at once. Raises Unavailable, RuleError for an edited book, NotFound where another book was
    in use, and InvalidInput with everything that is wrong with the council's own letters, before anything is changed.
    """
    texts = own_letters(settings)
    migrate.upgrade(database)
    try:
        _fill(database, settings, texts, now=now)
    except Conflict:
        # Another process published the same books between our look and our insert; now they are there.
        _fill(database, settings, texts, now=now)


def wait_until_started(
    database: Database, *, say: Callable[[str], None], wished: Callable[[float], bool], pause: float = PAUSE_SECONDS
) -> None:
    """Waits while PostgreSQL starts up or recovers, says so once and how it went on, and returns when it can be used.

    ``wished`` sleeps so many seconds and is True when it is time to end. Other faults are left to what comes next.
    """
    tries = 0
    while tries == 0 or not wished(pause):
        try:
            with database.read():
                break
        except StartingUp as error:
            if not tries:
                say(f"{error} Waiting.")
            tries += 1
        except Unavailable:
            return
    if tries:
        say(f"The database {database.place} answered after {counted(tries, 'try', 'tries')} in vain.")


def migrate_as_owner(database: Database, settings: Settings) -> str | None:
    """Takes the migrations as the owner of the tables, and grants what the account of ``database`` needs.

    Where no owner is named, ``database`` is taken for it. Returns the step it was at before, None where it was empty.
    Raises Unavailable, and InvalidInput for an owner of another database.
    """
    if not settings.owner:
        before = migrate.current(database)
        migrate.upgrade(database)
        return before
    with closing(Database(settings.owner)) as owner:
        _refuse_another(owner, database)
        before = migrate.current(owner)
        migrate.upgrade(owner)
        with database.read() as session:
            worker = grants.account(session)
        grants.give(owner, worker)
    return before


def _refuse_another(owner: Database, database: Database) -> None:
    if "sqlite" in (owner.dialect, database.dialect):
        problem, remedy = "is for PostgreSQL: a SQLite file has no accounts", "Leave it out"
    elif owner.engine.url.database != database.engine.url.database:
        problem, remedy = "and PATHWAY_DATABASE_URL name two databases", "Name the same one, by its two accounts"
    else:
        return
    raise InvalidInput.of("PATHWAY_OWNER_URL", problem, remedy)


def own_letters(settings: Settings) -> Mapping[str, str]:
    """The council's own letter templates, checked; none where no folder is named. Raises InvalidInput."""
    if settings.letters is None:
        return {}
    try:
        texts = own_templates.read(settings.letters)
        own_templates.require(texts)
    except InvalidInput as error:
        remedy = "Mend it and look again with `pathway letters check`, or unset PATHWAY_LETTERS"
        told = Fault(place="PATHWAY_LETTERS", problem="The council's own letters can't be used", remedy=remedy)
        raise InvalidInput([told, *error.faults]) from error
    return texts


def prepare_if_new(database: Database, settings: Settings, *, now: datetime) -> None:
    """``fill`` for an empty database; one in use is left as it is. Raises Unavailable where migrations are missing."""
    if migrate.current(database) is not None:
        migrate.require_current(database)
        if _is_filled(database):
            return
    fill(database, settings, now=now)


def _is_filled(database: Database) -> bool:
    """False where somebody was stopped between the migrations and the rest."""
    with database.read() as session:
        return session.get(Council, 1) is not None


def _fill(database: Database, settings: Settings, texts: Mapping[str, str], *, now: datetime) -> None:
    with database.write() as session:
        council = session.get(Council, 1)
        before = council.rulebook if council else settings.rulebook
        published_books.publish_shipped(session, now=now)
        _write_council(session, settings)
        template_rows.replace(session, texts)
        if before != settings.rulebook:
            published_books.current(session, now=now)  # a misspelt name must not take a book that is in use away


def _write_council(session: WriteSession, settings: Settings) -> None:
    particulars: dict[str, Any] = {
        "name": settings.council_name,
        "team_name": settings.council_team_name,
        "telephone": settings.council_telephone,
        "out_of_hours_telephone": settings.council_out_of_hours_telephone,
        "email": settings.council_email,
        "address": settings.council_address,
        "complaints": settings.council_complaints,
        "sender": settings.council_sender,
        "base_url": settings.address,
        "rulebook": settings.rulebook,
        "system_owner": settings.system_owner,
        "secure_domains": ",".join(settings.secure),
        "link_days": settings.link_days,
        "alerts_every": settings.alerts_every,
        "grace_minutes": settings.grace_minutes,
    }
    row = session.get(Council, 1)
    if row is None:
        session.add(Council(id=1, **particulars))
    else:
        for name, value in particulars.items():
            setattr(row, name, value)
    session.flush()

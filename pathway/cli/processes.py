"""``pathway up``, ``serve``, ``worker`` and ``migrate``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from pathway.cli import opening
from pathway.cli.speech import note, say
from pathway.settings import Settings
from pathway.wiring import databases, processes, stopping
from pathway.wiring.stopping import Stop
from storage import migrate as migrations
from storage.clock import utc_now
from storage.queries import next_due_rows
from storage.sessions import Database

Host = Annotated[str | None, typer.Option("--host", help="Where to listen; 127.0.0.1 unless PATHWAY_HOST says more.")]
Port = Annotated[int | None, typer.Option("--port", help="The port; 8000 unless PORT or PATHWAY_PORT says more.")]
FIRST_USER = (
    "Nobody can sign in yet. Add the first user in another window:\n"
    "  pathway user add jo.smith --name 'Jo Smith' --email jo.smith@example.org --role administrator"
)
LINKS = (
    "Letters to e-mail domains that are not secure go as links to {address}, which nobody outside can open. Set "
    "PATHWAY_BASE_URL to an address with https:// that they reach, or name the domains in PATHWAY_SECURE_DOMAINS."
)
BESIDE = "On SQLite one process does it all: `pathway up`. Apart, {this} and {other} are for PostgreSQL."


def up(host: Host = None, port: Port = None) -> None:
    """Start everything in one process: pages, clocks and mail.

    It makes the database when there is none, invents no data and has no account that comes with it. Ctrl-C ends it;
    started again, it goes on where it was. Without PATHWAY_SMTP_URL nothing leaves the machine: the messages are on
    the page Mailbox.

    \b
    Examples:
      pathway up
      PORT=8080 PATHWAY_HOME=/var/lib/pathway pathway up
    """
    settings, stop = _begin(host=host, port=port)
    processes.up(settings, stop=stop, ready=_greeting(settings, "Mailbox" if not settings.sends else ""))
    stopping.leave("Stopped.")


def serve(host: Host = None, port: Port = None) -> None:
    """Start the pages only.

    A `pathway worker` watches the deadlines and sends. As many as wanted may share one PostgreSQL database. Give them
    the same PATHWAY_SECRET_KEY.

    \b
    Example:
      PATHWAY_DATABASE_URL=postgresql://pathway@db.example.org/pathway pathway serve --host 0.0.0.0
    """
    settings, stop = _begin(host=host, port=port)
    processes.serve(settings, stop=stop, ready=_greeting(settings, "", beside=("serve", "worker")))
    stopping.leave("Stopped.")


def worker() -> None:
    """Start only the work behind the pages.

    That is deadlines, alerts and messages. As many as wanted may share one PostgreSQL database. Without
    PATHWAY_SMTP_URL messages stay queued.

    \b
    Example:
      PATHWAY_SMTP_URL='smtps://user:secret@mail.example.org:465' pathway worker
    """
    settings, stop = _begin()
    processes.work(settings, stop=stop, ready=lambda database: _say_working(settings, database))
    stopping.leave("Stopped.")


def migrate() -> None:
    """Bring the database to this release.

    It publishes the shipped rulebooks too, and is safe to run at any time. On PostgreSQL the tables should belong to
    another account than the one that works: with PATHWAY_OWNER_URL it changes them as that one, and grants what the
    account of PATHWAY_DATABASE_URL needs.

    \b
    Example:
      pathway migrate
    """
    settings = opening.load()
    database = databases.open_database(settings)
    try:
        before = databases.migrate_as_owner(database, settings)
        databases.fill(database, settings, now=utc_now())
        after = migrations.current(database)
        missing = databases.missing_book(database, now=utc_now())
    finally:
        database.dispose()
    moved = "was there already" if before == after else f"from {before or 'nothing'}"
    say(f"The database {database.place} is at step {after} ({moved}).")
    if missing:
        note(f"note: {missing}")


def _begin(**overrides: object) -> tuple[Settings, Stop]:
    stop = Stop()
    stop.listen()
    processes.log_to_stderr()
    return opening.load(**overrides), stop


def _greeting(settings: Settings, mailbox: str, *, beside: tuple[str, str] | None = None) -> Callable[[Database], None]:
    def greet(database: Database) -> None:
        say(f"Pathway is at {settings.address}   (database: {database.place})")
        if mailbox:
            say(f"No mail server is named: messages are kept in {settings.mailbox} and shown on the page {mailbox}.")
        elif beside is None:
            say(f"Messages go to {settings.notify or 'the mail server that PATHWAY_SMTP_URL names'}.")
        if beside and database.dialect == "sqlite":
            note(BESIDE.format(this=beside[0], other=beside[1]))
        if not settings.links_open:
            note(LINKS.format(address=settings.address))
        with database.read() as session:
            if not next_due_rows.anybody(session):
                say(FIRST_USER)
        say("Ctrl-C ends it.")

    return greet


def _say_working(settings: Settings, database: Database) -> None:
    say(f"Watching the deadlines in {database.place}. Ctrl-C ends it.")
    if not settings.sends:
        note("No mail server is named: messages stay queued until PATHWAY_SMTP_URL names one.")
    if database.dialect == "sqlite":
        note(BESIDE.format(this="worker", other="serve"))

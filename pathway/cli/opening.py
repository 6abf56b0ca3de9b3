"""What most commands begin with: the settings, the database, and who is at the keyboard."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager

from notifications import dispatch
from notifications.mailer import MailServer
from pathway import settings as settings_of
from pathway.cli.speech import note
from pathway.engine import settling
from pathway.engine.actors import Actor
from pathway.settings import Settings
from pathway.wiring import databases
from storage.clock import utc_now
from storage.queries import operations
from storage.sessions import Database

ROLE = "command line"


def load(**overrides: object) -> Settings:
    """The settings, with a word about variables that look like ours and are none."""
    for told in settings_of.misspelt():
        note(f"note: {told}")
    return settings_of.load(**{name: value for name, value in overrides.items() if value is not None})


@contextmanager
def database(settings: Settings) -> Iterator[Database]:
    """The database, prepared when it is new. Raises Unavailable where `pathway migrate` has to run first."""
    opened = databases.open_database(settings)
    try:
        databases.prepare_if_new(opened, settings, now=utc_now())
        yield opened
    finally:
        opened.dispose()


def username() -> str:
    """The name of this account on this machine, marked as the command line's."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = f"uid {os.getuid()}"
    return f"{name} ({ROLE})"


def actor() -> Actor:
    """Who is at the keyboard. The command line has no role of the rulebook: access to the machine is its right."""
    return Actor(username=username(), name=username(), roles=frozenset())


def send_what_is_due(database: Database, settings: Settings) -> None:
    """Hand over what the command has queued; without a mail server it stays queued, and that is said."""
    with database.read() as session:
        waiting, _ = operations.queued(session)
    if not waiting:
        return
    if not settings.mail_server:
        note(f"{waiting} messages stay queued: no mail server is named. Set PATHWAY_SMTP_URL, or start `pathway up`.")
        return
    server = MailServer.from_url(settings.mail_server)
    report = dispatch.run_once(database, server, settling.settle_message, now=utc_now)
    note(f"{report.handed_over} messages handed over, {report.put_off + report.given_back} to be tried again.")
    if report.server_down:
        note(f"The mail server {server} can't be used: {report.server_down}")

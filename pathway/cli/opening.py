"""What most commands begin with: the settings, the database, and who is at the keyboard."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager

from notifications.dispatch import dispatcher
from pathway.cli.speech import note
from pathway.engine.actors import Actor
from pathway.engine.post import handing_over
from pathway.engine.watch import bundling, installations
from pathway.settings import Settings, misspelt
from pathway.settings import load as load_settings
from pathway.wiring import channels, databases
from rules.errors import NotFound, Refused
from rules.words import counted
from storage import migrate
from storage.clock import utc_now
from storage.queries import hold_rows, next_due_rows
from storage.queries.hold_rows import Held
from storage.sessions import Database

ROLE = "command line"


def load(**overrides: object) -> Settings:
    """The settings, with a word about variables that look like ours and are none."""
    for told in misspelt():
        note(f"note: {told}")
    return load_settings(**{name: value for name, value in overrides.items() if value is not None})


@contextmanager
def database(settings: Settings) -> Iterator[Database]:
    """The database, prepared when it is new. Raises Unavailable where `pathway migrate` has to run first."""
    opened = databases.open_database(settings)
    try:
        databases.prepare_if_new(opened, settings, now=utc_now())
        installations.look(opened, now=utc_now())
        yield opened
    finally:
        opened.dispose()


@contextmanager
def existing_database(settings: Settings) -> Iterator[Database]:
    """The same, but never made or changed by opening it. Raises NotFound where there is none yet."""
    opened = databases.open_existing(settings)
    if opened is None:
        raise NotFound("There is no database yet. Start `pathway up`, or run `pathway migrate`.")
    try:
        migrate.require_current(opened)
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


def held(database: Database) -> Held:
    """Whether anything may be judged, told, sent or collected."""
    with database.read() as session:
        return hold_rows.held(session)


def refuse_where_held(database: Database, what: str) -> None:
    """Raises Refused, beginning with ``what``, while the clock is in doubt and in a copy."""
    if (why := held(database)) is not Held.NOT:
        raise Refused([f"{what}: {why.value}. Run `pathway doctor`."])


def send_what_is_due(database: Database, settings: Settings) -> None:
    """Hand over what the command has queued; without a mail server, or where all is held, it stays and that is said."""
    if (why := held(database)) is not Held.NOT:
        note(f"Nothing is sent: {why.value}. See `pathway doctor`.")
        return
    bundling.bundle_all(database, now=utc_now())
    with database.read() as session:
        waiting, _ = next_due_rows.queued(session)
    if waiting and settings.sends:
        _send(database, settings)
    elif waiting:
        queued = f"{counted(waiting, 'message')} queued"
        note(f"{queued}: no mail server is named. Set PATHWAY_SMTP_URL, or start `pathway up`.")


def _send(database: Database, settings: Settings) -> None:
    channel = channels.chosen(settings)
    if channel is None:
        return
    report = dispatcher.run_once(database, channel, handing_over.settle_message, now=utc_now)
    note(
        f"{counted(report.handed_over, 'message')} handed over, {report.put_off + report.given_back} to be tried again."
    )
    if report.server_down:
        note(f"{channels.name(channel)} can't be used: {report.server_down}")

"""``pathway adopt``: a restored database takes the place of the one that it was copied from."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pathway.cli import opening
from pathway.cli.acting_as import By, acting
from pathway.cli.speech import note, say
from pathway.engine.watch import installations
from rules.errors import InvalidInput
from rules.words import counted
from storage.clock import utc_now
from storage.queries import installation_rows, next_due_rows
from storage.sessions import ReadSession

NO_COPY = "This is no copy; nothing is changed."
Named = Annotated[
    str, typer.Option("--council", help="The council's name, as the settings have it; asked for if left out.")
]


def adopt(*, council: Named = "", by: By = "") -> None:
    """Let a database that was restored or copied act again: judge, send, collect.

    Until then a copy does none of this, so that a trial or a training system writes to nobody. What was queued when
    the copy was made goes out afterwards, perhaps for the second time: the original must not run any more.

    \b
    Examples:
      pathway adopt
      pathway adopt --council "Example Council" --by duty.manager
    """
    with opening.database(opening.load()) as database, database.read() as session:
        row = installation_rows.installation(session)
        if row is None or not row.copied_because:
            say(NO_COPY)
            return
        note(f"This is a copy. {row.copied_because}.")
        _warn(session)
        typed = council or _ask()
        installations.require_named(session, typed)
    with acting(by) as act:
        adopted = installations.adopt(act, database, council=typed)
    say(NO_COPY if adopted is None else f"Adopted: this database is {adopted.council}'s from now on.")


def _warn(session: ReadSession) -> None:
    waiting, _ = next_due_rows.queued(session)
    late = next_due_rows.clocks_to_look_at(session, now=utc_now())
    note(f"Once adopted: {counted(waiting, 'message')} to be sent, {counted(late, 'clock')} to be judged at once.")
    note("Where the original runs still, people are written to by both. Stop it first.")


def _ask() -> str:
    """The council's name. Raises InvalidInput where nobody can be asked."""
    if not sys.stdin.isatty():
        problem = "There is no terminal to ask on, so nothing was changed"
        raise InvalidInput.of("--council", problem, "Read what is said above, then give the council's name")
    return str(typer.prompt("The council's name", err=True))

"""``pathway clock``: whether the clock is in doubt, and saying that it is right."""

from __future__ import annotations

import typer

from pathway.cli import opening
from pathway.cli.acting_as import By, acting
from pathway.cli.speech import say
from pathway.engine.watch import clock_doubts
from pathway.web import times
from storage.clock import utc_now
from storage.queries import hold_rows

app = typer.Typer()


@app.command()
def show() -> None:
    """Say what o'clock it is here, and whether that is in doubt.

    \b
    Example:
      pathway clock show
    """
    with opening.existing_database(opening.load()) as database, database.read() as session:
        doubt = hold_rows.doubt(session)
    say(f"By this machine it is {times.at(utc_now())} in London.")
    if doubt is None:
        say("The clock is not in doubt.")
    else:
        say(f"The clock is in doubt. {doubt.because}.")
        say("Nothing is judged or sent. Put the clock right, or where it is right: pathway clock accept")


@app.command()
def accept(*, by: By = "") -> None:
    """Say that the clock is right as it stands: what waited is done, and everything goes on.

    Look at `pathway clock show` first: by a wrong clock duties become late that are not.

    \b
    Example:
      pathway clock accept --by duty.manager
    """
    with acting(by) as act:
        doubt = clock_doubts.accept(act)
    if doubt is None:
        say("The clock is not in doubt; nothing is changed.")
    else:
        say(f"The clock counts as right: it is {times.at(utc_now())} in London. What waited is done by the next sweep.")

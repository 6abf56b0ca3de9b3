"""``pathway sweep``: one run of the watch."""

from __future__ import annotations

from pathway.cli import opening
from pathway.cli.speech import note, say
from pathway.engine.watch import sweep
from pathway.importing import alerting
from pathway.wiring import signs_of_life
from rules.words import counted
from storage.clock import utc_now
from storage.queries.hold_rows import Held


def sweep_once() -> None:
    """Look once for what is due, and act on it.

    That is warnings, breaches, alerts and the next rungs of their ladders. `pathway up` and `pathway worker` do this
    every five seconds. Twice changes nothing: each step is taken once.

    \b
    Example:
      pathway sweep
    """
    settings = opening.load()
    with signs_of_life.around(settings.signs) as sign, opening.database(settings) as database:
        now = utc_now()
        sign.is_wanted = opening.held(database) is not Held.COPY  # the original's alone are waited for
        opening.refuse_where_held(database, "Nothing is judged")
        report = sweep.run_once(database, now=now)
        alerting.review(database, now=now)
        looked_at = f"{counted(report.clocks, 'clock')} and {counted(report.alerts, 'alert')}"
        say(f"Looked at {looked_at} that were due; took {counted(report.rungs, 'rung')} of alerts.")
        if report.left_alone:
            say(f"Left {report.left_alone} to somebody who is changing them; the next run looks again.")
        if report.faults:
            note(f"{report.faults} could not be dealt with; they are on record and will be tried again.")
        opening.send_what_is_due(database, settings)

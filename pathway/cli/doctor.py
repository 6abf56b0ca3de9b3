"""``pathway doctor``: what is in order, what is not, and what to do about it."""

from __future__ import annotations

import typer

from pathway.cli import opening
from pathway.cli.speech import say
from pathway.wiring import examination
from pathway.wiring.findings import Health
from storage.clock import utc_now


def doctor() -> None:
    """Check what Pathway needs to run, and say how to mend a fault.

    That is database, migrations, rulebook, calendar, people, mail server and the work in the background. Nothing is
    changed and no message is sent. Exit code 1 when something is at fault.

    \b
    Example:
      pathway doctor
    """
    findings = list(examination.examine(opening.load(), now=utc_now()))
    for finding in findings:
        say(f"{finding.health:<6} {finding.what:<12} {finding.found}")
        if finding.remedy:
            say(f"{'':<19} {finding.remedy}")
    faults = sum(finding.health is Health.FAULT for finding in findings)
    say()
    say(f"{faults} of {len(findings)} checks found a fault." if faults else "All is in order.")
    raise typer.Exit(1 if faults else 0)

"""``pathway report timeliness``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from pathway.cli import given, opening
from pathway.cli.figures import figures
from pathway.cli.speech import say_all, say_json
from pathway.reports import timeliness, timeliness_out
from rules.errors import InvalidInput
from rules.timing import zones
from storage.clock import utc_now

app = typer.Typer()
app.command()(figures.figures)
app.command()(figures.children)

From = Annotated[str, typer.Option("--from", help="The first day of receipt: 2009-03-01.")]
To = Annotated[str, typer.Option("--to", help="The last day of receipt: 2009-03-31.")]
AsAt = Annotated[
    str | None, typer.Option("--as-at", help="Judge by what was so then: 2009-04-01T09:00 in London, or with a zone.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON on standard output.")]


@app.command("timeliness")
def timeliness_report(start: From, end: To, as_at: AsAt = None, as_json: AsJson = False) -> None:
    """Say how timely a period was.

    How many children were decided about in 24 hours, and how many referrers told in writing in 48; by week and by
    source, with the backlog and what can't be judged. Counted by child; what is not applicable (an anonymous
    referrer) or not yet due counts on neither side.

    \b
    Examples:
      pathway report timeliness --from 2009-03-01 --to 2009-03-31
      pathway report timeliness --from 2009-03-01 --to 2009-03-31 --as-at 2009-04-01T09:00 --json
    """
    first, last = given.period(start, end)
    moment = utc_now() if as_at is None else _moment(as_at)
    with opening.existing_database(opening.load()) as database, database.read() as session:
        report = timeliness.measure(session, start=first, end=last, as_at=moment)
    if as_json:
        say_json(timeliness_out.as_json(report))
    else:
        say_all(timeliness_out.as_text(report))


def _moment(typed: str) -> datetime:
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        remedy = "Write it as 2009-04-01T09:00, or with a zone as 2009-04-01T09:00+01:00"
        raise InvalidInput.of("--as-at", f"{typed!r} is not a moment", remedy) from None
    return found if found.tzinfo else zones.localise(found, zones.LONDON)

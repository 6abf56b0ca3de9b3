"""``pathway report figures`` and ``pathway report children``: the same numbers and rows as on the page Figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import typer

from pathway.cli import given, opening
from pathway.cli.acting_as import By, Look, looking
from pathway.cli.speech import say, say_all, say_json
from pathway.engine import permissions
from pathway.engine.figures import counting, figure_list, mondays_sheet
from pathway.engine.figures.figure_list import Naming
from pathway.engine.rulebooks import published_books
from pathway.reports import cells, figures_out
from rules.errors import InvalidInput, NotAllowed
from rules.figures import derive, periods
from rules.figures.periods import DAY, LONGEST, Period
from rules.vocabulary import Action
from storage.clock import utc_now
from storage.queries.figures import figure_rows
from storage.queries.staff import worker_names
from storage.tables import id_of

LISTED, EXPORTED = "figures and children, on the command line", "export of figures and children, on the command line"
MOST, MOST_EXPORTED = 100, 50_000

Preset = Annotated[str, typer.Option("--period", help=f"One of: {', '.join(periods.PRESETS)}.")]
From = Annotated[str, typer.Option("--from", help="The first day: 2009-03-01.")]
To = Annotated[str, typer.Option("--to", help="The last day, included: 2009-03-31.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="As CSV, with no cell that is a formula.")]
AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON on standard output.")]
FigureKey = Annotated[str, typer.Argument(metavar="FIGURE", help="Such as children or clock:decision.")]
Part = Annotated[str, typer.Option("--part", help="Only this part, such as late or accepted.")]


def figures(
    *, period: Preset = periods.USUAL, start: From = "", end: To = "", as_csv: AsCsv = False, as_json: AsJson = False
) -> None:
    """Say the figures of a period: Monday's sheet.

    Volumes, outcomes, conversion to accepted referrals, repeats, every duty in time and late, why it was late, letters,
    alerts, children a worker. Days are those in London, the last one included.

    \b
    Examples:
      pathway report figures --period last-week
      pathway report figures --from 2009-03-01 --to 2009-03-31 --csv
    """
    now = utc_now()
    asked = _period(period, start, end, now=now)
    with opening.existing_database(opening.load()) as database, counting.counted(database) as session:
        sheet = mondays_sheet.measure(session, published_books.current(session, now=now).book, asked, now=now)
    if as_json:
        say_json(figures_out.as_json(sheet))
    elif as_csv:
        say(cells.as_csv(figures_out.rows(sheet), end="\n").rstrip())
    else:
        say_all(figures_out.as_text(sheet))


def children(
    figure: FigureKey,
    *,
    part: Part = "",
    start: From = "",
    end: To = "",
    as_csv: AsCsv = False,
    by: By = "",
) -> None:
    """List the children behind one number of the figures: without days those of last week.

    A hundred at most, or all with --csv.

    Nobody of a record that is closed to whoever looks is named; how many there are is said. That you looked is kept in
    the access log, with every child listed.

    \b
    Examples:
      pathway report children clock:decision --part late
      pathway report children children --from 2009-03-01 --to 2009-03-31 --csv --by jo.smith
    """
    with looking(EXPORTED if as_csv else LISTED, by, refused=_refused) as look:
        asked = _period(periods.USUAL, start, end, now=look.now)
        told = _table(look, figure, part, asked, most=MOST_EXPORTED if as_csv else MOST)
    if as_csv:
        say(cells.as_csv(told, end="\n").rstrip())
    else:
        say_all("  ".join(filter(None, row)) for row in told)


def _table(look: Look, figure: str, part: str, period: Period, *, most: int) -> Sequence[Sequence[str]]:
    definition = figure_list.find(look.book, figure.strip())
    parts = (part.strip(),) if part.strip() else ()
    wanted = figure_list.wanted(definition, period, *parts, today=derive.local(look.now).date())
    with counting.counted(look.database) as session:
        lines = figure_rows.page(session, wanted, closed=look.closed, limit=most + 1)
        hidden, cut = figure_rows.hidden(session, wanted, closed=look.closed), len(lines) > most
        naming = Naming(book=look.book, workers=worker_names.by_number(session))
    look.showed({id_of(person) for line in lines[:most] for _, person in line.children})
    rows = figures_out.listed(lines[:most], definition, naming, now=look.now)
    return [*rows, *figures_out.left_out(hidden, cut=cut)]


def _refused(look: Look) -> str:
    try:
        permissions.require(look.book, look.actor, Action.READ_REPORTS)
    except NotAllowed as error:
        return str(error)
    return ""


def _period(preset: str, start: str, end: str, *, now: datetime) -> Period:
    if start or end:
        first, last = given.period(start, end)
        if (last - first).days >= LONGEST:
            raise InvalidInput.of("--to", "The period is longer than three years", "Give a shorter one")
        return Period(start=first, end=last + DAY)
    key = given.one_of(preset, periods.PRESETS, "--period", f"There is no period {preset!r}")
    return periods.preset(key, derive.local(now).date())

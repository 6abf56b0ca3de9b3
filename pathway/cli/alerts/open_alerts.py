"""``pathway alerts``: what is open, who has it; taking danger on with one word, and acknowledging with a note."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Annotated

import typer

from pathway.cli.acting_as import By, Look, acting_on, looking
from pathway.cli.speech import say, say_all
from pathway.engine import inputs, permissions
from pathway.engine.watch import acknowledging, taking_on
from pathway.engine.watch.acknowledging import AcknowledgementInput
from pathway.web import times
from rules.errors import NotAllowed
from rules.vocabulary import Action
from storage.queries.alerts import alert_list_rows, taken_on_rows
from storage.queries.alerts.alert_list_rows import AlertLine
from storage.tables import AlertTakenOn

app = typer.Typer()
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The alert's number.", show_default=False)]
Most = Annotated[int, typer.Option("--most", help="How many to print.", min=1, max=10_000)]
Note = Annotated[str, typer.Option("--note", help="What was done, or is being done; it is kept.", show_default=False)]


@app.command("list")
def list_alerts(*, most: Most = 50, by: By = "") -> None:
    """List the open alerts: immediate danger and the oldest due first.

    No child is named. That you looked is kept in the access log.

    \b
    Example:
      pathway alerts list
    """
    with looking("alerts", by, refused=_refused) as look:
        records = permissions.may(look.book, look.actor, Action.READ_RECORD)
        lines, count = alert_list_rows.lines(look.session, closed=False, records=records, offset=0, limit=most)
        has_it = taken_on_rows.holding(look.session, [line.alert.id for line in lines], now=look.now)
        shut = _shut(look, lines)
        said = [_line(line, has_it.get(line.alert.id or 0), now=look.now, shut=line.alert.id in shut) for line in lines]
    say_all([*said, *_more(count, len(said))] or ["No alert is open."])


@app.command("have-it")
def have_it(number: Number, *, by: By = "") -> None:
    """Say "I have it" of an alert of immediate danger: nobody else is told for ten minutes at most.

    Everybody reads the name. Without a note the next person on the ladder is told when they are over. Once a person.

    \b
    Example:
      pathway alerts have-it 17 --by duty.manager
    """
    with acting_on("alert", number, by) as act:
        until = taking_on.take_on(act, number).held_until
        name = act.actor.name
    say(f"{name} has alert {number} until {times.at(until)}. Say what was done: pathway alerts acknowledge {number}.")


@app.command()
def acknowledge(number: Number, *, note: Note, by: By = "") -> None:
    """Acknowledge an alert with what is being done: its ladder rests for the time that the book gives.

    \b
    Example:
      pathway alerts acknowledge 17 --note 'Police are at the house.' --by duty.manager
    """
    data = inputs.parse(AcknowledgementInput, {"note": note})
    with acting_on("alert", number, by) as act:
        until = acknowledging.acknowledge(act, number, data).held_until
    say(f"Acknowledged: alert {number}{f', at rest until {times.at(until)}' if until else ''}.")


def _refused(look: Look) -> str:
    if permissions.may(look.book, look.actor, Action.ACKNOWLEDGE_ALERT):
        return ""
    try:
        permissions.require(look.book, look.actor, Action.READ_RECORD)
    except NotAllowed as error:
        return str(error)
    return ""


def _shut(look: Look, lines: Collection[AlertLine]) -> frozenset[int | None]:
    """The alerts about records that are closed to whoever looks; the other children are named in the access log."""
    contacts = look.shut([line.contact.id for line in lines if line.contact and not line.referral])
    look.showed({line.referral.person_id for line in lines if line.referral})
    closed = look.closed
    return frozenset(
        line.alert.id
        for line in lines
        if (line.referral.person_id in closed if line.referral else line.contact and line.contact.id in contacts)
    )


def _line(line: AlertLine, has_it: AlertTakenOn | None, *, now: datetime, shut: bool) -> str:
    alert = line.alert
    what = "restricted record" if shut else alert.headline
    if has_it is not None:
        state = f"{has_it.name} has it until {times.at(has_it.until)}"
    elif alert.held_until is not None and alert.held_until > now:
        state = f"acknowledged, at rest until {times.at(alert.held_until)}"
    else:
        state = "nobody has it"
    return f"{alert.id}: {alert.kind}, {what}, due {times.at(alert.due_at)}; {state}."


def _more(count: int, said: int) -> Iterator[str]:
    if count > said:
        yield f"{said} of {count}; more with --most."

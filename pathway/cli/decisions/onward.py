"""``pathway onward``: children referred onward to a receiver, and what the receiver answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from pathway.cli.acting_as import By, ReferralRef, acting_on_referral, looking
from pathway.cli.speech import say, say_all
from pathway.engine import inputs
from pathway.engine.decisions import onward_referral
from pathway.web import times
from rules.books import batch
from rules.errors import Refused
from storage.clock import utc_now
from storage.queries.decisions import onward_rows
from storage.queries.decisions.onward_rows import OnwardLine
from storage.queries.lists import onward_page_rows
from storage.tables import id_of

app = typer.Typer()
At = Annotated[str, typer.Option("--at", help="When they answered, with a time zone; now if left out.")]
Said = Annotated[str, typer.Option("--note", help="Who answered, and what they said.")]
Why = Annotated[str, typer.Option("--note", help="Why they refuse; the manager reads it.", show_default=False)]


@app.command("list")
def waiting(*, by: By = "") -> None:
    """List the children whose receiver has not answered.

    Immediate danger and the oldest due come first. No child is named; that you looked is kept in the access log.

    \b
    Example:
      pathway onward list
    """
    with looking("children referred onward", by) as look:
        found, closed = onward_page_rows.every(look.session), look.closed
        look.showed({id_of(line.person) for line in found})
        lines = [_line(line, now=look.now, shut=line.person.id in closed) for line in found]
    say_all(lines or ["No receiver owes an answer."])


def _line(line: OnwardLine, *, now: datetime, shut: bool) -> str:
    danger = "immediate danger, " if line.contact.immediate_danger else ""
    due = f"answer due {times.at(line.due_at)} ({times.due(line.due_at, now=now)})" if line.due_at else "no clock runs"
    if shut:
        return f"{line.referral.ref}: {danger}restricted record, {due}."
    way = f"by e-mail: {line.message.state}" if line.message else "send it yourself: no e-mail address"
    return f"{line.referral.ref}: {danger}{line.onward.receiver}, {due}; {way}."


@app.command()
def accept(ref: ReferralRef, *, at: At = "", note: Said = "", by: By = "") -> None:
    """Record that the receiver has taken the child on.

    The duty is met at that moment. Once nothing else is owed the referral closes by itself.

    \b
    Example:
      pathway onward accept PW-7K2M-X4TD-2 --note 'Ms Cole of the early help hub rang.'
    """
    _record(ref, accepted=True, at=at, note=note, by=by)


@app.command()
def refuse(ref: ReferralRef, *, note: Why, at: At = "", by: By = "") -> None:
    """Record that the receiver has refused the child.

    The child comes back: a manager decides again, within the time of a decision, and the referrer is told of that one.

    \b
    Example:
      pathway onward refuse PW-7K2M-X4TD-2 --note 'The family has moved out of their area.'
    """
    _record(ref, accepted=False, at=at, note=note, by=by)


def _record(ref: str, *, accepted: bool, at: str, note: str, by: str) -> None:
    answered_at = batch.moment_of(at, "--at") if at else utc_now()
    data = inputs.parse(
        onward_referral.ReceiverAnswerInput, {"accepted": accepted, "answered_at": answered_at, "note": note}
    )
    with acting_on_referral(ref, by) as (act, referral):
        found = onward_rows.open_of(act.session, id_of(referral))
        if found is None:
            raise Refused([f"No receiver owes an answer about {referral.ref}."])
        onward_referral.record_answer(act, id_of(found), data)
        answer = "has taken the child on" if accepted else "has refused"
    say(f"Recorded for {referral.ref}: {found.receiver} {answer}. The referral is {referral.state}.")

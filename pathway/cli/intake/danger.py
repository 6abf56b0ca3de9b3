"""``pathway danger``: a contact marked as immediate danger, and the mark withdrawn."""

from __future__ import annotations

from typing import Annotated

import typer

from pathway.cli.acting_as import By, ContactRef, acting, acting_on_contact, contact_of
from pathway.cli.speech import say, say_all
from pathway.engine import clocks, inputs
from pathway.engine.intake import immediate_danger
from pathway.web import times
from rules.vocabulary import EventKind
from storage.queries import clock_rows, referral_rows
from storage.sessions import WriteSession
from storage.tables import Contact, id_of

app = typer.Typer()
Reason = Annotated[str, typer.Option("--reason", help="What has become known; it is kept.", show_default=False)]


@app.command()
def mark(ref: ContactRef, *, reason: Reason, by: By = "") -> None:
    """Mark a contact: a child is in immediate danger. First call 999.

    The duty manager, out of hours the emergency duty team, is alerted at once, and again until somebody acknowledges. A
    decision is due within the time that the rulebook sets, counted from now.

    \b
    Example:
      pathway danger mark PW-7K2M-X4TD --reason 'The father has come back with a knife.'
    """
    data = inputs.parse(inputs.ReasonInput, {"reason": reason})
    # The mark shows nothing of the record: it is never refused to somebody who may not open it.
    with acting(by) as act:
        contact = contact_of(act.session, ref)
        immediate_danger.mark(act, id_of(contact), data)
        say(f"Marked: contact {contact.ref}, immediate danger. If nobody has called 999, call now.")
        say_all(_hours(act.session, contact))


@app.command()
def withdraw(ref: ContactRef, *, reason: Reason, by: By = "") -> None:
    """Withdraw the mark: no child is in immediate danger.

    For those who may decide. The hour no longer applies and the alert closes; checks that are owed stay owed.

    \b
    Example:
      pathway danger withdraw PW-7K2M-X4TD --reason 'It was another family.' --by duty.manager
    """
    data = inputs.parse(inputs.ReasonInput, {"reason": reason})
    with acting_on_contact(ref, by) as (act, contact):
        immediate_danger.withdraw(act, id_of(contact), data)
    say(f"Withdrawn: contact {contact.ref} is no longer marked as immediate danger.")


def _hours(session: WriteSession, contact: Contact) -> list[str]:
    """Each child's running clocks that the mark has begun, in a line."""
    return [
        f"{referral.ref}: {rule.title.lower()}, due {times.at(clock.due_at)}."
        for referral in referral_rows.of_contact(session, id_of(contact))
        for clock in clock_rows.running(session, id_of(referral))
        for rule in [clocks.rule_of(session, clock)]
        if rule.starts_on is EventKind.DANGER_MARKED
    ]

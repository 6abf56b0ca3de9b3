"""``pathway danger``: a contact marked as immediate danger, and the mark withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from pathway.cli.acting_as import By, ContactRef, acting, acting_on_contact, contact_of
from pathway.cli.speech import say, say_all
from pathway.engine import clocks, inputs
from pathway.engine.intake import immediate_danger
from pathway.web import times
from pathway.web.views import logged_view
from pathway.web.views.logged_view import Page
from rules.vocabulary import EventKind
from storage.queries import clock_rows
from storage.queries.children import restriction_rows
from storage.sessions import WriteSession
from storage.tables import Referral, id_of

app = typer.Typer()
ONLY_NAMED = (
    "It is about a child whose record opens only to people named: they are told at once, and again until somebody says "
    "what was done. A manager decides within the time that the rulebook sets."
)
NOBODY_TOLD = "Nobody could be alerted yet. Ring the duty manager, and say the reference."
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
        act.session.flush()
        closed = restriction_rows.closed_to(act.session, act.actor.username, now=act.now)
        page = logged_view.page(act.session, contact.ref, closed=closed)
        hours = _hours(act.session, page.open)
    say(f"Marked: contact {page.contact.ref}, immediate danger. If nobody has called 999, call now.")
    say_all([*hours, *_shut(page)])
    say(f"Told: {', '.join(page.told)}." if page.told else NOBODY_TOLD)


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


def _shut(page: Page) -> Sequence[str]:
    """What may be said of children whose record is closed to whoever marked them: that they are, and who sees to it."""
    return [ONLY_NAMED] if page.shut else []


def _hours(session: WriteSession, children: Sequence[Referral]) -> list[str]:
    """Each child's running clocks that the mark has begun, in a line."""
    return [
        f"{referral.ref}: {rule.title.lower()}, due {times.at(clock.due_at)}."
        for referral in children
        for clock in clock_rows.running(session, id_of(referral))
        for rule in [clocks.rule_of(session, clock)]
        if rule.starts_on is EventKind.DANGER_MARKED
    ]

"""``pathway restrict``: records that open only to people named."""

from __future__ import annotations

from typing import Annotated

import typer

from pathway.cli.acting_as import By, acting, acting_on_referral, looking
from pathway.cli.speech import say
from pathway.engine.children import breaking_glass, restricting
from pathway.engine.children.breaking_glass import GlassInput, ReviewInput
from pathway.engine.children.restricting import NamingInput, RestrictionInput
from pathway.engine.inputs import ReasonInput, parse
from pathway.web import times
from storage.queries import referral_rows
from storage.queries.children import opener_rows, restriction_rows

app = typer.Typer()

Ref = Annotated[str, typer.Argument(metavar="REF", help="A referral of the child.", show_default=False)]
Child = Annotated[
    str,
    typer.Argument(metavar="CHILD", help="The child's number, or the reference of a referral.", show_default=False),
]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The number of the broken glass.", show_default=False)]
Note = Annotated[str, typer.Option("--note", help="What you found.", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help="Why.", show_default=False)]
To = Annotated[list[str] | None, typer.Option("--to", help="A user name; may be given several times.")]
One = Annotated[str, typer.Option("--to", help="The user name.", show_default=False)]


@app.command("record")
def record(ref: Ref, *, reason: Reason, to: To = None, by: By = "") -> None:
    """Restrict a child's record to the people named, and to whoever restricts it.

    \b
    Example:
      pathway restrict record PW-7K2M-X4TD-1 --reason 'Own family of a colleague' --to jo.smith --by ann.lee
    """
    data = parse(RestrictionInput, {"reason": reason, "usernames": tuple(to or ())})
    with acting_on_referral(ref, by) as (act, referral):
        restricting.restrict(act, referral.person_id, data)
    say(f"The record of {ref.strip()} is restricted.")


@app.command("name")
def name(ref: Ref, *, to: One, reason: Reason, by: By = "") -> None:
    """Open a restricted record to one more person.

    \b
    Example:
      pathway restrict name PW-7K2M-X4TD-1 --to jo.smith --reason 'Screens it' --by ann.lee
    """
    data = parse(NamingInput, {"username": to, "reason": reason})
    with acting_on_referral(ref, by) as (act, referral):
        restricting.name(act, referral.person_id, data)
    say(f"The record of {ref.strip()} opens to {to} too.")


@app.command("break-glass")
def break_glass(child: Child, *, reason: Reason, by: By = "") -> None:
    """Open a restricted record for some hours, without being named.

    For the role that the rulebook names, when there is no time to ask. Whoever restricted it and the service manager
    are told at once, and somebody else reviews it.

    \b
    Example:
      pathway restrict break-glass 570 --reason 'A child in danger, and nobody named answers' --by ann.lee
    """
    data, child = parse(GlassInput, {"reason": reason}), child.strip()
    with acting(by) as act:  # the record is closed to whoever breaks the glass
        number = int(child) if child.isdecimal() else referral_rows.by_ref(act.session, child).person_id
        until = times.at(breaking_glass.break_glass(act, number, data).ends_at)
    of_whom, to_whom = f"child {child}" if child.isdecimal() else child, by.strip() or "this account"
    say(f"The record of {of_whom} is open to {to_whom} until {until}. It is to be reviewed.")


@app.command("review-glass")
def review_glass(number: Number, *, note: Note, by: By = "") -> None:
    """Say what to think of a broken glass; the number stands in the alert's list.

    \b
    Example:
      pathway restrict review-glass 3 --note 'Right: the child was in danger' --by ann.lee
    """
    data = parse(ReviewInput, {"note": note})
    with acting(by) as act:
        breaking_glass.review(act, number, data)
    say("The review is kept.")


@app.command("list")
def listed(*, by: By = "") -> None:
    """List the restricted records, to whom each opens, and each broken glass that waits for a review."""
    with looking("restricted records", by) as look:
        for one in restriction_rows.listed(look.session):
            named = ", ".join(name.username for name in one.names)
            say(f"Child {one.person.id}, restricted by {one.restriction.restricted_by}: opens to {named}")
        for broken in opener_rows.to_review(look.session):
            at = times.at(broken.broken_at)
            say(f"Broken glass {broken.id}: child {broken.person_id}, by {broken.username}, {at}.")
            say(f"  To be reviewed until {times.at(broken.review_due_at)}. Reason: {broken.reason}")


@app.command("lift")
def lift(ref: Ref, *, reason: Reason, by: By = "") -> None:
    """Open the record again to everybody whose role allows it.

    \b
    Example:
      pathway restrict lift PW-7K2M-X4TD-1 --reason 'The colleague has left' --by ann.lee
    """
    data = parse(ReasonInput, {"reason": reason})
    with acting_on_referral(ref, by) as (act, referral):
        restricting.lift(act, referral.person_id, data)
    say(f"The restriction on the record of {ref.strip()} is lifted.")

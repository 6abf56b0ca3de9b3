"""``pathway restrict``: records that open only to people named."""

from __future__ import annotations

from typing import Annotated

import typer

from pathway.cli.acting_as import By, acting_on_referral
from pathway.cli.speech import say
from pathway.engine.children import restricting
from pathway.engine.children.restricting import NamingInput, RestrictionInput
from pathway.engine.inputs import ReasonInput, parse

app = typer.Typer()

Ref = Annotated[str, typer.Argument(metavar="REF", help="A referral of the child.", show_default=False)]
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

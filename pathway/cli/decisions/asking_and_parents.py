"""``pathway letters ask`` and ``parents``: letters that somebody chooses to write."""

from __future__ import annotations

from typing import Annotated

import typer

from pathway.cli.acting_as import By, ContactRef, acting_on_contact, acting_on_referral
from pathway.cli.speech import say
from pathway.engine import inputs
from pathway.engine.letters import parents
from pathway.engine.referrers import asking_for_information
from storage.tables import id_of

Things = Annotated[list[str], typer.Argument(metavar="THING...", help="What is missing.", show_default=False)]
ChildRef = Annotated[str, typer.Argument(metavar="REF", help="A referral's reference.", show_default=False)]
Name = Annotated[str, typer.Option("--name", help="The parent or carer.", show_default=False)]
Email = Annotated[str, typer.Option("--email", help="Their e-mail address.")]
Address = Annotated[str, typer.Option("--address", help="Or their postal address, with commas between lines.")]
Next = Annotated[str, typer.Option("--next", help="What happens next; they read it word for word.", show_default=False)]
NoRisk = Annotated[
    str, typer.Option("--no-risk-because", help="Why telling them raises no risk; it is kept.", show_default=False)
]


def ask(ref: ContactRef, things: Things, *, by: By = "") -> None:
    """Ask a referrer in writing for what is missing. It stops no clock, and nothing waits for the answer.

    The referrer reads each thing word for word.

    \b
    Example:
      pathway letters ask PW-7K2M-X4TD 'Where the child is now' 'The name of the doctor'
    """
    data = inputs.parse(asking_for_information.AskingInput, {"things": things})
    with acting_on_contact(ref, by) as (act, contact):
        letter = asking_for_information.ask(act, id_of(contact), data)
    say(f"Letter {letter.id} asks the referrer of contact {contact.ref}.")


def write_to_parents(
    ref: ChildRef,
    *,
    name: Name,
    next_steps: Next,
    no_risk: NoRisk,
    email: Email = "",
    address: Address = "",
    by: By = "",
) -> None:
    """Write to a parent or carer of one child. The letter never says who contacted us, and nothing of another child.

    \b
    Example:
      pathway letters parents PW-7K2M-X4TD-1 --name 'Petra Stone' --address '3 High Street, Northmoor, N17 6AA' \\
        --next 'We will call you this week.' --no-risk-because 'She asked for help herself.'
    """
    typed = {"name": name, "email": email, "address": address, "next_steps": next_steps}
    data = inputs.parse(parents.ParentsInput, {**typed, "no_risk": bool(no_risk.strip()), "no_risk_because": no_risk})
    with acting_on_referral(ref, by) as (act, referral):
        letter = parents.write(act, id_of(referral), data, version=None)
    say(f"Letter {letter.id} goes to a parent or carer of the child of {referral.ref}.")

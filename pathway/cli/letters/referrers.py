"""``pathway referrer``: what becomes known of whoever contacted us. Nothing here prints a name or an address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer
from pydantic import BaseModel

from pathway.cli.acting_as import By, ContactRef, acting_on_contact
from pathway.cli.speech import say
from pathway.engine import inputs
from pathway.engine.act import Act
from pathway.engine.referrers import finding_address, protected_identity, unsafe_to_contact
from storage.tables import id_of

app = typer.Typer()
Reason = Annotated[str, typer.Option("--reason", help="Why; it stands in the history.", show_default=False)]
Email = Annotated[str, typer.Option("--email", help="The e-mail address that was found.")]
Address = Annotated[
    str, typer.Option("--address", help="The postal address that was found, with commas between lines.")
]


@app.command()
def address(ref: ContactRef, *, email: Email = "", address: Address = "", by: By = "") -> None:
    """Keep an address that was found. A letter that could not go by e-mail goes now, as it was written.

    \b
    Examples:
      pathway referrer address PW-7K2M-X4TD --email head@school.example.org
      pathway referrer address PW-7K2M-X4TD --address '3 High Street, Northmoor, N17 6AA'
    """
    data = inputs.parse(finding_address.AddressInput, {"email": email, "address": address})
    _change(ref, finding_address.find_address, data, by=by, told="The address is kept.")


@app.command()
def unsafe(ref: ContactRef, *, reason: Reason, by: By = "") -> None:
    """Mark as unsafe to contact: nothing more is written to the referrer, not even what is queued.

    \b
    Example:
      pathway referrer unsafe PW-7K2M-X4TD --reason 'Letters there are opened by somebody else.'
    """
    _change(ref, unsafe_to_contact.mark, _reason(reason), by=by, told="Marked as unsafe to contact.")


@app.command()
def safe(ref: ContactRef, *, reason: Reason, by: By = "") -> None:
    """Lift the mark: what the referrer has not been told is owed again, and written when it is due.

    \b
    Example:
      pathway referrer safe PW-7K2M-X4TD --reason 'Has moved out.' --by duty.manager
    """
    _change(ref, unsafe_to_contact.lift, _reason(reason), by=by, told="No longer marked as unsafe to contact.")


@app.command()
def protect(ref: ContactRef, *, reason: Reason, by: By = "") -> None:
    """Protect the identity: it shows only to those with the right to see it.

    \b
    Example:
      pathway referrer protect PW-7K2M-X4TD --reason 'Asked for it.'
    """
    _change(ref, protected_identity.protect, _reason(reason), by=by, told="The referrer’s identity is protected.")


@app.command()
def share(ref: ContactRef, *, reason: Reason, by: By = "") -> None:
    """Share the identity again; for those with the right to see it.

    \b
    Example:
      pathway referrer share PW-7K2M-X4TD --reason 'Agrees now.' --by duty.manager
    """
    _change(ref, protected_identity.share, _reason(reason), by=by, told="The referrer’s identity may be shared again.")


def _reason(text: str) -> BaseModel:
    return inputs.parse(inputs.ReasonInput, {"reason": text})


def _change(ref: str, command: Callable[[Act, int, Any], None], data: Any, *, by: str, told: str) -> None:
    with acting_on_contact(ref, by) as (act, contact):
        command(act, id_of(contact), data)
    say(f"Contact {contact.ref}: {told}")

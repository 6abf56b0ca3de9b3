"""``pathway letters link``: the link to a letter, withdrawn or sent anew. Nothing here prints a name or an address."""

from __future__ import annotations

from typing import Annotated

import typer

from pathway.cli.acting_as import By, acting_on
from pathway.cli.speech import say
from pathway.engine import inputs
from pathway.engine.post import link_renewal
from storage.queries.letters import link_rows

app = typer.Typer(name="link", help="Letters that went as a link, as the address is not secure.", no_args_is_help=True)
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The letter's number.", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help="Why; it stands in the letter's history.", show_default=False)]


@app.command()
def revoke(number: Number, *, reason: Reason, by: By = "") -> None:
    """Withdraw the link to a letter: it opens nothing any more. A letter that nobody has opened is owed again.

    \b
    Example:
      pathway letters link revoke 12 --reason 'Sent to the wrong school.'
    """
    data = inputs.parse(inputs.ReasonInput, {"reason": reason})
    with acting_on("letter", number, by) as act:
        link_renewal.revoke(act, number, data)
        owed = "" if link_rows.was_opened(act.session, number) else " Nobody had opened it: it is owed again."
    say(f"The link to letter {number} is withdrawn.{owed}")


@app.command()
def renew(number: Number, *, by: By = "") -> None:
    """Send a new link to the address that is known now. Links sent before open nothing any more.

    \b
    Example:
      pathway letters link renew 12
    """
    with acting_on("letter", number, by) as act:
        link_renewal.renew(act, number)
    say(f"A new e-mail with letter {number} is queued.")

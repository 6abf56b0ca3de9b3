"""``pathway add-child``: a child whom the referrer did not name."""

from __future__ import annotations

from typing import Annotated

import typer

from pathway.cli.acting_as import By, ContactRef, acting_on_contact
from pathway.cli.speech import say
from pathway.engine import clocks, inputs
from pathway.engine.intake import added_child
from pathway.web import times
from storage.queries import clock_rows
from storage.tables import id_of

Why = Annotated[str, typer.Option("--why", help="What is known of the child, and from whom; kept.", show_default=False)]
Forename = Annotated[str, typer.Option("--forename", help="First names.")]
Surname = Annotated[str, typer.Option("--surname", help="Last name.")]
Born = Annotated[str, typer.Option("--born", help="Birth date, such as 2006-05-06.")]
Due = Annotated[str, typer.Option("--due", help="Due date of an unborn child, such as 2027-05-06.")]
Sex = Annotated[str, typer.Option("--sex", help="The code for the sex; U for not known.")]
Nhs = Annotated[str, typer.Option("--nhs-number", help="NHS number.")]
Upn = Annotated[str, typer.Option("--upn", help="Unique pupil number.")]
Address = Annotated[str, typer.Option("--address", help="Address.")]
School = Annotated[str, typer.Option("--school", help="School or nursery.")]


def add_child(
    ref: ContactRef,
    *,
    why: Why,
    forename: Forename = "",
    surname: Surname = "",
    born: Born = "",
    due: Due = "",
    sex: Sex = "U",
    nhs_number: Nhs = "",
    upn: Upn = "",
    address: Address = "",
    school: School = "",
    by: By = "",
) -> None:
    """Add a child whom the referrer did not name.

    The child gets a referral of their own: checks, clocks that begin now, and a decision. No letter to the referrer
    mentions it.

    \b
    Example:
      pathway add-child PW-7K2M-X4TD --forename Leo --surname Carter --born 2006-05-06 --why 'Lives there.'
    """
    child = {"forename": forename, "surname": surname, "birth_date": born, "due_date": due, "sex": sex}
    child |= {"nhs_number": nhs_number, "upn": upn, "address": address, "school": school}
    data = inputs.parse(added_child.AddedChildInput, {"why": why, "child": child})
    with acting_on_contact(ref, by) as (act, contact):
        referral = added_child.add_child(act, id_of(contact), data)
        say(f"Added to contact {contact.ref}: referral {referral.ref}. The referrer is told nothing of it.")
        for clock in clock_rows.running(act.session, id_of(referral)):
            say(f"{clocks.rule_of(act.session, clock).title}: due {times.at(clock.due_at)}.")

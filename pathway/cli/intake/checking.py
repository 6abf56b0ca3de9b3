"""``pathway check`` and ``pathway kind``: what is looked up before a decision, and which checks that takes."""

from __future__ import annotations

from typing import Annotated

import typer

from pathway.cli.acting_as import By, ContactRef, ReferralRef, acting_on_contact, acting_on_referral
from pathway.cli.given import one_of
from pathway.cli.speech import say
from pathway.engine import guard_facts, inputs
from pathway.engine.intake import contact_kind, screening
from pathway.engine.rulebooks import published_books
from rules.errors import InvalidInput
from rules.vocabulary import CheckKind
from storage.queries import referral_rows
from storage.tables import id_of

GIVE_ONE = "Give --found or --not-made-because or --nothing-on-record, one of the three"

Check = Annotated[str, typer.Argument(metavar="CHECK", help=f"One of: {', '.join(CheckKind)}.", show_default=False)]
Found = Annotated[str, typer.Option("--found", help="What the check found, or that nothing was.")]
Nothing = Annotated[
    bool, typer.Option("--nothing-on-record", help="Take over Pathway's own search, where it finds nothing.")
]
NotMade = Annotated[str, typer.Option("--not-made-because", help="Why it was not made, where it was not.")]
Kind = Annotated[str, typer.Argument(metavar="KIND", help="A kind of contact of the rulebook.", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help="Why it is changed; it is kept.", show_default=False)]


def check(
    ref: ReferralRef,
    check: Check,
    *,
    found: Found = "",
    not_made_because: NotMade = "",
    nothing_on_record: Nothing = False,
    by: By = "",
) -> None:
    """Record one check of a child.

    Made, with what was found, or not made, because. History, siblings and whether a worker has the child Pathway
    searches in its own record: where it finds nothing, that can be taken over. When no check is missing, the referral
    awaits its decision.

    \b
    Examples:
      pathway check PW-7K2M-X4TD-1 siblings --found 'A brother, Leo, aged 4.'
      pathway check PW-7K2M-X4TD-1 history --nothing-on-record
      pathway check PW-7K2M-X4TD-1 school --not-made-because 'The school is closed until Monday.'
    """
    if [bool(found.strip()), bool(not_made_because.strip()), nothing_on_record].count(True) != 1:
        raise InvalidInput.of("--found", "A check is made or not", GIVE_ONE)
    known = one_of(check, CheckKind, "CHECK", f"There is no check {check!r}")
    typed = {"kind": known, "made": bool(found.strip()), "found": found, "not_made_because": not_made_because}
    typed["taken_over"] = nothing_on_record
    data = inputs.parse(screening.CheckInput, typed)
    with acting_on_referral(ref, by) as (act, referral):
        screening.screen(act, id_of(referral), [data], version=None)
        missing = guard_facts.checks_owed(act.session, referral, published_books.published_of(act.session, referral))
        left = f"Missing: {', '.join(rule.kind for rule in missing)}." if missing else "No check is missing."
    made = "not made" if not_made_because.strip() else "made"
    say(f"Recorded for {referral.ref}: {data.kind}, {made}. {left}")


def kind(ref: ContactRef, kind: Kind, *, reason: Reason, by: By = "") -> None:
    """Make a contact another kind.

    From then on the checks of that kind are needed before a decision.

    \b
    Example:
      pathway kind PW-7K2M-X4TD domestic-abuse --reason 'The police were called to the house twice.'
    """
    data = inputs.parse(contact_kind.KindInput, {"kind": kind, "reason": reason})
    with acting_on_contact(ref, by) as (act, contact):
        contact_kind.change(act, id_of(contact), data)
        book = published_books.published_of(act.session, referral_rows.of_contact(act.session, id_of(contact))[0]).book
        needed = ", ".join(rule.kind for rule in book.checks_for(contact.kind))
    say(f"Contact {contact.ref} is of the kind {contact.kind} now. Checks needed: {needed}.")

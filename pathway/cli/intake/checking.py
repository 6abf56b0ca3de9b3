"""``pathway check`` and ``pathway kind``: what is looked up before a decision, and which checks that takes."""

from __future__ import annotations

from typing import Annotated

import typer

from pathway.cli import acting_as
from pathway.cli.acting_as import By
from pathway.cli.intake import danger
from pathway.cli.speech import say
from pathway.engine import guard_facts, inputs
from pathway.engine.intake import contact_kind, screening
from pathway.engine.rulebooks import published_books
from rules.errors import InvalidInput
from rules.vocabulary import CheckKind
from rules.words import nearest
from storage.queries import referral_rows
from storage.tables import id_of

Child = Annotated[str, typer.Argument(metavar="REF", help="The referral's reference.", show_default=False)]
Check = Annotated[str, typer.Argument(metavar="CHECK", help=f"One of: {', '.join(CheckKind)}.", show_default=False)]
Found = Annotated[str, typer.Option("--found", help="What the check found, or that nothing was.")]
NotMade = Annotated[str, typer.Option("--not-made-because", help="Why it was not made, where it was not.")]
Ref = Annotated[
    str, typer.Argument(metavar="REF", help="The contact's reference, or that of a child.", show_default=False)
]
Kind = Annotated[str, typer.Argument(metavar="KIND", help="A kind of contact of the rulebook.", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help="Why it is changed; it is kept.", show_default=False)]


def check(ref: Child, check: Check, *, found: Found = "", not_made_because: NotMade = "", by: By = "") -> None:
    """Record one check of a child.

    Made, with what was found, or not made, because. When no check is missing, the referral awaits its decision.

    \b
    Examples:
      pathway check PW-7K2M-X4TD-1 siblings --found 'A brother, Leo, aged 4.'
      pathway check PW-7K2M-X4TD-1 school --not-made-because 'The school is closed until Monday.'
    """
    if bool(found.strip()) == bool(not_made_because.strip()):
        raise InvalidInput.of("--found", "A check is made or not", "Give --found or --not-made-because, one of the two")
    typed = {"kind": _kind(check), "made": bool(found.strip()), "found": found, "not_made_because": not_made_because}
    data = inputs.parse(screening.CheckInput, typed)
    with acting_as.acting(by) as act:
        referral = referral_rows.by_ref(act.session, ref.strip())
        screening.screen(act, id_of(referral), [data], version=None)
        missing = guard_facts.checks_owed(act.session, referral, published_books.published_of(act.session, referral))
        left = f"Missing: {', '.join(rule.kind for rule in missing)}." if missing else "No check is missing."
    say(f"Recorded for {referral.ref}: {data.kind}, {'made' if data.made else 'not made'}. {left}")


def _kind(text: str) -> CheckKind:
    words = " ".join(text.casefold().replace("-", " ").replace("_", " ").split())
    if words not in list(CheckKind):
        raise InvalidInput.of("CHECK", f"There is no check {text!r}", nearest(words, CheckKind).capitalize())
    return CheckKind(words)


def kind(ref: Ref, kind: Kind, *, reason: Reason, by: By = "") -> None:
    """Make a contact another kind.

    From then on the checks of that kind are needed before a decision.

    \b
    Example:
      pathway kind PW-7K2M-X4TD domestic-abuse --reason 'The police were called to the house twice.'
    """
    data = inputs.parse(contact_kind.KindInput, {"kind": kind, "reason": reason})
    with acting_as.acting(by) as act:
        contact = danger.contact_of(act.session, ref)
        contact_kind.change(act, id_of(contact), data)
        book = published_books.published_of(act.session, referral_rows.of_contact(act.session, id_of(contact))[0]).book
        needed = ", ".join(rule.kind for rule in book.checks_for(contact.kind))
    say(f"Contact {contact.ref} is of the kind {contact.kind} now. Checks needed: {needed}.")

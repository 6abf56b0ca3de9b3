"""``pathway why-late``: saying afterwards why something was late."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated

import typer

from pathway.cli.acting_as import By, ReferralRef, acting_on_referral
from pathway.cli.speech import say
from pathway.engine import inputs, why_late
from pathway.engine.why_late import LateInput
from rules import late_reasons
from rules.errors import Fault, InvalidInput
from storage.tables import id_of

Reason = Annotated[
    str,
    typer.Option("--late-reason", help=f"A code of the book's list; as shipped {', '.join(late_reasons.SHIPPED)}."),
]
WhyLate = Annotated[
    str, typer.Option("--why-late", help="Where it is late: a code of the book's list; more after a colon.")
]
Words = Annotated[str, typer.Option("--late-words", help="More about why; needed where the reason is other.")]


def say_why_late(ref: ReferralRef, *, late_reason: Reason, late_words: Words = "", by: By = "") -> None:
    """Say why something about a child was late.

    Decided in immediate danger, say, where nobody is asked before; or sent by itself.

    \b
    Example:
      pathway why-late PW-7K2M-X4TD-1 --late-reason staff-away --late-words 'Two were ill.' --by jo.smith
    """
    data = inputs.parse(LateInput, {"late_reason": late_reason, "late_words": late_words})
    with acting_on_referral(ref, by) as (act, referral):
        why_late.answer(act, id_of(referral), data)
        told = referral.ref
    say(f"Recorded why it was late for {told}.")


def read(text: str) -> LateInput:
    """What an option says: a code, and after a colon more about why."""
    reason, _, words = text.partition(":")
    return inputs.parse(LateInput, {"late_reason": reason, "late_words": words})


@contextmanager
def asked_for(option: str) -> Iterator[None]:
    """A block in which what is missing of why something is late is asked for by this option, with the shipped codes."""
    try:
        yield
    except InvalidInput as error:
        raise InvalidInput(_by_option(fault, option) for fault in error.faults) from error


def _by_option(fault: Fault, option: str) -> Fault:
    if fault.place not in why_late.FIELDS:
        return fault
    codes = ", ".join(late_reasons.SHIPPED)
    return replace(fault, place=option, remedy=f"Give {option} with one of {codes}, or a code of the book's own list")

"""``pathway set-aside``, ``restore``, ``correct``, ``undo``, ``second-look``: what follows when something was wrong."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from pathway.cli.acting_as import By, ReferralRef, acting, acting_on_referral
from pathway.cli.speech import say
from pathway.engine import inputs
from pathway.engine.decisions import correcting, restoring, second_look, setting_aside, undoing
from rules.errors import NotFound
from rules.vocabulary import Mark
from storage.queries import contact_rows, referral_rows
from storage.tables import id_of

Why = Annotated[str, typer.Option("--reason", help="Why; it is kept.", show_default=False)]


class Answer(StrEnum):
    """What a second manager thinks."""

    AGREES = "agrees"
    DISAGREES = "disagrees"


def set_aside(
    ref: Annotated[str, typer.Argument(metavar="REF", help="A referral, or a contact: every child of it.")],
    *,
    reason: Why,
    right: Annotated[
        str, typer.Option("--right", help="The right referral or contact, where it was logged twice.")
    ] = "",
    by: By = "",
) -> None:
    """Set aside what was logged twice (with --right) or in error.

    It counts in no figure, its clocks apply no more and letters about it that have not left are stopped. Everything on
    record stays.

    \b
    Examples:
      pathway set-aside PW-7K2M-X4TD-1 --right PW-3FQ9-A6RN-1 --reason 'The school rang us both.'
      pathway set-aside PW-7K2M-X4TD --reason 'A test entry.' --by duty.manager
    """
    mark = Mark.LOGGED_TWICE if right.strip() else Mark.IN_ERROR
    data = inputs.parse(setting_aside.SetAsideInput, {"mark": mark, "reason": reason, "right_ref": right})
    with acting(by) as act:
        try:
            contact = contact_rows.by_ref(act.session, ref.strip())
        except NotFound:
            number = id_of(referral_rows.by_ref(act.session, ref.strip()))
            setting_aside.set_aside(act, number, data, version=None)
        else:
            setting_aside.set_aside_contact(act, id_of(contact), data)
    say(f"Set aside, {mark}: {ref.strip()} counts in no figure and stays on record.")


def restore(ref: ReferralRef, *, reason: Why, by: By = "") -> None:
    """Restore a referral that was set aside by mistake.

    It waits for a decision again; its clocks count from the original receipt.

    \b
    Example:
      pathway restore PW-7K2M-X4TD-1 --reason 'They are two children.'
    """
    data = inputs.parse(inputs.ReasonInput, {"reason": reason})
    with acting_on_referral(ref, by) as (act, found):
        restoring.restore(act, id_of(found), data)
    say(f"Restored: {found.ref} is {found.state}.")


def correct(
    ref: ReferralRef,
    *,
    outcome: Annotated[str, typer.Option("--outcome", help="The right outcome's code.", show_default=False)],
    level: Annotated[str, typer.Option("--level", help="The level of need.", show_default=False)],
    reasons: Annotated[str, typer.Option("--reasons", help="The reasons; a professional reads them.")] = "",
    because: Annotated[str, typer.Option("--because", help="Why the decision is corrected.")] = "",
    need: Annotated[str, typer.Option("--need", help="The primary need, where the outcome accepts.")] = "",
    worker: Annotated[int | None, typer.Option("--worker", help="The number of the allocated worker.")] = None,
    receiver: Annotated[str, typer.Option("--receiver", help="Who receives the child.")] = "",
    receiver_email: Annotated[str, typer.Option("--receiver-email", help="Where the receiver is written to.")] = "",
    by: By = "",
) -> None:
    """Follow a wrong decision with the right one.

    Nothing is edited: both stand, each with its date. Who was told of the wrong one is written to again.

    \b
    Example:
      pathway correct PW-7K2M-X4TD-1 --outcome assessment --level 3 --need N1 --reasons 'Bruises were seen.'
        --because 'The wrong box was ticked.' --by duty.manager
    """
    typed = {
        "outcome": outcome,
        "level_of_need": level,
        "primary_need": need,
        "reasons": reasons,
        "correction_reason": because,
        "worker_id": worker,
        "receiver": receiver,
        "receiver_email": receiver_email,
    }
    data = inputs.parse(correcting.CorrectionInput, typed)
    with acting_on_referral(ref, by) as (act, found):
        correcting.correct(act, id_of(found), data)
    say(f"Corrected: {found.ref} is {found.state}, {found.outcome}.")


def undo(ref: ReferralRef, *, reason: Why, by: By = "") -> None:
    """Undo a decision before its letter has left.

    It is revoked and stays on record; the child waits for a decision again, due when it was first due. Past once the
    letter is claimed, or where there is none once the grace is over: then follow the decision with another one.

    \b
    Example:
      pathway undo PW-7K2M-X4TD-1 --reason 'The wrong child was on the screen.' --by duty.manager
    """
    data = inputs.parse(inputs.ReasonInput, {"reason": reason})
    with acting_on_referral(ref, by) as (act, found):
        undoing.undo(act, id_of(found), data)
    say(f"Undone: {found.ref} is {found.state}.")


def look_again(
    ref: ReferralRef,
    answer: Annotated[Answer, typer.Argument(help="Whether you agree with the decision.", show_default=False)],
    *,
    note: Annotated[str, typer.Option("--note", help="What you think, and why; it is kept.", show_default=False)],
    by: By = "",
) -> None:
    """Look a second time at what another manager decided.

    After the third contact about a child in twelve months. Whoever decided can't look a second time.

    \b
    Example:
      pathway second-look PW-7K2M-X4TD-1 agrees --note 'Seen by the school every day.' --by service.manager
    """
    data = inputs.parse(second_look.SecondLookInput, {"agrees": answer is Answer.AGREES, "note": note})
    with acting_on_referral(ref, by) as (act, found):
        second_look.give(act, id_of(found), data)
    onward = "" if data.agrees else " The decision is to be made anew: pathway correct."
    say(f"Second look at {found.ref}: {answer}.{onward}")

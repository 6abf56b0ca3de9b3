"""A second person says whether a correction holds that would make late in time; until then nothing has changed."""

from __future__ import annotations

from datetime import datetime

from pathway.engine import record_access
from pathway.engine.act import Act
from pathway.engine.alerts import answers_needed
from pathway.engine.corrections import correcting_details, details, receipt, rights
from pathway.engine.corrections.kept_corrections import Followed
from pathway.engine.inputs import ReasonInput
from rules.errors import NotAllowed, Refused
from rules.vocabulary import EventKind
from storage.queries import correction_rows, referral_rows
from storage.tables import Contact, Correction, CorrectionAnswer, id_of

ANOTHER = "Another person than the one who asked says whether it holds; this correction is your own."
ANSWERED = "A second person has answered already; open the list again."
SINCE = "The time of receipt has been corrected since: refuse this one, and correct it anew if it is still wrong."


def confirm(act: Act, correction_id: int, data: ReasonInput) -> Followed | None:
    """Has a correction hold that waited, with all that follows from it. None on a second click.

    Raises Refused where it is answered or overtaken, NotAllowed for whoever asked for it and without the right,
    NotFound.
    """
    held = _held(act, correction_id)
    if held is None:
        return None
    correction, contact = held
    if details.kept(contact.received_at) != correction.old:
        raise Refused([SINCE])
    received_at = datetime.fromisoformat(correction.new)
    referrals = referral_rows.of_contact(act.session, id_of(contact))
    receipt.refuse(contact, referrals, received_at, now=act.now)
    _answer(act, correction, data, confirmed=True)
    return correcting_details.carry_out_contact(act, contact, correction, received_at)


def refuse(act: Act, correction_id: int, data: ReasonInput) -> None:
    """Has it stay as it was, with the reason. Raises Refused, NotAllowed, NotFound."""
    held = _held(act, correction_id)
    if held is None:
        return
    correction, contact = held
    _answer(act, correction, data, confirmed=False)
    summary = f"Correction of the time of receipt refused: {data.reason}"
    act.note(EventKind.CORRECTION_REFUSED, summary, about=contact, correction=correction_id)


def _held(act: Act, correction_id: int) -> tuple[Correction, Contact] | None:
    correction = correction_rows.get(act.session, correction_id)
    contact = act.lock_contact(correction.contact_id)
    if contact is None:
        return None
    referrals = referral_rows.of_contact(act.session, id_of(contact))
    if why := rights.refusal(act, referrals):
        raise NotAllowed(why)
    record_access.require_open(act.session, act.actor, {one.person_id for one in referrals}, now=act.now)
    if correction.made_by == act.actor.username:
        raise NotAllowed(ANOTHER)
    if not correction.waits or correction_rows.answer(act.session, correction_id) is not None:
        raise Refused([ANSWERED])
    return correction, contact


def _answer(act: Act, correction: Correction, data: ReasonInput, *, confirmed: bool) -> None:
    act.session.add(
        CorrectionAnswer(
            correction_id=id_of(correction),
            confirmed=confirmed,
            reason=data.reason,
            answered_at=act.now,
            answered_by=act.actor.username,
        )
    )
    act.session.flush()
    answers_needed.answered(act, f"correction:{correction.id}")

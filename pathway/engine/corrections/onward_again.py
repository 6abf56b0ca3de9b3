"""What a correction changes in what receivers are written: what has not left is written anew, the rest is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from notifications.staff.staff import StaffText
from pathway.engine.act import Act
from pathway.engine.decisions import onward_referral
from rules.vocabulary import EventKind, MessageState
from storage.queries.decisions import onward_rows
from storage.tables import Contact, Correction, OnwardReferral, Referral, id_of

Worded = Mapping[int, StaffText]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnwardChange:
    """What becomes of the message to one receiver. ``rewritten``: it had not left; else somebody tells them."""

    ref: str
    receiver: str
    rewritten: bool


def before(act: Act, contacts: Sequence[Contact]) -> Worded:
    """What the receivers who have not answered would be written before a change, by number of the hand-over."""
    return {id_of(sent): onward_referral.words(act, sent) for sent in _waiting(act, contacts)}


def _waiting(act: Act, contacts: Sequence[Contact]) -> list[OnwardReferral]:
    return [sent for contact in contacts for sent in onward_rows.of_contact(act.session, id_of(contact))]


def follow(act: Act, contacts: Sequence[Contact], seen: Worded, correction: Correction) -> tuple[OnwardChange, ...]:
    """Writes anew what has not left and says otherwise now. The contacts must be locked.

    Raises Refused while the clock is in doubt and a message would be written.
    """
    act.session.flush()
    differing = [sent for sent in _waiting(act, contacts) if onward_referral.words(act, sent) != seen.get(id_of(sent))]
    return tuple(_changed(act, sent, correction) for sent in differing)


def _changed(act: Act, sent: OnwardReferral, correction: Correction) -> OnwardChange:
    referral = act.session.get_one(Referral, sent.referral_id)
    message = onward_rows.messages(act.session, [sent]).get(id_of(sent))
    anew = False
    if message is not None and message.state == MessageState.QUEUED:
        anew = onward_referral.write_anew(act, sent, message, of=id_of(correction))
    what = "is written to anew" if anew else "has been written to already, and is to be told by hand"
    act.note(EventKind.DETAIL_CORRECTED, f"After a correction {sent.receiver} {what}", about=referral)
    return OnwardChange(ref=referral.ref, receiver=sent.receiver, rewritten=anew)

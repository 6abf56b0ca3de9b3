"""What a correction changes in what receivers are written: what has not left is written anew, the rest is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from notifications.staff.staff import StaffText
from pathway.engine.act import Act
from pathway.engine.decisions import onward_referral
from rules.messages import MessageState
from rules.vocabulary import EventKind
from storage.queries.decisions import onward_rows
from storage.tables import Contact, Correction, Message, OnwardReferral, Referral, id_of

NOT_LEFT = (MessageState.QUEUED, MessageState.REFUSED)
Worded = Mapping[int, StaffText]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnwardChange:
    """What becomes of the message to one receiver. ``rewritten``: it had not left; else somebody tells them.

    Where the decision named no address nothing is written: whoever sent the child by hand tells them.
    """

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
    sent_by = onward_rows.messages(act.session, differing)
    # One that is to be written when the clock is right again says by itself what is right.
    known = [sent for sent in differing if id_of(sent) in sent_by or not sent.receiver_email]
    return tuple(_changed(act, sent, sent_by.get(id_of(sent)), correction) for sent in known)


def _changed(act: Act, sent: OnwardReferral, message: Message | None, correction: Correction) -> OnwardChange:
    referral = act.session.get_one(Referral, sent.referral_id)
    anew = False
    if message is not None and message.state in NOT_LEFT:
        anew = onward_referral.write_anew(act, sent, message, of=id_of(correction))
    what = "is written to anew" if anew else "may know it otherwise already, and is to be told by hand"
    act.note(EventKind.DETAIL_CORRECTED, f"After a correction {sent.receiver} {what}", about=referral)
    return OnwardChange(ref=referral.ref, receiver=sent.receiver, rewritten=anew)

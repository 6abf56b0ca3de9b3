"""Stopping letters that have not left the building: what they say is no longer so, or must not be said."""

from __future__ import annotations

from notifications.outbox import queue
from pathway.engine.act import Act
from pathway.engine.alerts import ladders
from rules.messages import MessageKind, MessageState
from rules.vocabulary import EventKind
from storage.queries.letters import letter_rows
from storage.tables import Letter, LetterCancellation, Referral, id_of


def cancel(act: Act, letter: Letter, *, because: str, even_sending: bool = False) -> bool:
    """Stops a letter that has not left, or came back; False where it has left or is being sent at this moment.

    With ``even_sending`` one that is being sent is not tried again: whether the server took it, its answer will say.
    The contact must be locked. Whoever the letter named is told of by nothing now: ``feedback.write_when_due`` writes
    anew what is due. The letter itself is kept.
    """
    if (
        letter_rows.handover(act.session, id_of(letter)) is not None
        or letter_rows.cancelled(act.session, id_of(letter)) is not None
    ):
        return False
    if not _taken_out(act, letter, even_sending=even_sending):
        return False
    act.session.add(
        LetterCancellation(
            letter_id=id_of(letter), cancelled_at=act.now, cancelled_by=act.actor.username, because=because
        )
    )
    act.session.flush()
    summary = f"Letter cancelled ({letter.kind}): {because}"
    for referral in letter_rows.referrals_named(act.session, id_of(letter)):
        act.note(EventKind.LETTER_CANCELLED, summary, about=referral, letter=id_of(letter))
    ladders.close_for(act, f"letter:{letter.id}", because="The letter was cancelled.")
    return True


def _taken_out(act: Act, letter: Letter, *, even_sending: bool) -> bool:
    """Takes the letter's e-mails out of the queue; False where one is being sent, or was taken by a server."""
    states = [
        queue.cancel(act.session, id_of(message), now=act.now, even_sending=even_sending).state
        for message in letter_rows.messages_on_their_way(act.session, id_of(letter))
    ]
    return MessageState.SENDING not in states


def cancel_feedback(act: Act, referral: Referral, *, because: str) -> list[Letter]:
    """Stops every letter that would tell the outcome of a referral and has not left; returns those stopped.

    A letter may name other children: they are written about anew when due.
    """
    stopped = []
    for letter in letter_rows.waiting(act.session, referral.contact_id):
        tells = MessageKind(letter.kind).tells_outcome
        named = {named.id for named in letter_rows.referrals_named(act.session, id_of(letter))}
        if tells and referral.id in named and cancel(act, letter, because=because):
            stopped.append(letter)
    return stopped

"""Stopping letters that have not left the building: what they say is no longer so, or must not be said."""

from __future__ import annotations

from datetime import datetime

from notifications.outbox import queue
from pathway.engine import history
from pathway.engine.actors import Actor
from pathway.engine.alerts import ladders
from rules.vocabulary import EventKind, MessageKind, MessageState
from storage.queries.letters import letter_rows
from storage.sessions import WriteSession
from storage.tables import Letter, LetterCancellation, Referral, id_of


def cancel(
    session: WriteSession, letter: Letter, *, because: str, actor: Actor, now: datetime, even_sending: bool = False
) -> bool:
    """Stops a letter that has not left, or came back; False where it has left or is being sent at this moment.

    With ``even_sending`` one that is being sent is not tried again: whether the server took it, its answer will say.
    The contact must be locked. Whoever the letter named is told of by nothing now: ``feedback.write_when_due`` writes
    anew what is due. The letter itself is kept.
    """
    if (
        letter_rows.handover(session, id_of(letter)) is not None
        or letter_rows.cancelled(session, id_of(letter)) is not None
    ):
        return False
    if not _taken_out(session, letter, now=now, even_sending=even_sending):
        return False
    session.add(
        LetterCancellation(letter_id=id_of(letter), cancelled_at=now, cancelled_by=actor.username, because=because)
    )
    session.flush()
    summary = f"Letter cancelled ({letter.kind}): {because}"
    for referral in letter_rows.referrals_named(session, id_of(letter)):
        history.of_referral(
            session, referral, EventKind.LETTER_CANCELLED, summary, actor=actor, now=now, letter=id_of(letter)
        )
    ladders.close_for(session, f"letter:{letter.id}", because="The letter was cancelled.", now=now, actor=actor)
    return True


def _taken_out(session: WriteSession, letter: Letter, *, now: datetime, even_sending: bool) -> bool:
    """Takes the letter's e-mails out of the queue; False where one is being sent, or was taken by a server."""
    states = [
        queue.cancel(session, id_of(message), now=now, even_sending=even_sending).state
        for message in letter_rows.messages_on_their_way(session, id_of(letter))
    ]
    return MessageState.SENDING not in states


def cancel_feedback(
    session: WriteSession, referral: Referral, *, because: str, actor: Actor, now: datetime
) -> list[Letter]:
    """Stops every letter that would tell the outcome of a referral and has not left; returns those stopped.

    A letter may name other children: they are written about anew when due.
    """
    stopped = []
    for letter in letter_rows.waiting(session, referral.contact_id):
        tells = MessageKind(letter.kind).tells_outcome
        named = {named.id for named in letter_rows.referrals_named(session, id_of(letter))}
        if tells and referral.id in named and cancel(session, letter, because=because, actor=actor, now=now):
            stopped.append(letter)
    return stopped

"""Withdrawing and renewing the link to a letter, and telling when nobody has opened it."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from notifications import addresses
from notifications.outbox import queue
from pathway.engine import history
from pathway.engine.actors import SYSTEM, Actor
from pathway.engine.alerts import ladders
from pathway.engine.inputs import ReasonInput, ReturnInput
from pathway.engine.letters import letter_link, writing
from pathway.engine.permissions import require
from pathway.engine.post import handing_over
from pathway.engine.rulebooks import published_books
from rules.errors import Refused
from rules.vocabulary import Action, AlertKind, Delivery, EventKind, MessageKind, Returned
from storage.queries import contact_rows
from storage.queries.letters import letter_rows, link_rows
from storage.sessions import Conflict, Database, WriteSession
from storage.tables import Contact, Letter, LetterLink, LetterLinkRevocation, id_of

BATCH = 100
AGAIN_AFTER = timedelta(hours=1)
NO_LINK = "This letter did not go as a link."

log = logging.getLogger(__name__)


def revoke(
    session: WriteSession,
    letter_id: int,
    data: ReasonInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Letter:
    """Withdraws the link: it opens nothing any more. Where nobody has opened it, the letter is owed again.

    Raises Refused where no link to the letter stands, NotAllowed, NotFound.
    """
    letter = handing_over.lock_letter(session, letter_id)
    if history.done_already(session, request_id):
        return letter
    require(published_books.current(session, now=now).book, actor, Action.RECORD_POSTED)
    link = _standing(session, letter, now=now)
    link.unopened_at = None
    session.add(
        LetterLinkRevocation(link_id=id_of(link), revoked_at=now, revoked_by=actor.username, reason=data.reason)
    )
    _record(
        session,
        letter,
        EventKind.LINK_REVOKED,
        f"Link withdrawn: {data.reason}",
        actor=actor,
        now=now,
        request_id=request_id,
    )
    if not link_rows.was_opened(session, letter_id):
        _tells_nobody(session, letter, data, actor=actor, now=now)
    session.flush()
    return letter


def _standing(session: WriteSession, letter: Letter, *, now: datetime) -> LetterLink:
    found = link_rows.of_letter(session, id_of(letter))
    if found.last is None:
        raise Refused([NO_LINK])
    if not found.opens_at(now):
        why = "was withdrawn already" if found.withdrawn else "has expired"
        raise Refused([f"The link to this letter {why}; it opens nothing."])
    return found.last


def _tells_nobody(session: WriteSession, letter: Letter, data: ReasonInput, *, actor: Actor, now: datetime) -> None:
    for message in letter_rows.messages_on_their_way(session, id_of(letter)):
        queue.cancel(session, id_of(message), now=now, even_sending=True)
    handover = letter_rows.handover(session, id_of(letter))
    if handover is not None and handover.delivery == Delivery.EMAIL:
        back = ReturnInput(how=Returned.WITHDRAWN, returned_at=now, note=data.reason)
        handing_over.record_returned(session, id_of(letter), back, actor=actor, now=now)


def renew(
    session: WriteSession, letter_id: int, *, actor: Actor, now: datetime, request_id: str | None = None
) -> Letter:
    """Sends a new link to the address that is known now; the old one opens nothing any more.

    Where that address counts as secure meanwhile, the whole letter goes. Raises Refused for a letter that did not go
    as a link or must not leave, InvalidInput, NotAllowed, NotFound.
    """
    letter = handing_over.lock_letter(session, letter_id)
    if history.done_already(session, request_id):
        return letter
    require(published_books.current(session, now=now).book, actor, Action.RECORD_POSTED)
    last = link_rows.of_letter(session, letter_id).last
    contact = session.get_one(Contact, letter.contact_id)
    if last is None:
        raise Refused([NO_LINK])
    if letter_link.is_closed(contact, letter) or letter_rows.cancelled(session, letter_id):
        raise Refused(["This letter must not leave any more."])
    for message in letter_rows.messages_on_their_way(session, letter_id):
        queue.cancel(session, id_of(message), now=now, even_sending=True)
    writing.send_on(session, letter, to=_known_now(contact, letter, last), actor=actor, now=now)
    _record(session, letter, EventKind.LINK_RENEWED, "New link sent", actor=actor, now=now, request_id=request_id)
    session.flush()
    return letter


def _known_now(contact: Contact, letter: Letter, last: LetterLink) -> str:
    if letter.kind == MessageKind.PARENTS or not addresses.usable(contact.referrer_email):
        return last.sent_to
    return contact.referrer_email


def _record(
    session: WriteSession,
    letter: Letter,
    kind: EventKind,
    summary: str,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None,
) -> None:
    history.record(
        session,
        kind,
        summary=summary,
        actor=actor,
        now=now,
        contact_id=letter.contact_id,
        details={"letter": id_of(letter)},
        request_id=request_id,
    )


def tell_unopened(database: Database, *, now: datetime) -> int:
    """Alerts the officers about letters whose link has expired without anybody opening it; returns how many."""
    with database.read() as session:
        due = link_rows.unopened(session, now=now, limit=BATCH)
    return sum(_told(database, link_id, contact_id, now=now) for link_id, contact_id in due)


def _told(database: Database, link_id: int, contact_id: int, *, now: datetime) -> bool:
    try:
        with database.write() as session:
            if contact_rows.lock_unless_taken(session, contact_id) is None:
                return False
            return _tell(session, session.get_one(LetterLink, link_id), now=now)
    except Conflict:
        return False  # another process told it at this moment
    except Exception:
        log.exception("Nobody could be told that link %s was not opened", link_id)
        with database.write() as session:
            session.get_one(LetterLink, link_id).unopened_at = now + AGAIN_AFTER
        return False


def _tell(session: WriteSession, link: LetterLink, *, now: datetime) -> bool:
    if link.unopened_at is None:
        return False
    link.unopened_at = None
    letter = session.get_one(Letter, link.letter_id)
    contact = session.get_one(Contact, letter.contact_id)
    # What never left, came back or must not be read is not for its reader to open.
    if letter_rows.handover(session, link.letter_id) is None or letter_link.is_closed(contact, letter):
        return False
    for referral in letter_rows.referrals_named(session, link.letter_id):
        summary = f"Nobody opened the letter ({letter.kind}) before its link expired"
        history.of_referral(
            session, referral, EventKind.LETTER_UNOPENED, summary, actor=SYSTEM, now=now, letter=link.letter_id
        )
    ladders.open_alert(
        session,
        kind=AlertKind.LETTER,
        subject_key=f"letter:{letter.id}",
        headline=f"Letter not opened by its link: contact {contact.ref}",
        next_step="Call the reader. Then send a new link, or print the letter and record it as posted.",
        ladder=ladders.LETTER_LADDER,
        published=published_books.current(session, now=now),
        due_at=now,
        now=now,
        contact_id=contact.id,
    )
    return True

"""Withdrawing and renewing the link to a letter, and telling when nobody has opened it."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from notifications import addresses
from notifications.outbox import queue
from pathway.engine import following
from pathway.engine.act import Act
from pathway.engine.actors import SYSTEM
from pathway.engine.alerts import ladders
from pathway.engine.alerts.ladders import Matter
from pathway.engine.inputs import ReasonInput
from pathway.engine.letters import letter_link, writing
from pathway.engine.post import handing_over
from pathway.engine.post.handing_over import ReturnInput
from rules.errors import Refused
from rules.messages import Delivery, MessageKind, Returned
from rules.vocabulary import Action, AlertKind, EventKind
from storage.queries import due_rows
from storage.queries.letters import letter_rows, link_rows
from storage.sessions import Conflict, Database
from storage.tables import Contact, Letter, LetterLink, LetterLinkRevocation, id_of

BATCH = 100
AGAIN_AFTER = timedelta(hours=1)
NO_LINK = "This letter did not go as a link."

log = logging.getLogger(__name__)


def revoke(act: Act, letter_id: int, data: ReasonInput) -> Letter:
    """Withdraws the link: it opens nothing any more. Where nobody has opened it, the letter is owed again.

    Raises Refused where no link to the letter stands, NotAllowed, NotFound.
    """
    letter = handing_over.lock_letter(act, letter_id)
    if act.repeated:
        return letter
    act.require(Action.RECORD_POSTED)
    link = _standing(act, letter)
    link.unopened_at = None
    act.session.add(
        LetterLinkRevocation(link_id=id_of(link), revoked_at=act.now, revoked_by=act.actor.username, reason=data.reason)
    )
    _record(act, letter, EventKind.LINK_REVOKED, f"Link withdrawn: {data.reason}")
    if not link_rows.was_opened(act.session, letter_id):
        _tells_nobody(act, letter, data)
    act.session.flush()
    return letter


def _standing(act: Act, letter: Letter) -> LetterLink:
    found = link_rows.of_letter(act.session, id_of(letter))
    if found.last is None:
        raise Refused([NO_LINK])
    if not found.opens_at(act.now):
        why = "was withdrawn already" if found.withdrawn else "has expired"
        raise Refused([f"The link to this letter {why}; it opens nothing."])
    return found.last


def _tells_nobody(act: Act, letter: Letter, data: ReasonInput) -> None:
    for message in letter_rows.messages_on_their_way(act.session, id_of(letter)):
        queue.cancel(act.session, id_of(message), now=act.now, even_sending=True)
    handover = letter_rows.handover(act.session, id_of(letter))
    if handover is not None and handover.delivery == Delivery.EMAIL:
        back = ReturnInput(how=Returned.WITHDRAWN, returned_at=act.now, note=data.reason)
        handing_over.record_returned(act, id_of(letter), back)


def renew(act: Act, letter_id: int) -> Letter:
    """Sends a new link to the address that is known now; the old one opens nothing any more.

    Where that address counts as secure meanwhile, the whole letter goes. Raises Refused for a letter that did not go
    as a link or must not leave, InvalidInput, NotAllowed, NotFound.
    """
    letter = handing_over.lock_letter(act, letter_id)
    if act.repeated:
        return letter
    act.require(Action.RECORD_POSTED)
    last = link_rows.of_letter(act.session, letter_id).last
    contact = act.session.get_one(Contact, letter.contact_id)
    if last is None:
        raise Refused([NO_LINK])
    if letter_link.is_closed(contact, letter) or letter_rows.cancelled(act.session, letter_id):
        raise Refused(["This letter must not leave any more."])
    for message in letter_rows.messages_on_their_way(act.session, letter_id):
        queue.cancel(act.session, id_of(message), now=act.now, even_sending=True)
    writing.send_on(act, letter, to=_known_now(contact, letter, last))
    _record(act, letter, EventKind.LINK_RENEWED, "New link sent")
    act.session.flush()
    return letter


def _known_now(contact: Contact, letter: Letter, last: LetterLink) -> str:
    if letter.kind == MessageKind.PARENTS or not addresses.usable(contact.referrer_email):
        return last.sent_to
    return contact.referrer_email


def _record(act: Act, letter: Letter, kind: EventKind, summary: str) -> None:
    act.note(kind, summary, about=letter, letter=id_of(letter))


def tell_unopened(database: Database, *, now: datetime, batch: int = BATCH) -> int:
    """Alerts the officers about letters whose link has expired without anybody opening it; returns how many.

    Page after page by key, to the end: what is left because somebody is changing it stands in nobody's way.
    """
    count, last = 0, due_rows.START
    while True:
        with database.read() as session:
            page = due_rows.unopened_links(session, now=now, limit=batch, after=last)
        if not page:
            return count
        count += sum(_told(database, link.id, contact_id, now=now) for link, contact_id in page)
        last = page[-1][0]


def _told(database: Database, link_id: int, contact_id: int, *, now: datetime) -> bool:
    try:
        with following.acting(database, SYSTEM, now=now) as act:
            if act.hold_unless_taken(contact_id) is None:
                return False
            return _tell(act, act.session.get_one(LetterLink, link_id))
    except Conflict:
        return False  # another process told it at this moment
    except Exception:
        log.exception("Nobody could be told that link %s was not opened", link_id)
        with database.write() as session:
            session.get_one(LetterLink, link_id).unopened_at = now + AGAIN_AFTER
        return False


def _tell(act: Act, link: LetterLink) -> bool:
    if link.unopened_at is None:
        return False
    link.unopened_at = None
    letter = act.session.get_one(Letter, link.letter_id)
    contact = act.session.get_one(Contact, letter.contact_id)
    # What never left, came back or must not be read is not for its reader to open.
    if letter_rows.handover(act.session, link.letter_id) is None or letter_link.is_closed(contact, letter):
        return False
    for referral in letter_rows.referrals_named(act.session, link.letter_id):
        summary = f"Nobody opened the letter ({letter.kind}) before its link expired"
        act.note(EventKind.LETTER_UNOPENED, summary, about=referral, letter=link.letter_id)
    matter = Matter(
        kind=AlertKind.LETTER,
        subject_key=f"letter:{letter.id}",
        headline=f"Letter not opened by its link: contact {contact.ref}",
        next_step="Call the reader. Then send a new link, or print the letter and record it as posted.",
        ladder=ladders.LETTER_LADDER,
        due_at=act.now,
        about=contact,
    )
    ladders.open_alert(act, matter)
    return True

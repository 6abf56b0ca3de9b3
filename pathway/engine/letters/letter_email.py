"""The e-mail with a letter: the letter itself, or, to a domain that is not secure, a link that names nobody."""

from __future__ import annotations

from notifications.letters.letters import CouncilFacts, LetterText
from notifications.outbox.queue import Draft
from pathway.engine.act import Act
from pathway.engine.alerts import ladders
from pathway.engine.letters import letter_link
from rules.messages import Delivery, MessageKind
from rules.vocabulary import EventKind
from storage.queries.letters import letter_rows, link_rows
from storage.sessions import WriteSession
from storage.tables import Council, Letter, id_of

PRIORITY = 5


def draft(act: Act, letter: Letter, council: Council, about: CouncilFacts, *, to: str, key: str) -> Draft:
    """The e-mail to ``to``. Raises InvalidInput where it needs a link that nobody could open."""
    carried: LetterText | Letter = letter
    if by_link := letter_link.needed(council, to):
        carried = letter_link.carry(act, letter, council, about, to=to)
    return Draft(
        kind=MessageKind(letter.kind),
        dedup_key=key,
        recipient_name="" if by_link else letter.recipient_name,
        recipient_address=to,
        subject=carried.subject,
        text=carried.text,
        html=carried.html,
        sender=council.sender,
        sender_name=council.name,
        reply_to=council.email,
        priority=PRIORITY,
        letter_id=id_of(letter),
        contact_id=letter.contact_id,
    )


def way_words(council: Council, letter: Letter) -> str:
    """How a letter is meant to leave, for the history."""
    if letter.delivery != Delivery.EMAIL:
        return "for the post: no e-mail can be sent"
    by_link = letter_link.needed(council, letter.recipient_address)
    return "for e-mail, as a link: the address is not secure" if by_link else "for e-mail"


def only_a_new_link(session: WriteSession, letter: Letter) -> bool:
    """True for the e-mail with another link to a letter that has left already: the first met the duty."""
    return _went_by_link(session, letter) and letter_rows.handover(session, id_of(letter)) is not None


def record_new_link(act: Act, letter: Letter) -> None:
    """Writes into the history that the mail server has accepted a new link, and closes the alert about the letter."""
    for referral in letter_rows.referrals_named(act.session, id_of(letter)):
        summary = "A new link to the letter was handed over to the mail server"
        act.by_itself.note(EventKind.LETTER_POSTED, summary, about=referral, letter=id_of(letter))
    because = "A new link to the letter was handed over."
    ladders.close_for(act.by_itself, f"letter:{letter.id}", because=because)


def may_be_posted_too(session: WriteSession, letter: Letter) -> bool:
    """True for a letter that went as a link which nobody has opened: whoever can't open it gets it on paper."""
    return _went_by_link(session, letter) and not link_rows.was_opened(session, id_of(letter))


def _went_by_link(session: WriteSession, letter: Letter) -> bool:
    return link_rows.of_letter(session, id_of(letter)).last is not None

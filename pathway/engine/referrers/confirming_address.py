"""Whoever sent a contact from outside confirms the e-mail address, by the link in the receipt and their surname.

The link alone shows that somebody reads mail there. The surname, which the receipt does not hold, shows that it is
whoever sent the form: a letter about a child must not go to a stranger because of one wrong key.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pathway.engine.act import Act
from pathway.engine.intake import from_outside, outside_limits
from pathway.engine.letters import feedback, link_questions
from pathway.engine.referrers import finding_address
from rules.messages import MessageKind
from rules.vocabulary import EventKind
from storage.queries import referral_rows
from storage.queries.intake import outside_rows
from storage.queries.letters import letter_rows
from storage.tables import Contact, Council, OutsideContact, id_of


class Confirmation(StrEnum):
    """How it ended when somebody followed the link in a receipt."""

    CONFIRMED = "confirmed"
    WRONG = "wrong answer, or no link of ours"
    EXPIRED = "too late"
    THROTTLED = "too many tries"
    NOT_NOW = "clock in doubt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody typed, and from which network address."""

    surname: str
    network: str


def confirm(act: Act, token: str, answer: Answer) -> Confirmation:
    """Judges the answer; where it is right, letters that wait go to the address. A second time changes nothing."""
    code = from_outside.code_of(act.session.get_one(Council, 1), token)
    outside = outside_rows.by_code(act.session, code) if code else None
    limits = outside_limits.guessing(network=answer.network, code=outside.code if outside else "")
    # Guesses at one link wait for each other here, so that several at once get no more tries than one after another.
    contact = act.hold(outside.contact_id) if outside else None
    if outside_limits.is_over(act.session, limits, now=act.now):
        return Confirmation.THROTTLED
    if contact is None or outside is None or not _knows(contact, answer):
        outside_limits.count(act.session, limits, now=act.now)
        return Confirmation.WRONG
    return _confirmed(act, contact, outside)


def _knows(contact: Contact, answer: Answer) -> bool:
    return link_questions.right(
        contact_ref=contact.ref, name=contact.referrer_name, reference=contact.ref, surname=answer.surname
    )


def _confirmed(act: Act, contact: Contact, outside: OutsideContact) -> Confirmation:
    act.session.refresh(outside)
    if outside.confirmed_at is not None:
        return Confirmation.CONFIRMED
    if act.now >= outside.expires_at:
        return Confirmation.EXPIRED
    if act.in_doubt:
        return Confirmation.NOT_NOW
    outside.confirmed_at = act.now
    act.note(EventKind.ADDRESS_CONFIRMED, "The referrer confirmed the e-mail address by its link", about=contact)
    if not contact.referrer_email:  # else an officer has found an address since, and that one stays
        contact.referrer_email = outside.email
        finding_address.send_waiting(act, contact)
        _acknowledge(act, contact)
    act.session.flush()
    return Confirmation.CONFIRMED


def _acknowledge(act: Act, contact: Contact) -> None:
    """The acknowledgement, where the contact was logged without one and its outcome is not due yet."""
    if letter_rows.count(act.session, id_of(contact), MessageKind.ACKNOWLEDGEMENT):
        return
    children = referral_rows.children_of_contact(act.session, id_of(contact))
    waiting = [pair for pair in children if pair[0].decided_at is None and pair[0].set_aside_at is None]
    if waiting:
        feedback.acknowledge_receipt(act, contact, waiting, published=act.published)

"""A professional sends the public form: a contact received at that moment, whether or not the address is confirmed.

Until it is, the contact has no e-mail address: what is written to the referrer waits, or goes by post, by the ways that
there are for referrers without one. Only the receipt goes to the address as it was typed, and it names nobody
(docs/adr/0024). What the sender is answered never depends on what is on record.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from itsdangerous import BadSignature, Signer

from notifications import addresses, domains
from notifications.letters import receipts
from notifications.outbox import queue
from notifications.outbox.queue import Draft
from pathway.engine.act import Act
from pathway.engine.actors import Actor
from pathway.engine.inputs import NeededEmail, NeededLine
from pathway.engine.intake import contact_kind, logging_contact, outside_limits
from pathway.engine.intake.logging_contact import ContactInput
from pathway.engine.letters import link_questions, writing
from rules import referrers
from rules.errors import Fault, InvalidInput
from rules.messages import MessageKind
from rules.vocabulary import ReferrerKind, Role
from storage.queries import contact_rows
from storage.queries.intake import outside_rows
from storage.tables import Contact, Council, Message, OutsideContact, id_of

CHANNEL = "online form"
# May log, whatever a council's own book says: the council has opened the form.
SENDER = Actor(username=CHANNEL, name="The form for professionals", roles=frozenset(Role))
SALT = "confirm address"
RECEIPT_SALT = "sent from outside"
PATH = "/refer/confirm/"
CODE_BYTES = 18
OPEN_FOR = timedelta(days=14)
LONGEST_FAULT = 500
TOO_MANY = (
    "Too many forms came from one place in the last hour, so this one was not taken. Nothing that you typed is lost: "
    "call us, or send it again later."
)
CHANGED = (
    "This form was sent already and has reached us. What you have changed since is below and has not been sent. Send "
    "it again where it is about something else: it then reaches us as another contact."
)


class OutsideInput(ContactInput):
    """A contact as a professional outside the council sends it: who they are and how to reach them is needed."""

    referrer_name: NeededLine
    referrer_agency: NeededLine
    referrer_phone: NeededLine
    referrer_email: NeededEmail


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """``content_sha256``: a hash of what was sent, all but the form's token. ``network``: the address it came from."""

    content_sha256: str
    network: str


class SentAndChanged(Exception):
    """The form was sent before with this token, and says something else now."""


def send(act: Act, data: OutsideInput, how: Sending) -> Contact:
    """Logs the contact and mails the receipt; the same form again returns the contact that is there.

    Raises InvalidInput, TooMany, and SentAndChanged where the same token comes with something else.
    """
    there = contact_rows.by_request(act.session, act.token) if act.token else None
    if there is not None:
        return _again(act, there, how)
    limits = outside_limits.sending(network=how.network, email=data.referrer_email)
    if outside_limits.is_over(act.session, limits, now=act.now):
        raise outside_limits.TooMany([TOO_MANY])
    contact = _logged(act, data)
    outside_limits.count(act.session, limits, now=act.now)
    outside = OutsideContact(
        contact_id=id_of(contact),
        email=data.referrer_email,
        code=secrets.token_urlsafe(CODE_BYTES),
        sent_sha256=how.content_sha256,
        expires_at=act.now + OPEN_FOR,
    )
    act.session.add(outside)
    act.session.flush()
    _mail(act, contact, outside)
    return contact


def _again(act: Act, contact: Contact, how: Sending) -> Contact:
    outside = outside_rows.of_contact(act.session, contact.id)
    if outside is None or outside.sent_sha256 != how.content_sha256:
        raise SentAndChanged
    return contact


def _logged(act: Act, data: OutsideInput) -> Contact:
    faults = _faults(data)
    typed = {name: getattr(data, name) for name in ContactInput.model_fields if name != "answers"}  # of the record
    kind = contact_kind.USUAL if contact_kind.USUAL in act.book.contact_kinds else ""
    try:
        contact = logging_contact.log_contact(act, ContactInput(**{**typed, "referrer_email": "", "kind": kind}))
    except InvalidInput as error:
        raise InvalidInput([*faults, *error.faults]) from error
    if faults:
        raise InvalidInput(faults)  # and nothing is kept: the act ends with it
    contact.referrer_email_as_typed = data.referrer_email
    return contact


def _faults(data: OutsideInput) -> Sequence[Fault]:
    faults = []
    if referrers.kind_of(data.source_code) is not ReferrerKind.PROFESSIONAL:
        problem = "This form is for professionals"
        faults.append(Fault(place="source_code", problem=problem, remedy="Choose where you work, or call us"))
    if not link_questions.can_be_asked(data.referrer_name):
        problem = "This does not say who you are"
        faults.append(Fault(place="referrer_name", problem=problem, remedy="Give your own first and last name"))
    if not addresses.usable(data.referrer_email) or addresses.read_by_nobody(data.referrer_email):
        problem = "This is not an e-mail address that can be written to"
        faults.append(Fault(place="referrer_email", problem=problem, remedy=addresses.mend(data.referrer_email)))
    return faults


def _mail(act: Act, contact: Contact, outside: OutsideContact) -> None:
    """Queues the receipt; the reference stands in it only where the way there counts as secure (docs/adr/0014)."""
    council = act.session.get_one(Council, 1)
    secure = domains.covers(council.secure_domains.split(","), outside.email)
    about = receipts.facts(
        writing.council_facts(council),
        link=link(council, outside),
        reference=contact.ref if secure else "",
        days=OPEN_FOR.days,
    )
    told = receipts.write(about)
    draft = Draft(
        kind=MessageKind.RECEIPT,
        dedup_key=f"receipt:{contact.id}",
        recipient_name="",
        recipient_address=outside.email,
        subject=told.subject,
        text=told.text,
        html=told.html,
        sender=council.sender,
        sender_name=council.name,
        reply_to=council.email,
        contact_id=id_of(contact),
    )
    queue.enqueue(act.session, draft, now=act.now)


def link(council: Council, outside: OutsideContact) -> str:
    """The link that confirms the address, as the receipt spells it."""
    signed = Signer(council.link_key, salt=SALT).sign(outside.code).decode()
    return f"{council.base_url}{PATH}{signed}"


def code_of(council: Council, token: str) -> str | None:
    """The code in a link that confirms an address; None where we have not signed it."""
    try:
        return Signer(council.link_key, salt=SALT).unsign(token).decode("ascii")
    except (BadSignature, UnicodeError):
        return None


def receipt_token(council: Council, contact: Contact) -> str:
    """What stands in the address of the receipt that the sender sees: the reference, signed."""
    return Signer(council.link_key, salt=RECEIPT_SALT).sign(contact.ref).decode()


def ref_of(council: Council, token: str) -> str | None:
    """The reference in the address of a receipt; None where we have not signed it."""
    try:
        return Signer(council.link_key, salt=RECEIPT_SALT).unsign(token).decode("ascii")
    except (BadSignature, UnicodeError):
        return None


def receipt_failed(act: Act, message: Message, answer: str) -> None:
    """Keeps what a mail server said of a receipt: the address stays unconfirmed, and the contact's page says why."""
    if message.contact_id is None:
        return
    act.hold(message.contact_id)
    outside = outside_rows.of_contact(act.session, message.contact_id)
    if outside is not None:
        outside.receipt_failed = answer[:LONGEST_FAULT]

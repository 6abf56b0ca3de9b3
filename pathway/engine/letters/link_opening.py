"""Somebody follows the link to a letter: asked for what only its reader knows, throttled, and written down."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from pathway.engine.act import Act
from pathway.engine.actors import Actor
from pathway.engine.alerts import ladders
from pathway.engine.letters import letter_link, link_questions
from rules.messages import LinkTry
from rules.vocabulary import EventKind
from storage.queries.letters import letter_rows, link_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Contact, Council, Letter, LetterLink, LetterLinkTry, id_of

WINDOW = timedelta(hours=1)
MOST_A_LINK = 5
MOST_AN_ADDRESS = 20
LONGEST_ADDRESS = 60
IPV6_NETWORK = 64
READER = Actor(username="reader by link", name="The reader, by the link", roles=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What somebody typed, and from which network address."""

    reference: str
    surname: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How a try ended; ``letter`` only where it was opened."""

    result: LinkTry
    letter: Letter | None = None
    link: LetterLink | None = None


def is_turned_away(session: ReadSession, token: str, address: str, *, now: datetime) -> bool:
    """True after five wrong answers at one link, or twenty from one network, in an hour, where that is kept already.

    Nothing is locked or written for whoever goes on.
    """
    code = letter_link.code_of(session.get_one(Council, 1), token)
    link = link_rows.by_code(session, code) if code else None
    network = network_of(address)
    return _throttled(session, link, network, now=now) and _is_kept(session, link, network, now=now)


def try_to_open(act: Act, token: str, answers: Answers) -> Tried:
    """Judges the answers and keeps the try. Only right answers learn whether a link is too old or was withdrawn."""
    code = letter_link.code_of(act.session.get_one(Council, 1), token)
    link = link_rows.by_code(act.session, code) if code else None
    network = network_of(answers.address)
    if link is None:
        throttled = _throttled(act.session, None, network, now=act.now)
        return _keep(act, None, LinkTry.THROTTLED if throttled else LinkTry.UNKNOWN, network)
    # Guesses at one link wait for each other here, so that several at once get no more tries than one after another.
    contact_id = letter_rows.lock_contact_of(act.session, link.letter_id)
    contact = act.hold(contact_id) if contact_id is not None else None
    if contact is None or _throttled(act.session, link, network, now=act.now):
        return _keep(act, link, LinkTry.THROTTLED, network)
    return _judged(act, link, answers, contact, network=network)


def _judged(act: Act, link: LetterLink, answers: Answers, contact: Contact, *, network: str) -> Tried:
    letter = act.session.get_one(Letter, link.letter_id)
    result = _result(act, link, answers, contact, letter=letter)
    first = result is LinkTry.OPENED and not link_rows.was_opened(act.session, id_of(letter))
    tried = _keep(act, link, result, network)
    if first:
        _opened(act, letter)
    return Tried(result=result, letter=letter, link=link) if result is LinkTry.OPENED else tried


def _result(act: Act, link: LetterLink, answers: Answers, contact: Contact, *, letter: Letter) -> LinkTry:
    knows = link_questions.right(
        contact_ref=contact.ref,
        name=letter.recipient_name,
        reference=answers.reference,
        surname=answers.surname,
    )
    if not knows:
        return LinkTry.WRONG
    closed = letter_link.is_closed(contact, letter) or letter_rows.cancelled(act.session, id_of(letter))
    if closed or link_rows.revocation(act.session, id_of(link)):
        return LinkTry.REVOKED
    return LinkTry.EXPIRED if act.now >= link.expires_at else LinkTry.OPENED


def _throttled(session: ReadSession | WriteSession, link: LetterLink | None, network: str, *, now: datetime) -> bool:
    since = now - WINDOW
    if link_rows.tries_from(session, network, link_rows.GUESSES, since=since) >= MOST_AN_ADDRESS:
        return True
    return link is not None and link_rows.tries_of(session, id_of(link), link_rows.GUESSES, since=since) >= MOST_A_LINK


def _keep(act: Act, link: LetterLink | None, result: LinkTry, network: str) -> Tried:
    # Whoever goes on guessing must not fill the table: of what is not even looked at, one an hour is kept.
    if result is not LinkTry.THROTTLED or not _is_kept(act.session, link, network, now=act.now):
        row = LetterLinkTry(link_id=link.id if link else None, tried_at=act.now, address=network, result=result)
        act.session.add(row)
        act.session.flush()
    return Tried(result=result)


def _is_kept(session: ReadSession | WriteSession, link: LetterLink | None, network: str, *, now: datetime) -> bool:
    since, what = now - WINDOW, (LinkTry.THROTTLED,)
    if link is None:
        return link_rows.tries_from(session, network, what, since=since) > 0
    return link_rows.tries_of(session, id_of(link), what, since=since) > 0


def _opened(act: Act, letter: Letter) -> None:
    for link in link_rows.not_withdrawn(act.session, id_of(letter)):
        link.unopened_at = None
    for referral in letter_rows.referrals_named(act.session, id_of(letter)):
        summary = f"Letter opened by its link ({letter.kind})"
        act.note(EventKind.LETTER_OPENED, summary, about=referral, letter=id_of(letter))
    ladders.close_for(act, f"letter:{letter.id}", because="The letter was opened by its link.")


def network_of(address: str) -> str:
    """What is counted as one visitor: an address of IPv4, of IPv6 the network that one connection is given."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:LONGEST_ADDRESS]
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, IPV6_NETWORK), strict=False))

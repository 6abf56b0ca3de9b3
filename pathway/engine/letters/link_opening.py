"""Somebody follows the link to a letter: asked for what only its reader knows, throttled, and written down."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from pathway.engine import history
from pathway.engine.actors import Actor
from pathway.engine.alerts import ladders
from pathway.engine.letters import letter_link, link_questions
from rules.vocabulary import EventKind, LinkTry
from storage.queries import contact_rows
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
    network = _network(address)
    return _throttled(session, link, network, now=now) and _is_kept(session, link, network, now=now)


def try_to_open(session: WriteSession, token: str, answers: Answers, *, now: datetime) -> Tried:
    """Judges the answers and keeps the try. Only right answers learn whether a link is too old or was withdrawn."""
    code = letter_link.code_of(session.get_one(Council, 1), token)
    link = link_rows.by_code(session, code) if code else None
    network = _network(answers.address)
    if link is None:
        return _keep(session, None, _unknown(session, network, now=now), network, now=now)
    # Guesses at one link wait for each other here, so that several at once get no more tries than one after another.
    contact_id = letter_rows.lock_contact_of(session, link.letter_id)
    contact = contact_rows.lock(session, contact_id) if contact_id is not None else None
    letter = session.get_one(Letter, link.letter_id)
    if contact is None or _throttled(session, link, network, now=now):
        return _keep(session, link, LinkTry.THROTTLED, network, now=now)
    result = _judged(session, link, answers, letter=letter, contact=contact, now=now)
    first = result is LinkTry.OPENED and not link_rows.was_opened(session, id_of(letter))
    tried = _keep(session, link, result, network, now=now)
    if first:
        _opened(session, letter, now=now)
    return Tried(result=result, letter=letter, link=link) if result is LinkTry.OPENED else tried


def _unknown(session: WriteSession, network: str, *, now: datetime) -> LinkTry:
    return LinkTry.THROTTLED if _throttled(session, None, network, now=now) else LinkTry.UNKNOWN


def _judged(
    session: WriteSession, link: LetterLink, answers: Answers, *, letter: Letter, contact: Contact, now: datetime
) -> LinkTry:
    knows = link_questions.right(
        contact_ref=contact.ref,
        name=letter.recipient_name,
        reference=answers.reference,
        surname=answers.surname,
    )
    if not knows:
        return LinkTry.WRONG
    closed = letter_link.is_closed(contact, letter) or letter_rows.cancelled(session, id_of(letter))
    if closed or link_rows.revocation(session, id_of(link)):
        return LinkTry.REVOKED
    return LinkTry.EXPIRED if now >= link.expires_at else LinkTry.OPENED


def _throttled(session: ReadSession | WriteSession, link: LetterLink | None, network: str, *, now: datetime) -> bool:
    since = now - WINDOW
    if link_rows.tries_from(session, network, link_rows.GUESSES, since=since) >= MOST_AN_ADDRESS:
        return True
    return link is not None and link_rows.tries_of(session, id_of(link), link_rows.GUESSES, since=since) >= MOST_A_LINK


def _keep(session: WriteSession, link: LetterLink | None, result: LinkTry, network: str, *, now: datetime) -> Tried:
    # Whoever goes on guessing must not fill the table: of what is not even looked at, one an hour is kept.
    if result is not LinkTry.THROTTLED or not _is_kept(session, link, network, now=now):
        session.add(LetterLinkTry(link_id=link.id if link else None, tried_at=now, address=network, result=result))
        session.flush()
    return Tried(result=result)


def _is_kept(session: ReadSession | WriteSession, link: LetterLink | None, network: str, *, now: datetime) -> bool:
    since, what = now - WINDOW, (LinkTry.THROTTLED,)
    if link is None:
        return link_rows.tries_from(session, network, what, since=since) > 0
    return link_rows.tries_of(session, id_of(link), what, since=since) > 0


def _opened(session: WriteSession, letter: Letter, *, now: datetime) -> None:
    for link in link_rows.not_withdrawn(session, id_of(letter)):
        link.unopened_at = None
    for referral in letter_rows.referrals_named(session, id_of(letter)):
        summary = f"Letter opened by its link ({letter.kind})"
        history.of_referral(
            session, referral, EventKind.LETTER_OPENED, summary, actor=READER, now=now, letter=id_of(letter)
        )
    ladders.close_for(
        session, f"letter:{letter.id}", because="The letter was opened by its link.", now=now, actor=READER
    )


def _network(address: str) -> str:
    """What is counted as one visitor: an address of IPv4, of IPv6 the network that one connection is given."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:LONGEST_ADDRESS]
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, IPV6_NETWORK), strict=False))

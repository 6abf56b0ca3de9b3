"""Letters by link: to a domain that does not count as secure the e-mail says nothing, and a page shows the letter."""

from __future__ import annotations

import secrets
from datetime import timedelta

from itsdangerous import BadSignature, Signer

from notifications import addresses, domains
from notifications.letters import links
from notifications.letters.letters import CouncilFacts, LetterText
from pathway.engine.act import Act
from pathway.engine.letters import link_questions
from rules.errors import InvalidInput
from rules.messages import MessageKind
from storage.queries.letters import link_rows
from storage.tables import Contact, Council, Letter, LetterLink, LetterLinkRevocation, id_of

SALT = "letter link"
CODE_BYTES = 18
PATH = "/l/"
NEWER = "A newer e-mail was sent."


def needed(council: Council, address: str) -> bool:
    """True where an address is on no domain that counts as secure."""
    return not domains.covers(council.secure_domains.split(","), address)


def may_go_by_email(council: Council, *, name: str, address: str) -> bool:
    """False where no e-mail can carry a letter: no usable address, or one that needs a link and nobody to ask for."""
    if not address or not addresses.usable(address):
        return False
    return link_questions.can_be_asked(name) or not needed(council, address)


def carry(act: Act, letter: Letter, council: Council, about: CouncilFacts, *, to: str) -> LetterText:
    """Makes a link to a letter and returns the e-mail that carries it.

    Raises InvalidInput where nobody's surname is known whom the page could ask for it.
    """
    if not link_questions.can_be_asked(letter.recipient_name):
        problem = "This address is not secure, and no surname is known that the page with the letter could ask for"
        raise InvalidInput.of("email", problem, "Give an address on a secure domain, or send the letter by post")
    link = LetterLink(
        letter_id=id_of(letter),
        code=secrets.token_urlsafe(CODE_BYTES),
        sent_to=to,
        created_at=act.now,
        created_by=act.actor.username,
        expires_at=act.now + timedelta(days=council.link_days),
    )
    link.unopened_at = link.expires_at
    act.session.add(link)
    act.session.flush()
    return links.write(links.facts(about, link=address(council, link), written_at=act.now, expires_at=link.expires_at))


def withdraw_all(act: Act, letter: Letter, *, reason: str) -> None:
    """Takes back every link to a letter that still stands."""
    for link in link_rows.not_withdrawn(act.session, id_of(letter)):
        link.unopened_at = None
        act.session.add(
            LetterLinkRevocation(link_id=id_of(link), revoked_at=act.now, revoked_by=act.actor.username, reason=reason)
        )
    act.session.flush()


def is_closed(contact: Contact, letter: Letter) -> bool:
    """True where a letter must not be read any more: writing to its referrer has become a danger."""
    return contact.unsafe_to_contact and letter.kind != MessageKind.PARENTS


def address(council: Council, link: LetterLink) -> str:
    """The link as the e-mail spells it."""
    signed = Signer(council.link_key, salt=SALT).sign(link.code).decode()
    return f"{council.base_url}{PATH}{signed}"


def code_of(council: Council, token: str) -> str | None:
    """The code in what stands after ``/l/``; None where we have not signed it."""
    try:
        return Signer(council.link_key, salt=SALT).unsign(token).decode("ascii")
    except (BadSignature, UnicodeError):
        return None

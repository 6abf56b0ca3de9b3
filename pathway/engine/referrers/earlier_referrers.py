"""Agencies and referrers of earlier contacts, offered to whoever types one anew.

Professionals only: a neighbour who rang once is nobody's suggestion. A referrer whose identity is not to be shared, or
to whom it is unsafe to write, is offered to nobody, whatever their rights, under no contact: a name in a list says that
there is one. Nor is one who is known only through a child who is closed to whoever types.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pathway.engine import permissions
from pathway.engine.actors import Actor
from pathway.engine.rulebooks.published_books import Published
from rules.likeness import names, search_words
from rules.vocabulary import Action
from storage.queries.children import restriction_rows
from storage.queries.intake import earlier_referrer_rows
from storage.sessions import ReadSession
from storage.tables import Contact

SHORTEST, MOST_OFFERED, MOST_WORDS, LONGEST = 2, 8, 6, 100
FACTS = (
    "referrer_name",
    "referrer_agency",
    "source_code",
    "referrer_role",
    "referrer_phone",
    "referrer_email",
    "referrer_address",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What is offered: a line to choose by, and the fields that it fills in, as the contact's form names them."""

    line: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """Referrers with their agency, and agencies alone."""

    referrers: Sequence[Offer] = ()
    agencies: Sequence[Offer] = ()


def offered(session: ReadSession, actor: Actor, published: Published, text: str, *, now: datetime) -> Offers:
    """Whom the beginnings of words fit, the latest first; nobody for whoever may not read records."""
    words = names.fold(text[:LONGEST]).split()[:MOST_WORDS]
    if sum(map(len, words)) < SHORTEST or not permissions.may(published.book, actor, Action.READ_RECORD):
        return Offers()
    closed = restriction_rows.closed_to(session, actor.username, now=now)
    found = earlier_referrer_rows.beginning(session, words, closed=closed)
    kept_back = earlier_referrer_rows.protected(session, {_one_word(one.referrer_name) for one in found} - {""})
    shared = [one for one in found if _one_word(one.referrer_name) not in kept_back]
    agencies = [one for one in shared if one.referrer_agency and _begins(one.referrer_agency, words)]
    return Offers(
        referrers=_each_once(_referrer(one) for one in shared if one.referrer_name),
        agencies=_each_once(_agency(one) for one in agencies),
    )


def _one_word(name: str) -> str:
    return max(search_words.of_name(name), key=len, default="")


def _begins(text: str, words: Iterable[str]) -> bool:
    theirs = names.fold(text).split()
    return all(any(their.startswith(word) for their in theirs) for word in words)


def _referrer(contact: Contact) -> Offer:
    fields = {name: str(getattr(contact, name)) for name in FACTS}
    return Offer(line=", ".join(filter(None, (contact.referrer_name, contact.referrer_agency))), fields=fields)


def _agency(contact: Contact) -> Offer:
    fields = {name: str(getattr(contact, name)) for name in ("referrer_agency", "source_code")}
    return Offer(line=contact.referrer_agency, fields=fields)


def _each_once(offers: Iterable[Offer]) -> Sequence[Offer]:
    """One line each; of those alike the latest, so that who has moved is offered with the address of now."""
    found: dict[str, Offer] = {}
    for one in offers:
        found.setdefault(names.fold(one.line), one)
    return tuple(found.values())[:MOST_OFFERED]

"""Who contacted us, as somebody may see it: the one place where a protected identity is taken off.

Pages, commands and exports show what these functions give them. The referrer's facts are blank there for whoever has no
right to them, so that a page that shows too much shows nothing (LGO 23 013 577: a council at fault for disclosing one).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel

from pathway.engine import permissions
from pathway.engine.actors import Actor
from rules.likeness.identifiers import name_key
from rules.rulebook import Rulebook
from rules.vocabulary import Action
from storage.queries.letters.letter_list_rows import LetterLine
from storage.tables import Contact, NamedAdult, Query

PROTECTED = "Referrer’s identity is protected"
FACTS = tuple(name for name in Contact.model_fields if name.startswith("referrer_") and name != "referrer_kind")

Row = TypeVar("Row", bound=BaseModel)


def sees_protected(actor: Actor, book: Rulebook) -> bool:
    """True when somebody may see a referrer whose identity is not to be shared."""
    return permissions.may(book, actor, Action.SEE_PROTECTED)


def hidden(contact: Contact, *, sees: bool) -> bool:
    """True when the referrer's facts are kept from somebody who ``sees`` protected ones, or does not."""
    return contact.identity_protected and not sees


def shows(contact: Contact, adult: NamedAdult) -> bool:
    """True for whom naming would tell who a referrer is whose identity is not to be shared."""
    if not contact.identity_protected:
        return False
    forename, _, surname = contact.referrer_name.strip().rpartition(" ")
    same_name = name_key(forename, surname) == name_key(adult.forename, adult.surname)
    return same_name or bool(adult.phone and _digits(adult.phone) == _digits(contact.referrer_phone))


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def as_seen(contact: Contact, *, sees: bool) -> Contact:
    """The contact, or a copy without the referrer's facts."""
    if not hidden(contact, sees=sees):
        return contact
    return _copy(contact, **dict.fromkeys(FACTS, "") | {"referrer_name": PROTECTED})


def letter_as_seen(line: LetterLine, *, sees: bool) -> LetterLine:
    """The letter with how far it has come, or a copy without its text, its address and what was said of them."""
    if not hidden(line.contact, sees=sees):
        return line
    return replace(
        line,
        contact=as_seen(line.contact, sees=sees),
        letter=_copy(line.letter, recipient_name=PROTECTED, recipient_address="", text=PROTECTED, html=""),
        message=line.message
        and _copy(line.message, recipient_name=PROTECTED, recipient_address="", content=b"", last_answer=""),
        handover=line.handover and _copy(line.handover, note=""),
        returned=line.returned and _copy(line.returned, note=""),
    )


def queries_as_seen(queries: Sequence[Query], contact: Contact, *, sees: bool) -> Sequence[Query]:
    """What a person should look at, without what is asked about a referrer whom that person may not see."""
    if not hidden(contact, sees=sees):
        return queries
    return [query for query in queries if query.place not in FACTS]


def _copy(row: Row, **changes: object) -> Row:
    """A row like another that belongs to no session: what is changed in it is never written."""
    return type(row)(**row.model_dump() | changes)

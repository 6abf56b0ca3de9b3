"""A letter to a parent or carer of one child, where a manager chooses it and says why telling them raises no risk.

It never tells who contacted us (LGO 23 013 577: a council at fault for disclosing it) and nothing of another child. It
meets no duty to the referrer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from notifications import addresses
from notifications.letters import postal
from pathway.engine import locking
from pathway.engine.act import Act
from pathway.engine.inputs import EmailLine, Input, NeededLine, NeededText, Text
from pathway.engine.letters import writing
from pathway.engine.letters.writing import Addressee, Said
from rules.errors import Fault, InvalidInput, Refused
from rules.messages import MessageKind
from rules.vocabulary import Action, EventKind
from storage.queries import referral_rows
from storage.queries.letters import letter_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Letter, Person, Referral, id_of

SET_ASIDE = "This referral is set aside: nothing is written about it."
NAMES_REFERRER = "These words name whoever contacted us"
NAMES_ANOTHER = "These words name another child"
RISK = Fault(
    place="no_risk",
    problem="Nobody has said that telling them raises no risk",
    remedy="Say so, with the reasons, or write no letter",
)
SHORTEST = 3
# What people are called beside their names, and what agencies are called all alike.
_TITLES = frozenset(
    {
        "mrs",
        "miss",
        "the",
        "and",
        "sir",
        "prof",
        "school",
        "nursery",
        "surgery",
        "hospital",
        "police",
        "council",
        "service",
    }
)

# Names that are words as well: only with a capital do they name somebody.
_ALSO_WORDS = frozenset(
    {"april", "dawn", "faith", "grace", "hope", "joy", "june", "mark", "may", "rose", "summer", "will"}
)


class ParentsInput(Input):
    """A letter to a parent or carer: to whom and where, what happens next, and why telling them raises no risk."""

    name: NeededLine
    email: EmailLine = ""
    address: Text = ""
    next_steps: NeededText
    no_risk: bool = False
    no_risk_because: NeededText


def write(act: Act, referral_id: int, data: ParentsInput, *, version: int | None = None) -> Letter:
    """Writes the letter, and keeps beside it why telling them raises no risk.

    Raises InvalidInput where nobody says so, for an address that can't be used, and where the typed words name the
    referrer or another child; Refused for a child set aside, Stale, NotAllowed, NotFound.
    """
    referral = act.lock(referral_id, version)
    if referral is None:
        return letter_rows.of_contact(act.session, act.session.get_one(Referral, referral_id).contact_id)[-1]
    act.require(Action.DECIDE)
    act.refuse_letter_in_doubt()
    if referral.set_aside_at is not None:
        raise Refused([SET_ASIDE])
    contact = act.session.get_one(Contact, referral.contact_id)
    person = act.session.get_one(Person, referral.person_id)
    to = _checked(act.session, data, contact, (referral, person))
    summary = f"To be written to: {data.name}. Telling them raises no risk, because: {data.no_risk_because}"
    kind = EventKind.PARENTS_CHOSEN
    act.note(kind, summary, about=referral, next_steps=data.next_steps)
    letter = writing.write(
        act, contact, MessageKind.PARENTS, [(referral, person)], said=Said(next_steps=data.next_steps), to=to
    )
    locking.changed(act.session, referral)
    return letter


def _checked(session: WriteSession, data: ParentsInput, contact: Contact, child: tuple[Referral, Person]) -> Addressee:
    faults = [*([] if data.no_risk else [RISK]), *_names(session, data, contact, child)]
    address = ""
    try:
        address = _postal(data)
    except InvalidInput as error:
        faults += error.faults
    if faults:
        raise InvalidInput(faults)
    return Addressee(name=data.name, email=data.email, address=address)


def _postal(data: ParentsInput) -> str:
    if bool(data.email) is bool(data.address.strip()):
        problem = "Both an e-mail and a postal address are given" if data.email else "No address is given"
        raise InvalidInput.of("email", problem, "Give the one to which the letter is to go")
    if data.email and not addresses.usable(data.email):
        problem = "This is not an e-mail address that can be written to"
        raise InvalidInput.of("email", problem, f"{addresses.mend(data.email)}, or give a postal address")
    return postal.parse(data.address).kept if not data.email else ""


def _given(referral: Referral, child: Person) -> str:
    """The names that a child has; an unborn child may be named by its mother's, who may stand in the letter."""
    return f"{child.forename} {referral.named_as if child.forename or child.surname else ''}"


def _names(
    session: WriteSession, data: ParentsInput, contact: Contact, child: tuple[Referral, Person]
) -> Iterator[Fault]:
    """What is typed is read for the names that must not stand in it; it can't be read for what they could guess."""
    told = _words(data.next_steps) - {word for word in _ALSO_WORDS if word.capitalize() not in data.next_steps}
    # Whoever is written to and the child's own family name may be the referrer's too, and stand in the letter anyhow.
    allowed = _words(f"{data.name} {writing.child_name(child[1])}")
    referrer = _words(contact.referrer_name) - allowed
    phrases = (contact.referrer_name, contact.referrer_agency, contact.referrer_email, contact.referrer_phone)
    if told & referrer or any(_holds(data.next_steps, phrase) for phrase in phrases if phrase not in data.name):
        yield Fault(place="next_steps", problem=NAMES_REFERRER, remedy="Say what happens next without it")
    others = [one for one in referral_rows.children_of_contact(session, id_of(contact)) if one[0].id != child[0].id]
    forenames = _words(" ".join(_given(found, other) for found, other in others)) - allowed
    if told & forenames:
        yield Fault(place="next_steps", problem=NAMES_ANOTHER, remedy="Write a letter of its own for each child")


def _words(text: str) -> set[str]:
    found = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text.casefold())
    return {word for word in found if len(word) >= SHORTEST} - _TITLES


def _holds(text: str, phrase: str) -> bool:
    words = " ".join(phrase.casefold().split())
    return len(words) > SHORTEST and words in " ".join(text.casefold().split())

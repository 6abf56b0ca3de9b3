"""A child whom the referrer did not name: found in screening, with a referral and a decision of its own.

Brothers and sisters were left without files (Joint Area Review, paragraph 44). The clocks of such a child begin when it
was added, and nothing that is written to the referrer mentions it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pathway.engine import clocks, due_clocks, history, permissions
from pathway.engine.actors import Actor
from pathway.engine.children import persons, re_referrals
from pathway.engine.inputs import AddedChildInput
from pathway.engine.intake import immediate_danger, logging_contact
from pathway.engine.rulebooks import published_books
from rules.errors import InvalidInput, Refused
from rules.vocabulary import Action, EventKind, State
from storage.queries import contact_rows, event_rows, referral_rows
from storage.queries.children import person_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Contact, Person, Referral, id_of

PLACE = "child"


def add_child(
    session: WriteSession,
    contact_id: int,
    data: AddedChildInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Referral:
    """Opens a referral for one more child of a contact, with the reason; its clocks begin now.

    Raises Refused where the child stands in the contact already, InvalidInput, NotAllowed.
    """
    contact = contact_rows.lock(session, contact_id)
    if request_id and (there := event_rows.by_request(session, request_id)):
        return session.get_one(Referral, there.referral_id)
    published = published_books.current(session, now=now)
    permissions.require(published.book, actor, Action.SCREEN)
    children = _standing(session, contact)
    person = _person(session, contact, data, beside=[child for _, child in children], now=now)
    _refuse_twice(children, person)
    number = _number(session, contact)
    referral = logging_contact.open_referral(session, contact, person, number=number, published=published, named_as="")
    referral.named_by_referrer, referral.added_because = False, data.why
    session.flush()
    persons.link_household(session, [person, *(child for _, child in children)], id_of(contact))
    _record(session, contact, referral, data, actor=actor, now=now, request_id=request_id)
    received = EventKind.RECEIVED
    clocks.begin(session, referral, contact, received, occurred_at=now, published=published, now=now, actor=actor)
    session.flush()
    immediate_danger.begin_for(session, referral, contact, at=now, now=now, actor=actor)
    re_referrals.review(session, id_of(person))
    due_clocks.look_at_contact(session, contact, now=now)
    return referral


def household_without_referral(session: WriteSession | ReadSession, contact: Contact) -> Sequence[Person]:
    """Children known of the household of a contact's children for whom no referral is open anywhere."""
    children = _standing(session, contact)
    known = {id_of(person): person for _, child in children for person in person_rows.household(session, id_of(child))}
    for _, child in children:
        known.pop(id_of(child), None)
    return [person for person in known.values() if not _has_open_referral(session, person)]


def _has_open_referral(session: WriteSession | ReadSession, person: Person) -> bool:
    ended = (State.CLOSED, State.SET_ASIDE)
    return any(found.referral.state not in ended for found in person_rows.referrals_of(session, id_of(person)))


def _standing(session: WriteSession | ReadSession, contact: Contact) -> list[tuple[Referral, Person]]:
    pairs = referral_rows.children_of_contact(session, id_of(contact))
    return [(referral, person) for referral, person in pairs if referral.state != State.SET_ASIDE]


def _person(
    session: WriteSession, contact: Contact, data: AddedChildInput, *, beside: Sequence[Person], now: datetime
) -> Person:
    if data.person_id is not None:
        return _known(session, data.person_id, beside)
    if data.child is None:
        raise InvalidInput.of(PLACE, "Nobody is chosen", "Choose a child of the household, or describe the child")
    if faults := logging_contact.child_faults(PLACE, data.child, now=now):
        raise InvalidInput(faults)
    found = persons.find_or_add(session, data.child, place=PLACE, beside=beside, now=now)
    for fault in found.queries:
        logging_contact.raise_query(session, contact, fault, value="", now=now)
    return found.person


def _known(session: WriteSession, person_id: int, beside: Sequence[Person]) -> Person:
    """A child of the household by number; one that was merged into another stands for that one."""
    known = {id_of(person): person for child in beside for person in person_rows.household(session, id_of(child))}
    person = known.get(person_id) or next((child for child in beside if child.id == person_id), None)
    if person is None:
        remedy = "Describe the child by name and birth date instead"
        raise InvalidInput.of("person_id", "This child is not known of the household", remedy)
    while person.merged_into_id is not None:
        person = session.get_one(Person, person.merged_into_id)
    return person


def _refuse_twice(children: Sequence[tuple[Referral, Person]], person: Person) -> None:
    there = next((referral for referral, child in children if child.id == person.id), None)
    if there is not None:
        raise Refused([f"This child stands in the contact already, as {there.ref}."])


def _number(session: WriteSession, contact: Contact) -> int:
    refs = [referral.ref.rpartition("-")[2] for referral in referral_rows.of_contact(session, id_of(contact))]
    return max((int(number) for number in refs if number.isdecimal()), default=0) + 1


def _record(
    session: WriteSession,
    contact: Contact,
    referral: Referral,
    data: AddedChildInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None,
) -> None:
    summary = f"Received by {contact.channel}, about other children; this child was added in screening"
    history.of_referral(session, referral, EventKind.RECEIVED, summary, actor=actor, now=now)
    summary = f"Child added whom the referrer did not name: {data.why}"
    history.of_referral(session, referral, EventKind.CHILD_ADDED, summary, actor=actor, now=now, request_id=request_id)

"""A child whom the referrer did not name: found in screening, with a referral and a decision of its own.

Brothers and sisters were left without files (Joint Area Review, paragraph 44). The clocks of such a child begin when it
was added, and nothing that is written to the referrer mentions it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pathway.engine import clocks, due_clocks
from pathway.engine.act import Act
from pathway.engine.children import close_births, households, persons, re_referrals
from pathway.engine.children.child_input import ChildInput
from pathway.engine.children.persons import Found, Named
from pathway.engine.inputs import Input, NeededText, OptionalNumber
from pathway.engine.intake import immediate_danger, logging_contact, odd_children
from rules.errors import InvalidInput, Refused
from rules.likeness import identifiers
from rules.vocabulary import Action, EventKind, State
from storage.queries import event_rows, referral_rows
from storage.queries.children import person_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Contact, Person, Referral, id_of

PLACE = "child"
STANDS_THERE = "This child stands in the contact already, as {ref}."


class AddedChildInput(Input):
    """A child whom the referrer did not name: somebody known of the household, or described anew, and why."""

    person_id: OptionalNumber = None
    child: ChildInput | None = None
    why: NeededText


def add_child(act: Act, contact_id: int, data: AddedChildInput) -> Referral:
    """Opens a referral for one more child of a contact, with the reason; its clocks begin now.

    Raises Refused where the child stands in the contact already, InvalidInput, NotAllowed.
    """
    contact = act.hold(contact_id)
    if act.token and (there := event_rows.by_request(act.session, act.token)):
        return act.session.get_one(Referral, there.referral_id)
    published = act.published
    act.require(Action.SCREEN)
    if data.child is not None:
        (child,) = odd_children.with_ages([data.child], said_on=act.now.date())
        data = data.model_copy(update={"child": child})
    children = _standing(act.session, contact)
    found = _found(act, contact, data, children)
    person = found.person
    _refuse_twice(children, person)
    number = _number(act.session, contact)
    referral = logging_contact.open_referral(
        act.session, contact, person, number=number, published=published, named_as=""
    )
    referral.named_by_referrer, referral.added_because = False, data.why
    act.session.flush()
    if data.child is not None:
        persons.keep(act, referral, data.child, found)
    households.link(act.session, [person, *(child for _, child in children)], id_of(contact))
    close_births.ask(act, [referral])
    _record(act, contact, referral, data)
    received = EventKind.RECEIVED
    clocks.begin(act, referral, contact, received, occurred_at=act.now, published=published)
    act.session.flush()
    immediate_danger.begin_for(act, referral, contact, at=act.now)
    re_referrals.review(act.session, [id_of(person)])
    due_clocks.look_at_contact(act, contact)
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


def _found(act: Act, contact: Contact, data: AddedChildInput, children: Sequence[tuple[Referral, Person]]) -> Found:
    siblings = [child for _, child in children]
    if data.person_id is not None:
        return Found(person=_known(act.session, data.person_id, siblings), queries=())
    if data.child is None:
        raise InvalidInput.of(PLACE, "Nobody is chosen", "Choose a child of the household, or describe the child")
    if faults := logging_contact.child_faults(PLACE, data.child, now=act.now):
        raise InvalidInput(faults)
    _refuse_named_twice(data.child, children)
    (found,) = persons.find_or_add(act, [Named(place=PLACE, child=data.child)], siblings=siblings)
    for fault in found.queries:
        logging_contact.raise_query(act, contact, fault, value="")
    return found


def _refuse_named_twice(named: ChildInput, children: Sequence[tuple[Referral, Person]]) -> None:
    """A child of the contact described anew is that child, not another whose record it could join."""
    who = (identifiers.name_key(named.forename, named.surname), named.birth_date)
    for referral, child in children:
        if named.birth_date and who == (child.name_key, child.birth_date):
            raise Refused([STANDS_THERE.format(ref=referral.ref)])


def _known(session: WriteSession, person_id: int, siblings: Sequence[Person]) -> Person:
    """A child of the household by number; one that was merged into another stands for that one."""
    known = {id_of(person): person for child in siblings for person in person_rows.household(session, id_of(child))}
    person = known.get(person_id) or next((child for child in siblings if child.id == person_id), None)
    if person is None:
        remedy = "Describe the child by name and birth date instead"
        raise InvalidInput.of("person_id", "This child is not known of the household", remedy)
    while person.merged_into_id is not None:
        person = session.get_one(Person, person.merged_into_id)
    return person


def _refuse_twice(children: Sequence[tuple[Referral, Person]], person: Person) -> None:
    there = next((referral for referral, child in children if child.id == person.id), None)
    if there is not None:
        raise Refused([STANDS_THERE.format(ref=there.ref)])


def _number(session: WriteSession, contact: Contact) -> int:
    refs = [referral.ref.rpartition("-")[2] for referral in referral_rows.of_contact(session, id_of(contact))]
    return max((int(number) for number in refs if number.isdecimal()), default=0) + 1


def _record(act: Act, contact: Contact, referral: Referral, data: AddedChildInput) -> None:
    summary = f"Received by {contact.channel}, about other children; this child was added in screening"
    act.note(EventKind.RECEIVED, summary, about=referral)
    summary = f"Child added whom the referrer did not name: {data.why}"
    act.note(EventKind.CHILD_ADDED, summary, about=referral)

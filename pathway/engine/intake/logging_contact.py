"""Logging a contact: one entry, one referral for each child, clocks from the moment it was received."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import AwareDatetime, Field

from notifications import addresses
from pathway.engine import clocks, code_lists, due_clocks, inputs
from pathway.engine.act import Act
from pathway.engine.children import close_births, households, persons, re_referrals
from pathway.engine.children.child_input import ChildInput
from pathway.engine.children.persons import Found
from pathway.engine.inputs import EmailLine, Input, Line, Lines, NeededLine, NeededText, Text
from pathway.engine.intake import adults, contact_kind, immediate_danger, known_answers, odd_children
from pathway.engine.intake.adults import MOST_ADULTS, AdultInput
from pathway.engine.intake.known_answers import MOST_ANSWERS, KnownAnswer
from pathway.engine.letters import feedback
from pathway.engine.rulebooks.published_books import Published
from rules import pathway, referrers
from rules.errors import Fault, InvalidInput
from rules.likeness import identifiers, places
from rules.rulebook import Rulebook
from rules.timing import spoken, zones
from rules.vocabulary import Action, EventKind
from storage.queries import contact_rows, draft_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Person, Query, Referral, id_of

ANONYMOUS_BUT_TOLD = Fault(
    place="referrer_name",
    problem="The contact is anonymous, and says who the referrer is: that is hidden, and nothing is written to them",
    remedy="Find out whether the referrer agreed to be named and written to",
)
READ_BY_NOBODY = Fault(
    place="referrer_email",
    problem="Nobody reads this e-mail address: it is kept as typed and not used",
    remedy="Ask the referrer for an address that somebody reads; until then letters go by post",
)
ONLY_BY_SCHOOL = Fault(
    place="school",
    problem="Only the school tells who the child is",
    remedy="Ask the referrer or the school for the child’s name",
)
LATE_AFTER = timedelta(hours=2)
TELLS_WHO = ("forename", "surname", "birth_date", "due_date", "address")
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


class ContactInput(Input):
    """One contact about one or more children; ``answers``: what is said at once of those who are perhaps known."""

    received_at: AwareDatetime
    late_recording_reason: Line = ""
    channel: NeededLine
    source_code: NeededLine
    referrer_name: Line = ""
    referrer_agency: Line = ""
    referrer_role: Line = ""
    referrer_phone: Line = ""
    referrer_email: EmailLine = ""
    referrer_address: Lines = ""
    unsafe_to_contact: bool = False
    immediate_danger: bool = False
    identity_protected: bool = False
    kind: Line = ""
    concern_facts: NeededText
    professional_opinion: Text = ""
    consent: Line = ""
    children: Annotated[Sequence[ChildInput], Field(min_length=1, max_length=30)]
    adults: Annotated[Sequence[AdultInput], Field(max_length=MOST_ADULTS)] = ()
    answers: Annotated[Sequence[KnownAnswer], Field(max_length=MOST_ANSWERS)] = ()


def log_contact(act: Act, data: ContactInput) -> Contact:
    """Stores a contact with a referral, a history and running clocks for each child, and writes the acknowledgement.

    The same ``request_id`` again returns the contact that is there. Raises InvalidInput and NotAllowed.
    """
    published = act.published
    act.require(Action.LOG_CONTACT)
    if act.token and (there := contact_rows.by_request(act.session, act.token)):
        return there
    _refuse_faults(data, published.book, now=act.now)
    known_answers.lock(act, data.answers)
    aged = odd_children.with_ages(data.children, said_on=data.received_at.date())
    data = data.model_copy(update={"children": adults.with_mothers(aged, data.adults)})
    contact = _add_contact(act, data)
    found = _add_children(act, contact, data)
    children = [one.person for one in found]
    referrals = [
        open_referral(act.session, contact, person, number=number, published=published, named_as=child.full_name)
        for number, (person, child) in enumerate(zip(children, data.children, strict=True), start=1)
    ]
    _start(act, contact, referrals, published)
    for referral, child, one in zip(referrals, data.children, found, strict=True):
        persons.keep(act, referral, child, one)
    adults.keep(act, contact, referrals, data.adults)
    _record_marks(act, contact)
    close_births.ask(act, referrals, data.children)
    re_referrals.review_contact(act.session, contact, children)
    known_answers.settle(act, found, data.answers)
    for referral in referrals:
        immediate_danger.begin_for(act, referral, contact, at=contact.received_at)
    pairs = list(zip(referrals, children, strict=True))
    feedback.acknowledge_receipt(act, contact, pairs, published=published)
    due_clocks.look_at_contact(act, contact)
    return contact


def _record_marks(act: Act, contact: Contact) -> None:
    """What is said of the referrer when the contact is logged stands in the history as if it were said afterwards."""
    if contact.unsafe_to_contact:
        summary = "Unsafe to contact: so when the contact was logged"
        act.note(EventKind.UNSAFE_MARKED, summary, about=contact)
    if contact.identity_protected:
        summary = "Referrer’s identity protected: so when the contact was logged"
        act.note(EventKind.IDENTITY_PROTECTED, summary, about=contact)


def _refuse_faults(data: ContactInput, book: Rulebook, *, now: datetime) -> None:
    inputs.refuse_future("received_at", data.received_at, now=now)
    faults = [*_late_faults(data, now), *_code_faults(data), *contact_kind.faults_of(data.kind, book)]
    faults += [fault for place, child in _places(data) for fault in child_faults(place, child, now=now)]
    faults += [*_named_twice(data), *adults.faults(data.adults, children=len(data.children))]
    if faults:
        raise InvalidInput(faults)


def _late_faults(data: ContactInput, now: datetime) -> Sequence[Fault]:
    if now - data.received_at <= LATE_AFTER or data.late_recording_reason:
        return []
    problem = "This contact was received more than two hours ago"
    return [Fault(place="late_recording_reason", problem=problem, remedy="Say why it is recorded only now")]


def _code_faults(data: ContactInput) -> Sequence[Fault]:
    faults = []
    if data.source_code not in code_lists.labels(code_lists.REFERRAL_SOURCE):
        problem = f"There is no source {data.source_code}"
        faults.append(Fault(place="source_code", problem=problem, remedy="Choose one from the list"))
    if data.referrer_email and addresses.fault(data.referrer_email):
        problem = "This is not an e-mail address that can be written to"
        remedy = f"{addresses.mend(data.referrer_email)}, or leave it empty"
        faults.append(Fault(place="referrer_email", problem=problem, remedy=remedy))
    return faults


def child_faults(place: str, child: ChildInput, *, now: datetime) -> Sequence[Fault]:
    """What is wrong with one child's description, each fault with its place below ``place``."""
    faults = [*odd_children.age_faults(place, child, said_on=now.date())]
    if not _is_told(child) and not places.is_school(child.school):
        remedy = "Give a name, a birth or due date, a number, an address or a school"
        faults.append(Fault(place=f"{place}.forename", problem="Nothing tells who this child is", remedy=remedy))
    if child.birth_date and child.due_date:
        remedy = "Leave one of the two empty"
        faults.append(Fault(place=f"{place}.due_date", problem="A child is born or due, not both", remedy=remedy))
    if child.birth_date and child.birth_date > now.date():
        remedy = "Correct it, or give a due date for an unborn child"
        faults.append(Fault(place=f"{place}.birth_date", problem="This birth date lies in the future", remedy=remedy))
    if child.sex not in code_lists.labels(code_lists.SEX):
        remedy = "Choose one from the list"
        faults.append(Fault(place=f"{place}.sex", problem=f"There is no code {child.sex} for sex", remedy=remedy))
    return faults


def _is_told(child: ChildInput) -> bool:
    """True where more than a school tells who the child is."""
    numbers = f"{child.nhs_number} {child.upn}"
    return any(getattr(child, field) for field in TELLS_WHO) or identifiers.tells_somebody(numbers)


def _places(data: ContactInput) -> Sequence[tuple[str, ChildInput]]:
    return [(f"children.{number}", child) for number, child in enumerate(data.children)]


def _add_contact(act: Act, data: ContactInput) -> Contact:
    kind = referrers.kind_of(data.source_code)
    told = kind == "anonymous" and bool(data.referrer_name or data.referrer_email or data.referrer_address)
    read = not addresses.read_by_nobody(data.referrer_email)
    contact = Contact(
        **data.model_dump(exclude={"children", "adults", "answers", "identity_protected", "referrer_email"}),
        referrer_email=data.referrer_email if read else "",
        identity_protected=data.identity_protected or told,
        ref=new_ref(),
        request_id=act.token,
        recorded_at=act.now,
        recorded_by=act.actor.username,
        referrer_kind=kind,
        referrer_email_as_typed=data.referrer_email,
        anonymous=kind == "anonymous",
    )
    act.session.add(contact)
    act.session.flush()
    if told:
        raise_query(act, contact, ANONYMOUS_BUT_TOLD, value="")
    if not read:
        raise_query(act, contact, READ_BY_NOBODY, value="")  # who may not know the referrer reads queries too
    return contact


def new_ref() -> str:
    """A reference that can be read out on the telephone and not guessed: 30 letters and digits, no O, 0, I, 1, L, U."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"PW-{code[:4]}-{code[4:]}"


def _add_children(act: Act, contact: Contact, data: ContactInput) -> list[Found]:
    """The persons of a contact's children, siblings linked, with what is odd as queries."""
    named = known_answers.named(act, data.children, data.answers)
    found = persons.find_or_add(act, named)
    for one, answer in zip(named, found, strict=True):
        for fault in answer.queries:
            raise_query(act, contact, fault, value="")
        if not _is_told(one.child):
            raise_query(act, contact, replace(ONLY_BY_SCHOOL, place=f"{one.place}.school"), value=one.child.school)
    received_on = data.received_at.astimezone(zones.zone_named(zones.LONDON)).date()
    for fault in odd_children.faults_of(data.children, received_on=received_on):
        raise_query(act, contact, fault, value="")
    households.link(act.session, [one.person for one in found], id_of(contact))
    return found


def raise_query(act: Act, contact: Contact, fault: Fault, *, value: str, referral_id: int | None = None) -> None:
    """Puts something odd on the record for a person to look at; nothing is refused or changed because of it."""
    act.session.add(
        Query(
            contact_id=id_of(contact),
            referral_id=referral_id,
            place=fault.place,
            value=value,
            problem=fault.problem,
            remedy=fault.remedy,
            raised_at=act.now,
        )
    )


def _named_twice(data: ContactInput) -> Iterator[Fault]:
    """A child who stands there twice by full name and birth date; two who share only a number are two children."""
    seen: dict[tuple[str, date], int] = {}
    for number, child in enumerate(data.children, start=1):
        if not (child.forename and child.surname and child.birth_date):
            continue
        who = identifiers.name_key(child.forename, child.surname), child.birth_date
        if who in seen:
            problem = f"This is the same child as child {seen[who]}, by name and birth date"
            remedy = "Take out the one that was typed twice; give two children the names that tell them apart"
            yield Fault(place=f"children.{number - 1}.forename", problem=problem, remedy=remedy)
        seen.setdefault(who, number)


def open_referral(
    session: WriteSession, contact: Contact, person: Person, *, number: int, published: Published, named_as: str
) -> Referral:
    """One child's referral under a contact; it keeps the book and calendar versions it came in under.

    ``named_as`` is the name that the referrer gave; the record may know the child by another.
    """
    referral = Referral(
        ref=f"{contact.ref}-{number}",
        contact_id=id_of(contact),
        person_id=id_of(person),
        named_as=named_as,
        state=pathway.INITIAL.value,
        rulebook_version_id=published.rulebook_version_id,
        calendar_version_id=published.calendar_version_id,
    )
    session.add(referral)
    return referral


def _begun(act: Act) -> tuple[str, Mapping[str, str]]:
    """Who began to type the contact, and when, where it was somebody else: in words, and for the history."""
    draft = draft_rows.lock(act.session, act.token) if act.token else None
    if draft is None or draft.writer == act.actor.username:
        return "", {}
    name = draft_rows.name_of(act.session, draft.writer)
    words = spoken.moment_words(act.published.calendar, draft.begun_at.replace(second=0, microsecond=0))
    begun = f"; begun by {name} {words}, finished by {act.actor.name}"
    return begun, {"begun_by": draft.writer, "begun_at": draft.begun_at.isoformat()}


def _start(act: Act, contact: Contact, referrals: Sequence[Referral], published: Published) -> None:
    act.session.flush()
    received = contact.received_at
    begun, told = _begun(act)
    for referral in referrals:
        summary = f"Received by {contact.channel}{begun}"
        act.note(EventKind.RECEIVED, summary, about=referral, occurred_at=received, details=told)
        clocks.begin(act, referral, contact, EventKind.RECEIVED, occurred_at=received, published=published)
    act.session.flush()

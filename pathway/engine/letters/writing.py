"""Writing one letter: facts gathered, text rendered once and kept, and put into the outbox if it goes by e-mail."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jinja2 import TemplateError

from notifications import addresses
from notifications.letters import letters
from notifications.letters.letters import ChildOutcome, CouncilFacts, LetterFacts, LetterText
from notifications.outbox import queue
from notifications.rendering import TemplateSet
from pathway.engine import clocks
from pathway.engine.act import Act
from pathway.engine.actors import Actor
from pathway.engine.letters import grace, letter_email, letter_link
from pathway.engine.rulebooks import published_books
from rules import letters as paragraphs
from rules.errors import Refused
from rules.messages import Delivery, MessageKind
from rules.timing import zones
from rules.vocabulary import EventKind, Reader, ReferrerKind
from rules.words import unborn
from storage.queries import clock_rows, record_rows, referral_rows
from storage.queries.letters import letter_rows, template_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Council, Decision, Letter, LetterReferral, Message, Person, Referral, id_of

LONDON = zones.zone_named(zones.LONDON)
NAMELESS = "The child whose name is not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Whom a letter is for and where it goes: by e-mail where the address can be used, else on paper."""

    name: str
    email: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person gave for one letter: things to ask for, or what happens next for a parent's child."""

    asked_for: tuple[str, ...] = ()
    next_steps: str = ""


NOTHING_MORE = Said()


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What one letter is to be: its kind, whom it is about, what a person gave for it.

    It is for the referrer, unless ``to`` names a parent or carer.
    """

    kind: MessageKind
    children: Sequence[tuple[Referral, Person]]
    to_follow: int = 0
    said: Said = NOTHING_MORE
    to: Addressee | None = None


def write(
    act: Act,
    contact: Contact,
    kind: MessageKind,
    children: Sequence[tuple[Referral, Person]],
    *,
    to_follow: int = 0,
    said: Said = NOTHING_MORE,
    to: Addressee | None = None,
) -> Letter:
    """Writes one letter about these children and keeps it; by e-mail where the address can be used, else by post.

    It goes to the referrer, unless ``to`` names a parent or carer. Raises InvalidInput naming every missing fact.
    """
    meant = Meant(kind=kind, children=children, to_follow=to_follow, said=said, to=to)
    to, text = words(act, contact, meant)
    council = act.session.get_one(Council, 1)
    waits_until = grace.of_letter(act, contact, kind, children)
    letter = _keep(act, contact, kind, text, to=to, waits_until=waits_until)
    _name_children(act.session, letter, children)
    if letter.delivery == Delivery.EMAIL:
        key = f"letter:{letter.id}"
        about = council_facts(council)
        draft = letter_email.draft(act, letter, council, about, to=letter.recipient_address, key=key)
        queue.enqueue(act.session, draft, now=act.now, not_before=waits_until)
    _record(act, letter, children)
    act.session.flush()
    return letter


def words(act: Act, contact: Contact, meant: Meant) -> tuple[Addressee, LetterText]:
    """Whom a letter would be for and what it would say now; nothing is kept. Raises InvalidInput, Refused."""
    _refuse_not_named(meant.kind, meant.children)
    to = meant.to or _referrer(contact)
    return to, _text(act, contact, meant.kind, _facts(act, contact, meant, to=to))


def _refuse_not_named(kind: MessageKind, children: Sequence[tuple[Referral, Person]]) -> None:
    """What is written to a referrer never mentions a child whom that referrer did not name."""
    refs = [referral.ref for referral, _ in children if not referral.named_by_referrer]
    if refs and kind is not MessageKind.PARENTS:
        raise Refused([f"The referrer did not name the child of {', '.join(refs)}: no letter to them mentions it."])


def _text(act: Act, contact: Contact, kind: MessageKind, facts: LetterFacts) -> LetterText:
    """The words, from the council's own templates; where one of those fails after all, in the shipped wording."""
    reader, own = _reader(contact, kind), template_rows.own(act.session)
    try:
        return letters.write(kind, reader, facts, templates=TemplateSet(own=own))
    except TemplateError as error:
        if not own:
            raise
        # The check at the start tries every letter, but not with these facts: no contact may be lost for its letter.
        summary = f"The council's own {kind} letter could not be filled in, so the shipped wording was used: {error}"
        act.note(EventKind.FAULT, summary, about=contact)
        return letters.write(kind, reader, facts)


def _referrer(contact: Contact) -> Addressee:
    # Kept before such addresses were asked about: a letter that nobody reads meets no duty.
    email = "" if addresses.read_by_nobody(contact.referrer_email) else contact.referrer_email
    return Addressee(name=contact.referrer_name, email=email, address=contact.referrer_address)


def _reader(contact: Contact, kind: MessageKind) -> Reader:
    """Whatever led here: to a referrer for whom a letter would be a danger there is no letter to write."""
    if kind is MessageKind.PARENTS:
        return Reader.PARENT
    return Reader.UNSAFE if contact.unsafe_to_contact else Reader(ReferrerKind(contact.referrer_kind).value)


def send_on(act: Act, letter: Letter, *, to: str) -> Message:
    """Puts a kept letter, as it was written, into the outbox for an address that was found afterwards.

    Links made before open nothing any more. Raises InvalidInput where the address needs a link that nobody could open,
    Refused while the clock is in doubt.
    """
    act.refuse_letter_in_doubt()
    key = f"letter:{letter.id}:again:{letter_rows.count_messages(act.session, id_of(letter)) + 1}"
    council = act.session.get_one(Council, 1)
    letter_link.withdraw_all(act, letter, reason=letter_link.NEWER)
    draft = letter_email.draft(act, letter, council, council_facts(council), to=to, key=key)
    return queue.enqueue(act.session, draft, now=act.now, not_before=grace.rest_of(act, letter))


def _name_children(session: WriteSession, letter: Letter, children: Sequence[tuple[Referral, Person]]) -> None:
    for referral, _ in children:
        session.add(LetterReferral(letter_id=id_of(letter), referral_id=id_of(referral)))


def _facts(act: Act, contact: Contact, meant: Meant, *, to: Addressee) -> LetterFacts:
    kind, children = meant.kind, meant.children
    acknowledges = kind is MessageKind.ACKNOWLEDGEMENT
    tells_outcomes = kind.tells_outcome and contact.referrer_kind == ReferrerKind.PROFESSIONAL
    decided = _decided(act.session, children) if kind.tells_outcome else {}
    return LetterFacts(
        council=council_facts(act.session.get_one(Council, 1)),
        recipient_name=to.name,
        contact_ref=contact.ref,
        received_at=contact.received_at,
        written_at=act.now,
        children=tuple(_outcome(act.session, referral, decided) for referral, _ in children) if tells_outcomes else (),
        children_to_follow=meant.to_follow,
        feedback_due_at=_feedback_due_at(act.session, contact, children) if acknowledges else None,
        contact_name=_contact_name(act.session, kind, decided.values(), actor=act.actor),
        asked_for=meant.said.asked_for,
        child_name=child_of_parent(children[0][1]) if kind is MessageKind.PARENTS else "",
        next_steps=meant.said.next_steps,
    )


def _decided(session: WriteSession, children: Sequence[tuple[Referral, Person]]) -> Mapping[int, Decision]:
    return referral_rows.latest_decisions(session, [id_of(referral) for referral, _ in children])


def _feedback_due_at(
    session: WriteSession, contact: Contact, children: Sequence[tuple[Referral, Person]]
) -> datetime | None:
    """By when the last of these children's outcomes is owed; None where no clock runs on it yet."""
    session.flush()
    of_these = {referral.id for referral, _ in children}
    running = (one for one in clock_rows.running_of_contact(session, id_of(contact)) if one.referral_id in of_these)
    owed = [clock.due_at for clock in running if clocks.rule_of(session, clock).stopped_by(EventKind.FEEDBACK_GIVEN)]
    return max(owed, default=None)


def _contact_name(session: WriteSession, kind: MessageKind, made: Collection[Decision], *, actor: Actor) -> str:
    """Whom to ask for: who decided last, or who asks or writes; empty where that is the team as a whole."""
    if kind is MessageKind.ACKNOWLEDGEMENT:
        return ""
    if not kind.tells_outcome:
        return record_rows.name_of(session, actor.username)
    last = max(made, key=lambda decision: (decision.decided_at, id_of(decision)), default=None)
    return record_rows.name_of(session, last.decided_by) if last else ""


def council_facts(council: Council) -> CouncilFacts:
    """The council as letters name it."""
    return CouncilFacts(
        name=council.name,
        team_name=council.team_name,
        telephone=council.telephone,
        out_of_hours_telephone=council.out_of_hours_telephone,
        email=council.email,
        address=council.address,
        complaints=council.complaints,
    )


def _outcome(session: WriteSession, referral: Referral, decided: Mapping[int, Decision]) -> ChildOutcome:
    """What was decided; the child is named as this referrer named it, whatever else the record knows."""
    decision = decided.get(id_of(referral))
    if decision is None:
        raise Refused([f"Referral {referral.ref} is not decided; a letter about it would say nothing."])
    outcome = published_books.published_of(session, referral).book.outcomes[decision.outcome]
    values = _paragraph_values(session, referral)
    return ChildOutcome(
        referral_ref=referral.ref,
        child_name=referral.named_as or NAMELESS,
        effect=outcome.effect,
        outcome_title=outcome.title,
        paragraph=paragraphs.fill_in(outcome.paragraph, values),
        next_steps=paragraphs.fill_in(outcome.next_steps, values),
        reasons=decision.reasons,
    )


def _paragraph_values(session: WriteSession, referral: Referral) -> dict[str, str]:
    council = session.get_one(Council, 1)
    received_at = session.get_one(Contact, referral.contact_id).received_at
    return {
        "reference": referral.ref,
        "received": f"{received_at.astimezone(LONDON):%-d %B %Y}",
        "council": council.name,
        "telephone": council.telephone,
    }


def child_name(person: Person) -> str:
    """The child by the name on record, for whoever takes the child on."""
    name = f"{person.forename} {person.surname}".strip()
    waits = person.due_date if person.birth_date is None else None
    return name or (unborn(person.mother, waits) if waits else NAMELESS)


def child_of_parent(person: Person) -> str:
    """The child as a letter to a parent or carer names it."""
    return f"{person.forename} {person.surname}".strip() or "your child"


def _keep(
    act: Act, contact: Contact, kind: MessageKind, text: LetterText, *, to: Addressee, waits_until: datetime | None
) -> Letter:
    by_email = letter_link.may_go_by_email(act.session.get_one(Council, 1), name=to.name, address=to.email)
    letter = Letter(
        contact_id=id_of(contact),
        kind=kind,
        number=letter_rows.count(act.session, id_of(contact), kind) + 1,
        delivery=Delivery.EMAIL if by_email else Delivery.POST,
        recipient_name=to.name,
        recipient_address=to.email if by_email else to.address,
        subject=text.subject,
        text=text.text,
        html=text.html,
        sha256=hashlib.sha256(f"{text.subject}\n{text.text}\n{text.html}".encode()).hexdigest(),
        template_version=text.template_version,
        written_at=act.now,
        waits_until=waits_until,
    )
    act.session.add(letter)
    act.session.flush()
    return letter


def _record(act: Act, letter: Letter, children: Sequence[tuple[Referral, Person]]) -> None:
    way = letter_email.way_words(act.session.get_one(Council, 1), letter)
    for referral, _ in children:
        summary = f"Letter written ({letter.kind}), {way}"
        act.note(EventKind.LETTER_WRITTEN, summary, about=referral, letter=id_of(letter))

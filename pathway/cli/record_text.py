"""One record as text: where it stands, its clocks and its timeline. Reading it is kept in the access log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from pathway.cli.acting_as import PRINTED
from pathway.engine import record_access
from pathway.engine.actors import Actor
from pathway.engine.referrers import visible_referrer
from pathway.engine.rulebooks import published_books
from pathway.web import times
from pathway.web.views import clock_view, letter_story_view, timeline_view
from rules.errors import NotFound
from storage.queries import clock_rows, contact_rows, event_rows, record_rows, referral_rows, shown_rows
from storage.queries.letters import letter_list_rows
from storage.queries.letters.letter_list_rows import LetterLine
from storage.sessions import Database, ReadSession
from storage.tables import Contact, Person, Referral, id_of


def read(database: Database, ref: str, *, actor: Actor, now: datetime) -> Sequence[str]:
    """A referral's record, or a contact's list of referrals, line by line. Raises NotFound, NotAllowed."""
    found = _find(database, ref)
    _log_access(database, found, actor=actor, now=now)
    with database.read() as session:
        lines = _referral(session, found, now=now) if isinstance(found, Referral) else _contact(session, found)
        sees = visible_referrer.sees_protected(actor, published_books.current(session, now=now).book)
        return [*lines, *_letters(session, _about(session, found), sees=sees)]


def _find(database: Database, ref: str) -> Referral | Contact:
    with database.read() as session:
        try:
            return referral_rows.by_ref(session, ref)
        except NotFound:
            pass
        try:
            return contact_rows.by_ref(session, ref)
        except NotFound:
            raise NotFound(f"There is no referral or contact {ref}; check the reference.") from None


def _log_access(database: Database, found: Referral | Contact, *, actor: Actor, now: datetime) -> None:
    kind = "referral" if isinstance(found, Referral) else "contact"
    with database.read() as session:
        shown = shown_rows.shown(session, kind, {"ref": found.ref})
    record_access.open_record(database, actor, f"{kind} {found.ref}", shown, now=now, reason=PRINTED)


def _contact(session: ReadSession, contact: Contact) -> Iterator[str]:
    yield f"Contact {contact.ref}, received {times.at(contact.received_at)} by {contact.channel}"
    for referral, person in referral_rows.children_of_contact(session, id_of(contact)):
        yield f"  {referral.ref}  {name(person)}: {referral.state}"


def _referral(session: ReadSession, referral: Referral, *, now: datetime) -> Iterator[str]:
    contact = session.get_one(Contact, referral.contact_id)
    person = session.get_one(Person, referral.person_id)
    yield f"Referral {referral.ref}: {referral.state}"
    yield f"  {name(person)}, in contact {contact.ref} received {times.at(contact.received_at)} by {contact.channel}"
    yield ""
    yield "Clocks"
    for view in clock_view.views(session, clock_rows.of_referral(session, id_of(referral)), now=now):
        yield f"  {view.title}: due {times.at(view.clock.due_at)}. {view.state}"
    yield ""
    yield "What happened (London time)"
    events = event_rows.of_referral(session, referral)
    yield from _timeline(timeline_view.entries(events, record_rows.names(session)))


def _timeline(entries: Sequence[timeline_view.Entry]) -> Iterator[str]:
    for entry in entries:
        by = f" ({entry.actor})" if entry.actor else ""
        yield f"  {times.at(entry.at):<22} {entry.summary}{by}"
        if entry.intended_at:
            yield f"  {'':<22} meant for {times.at(entry.intended_at)}"
        if entry.recorded_at:
            yield f"  {'':<22} recorded {times.at(entry.recorded_at)}"


def name(person: Person) -> str:
    """A child by name and birth date or due date, as far as they are known."""
    known = plain_name(person)
    born = f"born {person.birth_date:%d %B %Y}" if person.birth_date else ""
    due = f"due {person.due_date:%d %B %Y}" if person.due_date else ""
    return ", ".join(part for part in (known, born or due) if part)


def plain_name(person: Person) -> str:
    """A child by name."""
    return f"{person.forename} {person.surname}".strip() or "name not known"


def _about(session: ReadSession, found: Referral | Contact) -> Sequence[LetterLine]:
    """The letters about one child, or about a whole contact."""
    if not isinstance(found, Referral):
        return letter_list_rows.of_contact(session, id_of(found))
    naming = letter_list_rows.naming(session, id_of(found))
    return [line for line in letter_list_rows.of_contact(session, found.contact_id) if line.letter.id in naming]


def _letters(session: ReadSession, letters: Sequence[LetterLine], *, sees: bool) -> Iterator[str]:
    names = record_rows.names(session)
    for line in letters:
        yield ""
        yield f"Letter {line.letter.id} ({line.letter.kind})"
        for one in letter_story_view.of(session, line, sees=sees):
            yield f"  {times.at(one.at):<22} {letter_story_view.said(one, names)}"

"""``pathway sweep`` and ``pathway referral``: one run of the watch, and one child's timeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated

import typer

from pathway.cli import opening
from pathway.cli.speech import note, say
from pathway.engine import sweep as sweeping
from pathway.importing import alerting
from pathway.web import clock_view, timeline, times
from rules.errors import NotFound
from storage.clock import utc_now
from storage.queries import clocks, contacts, history, record, referrals
from storage.sessions import Database, ReadSession
from storage.tables import Access, Contact, Person, Referral, id_of


def sweep() -> None:
    """Look once for what is due, and take every step that is: warnings, breaches, alerts, the next rung of a ladder.

    `pathway up` and `pathway worker` do this every five seconds. Twice changes nothing: each step is taken once.

    \b
    Example:
      pathway sweep
    """
    settings = opening.load()
    with opening.database(settings) as database:
        now = utc_now()
        report = sweeping.run_once(database, now=now)
        alerting.review(database, now=now)
        say(f"Looked at {report.clocks} clocks and {report.alerts} alerts that were due.")
        say(f"Took {report.rungs} rungs of alerts.")
        if report.left_alone:
            say(f"Left {report.left_alone} to somebody who is changing them; the next run looks again.")
        if report.faults:
            note(f"{report.faults} could not be dealt with; they are on record and will be tried again.")
        opening.send_what_is_due(database, settings)


def referral(
    ref: Annotated[str, typer.Argument(metavar="REF", help="A referral's reference, or a contact's.")],
) -> None:
    """Print one referral: where it stands, its clocks, and everything that happened, in order.

    A contact's reference lists its referrals. That you looked is kept in the access log.

    \b
    Examples:
      pathway referral PW-7K2M-X4TD-1
      pathway referral PW-7K2M-X4TD
    """
    with opening.database(opening.load()) as database:
        now = utc_now()
        found = _find(database, ref.strip())
        _log_access(database, found, now=now)
        with database.read() as session:
            lines = list(
                _referral(session, found, now=now) if isinstance(found, Referral) else _contact(session, found)
            )
    for line in lines:
        say(line)


def _find(database: Database, ref: str) -> Referral | Contact:
    with database.read() as session:
        try:
            return referrals.by_ref(session, ref)
        except NotFound:
            pass
        try:
            return contacts.by_ref(session, ref)
        except NotFound:
            raise NotFound(f"There is no referral or contact {ref}; check the reference.") from None


def _log_access(database: Database, found: Referral | Contact, *, now: datetime) -> None:
    is_referral = isinstance(found, Referral)
    with database.write() as session:
        session.add(
            Access(
                at=now,
                username=opening.username(),
                what=f"{'referral' if is_referral else 'contact'} {found.ref}",
                contact_id=found.contact_id if isinstance(found, Referral) else found.id,
                referral_id=found.id if is_referral else None,
                allowed=True,
                reason=f"printed by the {opening.ROLE}",
            )
        )


def _contact(session: ReadSession, contact: Contact) -> Iterator[str]:
    yield f"Contact {contact.ref}, received {times.at(contact.received_at)} by {contact.channel}"
    for referral, person in referrals.children_of_contact(session, id_of(contact)):
        yield f"  {referral.ref}  {_name(person)}: {referral.state}"


def _referral(session: ReadSession, referral: Referral, *, now: datetime) -> Iterator[str]:
    contact = session.get_one(Contact, referral.contact_id)
    person = session.get_one(Person, referral.person_id)
    yield f"Referral {referral.ref}: {referral.state}"
    yield f"  {_name(person)}, in contact {contact.ref} received {times.at(contact.received_at)} by {contact.channel}"
    yield ""
    yield "Clocks"
    for view in clock_view.views(session, clocks.of_referral(session, id_of(referral)), now=now):
        yield f"  {view.title}: due {times.at(view.clock.due_at)}. {view.state}"
    yield ""
    yield "What happened (London time)"
    events = history.of_referral(session, referral)
    yield from _timeline(timeline.entries(events, record.names(session)))


def _timeline(entries: Sequence[timeline.Entry]) -> Iterator[str]:
    for entry in entries:
        by = f" ({entry.actor})" if entry.actor else ""
        yield f"  {times.at(entry.at):<22} {entry.summary}{by}"
        if entry.intended_at:
            yield f"  {'':<22} meant for {times.at(entry.intended_at)}"
        if entry.recorded_at:
            yield f"  {'':<22} recorded {times.at(entry.recorded_at)}"


def _name(person: Person) -> str:
    name = f"{person.forename} {person.surname}".strip() or "name not known"
    born = f"born {person.birth_date:%d %B %Y}" if person.birth_date else ""
    due = f"due {person.due_date:%d %B %Y}" if person.due_date else ""
    return ", ".join(part for part in (name, born or due) if part)

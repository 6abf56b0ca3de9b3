"""Asking a referrer in writing for what is missing. It stops no clock, and nothing waits for the answer."""

from __future__ import annotations

from datetime import datetime

from pathway.engine import history, permissions
from pathway.engine.actors import Actor
from pathway.engine.inputs import AskingInput
from pathway.engine.letters import feedback, writing
from pathway.engine.rulebooks import published_books
from rules.errors import Refused
from rules.pathway import UNDECIDED
from rules.vocabulary import Action, EventKind, MessageKind, ReferrerKind
from storage.queries import contact_rows, referral_rows
from storage.queries.letters import letter_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Contact, Letter, Person, Referral, id_of

ANONYMOUS = "Nobody is known who could be asked: the referrer is anonymous."
UNSAFE = "It is unsafe to write to this referrer."
DECIDED = "Every child whom the referrer named has been decided: there is nothing left to ask for."


def ask(
    session: WriteSession,
    contact_id: int,
    data: AskingInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Letter:
    """Writes to the referrer, professional or member of the public, and asks for the things named.

    Raises Refused for an anonymous or unsafe referrer and once every child is decided, NotAllowed.
    """
    contact = contact_rows.lock(session, contact_id)
    if history.done_already(session, request_id):
        return letter_rows.of_contact(session, contact_id)[-1]
    permissions.require(published_books.current(session, now=now).book, actor, Action.SCREEN)
    if why := why_not(session, contact):
        raise Refused([why])
    things = tuple(data.things)
    history.record(
        session,
        EventKind.INFORMATION_ASKED,
        summary=f"Referrer asked for: {'; '.join(things)}",
        actor=actor,
        now=now,
        contact_id=contact_id,
        details={"things": list(things)},
        request_id=request_id,
    )
    kind, said = MessageKind.MISSING_INFORMATION, writing.Said(asked_for=things)
    return writing.write(session, contact, kind, waiting(session, contact), actor=actor, now=now, said=said)


def why_not(session: WriteSession | ReadSession, contact: Contact) -> str:
    """Why this referrer can't be asked, as a sentence; empty where that can be done."""
    if contact.referrer_kind == ReferrerKind.ANONYMOUS:
        return ANONYMOUS
    if not feedback.may_be_written_to(contact):
        return UNSAFE
    return "" if waiting(session, contact) else DECIDED


def waiting(session: WriteSession | ReadSession, contact: Contact) -> list[tuple[Referral, Person]]:
    """The children whom the referrer named and who wait for a decision."""
    children = referral_rows.children_of_contact(session, id_of(contact))
    return [pair for pair in children if pair[0].named_by_referrer and pair[0].state in UNDECIDED]

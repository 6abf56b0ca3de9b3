"""Asking a referrer in writing for what is missing. It stops no clock, and nothing waits for the answer."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from pathway.engine import inputs
from pathway.engine.act import Act
from pathway.engine.inputs import Input, NeededLine
from pathway.engine.letters import feedback, writing
from rules.errors import Refused
from rules.messages import MessageKind
from rules.pathway import UNDECIDED
from rules.vocabulary import Action, EventKind, ReferrerKind
from storage.queries import referral_rows
from storage.queries.letters import letter_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Contact, Letter, Person, Referral, id_of

ANONYMOUS = "Nobody is known who could be asked: the referrer is anonymous."
UNSAFE = "It is unsafe to write to this referrer."
DECIDED = "Every child whom the referrer named has been decided: there is nothing left to ask for."


def _things(value: object) -> object:
    """Things to ask for, typed one a line."""
    lines = value.splitlines() if isinstance(value, str) else value
    return tuple(filter(None, map(inputs.tidy, lines))) if isinstance(lines, list | tuple) else value


class AskingInput(Input):
    """What a referrer is asked for in writing, one thing a line; the referrer reads it word for word."""

    things: Annotated[tuple[NeededLine, ...], BeforeValidator(_things), Field(min_length=1, max_length=20)]


def ask(act: Act, contact_id: int, data: AskingInput) -> Letter:
    """Writes to the referrer, professional or member of the public, and asks for the things named.

    Raises Refused for an anonymous or unsafe referrer and once every child is decided, NotAllowed.
    """
    contact = act.hold(contact_id)
    if act.repeated:
        return letter_rows.of_contact(act.session, contact_id)[-1]
    act.require(Action.SCREEN)
    act.refuse_letter_in_doubt()
    if why := why_not(act.session, contact):
        raise Refused([why])
    things = tuple(data.things)
    act.note(
        EventKind.INFORMATION_ASKED, f"Referrer asked for: {'; '.join(things)}", about=contact, things=list(things)
    )
    kind, said = MessageKind.MISSING_INFORMATION, writing.Said(asked_for=things)
    return writing.write(act, contact, kind, waiting(act.session, contact), said=said)


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

"""The same call, logged twice: two colleagues took it, or one did not see that it was logged.

It is said, never refused. Local: an hour, and a child who may be one of those just typed, by the points that propose a
possible match.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pathway.engine import permissions
from pathway.engine.actors import Actor
from pathway.engine.children import candidates
from pathway.engine.children.child_input import ChildInput
from pathway.engine.intake import odd_children
from pathway.engine.rulebooks import published_books
from rules.likeness import matching
from rules.likeness.matching import Child
from rules.vocabulary import Action
from storage.queries import draft_rows
from storage.queries.children import restriction_rows
from storage.queries.intake import same_call_rows
from storage.queries.intake.same_call_rows import Logged
from storage.sessions import ReadSession
from storage.tables import Contact, Person, id_of

WITHIN = timedelta(hours=1)
MOST_SAID = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SameCall:
    """A contact that may be the same call: who logged it, and the children who are alike."""

    contact: Contact
    by: str
    children: Sequence[Person]


def of_typed(session: ReadSession, actor: Actor, children: Sequence[ChildInput], *, now: datetime) -> list[SameCall]:
    """What was logged within the last hour about children like these: the latest three."""
    read = [candidates.read(child) for child in odd_children.with_ages(children, said_on=now.date())]
    return _alike(session, actor, read, same_call_rows.since(session, now - WITHIN), now=now)


def of_contact(session: ReadSession, actor: Actor, contact: Contact, *, now: datetime) -> list[SameCall]:
    """What was logged within the hour before this contact about children like its own."""
    start = contact.recorded_at - WITHIN
    mine = same_call_rows.of_contact(session, id_of(contact))
    before = same_call_rows.since(session, start, before_id=id_of(contact))
    return _alike(session, actor, [candidates.read(child) for child in mine], before, now=now)


def _alike(
    session: ReadSession, actor: Actor, mine: Sequence[Child], logged: Sequence[Logged], *, now: datetime
) -> list[SameCall]:
    if not permissions.may(published_books.current(session, now=now).book, actor, Action.READ_RECORD):
        return []
    closed = restriction_rows.closed_to(session, actor.username, now=now)
    found = []
    for one in logged:
        if not closed.isdisjoint(number for number, _ in one.children):
            continue  # the whole contact is closed to whoever types
        numbers = [number for number, told in one.children if _is_like_any(mine, candidates.read(told))]
        if numbers:
            who = draft_rows.name_of(session, one.contact.recorded_by)
            people = [session.get_one(Person, number) for number in dict.fromkeys(numbers)]
            found.append(SameCall(contact=one.contact, by=who, children=people))
    return found[:MOST_SAID]


def _is_like_any(mine: Sequence[Child], told: Child) -> bool:
    return any(matching.likeness(child, told) for child in mine)

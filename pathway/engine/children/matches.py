"""Settling a possible match: an officer says whether two persons are one child, and why. Nobody is joined by it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from pathway.engine import history, permissions, record_access
from pathway.engine.actors import Actor
from pathway.engine.inputs import MatchInput
from pathway.engine.rulebooks import published_books
from rules.errors import NotAllowed, Refused
from rules.vocabulary import Action, EventKind
from storage.queries import contact_rows
from storage.queries.children import match_rows, merge_rows, person_rows
from storage.sessions import WriteSession
from storage.tables import ProposedMatch


def settle(
    session: WriteSession,
    match_id: int,
    data: MatchInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> ProposedMatch:
    """Confirms or declines a proposal, and every other open one between the two children.

    Raises Refused for one that is settled already, NotAllowed, NotFound.
    """
    match = match_rows.get(session, match_id)
    lock_contacts(session, (match.person_id, match.other_person_id))
    match = match_rows.lock(session, match_id)
    if history.done_already(session, request_id):
        return match
    permissions.require(published_books.current(session, now=now).book, actor, Action.SETTLE_MATCH)
    refuse_closed(session, actor, (match.person_id, match.other_person_id))
    if match.settled_at is not None:
        raise Refused([f"This match has been {answer(match)} already, by {match.settled_by}: {match.note}"])
    settle_between(session, match.person_id, match.other_person_id, data, actor=actor, now=now)
    words = "the same child as" if data.same_child else "another child than"
    summary = f"Child {match.person_id} is {words} child {match.other_person_id}: {data.reason}"
    ids = (match.person_id, match.other_person_id)
    tell_history(session, ids, EventKind.MATCH_SETTLED, summary, actor=actor, now=now, request_id=request_id)
    session.flush()
    return match


def lock_contacts(session: WriteSession, person_ids: Collection[int]) -> Sequence[int]:
    """Locks every contact of these children in the order of their numbers, before anything else is locked."""
    found = merge_rows.contacts_of(session, {person_rows.kept_id(session, number) for number in person_ids})
    for contact_id in found:
        contact_rows.lock(session, contact_id)
    return found


def answer(match: ProposedMatch) -> str:
    """How a settled proposal was settled, in a word."""
    return "confirmed" if match.same_child else "declined"


def settle_between(
    session: WriteSession, one_id: int, other_id: int, data: MatchInput, *, actor: Actor, now: datetime
) -> None:
    """Settles the open proposals between two children, and those that were settled otherwise."""
    for match in match_rows.between(session, one_id, other_id):
        if match.same_child is not data.same_child:
            match.settled_at, match.settled_by = now, actor.username
            match.same_child, match.note = data.same_child, data.reason


def refuse_closed(session: WriteSession, actor: Actor, person_ids: Collection[int]) -> None:
    """Raises NotAllowed where the record of one of the children is restricted, and not open to the actor."""
    if refused := record_access.refusal(session, actor, person_ids):
        raise NotAllowed(refused)


def tell_history(
    session: WriteSession,
    person_ids: Collection[int],
    kind: EventKind,
    summary: str,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None,
) -> None:
    """Puts one event on every referral of these children."""
    for person_id in sorted({person_rows.kept_id(session, number) for number in person_ids}):
        for referral in merge_rows.referrals_of(session, person_id):
            history.of_referral(session, referral, kind, summary, actor=actor, now=now, request_id=request_id)
            request_id = None  # one event a token

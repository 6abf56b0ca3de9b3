"""Settling a query on a record: somebody looked into it, and says what was right."""

from __future__ import annotations

from datetime import datetime

from pathway.engine import history, permissions
from pathway.engine.actors import Actor
from pathway.engine.children import matches
from pathway.engine.inputs import QueryInput
from pathway.engine.rulebooks import published_books
from rules.errors import Refused
from rules.vocabulary import Action, EventKind
from storage.queries import contact_rows
from storage.queries.children import oddity_rows, restriction_rows
from storage.sessions import WriteSession
from storage.tables import Query


def settle(
    session: WriteSession,
    query_id: int,
    data: QueryInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Query:
    """Settles a query with a note of what was found out; the record itself is not changed by it.

    Raises Refused for one that is settled already, NotAllowed, NotFound.
    """
    query = oddity_rows.get(session, query_id)
    contact = contact_rows.lock(session, query.contact_id)
    session.refresh(query)
    if history.done_already(session, request_id):
        return query
    permissions.require(published_books.current(session, now=now).book, actor, Action.SCREEN)
    matches.refuse_closed(session, actor, restriction_rows.children_of_contact(session, query.contact_id))
    if query.settled_at is not None:
        raise Refused([f"This query has been settled already, by {query.settled_by}: {query.settled_note}"])
    query.settled_at, query.settled_by, query.settled_note = now, actor.username, data.note
    history.record(
        session,
        EventKind.QUERY_SETTLED,
        summary=f"Query settled ({query.problem.rstrip('.')}): {data.note}",
        actor=actor,
        now=now,
        contact_id=contact.id,
        referral_id=query.referral_id,
        details={"query": query.id, "place": query.place},
        request_id=request_id,
    )
    session.flush()
    return query

"""Settling a query on a record: somebody looked into it, and says what was right."""

from __future__ import annotations

from pathway.engine import record_access
from pathway.engine.act import Act
from pathway.engine.children import persons
from pathway.engine.inputs import Input, NeededText
from rules.errors import Refused
from rules.vocabulary import Action, EventKind
from storage.queries.children import close_birth_rows, oddity_rows, restriction_rows
from storage.tables import Query, Referral, id_of

OF_TWO = "birth date"  # who reads the history may be shut out of the other child's record
NO_LONGER = "The contact was taken off that record: it is about another child."


class QueryInput(Input):
    """What was found out about a query on a record."""

    note: NeededText


def settle(act: Act, query_id: int, data: QueryInput) -> Query:
    """Settles a query with a note of what was found out; the record itself is not changed by it.

    Raises Refused for one that is settled already, NotAllowed, NotFound.
    """
    query = oddity_rows.get(act.session, query_id)
    act.hold(query.contact_id)
    act.session.refresh(query)
    if act.repeated:
        return query
    act.require(Action.SCREEN)
    children = restriction_rows.children_of_contact(act.session, query.contact_id)
    other = close_birth_rows.others(act.session, [query]).get(query_id)
    concerned = {*children, id_of(other)} if other else children
    record_access.require_open(act.session, act.actor, concerned, now=act.now)
    if query.settled_at is not None:
        raise Refused([f"This query has been settled already, by {query.settled_by}: {query.settled_note}"])
    query.settled_at, query.settled_by, query.settled_note = act.now, act.actor.username, data.note
    act.note(
        EventKind.QUERY_SETTLED,
        f"Query settled ({OF_TWO if other else query.problem.rstrip('.')}): {data.note}",
        about=query,
        query=query.id,
        place=query.place,
    )
    act.session.flush()
    return query


def settle_otherwise(act: Act, referral: Referral) -> None:
    """Where a contact no longer stands under a record, nobody need look into what the two say otherwise."""
    place = f"children.{int(referral.ref.rpartition('-')[2]) - 1}."
    for query in oddity_rows.open_about(act.session, referral, said=persons.SAYS):
        if query.referral_id == referral.id or query.place.startswith(place):
            query.settled_at, query.settled_by, query.settled_note = act.now, act.actor.username, NO_LONGER

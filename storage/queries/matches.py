"""Proposals that two persons are one child: of one child, and as a list to be settled; and merges."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, or_, select

from storage.queries import people
from storage.tables import Person, ProposedMatch


def open_of(session: Session, person_id: int) -> Sequence[tuple[ProposedMatch, Person]]:
    """The proposals about this child that nobody has settled, each with the other child, the likeliest first."""
    own = people.joined_with(session, person_id)
    newer, older = col(ProposedMatch.person_id), col(ProposedMatch.other_person_id)
    statement = select(ProposedMatch).where(
        col(ProposedMatch.settled_at).is_(None), or_(newer.in_(own), older.in_(own))
    )
    found = []
    for match in session.exec(statement.order_by(col(ProposedMatch.weight).desc(), col(ProposedMatch.id))):
        other = people.kept_id(session, match.other_person_id if match.person_id in own else match.person_id)
        if other not in own:
            found.append((match, session.get_one(Person, other)))
    return found

"""What a card of the board says of a family: a page of them in a handful of questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, union
from sqlmodel import Session, col, select

from rules.board import DONE_WITH
from rules.vocabulary import ClockState
from storage.queries.board import on_it_rows
from storage.queries.intake import outside_rows
from storage.tables import BoardCard, Check, Clock, Contact, HouseholdLink, OnIt, Person, Referral, id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A contact with the children of it who wait here; ``others`` are those who do not, by number.

    ``clock``: the strictest that runs for them, None where none does. ``checks``: the kinds recorded, by referral.
    ``siblings``: children on record whom contacts named together with these, and who are not of this contact.
    ``to_check_in``: it came from outside and nobody has taken it over.
    """

    card: BoardCard
    contact: Contact
    children: Sequence[tuple[Referral, Person]]
    others: frozenset[int]
    clock: Clock | None
    checks: Mapping[int, frozenset[str]]
    siblings: frozenset[int]
    on_it: OnIt | None
    to_check_in: bool

    @property
    def persons(self) -> frozenset[int]:
        """Every child of the contact, by number."""
        return self.others | {id_of(person) for _, person in self.children}


def families(session: Session, cards: Sequence[BoardCard], *, now: datetime) -> Sequence[Family]:
    """The families of these cards, in their order."""
    numbers = [card.contact_id for card in cards]
    if not numbers:
        return []
    contacts = {one.id: one for one in session.exec(select(Contact).where(col(Contact.id).in_(numbers)))}
    children, others = _children(session, numbers)
    waiting = [id_of(referral) for some in children.values() for referral, _ in some]
    clocks, checks = _clocks(session, waiting), _checks(session, waiting)
    siblings = _siblings(session, {id_of(person) for some in children.values() for _, person in some})
    on_it = on_it_rows.holding(session, numbers, now=now)
    to_check_in = outside_rows.waiting_among(session, numbers)
    return [
        Family(
            card=card,
            contact=contacts[card.contact_id],
            children=children[card.contact_id],
            others=frozenset(others[card.contact_id]),
            clock=clocks.get(card.contact_id),
            checks=checks,
            siblings=_besides(siblings, children[card.contact_id], others[card.contact_id]),
            on_it=on_it.get(card.contact_id),
            to_check_in=card.contact_id in to_check_in,
        )
        for card in cards
    ]


_Children = defaultdict[int, list[tuple[Referral, Person]]]


def _children(session: Session, contact_ids: Collection[int]) -> tuple[_Children, defaultdict[int, set[int]]]:
    statement = select(Referral, Person).join(Person, col(Person.id) == col(Referral.person_id))
    children: _Children = defaultdict(list)
    others: defaultdict[int, set[int]] = defaultdict(set)
    for referral, person in session.exec(
        statement.where(col(Referral.contact_id).in_(contact_ids)).order_by(col(Referral.id))
    ):
        if referral.imported or referral.state in DONE_WITH:
            others[referral.contact_id].add(id_of(person))
        else:
            children[referral.contact_id].append((referral, person))
    return children, others


def _clocks(session: Session, referral_ids: Collection[int]) -> Mapping[int, Clock]:
    """The clock that gave each card its moment, by contact; of several due at once the first."""
    strictest = and_(col(BoardCard.contact_id) == col(Clock.contact_id), col(BoardCard.due_at) == col(Clock.due_at))
    statement = (
        select(Clock)
        .join(BoardCard, strictest)
        .where(col(Clock.referral_id).in_(referral_ids), col(Clock.state) == ClockState.RUNNING)
    )
    found: dict[int, Clock] = {}
    for clock in session.exec(statement.order_by(col(Clock.id))):
        found.setdefault(clock.contact_id, clock)
    return found


def _checks(session: Session, referral_ids: Collection[int]) -> Mapping[int, frozenset[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    statement = select(Check.referral_id, Check.kind).where(col(Check.referral_id).in_(referral_ids))
    for referral_id, kind in session.exec(statement):
        found[referral_id].add(kind)
    return {referral_id: frozenset(kinds) for referral_id, kinds in found.items()}


def _siblings(session: Session, person_ids: Collection[int]) -> Mapping[int, set[int]]:
    """For each child the others whom contacts named together with it; those merged into another count once, there."""
    lower, higher = col(HouseholdLink.person_id), col(HouseholdLink.other_person_id)
    both = union(
        select(lower.label("one"), higher.label("other")).where(lower.in_(person_ids)),
        select(higher.label("one"), lower.label("other")).where(higher.in_(person_ids)),
    ).subquery()
    statement = select(both.c.one, both.c.other, Person.merged_into_id).join(Person, col(Person.id) == both.c.other)
    found: defaultdict[int, set[int]] = defaultdict(set)
    for one, other, kept_id in session.exec(statement):
        found[one].add(kept_id or other)
    return found


def _besides(
    siblings: Mapping[int, set[int]], children: Sequence[tuple[Referral, Person]], others: Collection[int]
) -> frozenset[int]:
    theirs = {id_of(person) for _, person in children}
    return frozenset().union(*(siblings.get(one, set()) for one in theirs)) - theirs - set(others)

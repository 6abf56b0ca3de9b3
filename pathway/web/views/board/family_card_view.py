"""One family's card on the board: what whoever reads it may see, and by what an open page knows that it has changed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pathway.engine.referrers import visible_referrer
from pathway.engine.rulebooks import published_books
from pathway.web import times
from pathway.web.views import household_view
from rules.board import SOON
from rules.pathway import UNDECIDED
from rules.vocabulary import State
from storage.queries.board.family_rows import Family
from storage.sessions import ReadSession
from storage.tables import Contact, Person
from storage.tables.board import NEVER

LEVELS = {"danger": "Immediate danger", "late": "Late", "soon": "Within 4 hours", "later": "Later", "none": "No clock"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads the board; ``closed``: the children whose record is closed to them."""

    username: str
    closed: frozenset[int]
    sees_protected: bool
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyCard:
    """One card. ``contact`` is as the reader may see it; of one that ``is_shut`` nobody and nothing is named.

    ``checks``: how many of how many kinds are recorded for every child who is not decided; None where nobody waits for
    a decision. ``siblings``: how many children of other contacts belong with these.
    """

    family: Family
    contact: Contact
    now: datetime
    is_shut: bool
    is_mine: bool
    kind: str
    checks: tuple[int, int] | None
    siblings: int

    @property
    def ref(self) -> str:
        """The reference of the contact."""
        return self.contact.ref

    @property
    def children(self) -> Sequence[tuple[Person, str]]:
        """Each child who waits, with the age in words, empty where it is not known."""
        return [(person, household_view.age(person.birth_date, self.now)) for _, person in self.family.children]

    @property
    def states(self) -> Sequence[tuple[State, int]]:
        """Where the children stand, and how many there."""
        return [(State(state), n) for state, n in Counter(one.state for one, _ in self.family.children).items()]

    @property
    def due_at(self) -> datetime | None:
        """When the strictest clock is due; None where none runs."""
        return None if self.family.card.due_at == NEVER else self.family.card.due_at

    @property
    def level(self) -> str:
        """A key of ``LEVELS``: how little time there is left."""
        if self.due_at is None:
            return "none"
        left = self.due_at - self.now
        return "late" if self.now >= self.due_at else "soon" if left <= SOON else "later"

    @property
    def in_danger(self) -> bool:
        """True in immediate danger."""
        return self.family.card.rank == 0

    @property
    def level_words(self) -> str:
        """How little time there is left, in words: colour never says it alone."""
        return LEVELS[self.level]

    @property
    def may_be_screened(self) -> bool:
        """True while a child waits for screening."""
        return any(state in (State.RECEIVED, State.SCREENING) for state, _ in self.states)

    @property
    def may_be_decided(self) -> bool:
        """True while a child waits for a decision, in immediate danger before its checks."""
        ready = UNDECIDED if self.in_danger else (State.AWAITING_DECISION,)
        return any(state in ready for state, _ in self.states)

    @property
    def tells(self) -> str:
        """Another one when there is something to tell, as not with each minute that passes."""
        holder = self.family.on_it and (self.family.on_it.username, self.is_mine)
        return _hash(
            self.is_shut, self.level, self.in_danger, self.states, holder, () if self.is_shut else self._about()
        )

    @property
    def mark(self) -> str:
        """Another one whenever the card reads differently."""
        due = times.due(self.due_at, now=self.now) if self.due_at else ""
        until = self.family.on_it and self.family.on_it.until
        return _hash(self.tells, due, until, () if self.is_shut else self._beside())

    def _about(self) -> tuple[object, ...]:
        # Of a family that is closed to the reader not even a hash leaves: names can be tried against it.
        names = [(person.forename, person.surname, age) for person, age in self.children]
        return self.checks, self.family.card.asked_at, self.family.to_check_in, names

    def _beside(self) -> tuple[object, ...]:
        referrer = (self.contact.referrer_name, self.contact.referrer_agency)
        return referrer, self.kind, self.siblings, len(self.family.others)


def _hash(*told: object) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]


def card(session: ReadSession, family: Family, reader: Reader) -> FamilyCard:
    """The card of a family, as somebody may read it."""
    return FamilyCard(
        family=family,
        contact=visible_referrer.as_seen(family.contact, sees=reader.sees_protected),
        now=reader.now,
        is_shut=not family.persons.isdisjoint(reader.closed),
        is_mine=family.on_it is not None and family.on_it.username == reader.username,
        kind=_kind(session, family),
        checks=_checks(session, family),
        siblings=len(family.siblings - reader.closed),
    )


def _kind(session: ReadSession, family: Family) -> str:
    book = published_books.published_of(session, family.children[0][0]).book
    known = book.contact_kinds.get(family.contact.kind)
    return known.title if known else family.contact.kind


def _checks(session: ReadSession, family: Family) -> tuple[int, int] | None:
    undecided = [referral for referral, _ in family.children if referral.state in UNDECIDED]
    needed = {
        (referral.id or 0, rule.kind)
        for referral in undecided
        for rule in published_books.published_of(session, referral).book.checks_for(family.contact.kind)
    }
    kinds = {kind for _, kind in needed}
    missing = {kind for number, kind in needed if kind not in family.checks.get(number, ())}
    return (len(kinds) - len(missing), len(kinds)) if undecided else None

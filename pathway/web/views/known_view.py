"""What one should have read of a child before doing something about it: on its own page, and beside its family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pathway.engine import guard_facts
from pathway.engine.intake import screening
from pathway.engine.rulebooks import published_books
from pathway.engine.rulebooks.published_books import Published
from rules.pathway import UNDECIDED
from rules.rulebook import CheckRule
from storage.queries import record_rows, referral_rows
from storage.queries.children import match_rows, merge_rows, person_rows, split_rows
from storage.queries.decisions import undone_rows
from storage.queries.record_rows import Involvement
from storage.sessions import ReadSession
from storage.tables import (
    Check,
    Contact,
    Decision,
    Person,
    PersonMerge,
    PersonSplit,
    ProposedMatch,
    Referral,
    UndoneDecision,
    id_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One child of a contact: what was said, checked and decided, and what is on record from before.

    ``perhaps``: by child the referrals of those who may be this one. ``undone``: by number of the decision who undid
    it, when and why. ``names``: user names in words.
    """

    referral: Referral
    contact: Contact
    person: Person
    published: Published
    checks: Sequence[Check]
    missing: Sequence[CheckRule]
    owes_checks: bool
    decisions: Sequence[Decision]
    undone: Mapping[int, UndoneDecision]
    earlier: Sequence[Involvement]
    perhaps: Mapping[int, Sequence[Involvement]]
    siblings: Sequence[Involvement]
    matches: Sequence[tuple[ProposedMatch, Person]]
    merges: Sequence[PersonMerge]
    splits: Sequence[PersonSplit]
    names: Mapping[str, str]

    @property
    def is_undecided(self) -> bool:
        """True while this child waits for a decision."""
        return self.referral.state in UNDECIDED

    def outcome_title(self, code: str) -> str:
        """An outcome's title in the referral's own book; the code where that does not know it."""
        outcome = self.published.book.outcomes.get(code)
        return outcome.title if outcome else code

    def level_words(self, code: str) -> str:
        """A level of need in words."""
        words = self.published.book.levels_of_need.get(code, "")
        return f"{code}: {words}" if words else code


def gathered(session: ReadSession, referral: Referral, contact: Contact, names: Mapping[str, str]) -> dict[str, Any]:
    """The fields of ``Known``; ``contact`` as the reader may see it."""
    referral_id = id_of(referral)
    published = published_books.published_of(session, referral)
    group = person_rows.joined_with(session, referral.person_id)
    return {
        "referral": referral,
        "contact": contact,
        "person": session.get_one(Person, referral.person_id),
        "published": published,
        "checks": referral_rows.checks(session, referral_id),
        "missing": guard_facts.checks_owed(session, referral, published),
        "owes_checks": screening.takes_owed_checks(session, referral),
        "decisions": referral_rows.decisions(session, referral_id),
        "undone": undone_rows.of_referrals(session, [referral_id]),
        "earlier": record_rows.involvements(session, [referral.person_id], except_for=referral_id),
        "perhaps": _perhaps(session, referral),
        "siblings": _siblings(session, referral),
        "matches": match_rows.open_of(session, referral.person_id),
        "merges": merge_rows.into(session, group),
        "splits": split_rows.of_persons(session, group),
        "names": names,
    }


def _perhaps(session: ReadSession, referral: Referral) -> dict[int, Sequence[Involvement]]:
    """By child the referrals of those who may be this one, while nobody has said."""
    others = {id_of(other) for _, other in match_rows.open_of(session, referral.person_id)}
    return {other: record_rows.involvements(session, [other], except_for=id_of(referral)) for other in others}


def _siblings(session: ReadSession, referral: Referral) -> Sequence[Involvement]:
    ids = {id_of(person) for person in person_rows.household(session, referral.person_id)}
    return record_rows.involvements(session, ids, except_for=id_of(referral))

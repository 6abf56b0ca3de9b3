"""Two records side by side: what each says, and where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pathway.engine import code_lists
from pathway.engine.rulebooks import published_books
from pathway.web.page_words import child_name, day_words
from rules.likeness import identifiers
from storage.queries import record_rows
from storage.queries.children import match_rows, merge_rows, person_rows
from storage.queries.children.person_rows import EarlierReferral
from storage.sessions import ReadSession
from storage.tables import Person, PersonMerge, ProposedMatch, id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact of both records. ``differs`` is True where both have it and not alike."""

    label: str
    one: str
    other: str

    @property
    def differs(self) -> bool:
        """True where both records have it, and say otherwise."""
        return bool(self.one and self.other) and self.one != self.other


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """One referral of a child, with the title of the outcome that holds."""

    item: EarlierReferral
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two children with everything that is on record under this number."""

    person: Person
    referrals: Sequence[Earlier]

    @property
    def number(self) -> int:
        """The child's number."""
        return id_of(self.person)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchPage:
    """A possible match: the older record on the left, the newer one on the right."""

    match: ProposedMatch
    older: Side
    newer: Side
    facts: Sequence[Fact]
    merge: PersonMerge | None
    in_the_way: Sequence[str]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePage:
    """A merge: the record kept on the left, the merged one on the right, and what was moved."""

    merge: PersonMerge
    kept: Side
    merged: Side
    facts: Sequence[Fact]
    moved: Sequence[str]
    names: Mapping[str, str]


def compare(one: Person, other: Person, *, short: bool = False) -> Sequence[Fact]:
    """What both records say, fact by fact; ``short`` leaves out what tells least."""
    rows = [
        ("Name", child_name(one), child_name(other)),
        ("Birth date", _born(one), _born(other)),
        ("NHS number", _nhs(one), _nhs(other)),
        ("Unique pupil number", one.upn, other.upn),
        ("Address", one.address, other.address),
    ]
    if not short:
        rows += [
            ("Sex", _label(code_lists.SEX, one.sex), _label(code_lists.SEX, other.sex)),
            ("Ethnicity", _label(code_lists.ETHNICITY, one.ethnicity), _label(code_lists.ETHNICITY, other.ethnicity)),
            ("School or nursery", one.school, other.school),
        ]
    facts = [Fact(label=label, one=mine, other=theirs) for label, mine, theirs in rows]
    return [fact for fact in facts if fact.one or fact.other]


def _born(person: Person) -> str:
    if person.birth_date is None and person.due_date is not None:
        return f"due {day_words(person.due_date)}"
    return day_words(person.birth_date)


def _nhs(person: Person) -> str:
    if person.nhs_number:
        return identifiers.show_nhs_number(person.nhs_number)
    return f"{person.nhs_number_unverified} (unverified)" if person.nhs_number_unverified else ""


def _label(name: str, code: str) -> str:
    return code_lists.label(name, code).capitalize() if code else ""


def match_page(session: ReadSession, match_id: int) -> MatchPage:
    """Everything about one possible match. Raises NotFound."""
    match = match_rows.get(session, match_id)
    older, newer = (session.get_one(Person, number) for number in (match.other_person_id, match.person_id))
    return MatchPage(
        match=match,
        older=_side(session, older),
        newer=_side(session, newer),
        facts=compare(older, newer),
        merge=_merge_of(session, older, newer),
        in_the_way=merge_rows.shared_contacts(session, id_of(older), id_of(newer)),
        names=record_rows.names(session),
    )


def merge_page(session: ReadSession, merge_id: int) -> MergePage:
    """Everything about one merge. Raises NotFound."""
    merge = merge_rows.get(session, merge_id)
    kept, merged = (session.get_one(Person, number) for number in (merge.kept_id, merge.merged_id))
    return MergePage(
        merge=merge,
        kept=_side(session, kept),
        merged=_side(session, merged),
        facts=compare(kept, merged),
        moved=[referral.ref for referral in merge_rows.moved(session, merge_id)],
        names=record_rows.names(session),
    )


def _merge_of(session: ReadSession, one: Person, other: Person) -> PersonMerge | None:
    if person_rows.kept_id(session, id_of(one)) != person_rows.kept_id(session, id_of(other)):
        return None
    return merge_rows.standing_of(session, id_of(one)) or merge_rows.standing_of(session, id_of(other))


def _side(session: ReadSession, person: Person) -> Side:
    found = person_rows.referrals_of(session, id_of(person)) if person.merged_into_id is None else []
    return Side(person=person, referrals=[Earlier(item=item, outcome=_outcome(session, item)) for item in found])


def _outcome(session: ReadSession, item: EarlierReferral) -> str:
    if not item.decisions:
        return ""
    code = item.decisions[-1].outcome
    outcome = published_books.published_of(session, item.referral).book.outcomes.get(code)
    return outcome.title if outcome else code

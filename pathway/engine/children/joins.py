"""Which persons on record the children of one contact are, by the rule; nobody is joined by less."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pathway.engine.children import candidates
from rules.likeness import joining, names
from rules.likeness.joining import Around, Fact, Join
from rules.likeness.matching import Child
from storage.queries.children import match_rows, person_rows
from storage.queries.children.person_rows import Known
from storage.sessions import ReadSession, WriteSession
from storage.tables import id_of

EXACTLY = frozenset((Fact.FULL_NAME, Fact.DATE))
_HOPEFUL = Around(household=True)
_ORDER = {rule.name: place for place, rule in enumerate(joining.RULES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One child of a contact, read, with everybody on record who could be that child.

    ``not_these``: those of whom the officer says that they are another child. ``only``: the one of whom the officer
    says that it is this child; whatever the rule says of anybody else, the child does not join them, and neither does
    another child of the contact join that one.
    """

    child: Child
    around: Sequence[Known]
    not_these: frozenset[int] = frozenset()
    only: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The person whom a child joins, and why."""

    person_id: int
    join: Join


def joins(
    session: ReadSession | WriteSession, asked: Sequence[Asked], *, taken: Iterable[int] = ()
) -> list[Joined | None]:
    """For each child of a contact the person on record, or None where it is one of its own.

    ``taken`` are children of the contact already. Twice, as a child who joins tells whose household the others are of.
    """
    contact = _Contact(session=session, asked=asked, taken=set(taken))
    found: list[Joined | None] = [None] * len(asked)
    for _ in range(2):
        for number, one in enumerate(asked):
            if found[number] is None and (joined := contact.best(one)) is not None:
                found[number] = joined
                contact.taken.add(joined.person_id)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contact:
    """The children of one contact, and the persons whom those are that are found."""

    session: ReadSession | WriteSession
    asked: Sequence[Asked]
    taken: set[int]

    def best(self, one: Asked) -> Joined | None:
        """The person whom a child joins, by the strongest rule."""
        judged = ((person_id, self._judged(one, person_id)) for person_id in self._hopeful(one))
        found = [Joined(person_id=person_id, join=join) for person_id, join in judged if join is not None]
        return min(self._without_doubt(one, found), key=_rank, default=None)

    def _without_doubt(self, one: Asked, found: Sequence[Joined]) -> Sequence[Joined]:
        """Where two fit whom somebody has taken apart, the one of the same full name and date, else neither."""
        pairs = match_rows.apart(self.session, [joined.person_id for joined in found]) if len(found) > 1 else set()
        contested = [joined for joined in found if any(joined.person_id in pair for pair in pairs)]
        exact = [joined for joined in contested if self._bears_all(one, joined.person_id)]
        return [joined for joined in found if joined not in contested or [joined] == exact]

    def _bears_all(self, one: Asked, person_id: int) -> bool:
        records = person_rows.records(self.session, person_id)
        return any(joining.facts(one.child, candidates.read(row)) >= EXACTLY for row in records)

    def _hopeful(self, one: Asked) -> list[int]:
        """Those whom the child would join if nothing around spoke against it: few, so that little is asked of them."""
        fits = (known for known in one.around if joining.judge(one.child, [candidates.read(known)], _HOPEFUL))
        spoken_for = {other.only for other in self.asked if other is not one}
        found = {known.kept_id for known in fits} - self.taken - one.not_these - spoken_for
        return sorted(found if one.only is None else found & {one.only})

    def _judged(self, one: Asked, person_id: int) -> Join | None:
        household = person_rows.household(self.session, person_id)
        others = [other.child.birth_date for other in self.asked if other is not one]
        around = Around(
            household=any(id_of(other) in self.taken for other in household),
            twin=_twin(one.child, (*others, *(other.birth_date for other in household))),
            namesake=any(_namesake(one.child, known, person_id) for known in one.around),
        )
        records = person_rows.records(self.session, person_id)
        return joining.judge(one.child, [candidates.read(row) for row in records], around)


def _rank(joined: Joined) -> tuple[int, int, int]:
    return _ORDER[joined.join.rule], -len(joined.join.reasons), joined.person_id


def _twin(child: Child, born: Iterable[date | None]) -> bool:
    mine = child.birth_date
    return mine is not None and any(day is not None and abs((mine - day).days) <= 1 for day in born)


def _namesake(child: Child, known: Known, person_id: int) -> bool:
    other = candidates.read(known)
    bears = names.same(child.forename, other.forename) and names.same(child.surname, other.surname)
    return known.kept_id != person_id and bool(child.forename and child.surname) and bears

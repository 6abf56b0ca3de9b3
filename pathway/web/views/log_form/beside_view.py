"""What stands beside each row of the form: the children on record who may be this one, and the same call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pathway.engine.intake.perhaps_known import Beside
from pathway.engine.intake.same_call import SameCall
from pathway.web import page_words, times
from pathway.web.views import household_view
from rules.words import counted
from storage.tables import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One child on record: whose name the page says, and what is said after it."""

    person: Person
    rest: str
    why: str

    @property
    def number(self) -> int:
        """The child's number."""
        return self.person.id or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A contact that may be the same call, in words around its reference and its children."""

    ref: str
    ago: str
    by: str
    children: Sequence[Person]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Who stands beside each row that was asked about, by the row's number, and which calls may be this one."""

    candidates: Mapping[int, Sequence[Candidate]] = field(default_factory=dict)
    calls: Sequence[Call] = ()


NOBODY = Rows()


def candidates(beside: Sequence[Beside], *, now: datetime) -> Sequence[Candidate]:
    """Such as ``Mia Harlow`` and ``8, 14 Elm Road, open to Jo Brown``."""
    return [Candidate(person=one.facts.person, rest=_rest(one, now), why=one.why) for one in beside]


def _rest(one: Beside, now: datetime) -> str:
    person, latest = one.facts.person, one.facts.latest
    born = household_view.age(person.birth_date, now) or page_words.day_words(person.due_date)
    worker = one.facts.worker
    stands = f"open to {worker}" if worker else latest.state if latest else "no contact that counts"
    return ", ".join(filter(None, (born or "age not known", person.address.split(",")[0].strip(), stands)))


def calls(found: Sequence[SameCall], *, username: str, now: datetime) -> Sequence[Call]:
    """How long ago each was logged, and by whom; one's own as such."""
    return [
        Call(
            ref=one.contact.ref,
            ago=_ago(one.contact.recorded_at, now),
            by="you" if one.contact.recorded_by == username else one.by,
            children=one.children,
        )
        for one in found
    ]


def _ago(then: datetime, now: datetime) -> str:
    minutes = (now - then) // times.MINUTE
    return f"{counted(minutes, 'minute')} ago" if minutes > 1 else "a minute ago"


def spoken(number: int, found: Sequence[Candidate]) -> str:
    """What is read out when the answer for one row has come."""
    if not found:
        return f"Child {number + 1}: nobody on record whom you may see is like this child."
    return f"Child {number + 1}: perhaps known, {counted(len(found), 'record')} to say the same or another of."

"""How timely a period was: decided within 24 hours, told in writing within 48 (plan action 2.1.1, review paragraph 14).

Counted by child. A duty that is not applicable (an anonymous referrer, say) or not yet due counts on neither side.
The facts judge, not what a sweep noticed: the first decision and the first letter against the first due moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from pathway.engine import code_lists
from rules.timing import zones
from rules.timing.zones import LONDON
from rules.vocabulary import ClockState
from storage.queries.reports import timeliness_rows
from storage.queries.reports.timeliness_rows import ChildFacts
from storage.sessions import ReadSession, WriteSession
from storage.tables import Clock

NO_CLOCK = "no version of the rulebook was in force when the contact was received"


class Verdict(StrEnum):
    """How one duty for one child stands at a moment."""

    MET = "met"
    MISSED = "missed"
    NOT_YET_DUE = "not yet due"
    NOT_APPLICABLE = "not applicable"
    NOT_JUDGED = "not judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How many children have which verdict on one duty."""

    met: int = 0
    missed: int = 0
    not_yet_due: int = 0
    not_applicable: int = 0
    not_judged: int = 0

    @property
    def percent(self) -> float | None:
        """Met among met and missed, to a tenth; None where there are neither."""
        judged = self.met + self.missed
        return round(100 * self.met / judged, 1) if judged else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The figures of some of the period's children. ``week`` is a Monday, ``source_code`` the department's code."""

    week: date | None = None
    source_code: str | None = None
    children: int
    decided: Score
    told: Score

    @property
    def source(self) -> str:
        """What the source code means."""
        return code_lists.label(code_lists.REFERRAL_SOURCE, self.source_code or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """One child of the backlog."""

    referral_ref: str
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unjudged:
    """Why one duty for one child can't be judged."""

    referral_ref: str
    duty: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeliness:
    """The contacts received from ``start`` to ``end`` (London days, both included), as things stood at ``as_at``."""

    start: date
    end: date
    as_at: datetime
    contacts: int
    re_referrals: int
    total: Row
    by_week: tuple[Row, ...]
    by_source: tuple[Row, ...]
    by_week_and_source: tuple[Row, ...]
    backlog: tuple[Undecided, ...]
    not_judged: tuple[Unjudged, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    facts: ChildFacts
    week: date
    decided: Verdict
    told: Verdict

    @property
    def source_code(self) -> str:
        return self.facts.contact.source_code


def measure(session: ReadSession | WriteSession, *, start: date, end: date, as_at: datetime) -> Timeliness:
    """Judges every child received on a London day from ``start`` to ``end``, by what was so at ``as_at``."""
    received = timeliness_rows.children_received(
        session, start=_midnight(start), end=_midnight(end + timedelta(days=1))
    )
    children = [_judge(facts, as_at) for facts in received if facts.contact.received_at <= as_at]
    return Timeliness(
        start=start,
        end=end,
        as_at=as_at,
        contacts=len({child.facts.contact.id for child in children}),
        re_referrals=sum(child.facts.referral.re_referral_of_id is not None for child in children),
        total=_row(children),
        by_week=_rows(children, lambda child: (child.week, None)),
        by_source=_rows(children, lambda child: (None, child.source_code)),
        by_week_and_source=_rows(children, lambda child: (child.week, child.source_code)),
        backlog=tuple(_backlog(children, as_at)),
        not_judged=tuple(_unjudged(children)),
    )


def _midnight(day: date) -> datetime:
    return zones.localise(datetime(day.year, day.month, day.day), LONDON)  # noqa: DTZ001 - local by intent


def _judge(facts: ChildFacts, as_at: datetime) -> _Judged:
    day = facts.contact.received_at.astimezone(zones.zone_named(LONDON)).date()
    return _Judged(
        facts=facts,
        week=day - timedelta(days=day.weekday()),
        decided=verdict(facts.decision, facts.decided_at, as_at, unusable=facts.unusable),
        told=verdict(facts.feedback, facts.told_at, as_at, unusable=facts.unusable),
    )


def verdict(clock: Clock | None, met_at: datetime | None, as_at: datetime, *, unusable: str = "") -> Verdict:
    """How a duty stands at ``as_at``: what was done later counts as not done yet."""
    if clock is None:
        return Verdict.NOT_JUDGED
    if clock.state == ClockState.NOT_APPLICABLE:
        return Verdict.NOT_APPLICABLE
    if unusable:
        return Verdict.NOT_JUDGED
    if met_at is not None and met_at <= as_at:
        return Verdict.MET if met_at <= clock.due_at else Verdict.MISSED
    return Verdict.NOT_YET_DUE if as_at < clock.due_at else Verdict.MISSED


def _rows(children: Sequence[_Judged], key: Callable[[_Judged], tuple[date | None, str | None]]) -> tuple[Row, ...]:
    groups: dict[tuple[date | None, str | None], list[_Judged]] = {}
    for child in children:
        groups.setdefault(key(child), []).append(child)
    ordered = sorted(groups.items(), key=lambda item: (item[0][0] or date.min, _code_order(item[0][1] or "")))
    return tuple(_row(group, week=week, source_code=source) for (week, source), group in ordered)


def _code_order(code: str) -> tuple[int, str]:
    digits = "".join(sign for sign in code if sign.isdigit())
    return int(digits or 0), code


def _row(children: Sequence[_Judged], *, week: date | None = None, source_code: str | None = None) -> Row:
    return Row(
        week=week,
        source_code=source_code,
        children=len(children),
        decided=_score(child.decided for child in children),
        told=_score(child.told for child in children),
    )


def _score(verdicts: Iterable[Verdict]) -> Score:
    return Score(**{verdict.name.lower(): count for verdict, count in Counter(verdicts).items()})


def _backlog(children: Sequence[_Judged], as_at: datetime) -> Iterable[Undecided]:
    for child in children:
        decided_at = child.facts.decided_at
        if decided_at is None or decided_at > as_at:
            yield Undecided(referral_ref=child.facts.referral.ref, received_at=child.facts.contact.received_at)


def _unjudged(children: Sequence[_Judged]) -> Iterable[Unjudged]:
    for child in children:
        for duty, found in (("decided", child.decided), ("told", child.told)):
            if found is Verdict.NOT_JUDGED:
                why = child.facts.unusable or NO_CLOCK
                yield Unjudged(referral_ref=child.facts.referral.ref, duty=duty, why=why)

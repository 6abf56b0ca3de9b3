"""The counts of a period, and the rows behind a count: both by one condition, so that they can't differ."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, and_, col, func, not_, or_, select

from rules.figures.derive import ALWAYS
from storage.queries.plans import Unled
from storage.tables import FigureCount, FigureRow, FigureTouch, Person, Referral, User, WhyLate, id_of

Place = tuple[datetime, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is counted: a figure, some of its parts (None: all), from the day ``start`` up to, but not on, ``end``."""

    figure: str
    parts: tuple[str, ...] | None = None
    start: date
    end: date

    def where(self, table: type[FigureRow | FigureCount]) -> Any:
        """The condition, on the rows and on the counts alike."""
        return and_(col(table.figure) == self.figure, *self._narrowed(table))

    def where_few(self) -> Any:
        """The same of rows, where another condition leaves few of them: SQLite would read the period all the same."""
        return and_(Unled(col(FigureRow.figure)) == self.figure, *self._narrowed(FigureRow))

    def _narrowed(self, table: type[FigureRow | FigureCount]) -> Iterator[Any]:
        yield col(table.day) >= self.start
        yield col(table.day) < self.end
        if self.parts is not None:
            yield col(table.part).in_(self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One row behind a figure: the children it is about, why it was late in a code and in words, and who did it."""

    row: FigureRow
    children: Sequence[tuple[Referral, Person]]
    why: WhyLate | None
    by: str

    @property
    def place(self) -> Place:
        """Where the next page begins."""
        return self.row.at, id_of(self.row)


def count(session: Session, wanted: Wanted) -> int:
    """How many rows a figure has."""
    return session.exec(select(func.coalesce(func.sum(FigureCount.change), 0)).where(wanted.where(FigureCount))).one()


def counts(session: Session, start: date, end: date) -> Mapping[tuple[str, str], int]:
    """Every count of a period by figure and part, and those that belong to no day; parts with none are left out."""
    days = or_(and_(col(FigureCount.day) >= start, col(FigureCount.day) < end), col(FigureCount.day) == ALWAYS.date())
    found = func.sum(FigureCount.change)
    statement = select(FigureCount.figure, FigureCount.part, found).where(days)
    rows = session.exec(statement.group_by(col(FigureCount.figure), col(FigureCount.part)))
    return {(figure, part): int(number) for figure, part, number in rows if number}


def by_day(session: Session, wanted: Wanted) -> Mapping[date, int]:
    """The counts of each day; days with none are left out."""
    found = func.sum(FigureCount.change)
    statement = select(col(FigureCount.day), found).where(wanted.where(FigureCount))
    return {day: int(number) for day, number in session.exec(statement.group_by(col(FigureCount.day))) if number}


def any_waiting(session: Session) -> bool:
    """True where a contact has still to be counted again."""
    return session.exec(select(FigureTouch.id).limit(1)).first() is not None


def waiting(session: Session) -> int:
    """How many contacts have still to be counted again."""
    return session.exec(select(func.count(func.distinct(FigureTouch.contact_id)))).one()


def page(
    session: Session, wanted: Wanted, *, closed: Collection[int], after: Place | None = None, limit: int = 50
) -> Sequence[Listed]:
    """The rows behind a figure from a place on, the oldest first; none about a child whose record is ``closed``."""
    statement = select(FigureRow).where(wanted.where(FigureRow), not_(_hidden(closed)))
    if after is not None:
        at, number = after
        later = and_(col(FigureRow.at) == at, col(FigureRow.id) > number)
        statement = statement.where(or_(col(FigureRow.at) > at, later))
    order = (col(FigureRow.day), col(FigureRow.at), col(FigureRow.id))
    return _listed(session, session.exec(statement.order_by(*order).limit(limit)).all())


def hidden(session: Session, wanted: Wanted, *, closed: Collection[int]) -> int:
    """How many rows of a figure are about a child whose record is closed to whoever looks."""
    if not closed:
        return 0
    statement = select(func.count()).select_from(FigureRow).where(wanted.where_few(), _hidden(closed))
    return session.exec(statement).one()


def _hidden(closed: Collection[int]) -> Any:
    """A row about one of these children; one about a whole contact where it is about one of them.

    The contact is asked of both: by its key the few rows are found without reading the period.
    """
    of_them = col(Referral.person_id).in_(closed)
    child = col(FigureRow.referral_id).in_(select(Referral.id).where(of_them))
    contact = col(FigureRow.contact_id).in_(select(Referral.contact_id).where(of_them))
    return and_(contact, or_(col(FigureRow.referral_id).is_(None), child))


def _listed(session: Session, rows: Sequence[FigureRow]) -> Sequence[Listed]:
    children = _children(session, {row.contact_id for row in rows})
    whys = _whys(session, {row.clock_id for row in rows if row.clock_id is not None})
    names = _names(session, {row.done_by for row in rows if row.done_by})
    return [
        Listed(
            row=row,
            children=[
                (referral, person)
                for referral, person in children.get(row.contact_id, [])
                if row.referral_id in (None, referral.id)
            ],
            why=whys.get(row.clock_id or 0),
            by=names.get(row.done_by, row.done_by),
        )
        for row in rows
    ]


def _children(session: Session, contact_ids: Collection[int]) -> Mapping[int, Sequence[tuple[Referral, Person]]]:
    statement = select(Referral, Person).join(Person, col(Person.id) == col(Referral.person_id))
    statement = statement.where(col(Referral.contact_id).in_(contact_ids), col(Referral.set_aside_at).is_(None))
    found: dict[int, list[tuple[Referral, Person]]] = {}
    for referral, person in session.exec(statement.order_by(col(Referral.id))):
        found.setdefault(referral.contact_id, []).append((referral, person))
    return found


def _whys(session: Session, clock_ids: Collection[int]) -> Mapping[int, WhyLate]:
    statement = select(WhyLate).where(col(WhyLate.clock_id).in_(clock_ids)).order_by(col(WhyLate.id))
    return {one.clock_id: one for one in session.exec(statement)}


def _names(session: Session, usernames: Collection[str]) -> Mapping[str, str]:
    statement = select(User.username, User.name).where(col(User.username).in_(usernames))
    return dict(session.exec(statement).all())

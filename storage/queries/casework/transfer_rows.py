"""Transfers of children between workers and teams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select as rows_of
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from rules.errors import NotFound
from storage.tables import Person, Referral, Team, Transfer, Worker

LARGEST = 2**31 - 1
_GIVER, _TAKER = aliased(Worker), aliased(Worker)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One transfer with its child, from whom, and to whom; ``to_worker`` is empty where a team is to choose."""

    transfer: Transfer
    referral: Referral
    person: Person
    from_worker: str
    to_team: str
    to_worker: str

    @property
    def waits(self) -> bool:
        """True while it is neither complete nor refused."""
        return self.transfer.completed_at is None and self.transfer.refused_at is None

    @property
    def to(self) -> str:
        """Whoever is to take the child."""
        return f"{self.to_worker}, {self.to_team}" if self.to_worker else self.to_team


def open_of(session: Session, referral_id: int) -> Transfer | None:
    """The transfer of a referral that is neither complete nor refused, or None."""
    statement = select(Transfer).where(
        col(Transfer.referral_id) == referral_id,
        col(Transfer.completed_at).is_(None),
        col(Transfer.refused_at).is_(None),
    )
    return session.exec(statement).one_or_none()


def find(session: Session, transfer_id: int) -> Transfer:
    """The transfer. Raises NotFound."""
    found = session.get(Transfer, transfer_id, populate_existing=True) if 0 < transfer_id <= LARGEST else None
    if found is None:
        raise NotFound(f"There is no transfer {transfer_id}; open the referral again.")
    return found


def latest_of(session: Session, referral_id: int) -> Transfer | None:
    """The last transfer of a referral, however it ended, or None."""
    statement = select(Transfer).where(col(Transfer.referral_id) == referral_id).order_by(col(Transfer.id).desc())
    return session.exec(statement.limit(1)).first()


def open_lines(session: Session, *, limit: int) -> Sequence[Line]:
    """The transfers that wait, the longest waiting first."""
    statement = _lines().where(col(Transfer.completed_at).is_(None), col(Transfer.refused_at).is_(None))
    return _read(session, statement.order_by(col(Transfer.proposed_at), col(Transfer.id)).limit(limit))


def open_of_worker(session: Session, worker_id: int) -> Sequence[Line]:
    """The transfers that wait and would take a child from this worker, or give the worker one."""
    statement = _lines().where(
        col(Transfer.completed_at).is_(None),
        col(Transfer.refused_at).is_(None),
        (col(Transfer.from_worker_id) == worker_id) | (col(Transfer.to_worker_id) == worker_id),
    )
    return _read(session, statement.order_by(col(Transfer.proposed_at), col(Transfer.id)))


def open_line(session: Session, referral_id: int) -> Line | None:
    """The transfer of a referral that waits, with whom it concerns, or None."""
    return next((line for line in lines_of(session, referral_id) if line.waits), None)


def lines_of(session: Session, referral_id: int) -> Sequence[Line]:
    """Every transfer of a referral, oldest first."""
    return _read(session, _lines().where(col(Transfer.referral_id) == referral_id).order_by(col(Transfer.id)))


def _lines() -> Any:
    columns: tuple[Any, ...] = (Transfer, Referral, Person, _GIVER.name, Team.name, _TAKER.name)
    return (
        rows_of(*columns)
        .join(Referral, col(Referral.id) == col(Transfer.referral_id))
        .join(Person, col(Person.id) == col(Referral.person_id))
        .join(_GIVER, col(_GIVER.id) == col(Transfer.from_worker_id))
        .join(Team, col(Team.id) == col(Transfer.to_team_id))
        .outerjoin(_TAKER, col(_TAKER.id) == col(Transfer.to_worker_id))
    )


def _read(session: Session, statement: Any) -> Sequence[Line]:
    return [
        Line(
            transfer=transfer,
            referral=referral,
            person=person,
            from_worker=giver,
            to_team=team,
            to_worker=taker or "",
        )
        for transfer, referral, person, giver, team, taker in session.exec(statement)
    ]

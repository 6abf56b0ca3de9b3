"""The first page of those whose day does not begin with the board: what waits for each of their roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pathway.engine.actors import Actor
from pathway.engine.casework import caseloads, transfer_sides
from pathway.engine.casework.caseloads import Load
from pathway.web import times
from rules.messages import MessageState
from storage.queries.board.part_rows import Count, Families, Part
from storage.queries.casework import allocation_list_rows, my_children_rows
from storage.queries.casework.my_children_rows import Mine
from storage.queries.letters import message_rows
from storage.queries.staff import staff_rows
from storage.sessions import ReadSession
from storage.tables import Worker, id_of

ON_THE_BOARD = (
    (Part.DANGER, "Families in immediate danger"),
    (Part.LATE, "Families late"),
    (Part.SOON, "Families due within 4 hours"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A counter that is a link; without a count it is the link alone."""

    words: str
    path: str
    count: Count | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWork:
    """What a social worker holds, and which children have something due before next Monday."""

    held: int
    due: Sequence[Mine]


def own_work(session: ReadSession, actor: Actor, *, now: datetime) -> OwnWork | None:
    """That of whoever is a worker, None for anybody else."""
    worker = transfer_sides.worker_of(session, actor)
    if worker is None:
        return None
    children = my_children_rows.of_worker(session, id_of(worker))
    end = end_of_week(now)
    return OwnWork(held=len(children), due=[one for one in children if one.clocks and one.clocks[0].due_at < end])


def end_of_week(now: datetime) -> datetime:
    """The midnight with which next Monday begins, in London."""
    there = times.local(now)
    monday = there.date() + timedelta(days=7 - there.weekday())
    return datetime(monday.year, monday.month, monday.day, tzinfo=there.tzinfo)


def own_team(session: ReadSession, actor: Actor) -> int | None:
    """The team that somebody manages; None for whoever manages every team, or none."""
    user = staff_rows.user(session, actor.username)
    return user.team_id if user else None


def to_allocate(session: ReadSession, team_id: int | None) -> Sequence[Tile]:
    """Children without a worker, those of the own team first."""
    own = [_waiting(session, "To allocate in your team", team_id)] if team_id is not None else []
    return [*own, _waiting(session, "To allocate in all teams", None)]


def _waiting(session: ReadSession, words: str, team_id: int | None) -> Tile:
    _, count = allocation_list_rows.waiting(session, team_id=team_id, offset=0, limit=1)
    path = "/allocations" if team_id is None else f"/allocations?team={team_id}"
    return Tile(words=words, path=path, count=Count(number=count))


def over_the_limit(session: ReadSession, team_id: int | None, *, now: datetime) -> Sequence[tuple[Worker, str, Load]]:
    """The workers of a team, or of all, who hold more children than the limit allows, with the team's name."""
    found = [
        (worker, team.name, caseloads.load_of(session, worker, now=now))
        for worker, team, children in staff_rows.workers(session)
        if children and team_id in (None, team.id)
    ]
    return [one for one in found if one[2].over]


def on_the_board(session: ReadSession, *, now: datetime) -> Sequence[Tile]:
    """What the board counts, for those who may open it."""
    return [
        Tile(words=words, path=f"/board?show={part}", count=Families(part, now).count(session))
        for part, words in ON_THE_BOARD
    ]


def of_the_system(session: ReadSession) -> Sequence[Tile]:
    """What an administrator sees to."""
    refused = Count(number=message_rows.counts(session)[MessageState.REFUSED])
    return [
        Tile(words="E-mails refused by the mail server", path="/outbox?state=refused", count=refused),
        Tile(words="People, teams and workers", path="/people"),
        Tile(words="Settings", path="/settings"),
    ]

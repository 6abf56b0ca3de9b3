"""Teams and workers: added, changed and let go. Each change stands in the history."""

from __future__ import annotations

from collections.abc import Mapping

from notifications import addresses
from pathway.engine.act import Act
from pathway.engine.inputs import Input, Line, NeededLine, Number
from pathway.engine.staff import accounts, held, leaving
from pathway.engine.staff.held import HandedOver
from rules.errors import Fault, InvalidInput, NotFound, Refused
from rules.vocabulary import Action, EventKind
from rules.words import counted
from storage.queries.staff import staff_rows, team_rows
from storage.sessions import WriteSession
from storage.tables import Team, User, Worker, id_of

LARGEST = 2**31 - 1
BACK_FIRST = "Take them back first, with `pathway user change NAME --back`, or leave the user name empty"
NO_WORKER = "There is no worker with the number {}; open the list of people again."


class TeamInput(Input):
    """A team: its name, and whether it still works."""

    name: NeededLine
    active: bool = True


class WorkerInput(Input):
    """A worker who can hold children; ``username`` is empty for none.

    ``full_time_equivalent`` is 1 for full time; the caseload limit follows.
    """

    name: NeededLine
    email: NeededLine
    team_id: Number
    full_time_equivalent: float = 1.0
    username: Line = ""
    active: bool = True


def add_team(act: Act, data: TeamInput) -> Team:
    """Adds a team. Raises InvalidInput for a name that another has, NotAllowed."""
    act.require(Action.ADMINISTER)
    if act.repeated and (there := staff_rows.team(act.session, data.name)):
        return there
    _refuse_taken(act.session, data, None)
    team = accounts.add_team(act.session, name=data.name)
    _record(act, f"Team {team.name} added")
    return team


def change_team(act: Act, team_id: int, data: TeamInput) -> Team:
    """Renames a team, lets it go or takes it back. Raises Refused while anybody or any child is in it.

    Raises InvalidInput for a name that another has, NotAllowed, NotFound.
    """
    act.require(Action.ADMINISTER)
    team = team_rows.lock(act.session, team_id)
    if act.repeated:
        return team
    _refuse_taken(act.session, data, team)
    if team.active and not data.active:
        _refuse_leaving_team(act.session, team)
    if (team.name, team.active) == (data.name, data.active):
        return team
    was, team.name, team.active = team.name, data.name, data.active
    renamed = f", before: {was}" if was != team.name else ""
    _record(act, f"Team {team.name}{renamed}{'' if team.active else ', let go'}")
    act.session.flush()
    return team


def add_worker(act: Act, data: WorkerInput) -> Worker:
    """Adds a worker to a team. Raises InvalidInput naming each field, NotAllowed."""
    act.require(Action.ADMINISTER)
    if act.repeated and (there := staff_rows.worker(act.session, data.name, data.team_id)):
        return there
    user = _checked(act.session, data, None)
    team = staff_rows.team_by_id(act.session, data.team_id)
    worker = accounts.add_worker(
        act.session,
        name=data.name,
        email=data.email,
        team=team,
        full_time_equivalent=data.full_time_equivalent,
        user=user,
    )
    _record(act, f"Worker {worker.name} added to {team.name}: {_hours(worker)}")
    return worker


def change_worker(act: Act, worker_id: int, data: WorkerInput) -> Worker:
    """Changes a worker's name, address, team, hours and user name, lets the worker go, or takes the worker back.

    Who is to go is let go as they are: nothing else is changed, and nothing refuses it. Raises InvalidInput naming each
    field, NotAllowed, NotFound.
    """
    act.require(Action.ADMINISTER)
    if not data.active:
        let_go(act, worker_id)
    worker = find_worker(act.session, worker_id)
    if act.repeated or not data.active:
        return worker
    user = _checked(act.session, data, worker)
    before = worker.model_dump()
    worker.name, worker.email, worker.team_id = data.name, data.email, data.team_id
    worker.full_time_equivalent, worker.active = data.full_time_equivalent, data.active
    worker.user_id = id_of(user) if user else None
    if worker.model_dump() == before:
        return worker
    team = act.session.get_one(Team, worker.team_id)
    _record(act, f"Worker {worker.name}, {team.name}: {_hours(worker)}")
    act.session.flush()
    return worker


def let_go(act: Act, worker_id: int, to: Mapping[str, str] = held.TO_NOBODY) -> HandedOver:
    """Lets a worker go, whatever they hold: that goes ``to`` others, else to the lists. Raises NotAllowed, NotFound."""
    act.require(Action.ADMINISTER)
    worker = act.session.get(Worker, worker_id) if 0 < worker_id <= LARGEST else None
    if worker is None:
        raise NotFound(NO_WORKER.format(worker_id))
    if act.repeated:
        return HandedOver()
    leaver = held.of_worker(worker)
    holds = held.lock(act, leaver)
    if worker.active:
        team = act.session.get_one(Team, worker.team_id)
        _record(act, f"Worker {worker.name}, {team.name}: {_hours(worker)}, let go")
    worker.active = False
    act.session.flush()
    return leaving.hand_over(act, leaver, holds, to)


def find_worker(session: WriteSession, worker_id: int) -> Worker:
    """The worker, locked, active or not, so that nobody is given a child meanwhile. Raises NotFound."""
    worker = staff_rows.lock_worker_for_review(session, worker_id) if 0 < worker_id <= LARGEST else None
    if worker is None:
        raise NotFound(NO_WORKER.format(worker_id))
    return worker


def _refuse_taken(session: WriteSession, data: TeamInput, team: Team | None) -> None:
    there = staff_rows.team(session, data.name)
    if there is not None and (team is None or there.id != team.id):
        gone = "" if there.active else ", which was let go: take it back instead"
        raise InvalidInput.of("name", f"There is a team {data.name} already{gone}", "Choose another name")


def _refuse_leaving_team(session: WriteSession, team: Team) -> None:
    inside = team_rows.inside(session, id_of(team))
    why = [
        f"{counted(number, *words)} {team.name}. {remedy}"
        for number, words, remedy in (
            (inside.workers, ("worker is in", "workers are in"), "Move them to another team, or let them go."),
            (inside.children, ("child is with", "children are with"), "Give them to a worker or another team first."),
            (inside.transfers, ("transfer waits for", "transfers wait for"), "Refuse or complete them first."),
            (inside.managers, ("manager manages", "managers manage"), "Give them another team first, or none."),
        )
        if number
    ]
    if why:
        raise Refused(why)


def _checked(session: WriteSession, data: WorkerInput, worker: Worker | None) -> User | None:
    """The user as whom the worker signs in, or None. Raises InvalidInput naming each field."""
    faults = []
    if not addresses.usable(data.email):
        remedy = "Give the address to which alerts go"
        faults.append(Fault(place="email", problem=f"{data.email!r} can't be written to", remedy=remedy))
    if not 0 < data.full_time_equivalent <= 1:
        remedy = "Give 1 for full time, 0.5 for half time"
        problem = "Working hours lie between 0 and 1"
        faults.append(Fault(place="full_time_equivalent", problem=problem, remedy=remedy))
    team = session.get(Team, data.team_id) if 0 < data.team_id <= LARGEST else None
    if team is None or not (team.active or (worker is not None and worker.team_id == team.id)):
        faults.append(Fault(place="team_id", problem="There is no such team", remedy="Choose one from the list"))
    elif (there := staff_rows.worker(session, data.name, data.team_id)) and (worker is None or there.id != worker.id):
        gone = "" if there.active else ", who was let go: take that one back instead"
        remedy = "Add a middle name or initial"
        faults.append(Fault(place="name", problem=f"{team.name} has a worker {data.name} already{gone}", remedy=remedy))
    user = staff_rows.user(session, data.username) if data.username else None
    faults += _user_faults(session, data, worker, user)
    if faults:
        raise InvalidInput(faults)
    return user


def _user_faults(session: WriteSession, data: WorkerInput, worker: Worker | None, user: User | None) -> list[Fault]:
    if not data.username or not data.active:
        return []
    remedy = "Give the user name of somebody who signs in, or leave it empty"
    if user is None:
        return [Fault(place="username", problem=f"There is no user {data.username}", remedy=remedy)]
    if not user.active:
        return [Fault(place="username", problem=f"{data.username} no longer works here", remedy=BACK_FIRST)]
    there = staff_rows.worker_of_user(session, data.username)
    if there is not None and (worker is None or there.id != worker.id):
        return [Fault(place="username", problem=f"{data.username} is the worker {there.name} already", remedy=remedy)]
    return []


def _hours(worker: Worker) -> str:
    full = worker.full_time_equivalent
    return "full time" if full == 1 else f"{full:g} of full time"


def _record(act: Act, summary: str) -> None:
    act.note(EventKind.STAFF_CHANGED, summary, about=None)

"""``pathway team``: teams and workers listed, changed and let go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from pathway.cli import opening
from pathway.cli.acting_as import By, acting, team_called, user_called
from pathway.cli.speech import say, say_all
from pathway.cli.staff import handing_over
from pathway.cli.staff.handing_over import To
from pathway.engine.inputs import parse
from pathway.engine.staff import accounts, team_changes
from pathway.engine.staff.team_changes import TeamInput, WorkerInput
from rules.errors import InvalidInput, NotFound
from rules.words import counted
from storage.queries.staff import staff_rows, team_rows
from storage.queries.staff.team_rows import Inside, WorkerLine
from storage.sessions import WriteSession
from storage.tables import Team, User, Worker, id_of

team_app = typer.Typer()

Email = Annotated[str, typer.Option("--email", help="Where what is about their children goes.")]
InTeam = Annotated[str, typer.Option("--team", help="The team's name; see `pathway team list`.")]
Hours = Annotated[float, typer.Option("--full-time", help="1 for full time, 0.5 for half; the caseload limit follows.")]
Username = Annotated[str | None, typer.Option("--user", help="The worker's user name, where they sign in.")]
WorkerName = Annotated[str, typer.Argument(help="The worker's full name.", show_default=False)]
TeamName = Annotated[str, typer.Argument(help="The team's name.", show_default=False)]
NewName = Annotated[str, typer.Option("--name", help="Another name.")]
NewEmail = Annotated[str, typer.Option("--email", help="Another address.")]
NewHours = Annotated[float | None, typer.Option("--full-time", help="Other hours: 1 for full time, 0.5 for half.")]


@team_app.command("list")
def list_teams() -> None:
    """List the teams, and the workers of each with their hours and children.

    \b
    Example:
      pathway team list
    """
    with opening.existing_database(opening.load()) as database, database.read() as session:
        workers = team_rows.every_worker(session)
        for team, inside in team_rows.every_team(session):
            say(_team_line(team, inside))
            say_all(_worker_line(line) for line in workers if line.team.id == team.id)


def _team_line(team: Team, inside: Inside) -> str:
    gone = "" if team.active else " (let go)"
    waiting = f", {counted(inside.children, 'child', 'children')} without a worker" if inside.children else ""
    return f"{team.name}{gone}: {counted(inside.workers, 'worker')}{waiting}"


def _worker_line(line: WorkerLine) -> str:
    full = line.worker.full_time_equivalent
    hours = "full time" if full == 1 else f"{full:g} of full time"
    gone = "" if line.worker.active else " (let go)"
    user = f", signs in as {line.username}" if line.username else ""
    return f"  {line.worker.name}{gone}: {hours}, {counted(line.children, 'child', 'children')}{user}"


@team_app.command("add")
def add_team(name: TeamName) -> None:
    """Add a team of workers.

    \b
    Example:
      pathway team add 'Assessment team'
    """
    if not name.strip():
        raise InvalidInput.of("NAME", "The team's name is blank", "Give it a name")
    with opening.database(opening.load()) as database, database.write() as session:
        accounts.add_team(session, name=name.strip())
    say(f"There is a team {name.strip()}.")


@team_app.command("rename")
def rename_team(
    team: TeamName, name: Annotated[str, typer.Argument(help="The new name.", show_default=False)], *, by: By = ""
) -> None:
    """Give a team another name.

    \b
    Example:
      pathway team rename 'Assessment team' 'Assessment team North'
    """
    with acting(by) as act:
        found = team_called(act.session, team.strip())
        data = parse(TeamInput, {"name": name, "active": found.active})
        team_changes.change_team(act, id_of(found), data)
    say(f"{team.strip()} is {data.name} now.")


@team_app.command("let-go")
def let_go(
    team: TeamName,
    *,
    worker: Annotated[str, typer.Option("--worker", help="One worker of it; the team itself if left out.")] = "",
    back: Annotated[bool, typer.Option("--back", help="The other way: take them back.")] = False,
    to: To = None,
    by: By = "",
) -> None:
    """Let a worker go, or a whole team. They stay in the history, and are given no more children.

    The children of a worker go to whom you name with --to, else to the allocation list. A team is let go when nobody is
    in it and no child with it.

    \b
    Examples:
      pathway team let-go 'Assessment team' --worker 'Sam Okoro'
      pathway team let-go 'Assessment team'
      pathway team let-go 'Assessment team' --worker 'Sam Okoro' --back
    """
    done: Sequence[str] = ()
    if back or not worker.strip():
        handing_over.refuse_alone(to, "--worker, and without --back")
    with acting(by) as act:
        found = team_called(act.session, team.strip())
        if worker.strip() and not back:
            letting_go = id_of(_worker_called(act.session, worker.strip(), found))
            done = handing_over.worker_goes(act, letting_go, to or [])
        elif worker.strip():
            one = _worker_called(act.session, worker.strip(), found)
            team_changes.change_worker(act, id_of(one), _as_it_is(act.session, one).model_copy(update={"active": True}))
        else:
            team_changes.change_team(act, id_of(found), TeamInput(name=found.name, active=back))
    who = worker.strip() or found.name
    say(f"{who} is back." if back else f"{who} is let go, and stays in the history.")
    say_all(done)


@team_app.command("add-worker")
def add_worker(name: WorkerName, *, team: InTeam, email: Email, full_time: Hours = 1.0, user: Username = None) -> None:
    """Add a worker who can hold children.

    \b
    Example:
      pathway team add-worker 'Sam Okoro' --team 'Assessment team' --email sam@example.org --full-time 0.5
    """
    with opening.database(opening.load()) as database, database.write() as session:
        accounts.add_worker(
            session,
            name=name,
            email=email,
            team=team_called(session, team),
            full_time_equivalent=full_time,
            user=user_called(session, user) if user else None,
        )
    say(f"Added {name} to {team}.")


@team_app.command("change-worker")
def change_worker(
    worker: WorkerName,
    *,
    team: InTeam,
    name: NewName = "",
    email: NewEmail = "",
    full_time: NewHours = None,
    by: By = "",
) -> None:
    """Change a worker's name, address or hours. What you leave out stays as it is.

    \b
    Example:
      pathway team change-worker 'Sam Okoro' --team 'Assessment team' --full-time 0.6
    """
    changes = {"name": name.strip(), "email": email.strip(), "full_time_equivalent": full_time}
    _change(worker, team, {field: value for field, value in changes.items() if value not in ("", None)}, by=by)
    say(f"Worker {name.strip() or worker.strip()}: saved.")


@team_app.command("move-worker")
def move_worker(
    worker: WorkerName,
    *,
    team: InTeam,
    to: Annotated[str, typer.Option("--to", help="The other team.", show_default=False)],
    by: By = "",
) -> None:
    """Move a worker to another team, with all children.

    \b
    Example:
      pathway team move-worker 'Sam Okoro' --team 'Assessment team' --to 'Court team'
    """
    _change(worker, team, {"team": to.strip()}, by=by)
    say(f"{worker.strip()} is in {to.strip()} now.")


@team_app.command("link-worker")
def link_worker(
    name: WorkerName,
    *,
    team: InTeam,
    user: Annotated[str, typer.Option("--user", help="The user name with which the worker signs in.")],
) -> None:
    """Say as whom a worker signs in, who then sees "My children".

    \b
    Example:
      pathway team link-worker 'Sam Okoro' --team 'Assessment team' --user sam.okoro
    """
    with opening.database(opening.load()) as database, database.write() as session:
        found = staff_rows.workers_called(session, name.strip(), team)
        if not found:
            raise NotFound(f"{team} has no active worker {name.strip()}. Add one with: pathway team add-worker")
        accounts.link_worker(session, found[0][0], user_called(session, user))
    say(f"{name.strip()} signs in as {user}.")


def _change(worker: str, team: str, changes: dict[str, Any], *, by: str) -> None:
    with acting(by) as act:
        found = _worker_called(act.session, worker.strip(), team_called(act.session, team.strip()))
        if to := changes.pop("team", ""):
            changes["team_id"] = id_of(team_called(act.session, to))
        as_it_is = _as_it_is(act.session, found).model_dump()
        team_changes.change_worker(act, id_of(found), parse(WorkerInput, as_it_is | changes))


def _as_it_is(session: WriteSession, worker: Worker) -> WorkerInput:
    user = session.get_one(User, worker.user_id).username if worker.user_id is not None else ""
    typed = worker.model_dump(include={"name", "email", "team_id", "full_time_equivalent", "active"})
    return WorkerInput(**typed, username=user)


def _worker_called(session: WriteSession, name: str, team: Team) -> Worker:
    found = staff_rows.worker(session, name, id_of(team))
    if found is None:
        raise NotFound(f"{team.name} has no worker {name}. See: pathway team list")
    return found

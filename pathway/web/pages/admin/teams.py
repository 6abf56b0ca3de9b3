"""Teams and workers: the forms to add one, to change it and to let it go. They are listed with the people."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from pathway.engine import inputs
from pathway.engine.staff import team_changes
from pathway.engine.staff.team_changes import TeamInput, WorkerInput
from pathway.web import forms, typed
from pathway.web.forms import Form, Posted
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, NotFound, Refused
from storage.queries.staff import staff_rows
from storage.tables import Team, User, Worker, id_of

PATH = "/people"


def new_team(visit: Here) -> Response:
    """The form for a new team."""
    return visit.page("team_form.html", form=forms.fresh(), team=None)


def add_team(visit: Here, form: Posted) -> Response:
    """Adds a team."""
    try:
        data = inputs.parse(TeamInput, {"name": form.get("name")})
        visit.change(lambda act: team_changes.add_team(act, data), token=form.token)
    except (InvalidInput, Refused) as error:
        return visit.page("team_form.html", status=error.status, form=form.refused(error), team=None)
    return visit.go(PATH, notice="team-added")


def one_team(visit: Here, team_id: int) -> Response:
    """The form for one team."""
    team = _team(visit, team_id)
    fresh = forms.fresh(name=team.name)
    return visit.page("team_form.html", form=_ticked(fresh, active=team.active), team=team)


def change_team(visit: Here, team_id: int, form: Posted) -> Response:
    """Renames a team, lets it go or takes it back."""
    team = _team(visit, team_id)
    try:
        data = inputs.parse(TeamInput, {"name": form.get("name"), "active": form.has("active", "yes")})
        visit.change(lambda act: team_changes.change_team(act, team_id, data), token=form.token)
    except (InvalidInput, Refused) as error:
        return visit.page("team_form.html", status=error.status, form=form.refused(error), team=team)
    return visit.go(PATH, notice="team-changed")


def new_worker(visit: Here) -> Response:
    """The form for a new worker."""
    return _worker_form(visit, forms.fresh(full_time_equivalent="1"), None)


def add_worker(visit: Here, form: Posted) -> Response:
    """Adds a worker."""
    try:
        data = _worker_input(form, active=True)
        visit.change(lambda act: team_changes.add_worker(act, data), token=form.token)
    except (InvalidInput, Refused) as error:
        return _worker_form(visit, form.refused(error), None, status=error.status)
    return visit.go(PATH, notice="worker-added")


def one_worker(visit: Here, worker_id: int) -> Response:
    """The form for one worker."""
    with visit.reading() as session:
        worker = _worker(session.get(Worker, min(worker_id, typed.LARGEST)))
        user = session.get(User, worker.user_id) if worker.user_id is not None else None
    fresh = forms.fresh(
        name=worker.name,
        email=worker.email,
        team_id=str(worker.team_id),
        full_time_equivalent=f"{worker.full_time_equivalent:g}",
        username=user.username if user else "",
    )
    return _worker_form(visit, _ticked(fresh, active=worker.active), worker)


def change_worker(visit: Here, worker_id: int, form: Posted) -> Response:
    """Changes a worker, lets the worker go or takes the worker back."""
    with visit.reading() as session:
        worker = _worker(session.get(Worker, min(worker_id, typed.LARGEST)))
    try:
        data = _worker_input(form, active=form.has("active", "yes"))
        visit.change(lambda act: team_changes.change_worker(act, worker_id, data), token=form.token)
    except (InvalidInput, Refused) as error:
        return _worker_form(visit, form.refused(error), worker, status=error.status)
    return visit.go(PATH, notice="worker-changed")


def _worker_input(form: Form, *, active: bool) -> WorkerInput:
    """What was typed. Raises InvalidInput naming each field."""
    texts: dict[str, Any] = {name: form.get(name) for name in ("name", "email", "full_time_equivalent", "username")}
    return inputs.parse(WorkerInput, texts | {"team_id": typed.whole(form.get("team_id")), "active": active})


def _ticked(form: Form, *, active: bool) -> Form:
    return Form(values={**form.values, "active": ("yes",) if active else ()})


def _team(visit: Visit, team_id: int) -> Team:
    with visit.reading() as session:
        found = session.get(Team, min(team_id, typed.LARGEST))
    if found is None:
        raise NotFound("There is no such team; open the list of people again.")
    return found


def _worker(found: Worker | None) -> Worker:
    if found is None:
        raise NotFound("There is no such worker; open the list of people again.")
    return found


def _worker_form(visit: Visit, form: Form, worker: Worker | None, *, status: int = 200) -> Response:
    with visit.reading() as session:
        teams = [(str(id_of(team)), team.name) for team in staff_rows.teams(session)]
    return visit.page("worker_form.html", status=status, form=form, worker=worker, teams=teams)

"""Who works here: the list, the form for one person, and a new password."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from pathway.engine import inputs
from pathway.engine.staff import account_changes
from pathway.engine.staff.account_changes import NewUserInput, UserInput
from pathway.web import forms, password_strength, passwords, typed
from pathway.web.forms import Form, Posted
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, NotFound, Refused
from rules.vocabulary import Role
from storage.queries.staff import staff_list_rows, staff_rows, team_rows
from storage.tables import Council, User, id_of

LATEST = 20


def show(visit: Here) -> Response:
    """Everybody, and the latest changes."""
    with visit.reading() as session:
        return visit.page(
            "people.html",
            people=staff_list_rows.lines(session),
            workers=team_rows.every_worker(session),
            teams=team_rows.every_team(session),
            changes=staff_list_rows.changes(session, limit=LATEST),
        )


def new(visit: Here) -> Response:
    """The form for somebody new."""
    return _form(visit, forms.fresh(active="yes"), None)


def add(visit: Here, form: Posted) -> Response:
    """Adds somebody."""
    try:
        data = inputs.parse(NewUserInput, _typed(form) | {"username": form.get("username"), "active": True})
        hashed = _hashed(visit, form, data.username, data.name, data.email)
        visit.change(lambda act: account_changes.add(act, data, password_hash=hashed))
    except InvalidInput as error:
        return _form(visit, form.refused(error), None, status=error.status)
    return visit.go("/people", notice="person-added")


def one(visit: Here, user_id: int) -> Response:
    """The form for one person."""
    with visit.reading() as session:
        user = _user(session.get(User, min(user_id, typed.LARGEST)))
        roles = tuple(staff_rows.roles(session, user_id))
    fresh = forms.fresh(name=user.name, email=user.email, team_id=str(user.team_id or ""))
    values = {**fresh.values, "roles": roles, "active": ("yes",) if user.active else ()}
    return _form(visit, Form(values=values), user)


def change(visit: Here, user_id: int, form: Posted) -> Response:
    """Changes one person, or gives a new password."""
    with visit.reading() as session:
        user = _user(session.get(User, min(user_id, typed.LARGEST)))
    try:
        if form.get("do") == "password":
            hashed = _hashed(visit, form, user.username, user.name, user.email)
            visit.change(lambda act: account_changes.set_password(act, user_id, password_hash=hashed))
        else:
            data = inputs.parse(UserInput, _typed(form) | {"active": form.has("active", "yes")})
            visit.change(lambda act: account_changes.change(act, user_id, data))
    except (InvalidInput, Refused) as error:
        return _form(visit, form.refused(error), user, status=error.status)
    return visit.go("/people", notice="person-changed")


def _typed(form: Form) -> dict[str, Any]:
    known = frozenset(Role)
    return {
        "name": form.get("name"),
        "email": form.get("email"),
        "roles": frozenset(role for role in form.all("roles") if role in known),
        "team_id": form.get("team_id"),
    }


def _hashed(visit: Visit, form: Form, *about: str) -> str:
    """The hash of the password typed, made outside every transaction. Raises InvalidInput for a weak one."""
    password = form.get("password")
    with visit.reading() as session:
        council = session.get_one(Council, 1).name
    password_strength.require(password, about=(*about, council))
    return passwords.hash_password(password)


def _user(found: User | None) -> User:
    if found is None:
        raise NotFound("There is no such user; open the list of people again.")
    return found


def _form(visit: Visit, form: Form, user: User | None, *, status: int = 200) -> Response:
    with visit.reading() as session:
        teams = [(str(id_of(team)), team.name) for team in staff_rows.teams(session)]
    roles = [(role.value, role.capitalize()) for role in Role]
    return visit.page("person.html", status=status, form=form, user=user, teams=teams, roles=roles)

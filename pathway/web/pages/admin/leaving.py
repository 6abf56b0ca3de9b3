"""Who no longer works here: to whom what they hold goes, and the end of the sign-in. Nothing refuses it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from starlette.responses import Response

from pathway.engine.staff import account_changes, held, team_changes
from pathway.engine.staff.held import Leaver
from pathway.web import forms, typed
from pathway.web.forms import Form, Posted
from pathway.web.views import leaving_view
from pathway.web.visit import Here, Visit
from rules.errors import NotFound
from rules.vocabulary import Action
from storage.sessions import ReadSession
from storage.tables import User, Worker

T = TypeVar("T")
PATH = "/people"
EVERYTHING = "everything"


def person(visit: Here, user_id: int) -> Response:
    """To whom what somebody holds goes when their sign-in ends."""
    with visit.reading() as session:
        return _page(visit, session, held.of_user(session, _found(session.get(User, min(user_id, typed.LARGEST)))))


def end(visit: Here, user_id: int, form: Posted) -> Response:
    """Ends the sign-in at once."""
    visit.change(lambda act: account_changes.leave(act, user_id, _to(form)), token=form.token)
    return visit.go(PATH, notice="person-left")


def worker(visit: Here, worker_id: int) -> Response:
    """To whom the children of a worker go who is given no more."""
    with visit.reading() as session:
        return _page(visit, session, held.of_worker(_found(session.get(Worker, min(worker_id, typed.LARGEST)))))


def let_go(visit: Here, worker_id: int, form: Posted) -> Response:
    """Lets the worker go."""
    visit.change(lambda act: team_changes.let_go(act, worker_id, _to(form)), token=form.token)
    return visit.go(PATH, notice="worker-left")


def _page(visit: Visit, session: ReadSession, leaver: Leaver) -> Response:
    page = leaving_view.page(session, leaver, visit.book)
    return visit.page("leave.html", form=forms.fresh(), page=page, names=visit.may(Action.READ_RECORD))


def _to(form: Form) -> Mapping[str, str]:
    """What was chosen, by what it is for; the choice for everything else stands under the empty key."""
    chosen = {name: form.get(name) for name in form.values if ":" in name and form.get(name)}
    return chosen | {"": form.get(EVERYTHING)}


def _found(found: T | None) -> T:
    if found is None:
        raise NotFound("There is nobody with this number; open the list of people again.")
    return found

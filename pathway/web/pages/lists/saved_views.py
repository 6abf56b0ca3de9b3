"""Saved views: kept from a list, renamed, shared and deleted on a page of their own."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from pathway.engine import inputs
from pathway.engine.staff import saved_views
from pathway.engine.staff.saved_views import ViewChange, ViewInput
from pathway.web import forms, typed
from pathway.web.forms import Form, Posted
from pathway.web.kept import way_back
from pathway.web.lists import which
from pathway.web.needs import Route
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, NotFound, Refused
from storage.queries import record_rows
from storage.queries.lists import saved_view_rows
from storage.tables import SavedView

PATH = "/views"
NOT_A_LIST = "This list can't be saved as a view"


def show(visit: Here) -> Response:
    """One's own views, and those that are shared."""
    table: Mapping[tuple[str, str], Route] = visit.request.app.state.routes
    with visit.reading() as session:
        found = saved_view_rows.seen_by(session, visit.actor.username)
        views = [view for view in found if visit.may(table["GET", view.path].needs)]
        return visit.page(
            "saved_views.html",
            views=views,
            titles=which.TITLES,
            href=_href,
            may_share=saved_views.may_share(visit.actor, visit.book),
            names=record_rows.names(session),
        )


def save(visit: Here, form: Posted) -> Response:
    """Keeps the list as it is filtered, and goes back to it."""
    try:
        if form.get("list") not in which.TITLES:
            raise InvalidInput.of("name", NOT_A_LIST, "Open a list, filter it, and save it there")
        fields = {"path": form.get("list"), "query": form.get("query"), "name": form.get("name")}
        data = inputs.parse(ViewInput, {**fields, "shared": form.has("shared", "yes")})
        view = visit.change(lambda act: saved_views.save(act, data), token=form.token)
    except (InvalidInput, Refused) as error:
        return _form(visit, form.refused(error), None, status=error.status)
    return visit.go(way_back.own_path(_href(view)), notice="view-saved")


def one(visit: Here, view_id: int) -> Response:
    """The form that changes a view of one's own."""
    view = _own(visit, view_id)
    return _form(visit, forms.fresh(name=view.name, **({"shared": "yes"} if view.shared else {})), view)


def change(visit: Here, view_id: int, form: Posted) -> Response:
    """Renames a view, shares it or takes it back."""
    view = _own(visit, view_id)
    try:
        data = inputs.parse(ViewChange, {"name": form.get("name"), "shared": form.has("shared", "yes")})
        visit.change(lambda act: saved_views.change(act, view_id, data), token=form.token)
    except (InvalidInput, Refused) as error:
        return _form(visit, form.refused(error), view, status=error.status)
    return visit.go(PATH, notice="view-changed")


def delete(visit: Here, view_id: int, form: Posted) -> Response:
    """Deletes a view; one that is gone already stays gone."""
    try:
        visit.change(lambda act: saved_views.delete(act, view_id), token=form.token)
    except NotFound:
        return visit.go(PATH)
    return visit.go(PATH, notice="view-deleted")


def _own(visit: Visit, view_id: int) -> SavedView:
    """A view of this person's; of another's not even its name is told. Raises NotFound."""
    with visit.reading() as session:
        view = session.get(SavedView, min(view_id, typed.LARGEST))
    if view is None or view.owner != visit.actor.username:
        raise NotFound("You have no such view. Open the list of saved views again.")
    return view


def _form(visit: Visit, form: Form, view: SavedView | None, *, status: int = 200) -> Response:
    may_share = saved_views.may_share(visit.actor, visit.book)
    return visit.page("saved_view.html", status=status, form=form, view=view, may_share=may_share)


def _href(view: SavedView) -> str:
    return f"{view.path}?{view.query}" if view.query else view.path

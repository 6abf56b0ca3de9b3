"""The board: where the day of whoever screens or decides begins. It refreshes itself where scripts run."""

from __future__ import annotations

from starlette.responses import Response

from pathway.engine import record_access
from pathway.engine.watch import being_on_it
from pathway.web import forms, menu, rendering, typed
from pathway.web.forms import Form, Posted
from pathway.web.kept import way_back
from pathway.web.views.board import board_view
from pathway.web.views.board.board_view import PATH, Board, Wanted
from pathway.web.views.board.family_card_view import Reader
from pathway.web.visit import Here, Visit
from rules.errors import Refused
from storage.queries import contact_rows
from storage.sessions import ReadSession
from storage.tables import id_of

NEEDS = menu.BOARD
TITLE = "board"


def show(visit: Here, *, show: str = "", after: str = "") -> Response:
    """Who waits, by least time left."""
    return _page(visit, board_view.wanted(show, after))


def changes(visit: Here, *, show: str = "", after: str = "", look: str = "") -> Response:
    """The same without the frame of a page, for one that is open already; 304 where nothing reads differently.

    ``look``: that with which the page was opened. Whoever is new on it is named in the access log once a visit.
    """
    with visit.reading() as session:
        board = _board(visit, session, board_view.wanted(show, after))
        mark = f'"{board.mark}"'
        if visit.request.headers.get("if-none-match") == mark:
            return Response(status_code=304, headers={"ETag": mark})
        html, children = rendering.render("board_changes.html", visit=visit, board=board)
    begun = record_access.showed_again(
        visit.services.database, visit.actor, TITLE, children, since=typed.whole(look), now=visit.now
    )
    return Response(html, media_type="text/html", headers={"ETag": mark, "Pathway-Look": str(begun)})


def take(visit: Here, ref: str, form: Posted) -> Response:
    """Says that this person is on it, for half an hour."""
    with visit.reading() as session:
        contact_id = id_of(contact_rows.by_ref(session, ref))
    try:
        visit.change(lambda act: being_on_it.take(act, contact_id), token=form.token)
    except Refused as error:
        return _page(visit, board_view.wanted("", ""), form=forms.fresh().refused(error), status=error.status)
    return visit.go(_back(form, ref), notice="on-it")


def give_back(visit: Here, ref: str, form: Posted) -> Response:
    """Says that this person is not on it any more."""
    with visit.reading() as session:
        contact_id = id_of(contact_rows.by_ref(session, ref))
    given = visit.change(lambda act: being_on_it.give_back(act, contact_id), token=form.token)
    return visit.go(_back(form, ref), notice="given-back" if given else "not-on-it")


def _back(form: Form, ref: str) -> str:
    path = way_back.own_path(form.get("back"), default=PATH)
    return f"{path if path.partition('?')[0] == PATH else PATH}#family-{ref}"


def _page(visit: Visit, wanted: Wanted, *, form: Form | None = None, status: int = 200) -> Response:
    with visit.reading() as session:
        board = _board(visit, session, wanted)
        return visit.page("board.html", status=status, board=board, form=form or Form())


def _board(visit: Visit, session: ReadSession, wanted: Wanted) -> Board:
    reader = Reader(
        username=visit.actor.username, closed=visit.closed, sees_protected=visit.sees_protected, now=visit.now
    )
    return board_view.board(session, visit.actor, visit.book, wanted, reader)

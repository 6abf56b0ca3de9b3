"""The first page: the board for whoever screens or decides, for the others what waits for their role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from pathway.web import menu
from pathway.web.views.board import home_view
from pathway.web.views.board.home_view import Tile
from pathway.web.visit import Here, Visit
from rules.vocabulary import Action
from storage.queries.board.reached_rows import AtTheTop
from storage.sessions import ReadSession

ALERTS = 10


def first(visit: Here) -> Response:
    """To the first page of this person."""
    return visit.go("/board" if visit.begins_with_board else "/home")


def show(visit: Here) -> Response:
    """What waits for each role of this person."""
    with visit.reading() as session:
        return visit.page(
            "home.html",
            own=home_view.own_work(session, visit.actor, now=visit.now) if visit.may(Action.SEE_OWN_CHILDREN) else None,
            tiles=_tiles(visit, session),
            over=_over(visit, session),
            reached=_reached(visit, session),
        )


def _tiles(visit: Visit, session: ReadSession) -> Mapping[str, list[Tile]]:
    """The counters of each part of the page, by its title; a part without any is not shown."""
    found: dict[str, list[Tile]] = {}
    if visit.may(Action.ALLOCATE):
        found["Allocation"] = [*home_view.to_allocate(session, home_view.own_team(session, visit.actor))]
    if visit.may(menu.BOARD):
        found["The front door now"] = [*home_view.on_the_board(session, now=visit.now)]
    if visit.may(Action.READ_REPORTS):
        found["Figures"] = [Tile(words="Timeliness", path="/reports/timeliness")]
    if visit.may(Action.READ_ACCESS_LOG):
        found["Who looked"] = [
            Tile(words="Access log", path="/access-log"),
            Tile(words="Refused looks", path="/access-log?refused=yes"),
        ]
    if visit.may(Action.ADMINISTER):
        found["The system"] = [*home_view.of_the_system(session)]
    return found


def _over(visit: Visit, session: ReadSession) -> Any:
    if not visit.may(Action.ALLOCATE):
        return None
    return home_view.over_the_limit(session, home_view.own_team(session, visit.actor), now=visit.now)


def _reached(visit: Visit, session: ReadSession) -> Mapping[str, Any] | None:
    """The alerts that reached the top, for whoever may read them; of a record that is closed nothing is said."""
    if not visit.may((Action.RESTRICT_RECORD,)) or not visit.may(Action.READ_RECORD):
        return None
    top = AtTheTop()
    rows = top.page(session, size=ALERTS)
    shut = visit.shut(session, [contact.id for _, contact, _ in rows if contact is not None])
    return {
        "count": top.count(session),
        "lines": [(alert, contact and contact.id in shut) for alert, contact, _ in rows],
    }

"""Giving a child to a team without a worker yet: it counts as unallocated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from pathway.engine.casework import allocating
from pathway.engine.casework.allocating import TeamInput
from pathway.web import steps, typed
from pathway.web.forms import Form, Posted
from pathway.web.views.record_view import ReferralPage
from pathway.web.visit import Here, Visit
from rules.errors import Fault, InvalidInput, Refused, Stale
from storage.queries.staff import staff_rows
from storage.sessions import ReadSession
from storage.tables import Team

TEMPLATE = "team.html"


def show(visit: Here, ref: str) -> Response:
    """The teams."""
    return steps.blank(visit, ref, template=TEMPLATE, extra=_extra)


def give(visit: Here, ref: str, form: Posted) -> Response:
    """Gives the child to the team; the clock of its allocation goes on."""
    try:
        data = _parse(form)
        steps.take(visit, ref, form, allocating.give_to_team, data)
    except (InvalidInput, Refused, Stale) as error:
        return steps.again(visit, ref, form, error, template=TEMPLATE, extra=_extra)
    return visit.go(f"/referrals/{ref}", notice="given-to-team")


def _parse(form: Form) -> TeamInput:
    chosen = typed.whole(form.get("team_id"))
    nobody = [] if chosen else [Fault(place="team_id", problem="No team is chosen", remedy="Choose a team")]
    return typed.parse(TeamInput, {"team_id": chosen, "note": form.get("note")}, nobody)


def _extra(_visit: Visit, session: ReadSession, page: ReferralPage, _form: Form) -> Mapping[str, Any]:
    has = session.get(Team, page.referral.team_id) if page.referral.team_id else None
    teams = [(str(team.id), team.name) for team in staff_rows.teams(session) if team.id != page.referral.team_id]
    return {"teams": teams, "has": has}

"""Giving a child to a team without a worker yet: it counts as unallocated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pathway.engine.casework import allocating
from pathway.engine.casework.allocating import TeamInput
from pathway.web import typed
from pathway.web.forms import Form
from pathway.web.steps import Step
from pathway.web.views.record_view import ReferralPage
from pathway.web.visit import Visit
from rules.errors import Fault
from storage.queries.staff import staff_rows
from storage.sessions import ReadSession
from storage.tables import Team


def _parse(form: Form) -> TeamInput:
    chosen = typed.whole(form.get("team_id"))
    nobody = [] if chosen else [Fault(place="team_id", problem="No team is chosen", remedy="Choose a team")]
    return typed.parse(TeamInput, {"team_id": chosen, "note": form.get("note")}, nobody)


def _extra(_visit: Visit, session: ReadSession, page: ReferralPage, _form: Form) -> Mapping[str, Any]:
    has = session.get(Team, page.referral.team_id) if page.referral.team_id else None
    teams = [(str(team.id), team.name) for team in staff_rows.teams(session) if team.id != page.referral.team_id]
    return {"teams": teams, "has": has}


STEP = Step(template="team.html", read=_parse, command=allocating.give_to_team, notice="given-to-team", extra=_extra)

"""Is it alive? For machines that watch it and for the person who reads their message."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.responses import JSONResponse, Response

from pathway.web import rendering
from pathway.web.services import Services
from pathway.web.visit import Here
from storage import migrate
from storage.queries import hold_rows
from storage.queries.alerts import heartbeat_rows
from storage.queries.hold_rows import Held

logger = logging.getLogger(__name__)


def show(visit: Here) -> Response:
    """Database, migrations and the age of each heartbeat in seconds; 503 where something is not as it should be."""
    found = {**look(visit.services, now=visit.now), "asked_as": visit.request.headers.get("host", "")}
    return JSONResponse(found, status_code=200 if found["status"] == "ok" else 503)


def look(services: Services, *, now: datetime) -> Mapping[str, Any]:
    """What there is to say, with the ``status`` ok or degraded."""
    pages = (
        "GOV.UK Frontend" if rendering.has_vendor() else "plain (run `python hatch_build.py` to fetch GOV.UK Frontend)"
    )
    try:
        database = _database(services, now=now)
    except Exception as error:  # noqa: BLE001 - whatever the database's driver raises: the health page must answer
        logger.warning("The health check can't use the database: %s", type(error).__name__)
        return {"status": "degraded", "database": "unavailable", "styles": pages}
    return {**database, "styles": pages}


def _database(services: Services, *, now: datetime) -> Mapping[str, Any]:
    up_to_date = migrate.is_current(services.database)
    with services.database.read() as session:
        beats = {
            beat.name: round((now - beat.beat_at).total_seconds(), 1) for beat in heartbeat_rows.heartbeats(session)
        }
        held = hold_rows.held(session)
    ages = {name: beats.get(name) for name in services.heartbeats}
    fresh = all(age is not None and age <= services.heartbeats[name].total_seconds() for name, age in ages.items())
    return {
        "status": "ok" if up_to_date and fresh and held is Held.NOT else "degraded",
        "database": "ok",
        "migrations": "up to date" if up_to_date else "out of date: run `pathway migrate`",
        "heartbeats": ages,
        "held": "" if held is Held.NOT else held.value,
    }

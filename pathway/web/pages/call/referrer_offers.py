"""Agencies and earlier referrers, offered as somebody types who is calling."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import JSONResponse, Response

from pathway.engine.referrers import earlier_referrers
from pathway.engine.referrers.earlier_referrers import Offer
from pathway.web.visit import Here


def show(visit: Here, begins: str = "") -> Response:
    """Lines to choose from, each with the fields of the form that it fills in."""
    published = visit.published
    if published is None:
        return JSONResponse({})
    with visit.reading() as session:
        found = earlier_referrers.offered(session, visit.actor, published, begins, now=visit.now)
    return JSONResponse({"referrers": _told(found.referrers), "agencies": _told(found.agencies)})


def _told(offers: Sequence[Offer]) -> list[dict[str, object]]:
    return [{"line": one.line, "fields": one.fields} for one in offers]

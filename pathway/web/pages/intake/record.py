"""The page of one referral."""

from __future__ import annotations

from starlette.responses import Response

from pathway.web.views import record_view
from pathway.web.visit import Here


def show(visit: Here, ref: str) -> Response:
    """Everything about one child's referral."""
    with visit.reading() as session:
        page = record_view.referral_page(session, ref, now=visit.now, sees_protected=visit.sees_protected)
        return visit.page("referral.html", page=page)

"""The page of one referral."""

from __future__ import annotations

from starlette.responses import Response

from pathway.engine import why_late
from pathway.web.views import information_view, record_view
from pathway.web.visit import Here
from storage.queries import information_rows
from storage.tables import id_of


def show(visit: Here, ref: str) -> Response:
    """Everything about one child's referral."""
    with visit.reading() as session:
        page = record_view.referral_page(session, ref, now=visit.now, sees_protected=visit.sees_protected)
        eyes = information_view.Eyes(username=visit.actor.username, look=visit.look, sees=visit.sees_protected)
        return visit.page(
            "referral.html",
            page=page,
            information=information_view.of_contact(session, page.contact, eyes),
            asked=information_view.asked(session, page.contact),
            late=why_late.open_of(session, page.referral) if visit.may(why_late.ACTIONS) else None,
            questioned=information_rows.open_questions(session, id_of(page.referral)),
        )

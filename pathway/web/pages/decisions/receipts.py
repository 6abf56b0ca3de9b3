"""A second person's word on a time of receipt by which late would become in time."""

from __future__ import annotations

from datetime import datetime

from starlette.responses import Response

from pathway.engine.corrections import details, receipt, second_person
from pathway.engine.corrections.kept_corrections import Followed
from pathway.web import forms, typed
from pathway.web.forms import Form, Posted
from pathway.web.views import detail_view
from pathway.web.views.detail_view import Following
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, NotFound, Refused
from storage.queries import contact_rows, correction_rows, record_rows
from storage.sessions import ReadSession
from storage.tables import Contact, Correction, id_of

NOTHING = "No correction of the time of receipt waits here, or somebody has answered it; open the list again."


def show(visit: Here, ref: str) -> Response:
    """What waits, and what follows when it is confirmed."""
    return _page(visit, ref, forms.fresh())


def answer(visit: Here, ref: str, form: Posted) -> Response:
    """Confirms it or refuses it, with a reason."""
    confirms = form.get("do") == "confirm"
    try:
        data = typed.reason(form)
        with visit.reading() as session:
            waiting = _waiting(session, contact_rows.by_ref(session, ref))
        if waiting is None:
            raise NotFound(NOTHING)
        command = second_person.confirm if confirms else second_person.refuse
        visit.change(lambda act: command(act, id_of(waiting), data), form.token)
    except (InvalidInput, Refused) as error:
        return _page(visit, ref, form.refused(error), status=error.status)
    return visit.go(f"/contacts/{ref}", notice="correction-confirmed" if confirms else "correction-refused")


def _waiting(session: ReadSession, contact: Contact) -> Correction | None:
    return correction_rows.waiting_of(session, id_of(contact), details.RECEIVED.name)


def _page(visit: Visit, ref: str, form: Form, *, status: int = 200) -> Response:
    with visit.reading() as session:
        contact = contact_rows.by_ref(session, ref)
        waiting = _waiting(session, contact)
        return visit.page(
            "receipt.html",
            status=status,
            form=form,
            contact=contact,
            waiting=waiting,
            change=waiting and _shown(waiting),
            following=waiting and _following(session, contact, waiting, now=visit.now),
            names=record_rows.names(session),
        )


def _shown(waiting: Correction) -> tuple[str, str]:
    return detail_view.shown(details.RECEIVED, waiting.old), detail_view.shown(details.RECEIVED, waiting.new)


def _following(session: ReadSession, contact: Contact, waiting: Correction, *, now: datetime) -> Following:
    changes = receipt.plan(session, contact, datetime.fromisoformat(waiting.new), now=now)
    followed = Followed(detail=details.RECEIVED, old=waiting.old, new=waiting.new, clocks=changes)
    return detail_view.following(session, followed)

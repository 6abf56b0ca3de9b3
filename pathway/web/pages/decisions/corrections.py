"""A letter that has left and says what was corrected since: written anew, or left as it is."""

from __future__ import annotations

from starlette.responses import Response

from pathway.engine.corrections import overtaken_letters
from pathway.web import forms, typed
from pathway.web.forms import Posted
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, NotFound, PathwayError, Refused
from storage.queries import contact_rows, correction_rows
from storage.sessions import ReadSession
from storage.tables import id_of


def letter(visit: Here, letter_id: int) -> Response:
    """What was corrected since a letter left, and what becomes of it."""
    return _letter(visit, letter_id, forms.fresh())


def answer(visit: Here, letter_id: int, form: Posted) -> Response:
    """Writes the corrected letter, or keeps why none is needed."""
    try:
        with visit.reading() as session:
            offer_id = _offer(session, letter_id)
        if form.get("do") == "write":
            visit.change(lambda act: overtaken_letters.write(act, offer_id), form.token)
        else:
            data = typed.reason(form)
            visit.change(lambda act: overtaken_letters.leave(act, offer_id, data), form.token)
    except (InvalidInput, Refused) as error:
        return _letter(visit, letter_id, form.refused(error), error=error)
    return visit.go(f"/letters/{letter_id}", notice="letter-corrected" if form.get("do") == "write" else "letter-stays")


def _offer(session: ReadSession, letter_id: int) -> int:
    offer = correction_rows.overtaken_of(session, letter_id)
    if offer is None:
        raise NotFound("No corrected letter is offered here, or somebody has answered already; open the list again.")
    return id_of(offer)


def _letter(visit: Visit, letter_id: int, form: forms.Form, *, error: PathwayError | None = None) -> Response:
    with visit.reading() as session:
        offer = correction_rows.overtaken_of(session, letter_id)
        return visit.page(
            "overtaken_letter.html",
            status=error.status if error else 200,
            form=form,
            letter_id=letter_id,
            contact=contact_rows.of_letter(session, letter_id),
            correction=correction_rows.get(session, offer.correction_id) if offer else None,
        )

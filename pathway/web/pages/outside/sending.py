"""The form for professionals outside, and the receipt that they see. Nothing here tells what is on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from starlette.responses import Response

from pathway.engine.intake import from_outside
from pathway.engine.intake.from_outside import SENDER, SentAndChanged
from pathway.engine.rulebooks import published_books
from pathway.web import forms, typed
from pathway.web.forms import Form, Posted
from pathway.web.views import adult_blocks, contact_form_view
from pathway.web.views.outside import outside_form_view, what_happens_view
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, Refused
from storage.queries import contact_rows
from storage.tables import Council

SHOWN_FOR = timedelta(days=1)


def new(visit: Here, children: str = "", adults: str = "") -> Response:
    """An empty form; with more blocks where the browser has a draft of so many."""
    return _form(visit, outside_form_view.fresh(children=typed.whole(children), adults=typed.whole(adults)), fresh=True)


def send(visit: Here, form: Posted) -> Response:
    """Sends the form, or adds or removes a block and shows it again."""
    if not visit.services.takes_referrals:
        return _closed(visit)
    block = outside_form_view.changed(form)
    return _form(visit, block[0], focus=block[1]) if block else _send(visit, form)


def _send(visit: Visit, form: Form) -> Response:
    how, token = outside_form_view.sending(form, visit.address), outside_form_view.token(form)
    try:
        data = outside_form_view.parse(form, now=visit.now)
        sender = replace(visit, actor=SENDER)
        contact = sender.change(lambda act: from_outside.send(act, data, how), token=token)
    except (InvalidInput, Refused) as error:
        return _form(visit, form.refused(error), status=error.status)
    except SentAndChanged:
        anew = form.where(request_id=forms.new_token()).refused(Refused([from_outside.CHANGED]))
        return _form(visit, anew, status=Refused.status)
    with visit.reading() as session:
        return visit.go(f"/refer/received/{from_outside.receipt_token(session.get_one(Council, 1), contact)}")


def received(visit: Here, token: str) -> Response:
    """The receipt: the reference, and what happens by when. It is shown for a day to whoever has sent the form."""
    with visit.reading() as session:
        council = session.get_one(Council, 1)
        ref = from_outside.ref_of(council, token)
        contact = contact_rows.by_ref(session, ref) if ref else None
        if contact is None or visit.now >= contact.recorded_at + SHOWN_FOR:
            return visit.page("refer_closed.html", council=council, status=404, gone=True)
        book = published_books.current(session, now=visit.now).book
        duties = what_happens_view.of_contact(session, contact, book)
        return visit.page("refer_received.html", council=council, contact=contact, duties=duties)


def _form(visit: Visit, form: Form, *, status: int = 200, focus: str = "", fresh: bool = False) -> Response:
    if not visit.services.takes_referrals:
        return _closed(visit)
    with visit.reading() as session:
        return visit.page(
            "refer.html",
            council=session.get_one(Council, 1),
            form=form,
            status=status,
            focus=focus,
            is_fresh=fresh,
            count=contact_form_view.count(form),
            adult_count=len(adult_blocks.of(form)),
            options=outside_form_view.options(),
        )


def _closed(visit: Visit) -> Response:
    with visit.reading() as session:
        council = session.get_one(Council, 1)
        return visit.page("refer_closed.html", council=council, status=404, gone=False)

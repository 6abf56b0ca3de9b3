"""The link in a receipt: whoever sent a contact from outside confirms the e-mail address."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from pathway.engine.intake.from_outside import SENDER
from pathway.engine.referrers import confirming_address
from pathway.engine.referrers.confirming_address import Answer, Confirmation
from pathway.web.forms import Form, Posted
from pathway.web.visit import Here, Visit
from rules.errors import Fault, InvalidInput, Refused
from storage.tables import Council

ASKED = Fault(place="surname", problem="This is missing", remedy="Give the surname that stands in the form")
# The same whatever is wrong, so that nobody learns which it was, or whether there is such a form at all.
NOT_CONFIRMED = (
    "This does not confirm an address here. Check the surname, and that the whole link was copied. If both are right, "
    "call us."
)
TOLD = {
    Confirmation.CONFIRMED: ("Your address is confirmed", 200),
    Confirmation.EXPIRED: ("This link has expired", 410),
    Confirmation.THROTTLED: ("There were too many wrong answers", 429),
    Confirmation.NOT_NOW: ("This can’t be done at the moment", 503),
}


def ask(visit: Here, token: str) -> Response:  # noqa: ARG001 - whatever it is, the page asks the same
    """The page behind a link. It confirms nothing by itself: programs that look through mail follow links too."""
    return _ask(visit, Form())


def answer(visit: Here, token: str, form: Posted) -> Response:
    """Confirms the address where the surname is right; a second time says so again."""
    if not form.get("surname").strip():
        return _ask(visit, form.refused(InvalidInput([ASKED])), status=InvalidInput.status)
    given = Answer(surname=form.get("surname"), network=visit.address)
    sender = replace(visit, actor=SENDER)
    found = sender.change(lambda act: confirming_address.confirm(act, token, given))
    if found is Confirmation.WRONG:
        return _ask(visit, form.refused(Refused([NOT_CONFIRMED])), status=InvalidInput.status)
    title, status = TOLD[found]
    with visit.reading() as session:
        council = session.get_one(Council, 1)
        return visit.page("refer_confirmed.html", council=council, title=title, found=found.name, status=status)


def _ask(visit: Visit, form: Form, *, status: int = 200) -> Response:
    with visit.reading() as session:
        return visit.page("refer_confirm.html", form=form, council=session.get_one(Council, 1), status=status)

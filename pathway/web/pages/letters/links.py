"""The link to a letter: the page that its reader sees, the only one for outsiders, and the one for officers."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from pathway.engine.letters import link_opening
from pathway.engine.letters.link_opening import READER, Answers, Tried
from pathway.engine.post import link_renewal
from pathway.engine.referrers import visible_referrer
from pathway.web import forms, typed
from pathway.web.forms import Form, Posted
from pathway.web.views import letter_on_paper_view, letter_story_view
from pathway.web.visit import Here, Visit
from rules.errors import Fault, InvalidInput, Refused
from rules.messages import LinkTry
from storage.queries import record_rows
from storage.queries.letters import letter_list_rows, link_rows
from storage.tables import Council

ASKED = (
    Fault(place="reference", problem="This is missing", remedy="Type it as we gave it to you"),
    Fault(place="surname", problem="This is missing", remedy="Type it as you gave it to us"),
)
TOO_MANY_REQUESTS = 429
# The same whatever is wrong, so that nobody learns which answer was right, or whether there is a letter at all.
NOT_OPENED = (
    "These answers do not open a letter here. Check the reference and the surname, and that the whole link was copied. "
    "If they are right, the link may have expired: call us."
)
TOO_MANY = "There were too many wrong answers"
CLOSED = {
    LinkTry.EXPIRED: "This link has expired",
    LinkTry.REVOKED: "This link does not open the letter any more",
}


def ask(visit: Here, token: str) -> Response:  # noqa: ARG001 - whatever it is, the page asks the same
    """The page behind a link. It asks for the same, whether there is a letter or not."""
    return _ask(visit, Form())


def answer(visit: Here, token: str, form: Posted) -> Response:
    """Shows the letter for the right answers; every try is kept, but for those without an answer."""
    if blank := [fault for fault in ASKED if not form.get(fault.place).strip()]:
        return _ask(visit, form.refused(InvalidInput(blank)), status=422)
    with visit.reading() as session:
        if link_opening.is_turned_away(session, token, visit.address, now=visit.now):
            return _told(visit, TOO_MANY, status=TOO_MANY_REQUESTS)
    answers = Answers(reference=form.get("reference"), surname=form.get("surname"), address=visit.address)
    tried = replace(visit, actor=READER).change(lambda act: link_opening.try_to_open(act, token, answers))
    return _answered(visit, form, tried)


def _answered(visit: Visit, form: Form, tried: Tried) -> Response:
    if tried.letter is not None and tried.link is not None:
        with visit.reading() as session:
            council = session.get_one(Council, 1)
            shown = letter_on_paper_view.words_of(tried.letter)
            return visit.page("link_letter.html", letter=tried.letter, link=tried.link, council=council, shown=shown)
    if tried.result is LinkTry.THROTTLED:
        return _told(visit, TOO_MANY, status=TOO_MANY_REQUESTS)
    if tried.result in CLOSED:
        return _told(visit, CLOSED[tried.result], status=410)
    return _ask(visit, form.refused(Refused([NOT_OPENED])), status=422)


def _ask(visit: Visit, form: Form, *, status: int = 200) -> Response:
    with visit.reading() as session:
        return visit.page("link_ask.html", form=form, council=session.get_one(Council, 1), status=status)


def _told(visit: Visit, title: str, *, status: int) -> Response:
    with visit.reading() as session:
        council, wait = session.get_one(Council, 1), status == TOO_MANY_REQUESTS
        return visit.page("link_closed.html", title=title, council=council, status=status, wait=wait)


# -- for officers --------------------------------------------------------------------------------------------------


def show(visit: Here, letter_id: int) -> Response:
    """How far the link to a letter has come, with what can be done about it."""
    return _show(visit, letter_id, forms.fresh())


def revoke(visit: Here, letter_id: int, form: Posted) -> Response:
    """Withdraws the link."""
    try:
        data = typed.reason(form)
        visit.change(lambda act: link_renewal.revoke(act, letter_id, data), token=form.token)
    except (InvalidInput, Refused) as error:
        return _show(visit, letter_id, form.refused(error), status=error.status)
    return visit.go(f"/letters/{letter_id}/link", notice="link-revoked")


def renew(visit: Here, letter_id: int, form: Posted) -> Response:
    """Sends a new link."""
    try:
        visit.change(lambda act: link_renewal.renew(act, letter_id), token=form.token)
    except (InvalidInput, Refused) as error:
        return _show(visit, letter_id, form.refused(error), status=error.status)
    return visit.go(f"/letters/{letter_id}/link", notice="link-renewed")


def _show(visit: Visit, letter_id: int, form: Form, *, status: int = 200) -> Response:
    with visit.reading() as session:
        line = letter_list_rows.one(session, letter_id)
        hidden = visible_referrer.hidden(line.contact, sees=visit.sees_protected)
        found = link_rows.of_letter(session, letter_id)
        return visit.page(
            "letter_link.html",
            status=status,
            form=form,
            line=visible_referrer.letter_as_seen(line, sees=visit.sees_protected),
            is_protected=hidden,
            found=found,
            opens=found.opens_at(visit.now),
            story=letter_story_view.of_links(found, hidden=hidden),
            names=record_rows.names(session),
        )

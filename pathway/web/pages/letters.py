"""Letters as sent, and those that somebody must post."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from pathway.engine import settling
from pathway.engine.inputs import HandoverInput, ReturnInput
from pathway.web import forms, paging, times, typed
from pathway.web.forms import Form, Posted
from pathway.web.visit import Here, Visit
from rules.errors import Fault, InvalidInput, Refused
from rules.vocabulary import Delivery, Returned
from storage.queries import letter_list, record

WAYS = ((Delivery.POST.value, "Posted", ""), (Delivery.BY_HAND.value, "Given by hand", ""))
WAYS_BACK = ((Returned.BOUNCED.value, "The e-mail bounced", ""), (Returned.BY_POST.value, "Returned by post", ""))


def show(visit: Here, owed: str = "", q: str = "", page: str = "") -> Response:
    """All letters, or those owed."""
    number, words = paging.number_of(page), q.strip()[:200]
    with visit.reading() as session:
        lines, count = letter_list.lines(
            session, owed_only=bool(owed), words=words, offset=(number - 1) * paging.SIZE, limit=paging.SIZE
        )
        shown = paging.Page(number=number, count=count, path="/letters", query={"owed": owed, "q": words})
        return visit.page("letters.html", lines=lines, page=shown, owed=bool(owed), words=words)


def one(visit: Here, letter_id: int) -> Response:
    """One letter, exactly as written."""
    today = f"{times.local(visit.now):%d/%m/%Y}"
    return _letter(visit, letter_id, forms.fresh(handed_over_at=today, returned_at=today, delivery=Delivery.POST.value))


def hand_over(visit: Here, letter_id: int, form: Posted) -> Response:
    """Records the letter as posted or given by hand."""
    try:
        data = _parse(form)
        visit.change(
            lambda session: settling.record_handover(
                session, letter_id, data, actor=visit.actor, now=visit.now, request_id=form.token
            )
        )
    except (InvalidInput, Refused) as error:
        return _letter(visit, letter_id, form.refused(error), status=error.status)
    return visit.go(f"/letters/{letter_id}", notice="handed-over")


def _parse(form: Form) -> HandoverInput:
    faults: list[Fault] = []
    fields: dict[str, Any] = {"delivery": form.get("delivery"), "note": form.get("note")}
    if not form.get("delivery"):
        faults.append(Fault(place="delivery", problem="Nothing is chosen", remedy="Say how the letter left"))
    try:
        left = typed.moment(form.get("handed_over_at"), form.get("handed_over_at_time"), place="handed_over_at")
        fields["handed_over_at"] = left.utc
    except InvalidInput as error:
        faults += error.faults
    return typed.parse(HandoverInput, fields, faults, unread=("handed_over_at",))


def came_back(visit: Here, letter_id: int, form: Posted) -> Response:
    """Records that the letter came back; the duty is owed again."""
    try:
        data = _parse_return(form)
        visit.change(
            lambda session: settling.record_returned(
                session, letter_id, data, actor=visit.actor, now=visit.now, request_id=form.token
            )
        )
    except (InvalidInput, Refused) as error:
        return _letter(visit, letter_id, form.refused(error), status=error.status)
    return visit.go(f"/letters/{letter_id}", notice="came-back")


def _parse_return(form: Form) -> ReturnInput:
    faults: list[Fault] = []
    fields: dict[str, Any] = {"how": form.get("how"), "note": form.get("note")}
    if not form.get("how"):
        faults.append(Fault(place="how", problem="Nothing is chosen", remedy="Say how the letter came back"))
    try:
        back = typed.moment(form.get("returned_at"), form.get("returned_at_time"), place="returned_at")
        fields["returned_at"] = back.utc
    except InvalidInput as error:
        faults += error.faults
    return typed.parse(ReturnInput, fields, faults, unread=("returned_at",))


def _letter(visit: Visit, letter_id: int, form: Form, *, status: int = 200) -> Response:
    with visit.reading() as session:
        line = letter_list.one(session, letter_id)
        return visit.page(
            "letter.html",
            status=status,
            form=form,
            line=line,
            refs=letter_list.named(session, letter_id),
            attempts=letter_list.attempts(session, line.message),
            names=record.names(session),
            ways=WAYS,
            ways_back=WAYS_BACK,
        )

"""Letters as sent, those owed, and what is recorded of one: that it left, came back or can't be sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from starlette.responses import Response

from pathway.engine import record_access, why_late
from pathway.engine.post import excusing, handing_over
from pathway.engine.post.handing_over import HandoverInput, ReturnInput
from pathway.engine.referrers import visible_referrer
from pathway.engine.why_late import Question
from pathway.web import forms, times, typed
from pathway.web.forms import Form, Posted
from pathway.web.views import letter_on_paper_view, letter_story_view, letter_words_view
from pathway.web.views.late import why_late_view
from pathway.web.visit import Here, Visit
from rules.errors import Fault, InvalidInput, Refused
from rules.messages import Delivery, Returned
from storage.queries import correction_rows, event_rows, record_rows, shown_rows
from storage.queries.letters import letter_list_rows, link_rows
from storage.queries.letters.letter_list_rows import LetterLine
from storage.sessions import ReadSession
from storage.tables import Council, Letter, id_of

WAYS = (
    (Delivery.POST.value, "Posted", ""),
    (Delivery.BY_HAND.value, "Given by hand", ""),
    (Delivery.BY_TELEPHONE.value, "Told by telephone", "The letter stays owed: say below why not in writing."),
)
WAYS_BACK = ((Returned.BOUNCED.value, "The e-mail bounced", ""), (Returned.BY_POST.value, "Returned by post", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Something that happened to a letter at a moment, in one of several ways.

    ``choice`` is the field of the way and ``asked`` what to say where none is chosen; ``moment`` is that of the moment,
    ``more`` are other fields.
    """

    model: type[BaseModel]
    command: Callable[..., Letter]
    choice: str
    asked: str
    moment: str
    more: tuple[str, ...] = ()

    def read(self, form: Form) -> BaseModel:
        """What was typed as the command's input. Raises InvalidInput naming every field at once."""
        faults: list[Fault] = []
        names = ("note", *self.more)
        fields: dict[str, Any] = {self.choice: form.get(self.choice), **{name: form.get(name) for name in names}}
        if not form.get(self.choice):
            faults.append(Fault(place=self.choice, problem="Nothing is chosen", remedy=self.asked))
        try:
            at = typed.moment(form.get(self.moment), form.get(f"{self.moment}_time"), place=self.moment)
            fields[self.moment] = at.utc
        except InvalidInput as error:
            faults += error.faults
        return typed.parse(self.model, fields, faults, unread=(self.moment,))


LEFT = Recorded(
    model=HandoverInput,
    command=handing_over.record_handover,
    choice="delivery",
    asked="Say how the letter left",
    moment="handed_over_at",
    more=why_late_view.NAMES,
)
CAME_BACK = Recorded(
    model=ReturnInput,
    command=handing_over.record_returned,
    choice="how",
    asked="Say how the letter came back",
    moment="returned_at",
)


def one(visit: Here, letter_id: int) -> Response:
    """One letter, exactly as written."""
    today = f"{times.local(visit.now):%d/%m/%Y}"
    with visit.reading() as session:
        said = why_late_view.prefilled(session, letter_list_rows.one(session, letter_id).letter.contact_id)
    values = {"handed_over_at": today, "returned_at": today, "delivery": Delivery.POST.value, **said}
    return _letter(visit, letter_id, forms.fresh(**values))


def print_out(visit: Here, letter_id: int, hand: str = "") -> Response:
    """The letter as it goes on paper, for the browser to print; by ``hand`` it needs no address on its envelope."""
    with visit.reading() as session:
        line = letter_list_rows.one(session, letter_id)
        if not visible_referrer.hidden(line.contact, sees=visit.sees_protected):
            if not hand and (wrong := letter_words_view.address_faults(line)):
                return visit.page("print_refused.html", status=Refused.status, line=line, wrong=wrong)
            council = session.get_one(Council, 1)
            on_paper = letter_on_paper_view.on_paper(line, by_hand=bool(hand))
            return visit.page("print_letter.html", line=line, council=council, paper=on_paper)
    with visit.reading() as session:
        shown = shown_rows.of_contact(session, line.letter.contact_id)
    record_access.open_record(
        visit.services.database,
        visit.actor,
        "print letter",
        shown,
        now=visit.now,
        refused=f"{visible_referrer.PROTECTED}: whoever may see it prints this letter.",
    )
    return visit.go(f"/letters/{letter_id}")


def hand_over(visit: Here, letter_id: int, form: Posted) -> Response:
    """Records that the letter left, or that the referrer was told by telephone."""
    told = form.get("delivery") == Delivery.BY_TELEPHONE
    return _record(visit, letter_id, form, LEFT, notice="told-by-telephone" if told else "handed-over")


def came_back(visit: Here, letter_id: int, form: Posted) -> Response:
    """Records that the letter came back; the duty is owed again."""
    return _record(visit, letter_id, form, CAME_BACK, notice="came-back")


def _record(visit: Visit, letter_id: int, form: Form, what: Recorded, *, notice: str) -> Response:
    try:
        data = what.read(form)
        visit.change(lambda act: what.command(act, letter_id, data), form.token)
    except (InvalidInput, Refused) as error:
        return _letter(visit, letter_id, form.refused(error), status=error.status)
    return visit.go(f"/letters/{letter_id}", notice=notice)


def excuse_form(visit: Here, letter_id: int) -> Response:
    """The form on which a manager says why a letter can't be sent."""
    return _excuse(visit, letter_id, forms.fresh())


def excuse(visit: Here, letter_id: int, form: Posted) -> Response:
    """Records why the letter can't be sent; it is owed no more."""
    try:
        data = typed.reason(form)
        visit.change(lambda act: excusing.excuse(act, letter_id, data), token=form.token)
    except (InvalidInput, Refused) as error:
        return _excuse(visit, letter_id, form.refused(error), status=error.status)
    return visit.go(f"/letters/{letter_id}", notice="excused")


def _excuse(visit: Visit, letter_id: int, form: Form, *, status: int = 200) -> Response:
    with visit.reading() as session:
        line = letter_list_rows.one(session, letter_id)
        why_not = excusing.why_not(session, line.letter)
        return visit.page("excuse_letter.html", status=status, form=form, line=_seen(visit, line), why_not=why_not)


def _letter(visit: Visit, letter_id: int, form: Form, *, status: int = 200) -> Response:
    with visit.reading() as session:
        line = letter_list_rows.one(session, letter_id)
        hidden = visible_referrer.hidden(line.contact, sees=visit.sees_protected)
        return visit.page(
            "letter.html",
            status=status,
            form=form,
            line=_seen(visit, line),
            is_protected=hidden,
            refs=letter_list_rows.named(session, letter_id),
            story=letter_story_view.of(session, line, sees=visit.sees_protected),
            calls=[] if hidden else _calls(session, line),
            link=link_rows.of_letter(session, letter_id),
            may_be_excused=not excusing.why_not(session, line.letter),
            overtaken=correction_rows.overtaken_of(session, letter_id) is not None,
            names=record_rows.names(session),
            ways=WAYS,
            ways_back=WAYS_BACK,
            late=_late(visit, session, line),
        )


def _late(visit: Visit, session: ReadSession, line: LetterLine) -> Question | None:
    """Why it is late, where recording now that it left would be."""
    return why_late.is_asked_of_letters(session, [id_of(line.letter)], now=visit.now)


def _seen(visit: Visit, line: LetterLine) -> LetterLine:
    return visible_referrer.letter_as_seen(line, sees=visit.sees_protected)


def _calls(session: ReadSession, line: LetterLine) -> list[letter_words_view.Call]:
    events = event_rows.calls_of_contact(session, line.letter.contact_id)
    return letter_words_view.calls(events, letter_id=id_of(line.letter))

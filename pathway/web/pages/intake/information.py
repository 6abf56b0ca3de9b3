"""Information added to a contact, its files to be downloaded, and whether decisions stand after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from pathway.engine import inputs
from pathway.engine.information import adding_information, standing_decisions
from pathway.engine.information.adding_information import InformationInput
from pathway.engine.information.file_kinds import Upload
from pathway.engine.information.standing_decisions import StandsInput
from pathway.engine.referrers import visible_referrer
from pathway.web import forms, times, typed
from pathway.web.forms import Form, Posted
from pathway.web.uploads import Uploaded
from pathway.web.views import contact_form_view, information_view
from pathway.web.visit import Here, Visit
from rules.errors import Fault, InvalidInput, NotAllowed, Refused
from rules.vocabulary import Action, ReferrerKind
from storage.queries import contact_rows, information_rows, record_rows, referral_rows
from storage.tables import id_of

REFERRER, OTHER = "referrer", "other"
STANDS = (("yes", "The decision stands", ""), ("no", "It does not stand: it is to be made anew", ""))
AGAIN = "Choose the files again: a browser does not keep them."


def show(visit: Here, ref: str) -> Response:
    """The form, given now."""
    there = times.local(visit.now)
    form = forms.fresh(given_at=f"{there:%d/%m/%Y}", given_at_time=f"{there:%H:%M}", channel="telephone", who=REFERRER)
    return _page(visit, ref, form)


def add(visit: Here, ref: str, sent: Uploaded) -> Response:
    """Keeps the information with its files; what was typed stays where something is wrong."""
    form = sent.form
    try:
        data = _read(form, sent.uploads())
        visit.change(
            lambda act: adding_information.add(act, id_of(contact_rows.by_ref(act.session, ref)), data), form.token
        )
    except (InvalidInput, Refused) as error:
        told = form.refused(error)
        return _page(visit, ref, told, status=error.status, again=any(file.filename for file in sent.files))
    return visit.go(f"/contacts/{ref}", notice="information-added")


def _read(form: Form, files: Sequence[Upload]) -> InformationInput:
    fields: dict[str, Any] = {name: form.get(name) for name in ("from_whom", "channel", "text")}
    fields |= {
        "from_referrer": form.get("who") == REFERRER,
        "answers": form.has("answers", "yes"),
        "files": tuple(files),
    }
    faults: list[Fault] = []
    try:
        fields["given_at"] = typed.moment(form.get("given_at"), form.get("given_at_time"), place="given_at").utc
    except InvalidInput as error:
        faults += error.faults
    return typed.parse(InformationInput, fields, faults, unread=("given_at",))


def _page(visit: Visit, ref: str, form: Form, *, status: int = 200, again: bool = False) -> Response:
    with visit.reading() as session:
        contact = contact_rows.by_ref(session, ref)
        return visit.page(
            "information_form.html",
            status=status,
            form=form,
            contact=visible_referrer.as_seen(contact, sees=visit.sees_protected),
            asked=information_view.asked(session, contact),
            channels=contact_form_view.options(visit.book)["channels"],
            who=_who(contact.referrer_kind),
            decided=[one.ref for one in referral_rows.of_contact(session, id_of(contact)) if one.decided_at],
            again=AGAIN if again else "",
        )


def _who(kind: str) -> Sequence[tuple[str, str, str]]:
    others = (OTHER, "Somebody else", "")
    return (others,) if kind == ReferrerKind.ANONYMOUS else ((REFERRER, "The referrer", ""), others)


def download(visit: Here, ref: str, file_id: int) -> Response:
    """One file, to be kept and never opened by the page: the browser is told neither what it is nor to show it."""
    with visit.reading() as session:
        contact = contact_rows.by_ref(session, ref)
        file, told = information_rows.file(session, id_of(contact), file_id)
        if told.from_referrer and visible_referrer.hidden(contact, sees=visit.sees_protected):
            raise NotAllowed(information_view.WITHHELD)
        name, content = file.name, file.content
    plain = "".join(sign if sign.isascii() and sign not in '"\\' else "_" for sign in name)
    how = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    headers = {"Content-Disposition": how, "Content-Security-Policy": "sandbox; default-src 'none'"}
    return Response(content, media_type="application/octet-stream", headers=headers)


def question(visit: Here, ref: str) -> Response:
    """What was added after the decision, and the form that asks whether it stands."""
    return _question(visit, ref, forms.fresh())


def answer(visit: Here, ref: str, form: Posted) -> Response:
    """Keeps the answer; a decision that does not stand is corrected, or made anew after a reopening."""
    try:
        if form.get("stands") not in ("yes", "no"):
            raise InvalidInput.of("stands", "Nothing is chosen", "Say whether the decision stands")
        data = inputs.parse(StandsInput, {"stands": form.get("stands") == "yes", "reason": form.get("reason")})
        number = typed.whole(form.get("question"))
        visit.change(lambda act: standing_decisions.answer(act, number, data), form.token)
    except (InvalidInput, Refused) as error:
        return _question(visit, ref, form.refused(error), status=error.status)
    if data.stands:
        return visit.go(f"/referrals/{ref}", notice="decision-stands")
    return visit.go(_anew(visit, ref), notice="decision-doubted")


def _anew(visit: Visit, ref: str) -> str:
    with visit.reading() as session:
        closed = referral_rows.by_ref(session, ref).closed_at is not None
    path, action = ("reopen", Action.REOPEN) if closed else ("correct", Action.CORRECT_DECISION)
    return f"/referrals/{ref}/{path}" if visit.may(action) else f"/referrals/{ref}"


def _question(visit: Visit, ref: str, form: Form, *, status: int = 200) -> Response:
    with visit.reading() as session:
        referral = referral_rows.by_ref(session, ref)
        asked = information_rows.open_questions(session, id_of(referral))
        contact = contact_rows.of_referral(session, referral)
        eyes = information_view.Eyes(username=visit.actor.username, look=visit.look, sees=visit.sees_protected)
        told = {one.information.id: one for one in information_view.of_contact(session, contact, eyes)}
        return visit.page(
            "decision_question.html",
            status=status,
            form=form.where(question=str(asked[0].question.id)) if asked else form,
            referral=referral,
            person=asked[0].person if asked else None,
            contact=contact,
            told=told.get(asked[0].information.id) if asked else None,
            decision=referral_rows.latest_decision(session, id_of(referral)),
            choices=STANDS,
            names=record_rows.names(session),
        )

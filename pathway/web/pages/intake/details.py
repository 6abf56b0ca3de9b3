"""Correcting a detail of a child, a contact or its referrer: what follows is shown before anything is kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from pathway.engine import inputs
from pathway.engine.act import Act
from pathway.engine.corrections import correcting_adults, correcting_details, details, kept_corrections, rights
from pathway.engine.corrections.details import Detail, Whose
from pathway.engine.corrections.kept_corrections import DetailInput, Followed
from pathway.engine.referrers import visible_referrer
from pathway.web import forms
from pathway.web.forms import Form, Posted
from pathway.web.views import contact_form_view, detail_view
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, NotAllowed, PathwayError, Refused, Stale
from storage.queries import contact_rows, record_rows, referral_rows
from storage.queries.children import adult_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Contact, Person, Referral, id_of

TAKEN, TOLD = "taken", "told"
HOW = (
    (TAKEN, "We took it down wrong", "This referrer had said it right. Letters to them follow."),
    (
        TOLD,
        "The referrer told us otherwise than it is",
        "The record is corrected. Letters use what this referrer said.",
    ),
)
SEEN = ("value", "how")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """Whose details a page is about: a child, by its referral, or a contact."""

    contact: Contact
    row: Person | Contact
    referral: Referral | None

    @property
    def path(self) -> str:
        """The page of the record."""
        return f"/referrals/{self.referral.ref}" if self.referral else f"/contacts/{self.contact.ref}"


_Find = Callable[[ReadSession | WriteSession, str], _Subject]


def _of_child(session: ReadSession | WriteSession, ref: str) -> _Subject:
    referral = referral_rows.by_ref(session, ref)
    contact = session.get_one(Contact, referral.contact_id)
    return _Subject(contact=contact, row=session.get_one(Person, referral.person_id), referral=referral)


def _of_contact(session: ReadSession | WriteSession, ref: str) -> _Subject:
    contact = contact_rows.by_ref(session, ref)
    return _Subject(contact=contact, row=contact, referral=None)


def of_child(visit: Here, ref: str, field: str = "") -> Response:
    """What of a child can be corrected, or the form for one detail."""
    return _show(visit, ref, _of_child, field)


def correct_child(visit: Here, ref: str, form: Posted) -> Response:
    """Shows what would follow, or corrects the detail of a child."""
    return _take(visit, ref, form, _of_child)


def of_contact(visit: Here, ref: str, field: str = "") -> Response:
    """What of a contact and its referrer can be corrected, or the form for one detail."""
    return _show(visit, ref, _of_contact, field)


def correct_contact(visit: Here, ref: str, form: Posted) -> Response:
    """Shows what would follow, or corrects the detail of a contact or its referrer."""
    return _take(visit, ref, form, _of_contact)


def _show(visit: Visit, ref: str, find: _Find, field: str) -> Response:
    with visit.reading() as session:
        subject = find(session, ref)
        without = _without(visit, subject)
        if not field:
            return _list(visit, session, subject, without)
        detail = _detail(field, subject, without)
        kept = kept_corrections.stands(subject.row, detail)
        form = forms.fresh(field=detail.name, was=kept, value=detail_view.as_typed(detail, kept))
        return _page(visit, subject, detail, form)


def _detail(field: str, subject: _Subject, without: Collection[Whose]) -> Detail:
    detail = details.called(field, details.OF_CHILD if subject.referral else details.OF_CONTACT)
    if detail.whose in without:
        raise NotAllowed(rights.PROTECTED)
    return detail


def _without(visit: Visit, subject: _Subject) -> Collection[Whose]:
    return (Whose.REFERRER,) if visible_referrer.hidden(subject.contact, sees=visit.sees_protected) else ()


def _list(visit: Visit, session: ReadSession, subject: _Subject, without: Collection[Whose]) -> Response:
    children = {id_of(subject.row)} if isinstance(subject.row, Person) else frozenset[int]()
    return visit.page(
        "details.html",
        subject=subject,
        rows=detail_view.rows(subject.row, without=without),
        changes=detail_view.changes(session, subject.contact, children, sees=visit.sees_protected),
        adults=[] if subject.referral else _adults(visit, session, subject.contact),
        names=record_rows.names(session),
    )


def _adults(visit: Visit, session: ReadSession, contact: Contact) -> Sequence[tuple[int, str]]:
    """The number and name of each adult of a contact, but for who would tell who a protected referrer is."""
    return [
        (one.number, detail_view.adult_name(one))
        for one in adult_rows.of_contact(session, id_of(contact))
        if visit.sees_protected or not correcting_adults.is_referrer(session, contact, one.number)
    ]


def _page(
    visit: Visit,
    subject: _Subject,
    detail: Detail,
    form: Form,
    *,
    following: detail_view.Following | None = None,
    status: int = 200,
) -> Response:
    return visit.page(
        "detail.html",
        status=status,
        form=form,
        subject=subject,
        detail=detail,
        now=detail_view.shown(detail, kept_corrections.stands(subject.row, detail)),
        choices=contact_form_view.choices(visit.book, detail_view.LISTS.get(detail.name, "")),
        how=HOW,
        following=following,
    )


def _take(visit: Visit, ref: str, form: Form, find: _Find) -> Response:
    try:
        data = _read(form)
        _refuse_unsaid(visit, ref, form, find)
        if form.get("do") != "save" or form.get("previewed") != _mark(form):
            return _preview(visit, ref, form, find, data)
        followed = visit.change(lambda act: _correct(act, find(act.session, ref), data), form.token)
    except (InvalidInput, Refused, Stale) as error:
        return _again(visit, ref, form, find, error)
    with visit.reading() as session:
        notice = "correction-waits" if followed and followed.waits else "detail-corrected"
        return visit.go(find(session, ref).path, notice=notice)


def _read(form: Form) -> DetailInput:
    typed: Mapping[str, Any] = {name: form.get(name) for name in ("field", "value", "was", "reason")}
    return inputs.parse(DetailInput, {**typed, "taken_wrong": form.get("how") == TAKEN})


def _refuse_unsaid(visit: Visit, ref: str, form: Form, find: _Find) -> None:
    with visit.reading() as session:
        referral = find(session, ref).referral
    if referral is not None and referral.named_by_referrer and form.get("how") not in (TAKEN, TOLD):
        raise InvalidInput.of("how", "Nothing is chosen", "Say how it came to be wrong")


def _mark(form: Form) -> str:
    """What was previewed: somebody who types something else afterwards is shown again what follows."""
    return "|".join(form.get(name).strip() for name in SEEN)


def _correct(act: Act, subject: _Subject, data: DetailInput) -> Followed | None:
    if subject.referral is not None:
        return correcting_details.correct_child(act, id_of(subject.referral), data)
    return correcting_details.correct_contact(act, id_of(subject.contact), data)


def _preview(visit: Visit, ref: str, form: Form, find: _Find, data: DetailInput) -> Response:
    with visit.services.database.rehearse() as rehearsal:
        followed = _correct(Act(rehearsal, visit.actor, visit.now), find(rehearsal, ref), data)
    with visit.reading() as session:
        subject = find(session, ref)
        detail = _detail(data.field, subject, _without(visit, subject))
        following = detail_view.following(session, followed) if followed else None
        shown = form.where(previewed=_mark(form))
        return _page(visit, subject, detail, shown, following=following)


def _again(visit: Visit, ref: str, form: Form, find: _Find, error: PathwayError) -> Response:
    with visit.reading() as session:
        subject = find(session, ref)
        detail = _detail(form.get("field"), subject, _without(visit, subject))
        told = form.refused(error)
        if isinstance(error, Stale):
            told = told.where(was=kept_corrections.stands(subject.row, detail))
        return _page(visit, subject, detail, told, status=error.status)

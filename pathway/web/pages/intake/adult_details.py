"""Correcting an adult whom a contact names: what follows is shown before anything is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from pathway.engine import inputs
from pathway.engine.act import Act
from pathway.engine.corrections import adult_change, correcting_adults, details, rights
from pathway.engine.corrections.details import Detail, Whose
from pathway.engine.corrections.kept_corrections import AdultDetailInput
from pathway.web import forms
from pathway.web.forms import Form, Posted
from pathway.web.views import contact_form_view, detail_view
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, NotAllowed, PathwayError, Refused, Stale
from storage.queries import record_rows, referral_rows
from storage.queries.children import adult_rows
from storage.queries.children.adult_rows import Standing
from storage.sessions import ReadSession
from storage.tables import Contact, Person, Referral, id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """The adult whom a page is about, and the children of the contact."""

    contact: Contact
    adult: Standing
    children: Sequence[tuple[Referral, Person]]

    @property
    def name(self) -> str:
        """Who it is, in words."""
        return detail_view.adult_name(self.adult)

    @property
    def path(self) -> str:
        """The page of the adult."""
        return f"/adults/{self.adult.number}"

    def rows(self, child: Referral | None) -> Iterator[detail_view.Row]:
        """The details of the adult's own, or those that each child has."""
        for detail in details.DETAILS.values():
            if detail.whose is Whose.ADULT and detail.each is (child is not None) and detail is not details.MISTAKE:
                kept = adult_change.stands(self.adult, detail, child)
                yield detail_view.Row(detail=detail, kept=kept, words=detail_view.shown(detail, kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meant:
    """The detail that a form is for, and of which child where each has it."""

    subject: _Subject
    detail: Detail
    child: Referral | None

    @property
    def kept(self) -> str:
        """What stands there now."""
        return adult_change.stands(self.subject.adult, self.detail, self.child)


def show(visit: Here, adult_id: int, field: str = "", of: str = "") -> Response:
    """What of an adult can be corrected, or the form for one detail."""
    with visit.reading() as session:
        subject = _subject(visit, session, adult_id)
        if not field or not subject.adult.relations:
            return _list(visit, session, subject)
        meant = _meant(subject, field, of)
        typed = "" if meant.detail is details.MISTAKE else detail_view.as_typed(meant.detail, meant.kept)
        ref = meant.child.ref if meant.child else ""
        return _page(visit, meant, forms.fresh(field=meant.detail.name, of=ref, was=meant.kept, value=typed))


def correct(visit: Here, adult_id: int, form: Posted) -> Response:
    """Shows what would follow, or corrects the detail."""
    try:
        data = inputs.parse(
            AdultDetailInput, {name: form.get(name) for name in ("field", "of", "value", "was", "reason")}
        )
        if form.get("do") != "save" or form.get("previewed") != form.get("value").strip():
            return _preview(visit, adult_id, form, data)
        visit.change(lambda act: correcting_adults.correct(act, adult_id, data), form.token)
    except (InvalidInput, Refused, Stale) as error:
        return _again(visit, adult_id, form, error)
    return visit.go(f"/adults/{adult_id}", notice="detail-corrected")


def _subject(visit: Visit, session: ReadSession, adult_id: int) -> _Subject:
    adult = adult_rows.standing(session, adult_id)
    contact = session.get_one(Contact, adult.adult.contact_id)
    if not visit.sees_protected and correcting_adults.is_referrer(session, contact, adult_id):
        raise NotAllowed(rights.PROTECTED)
    children = referral_rows.children_of_contact(session, id_of(contact))
    return _Subject(contact=contact, adult=adult, children=children)


def _meant(subject: _Subject, field: str, of: str) -> _Meant:
    detail = details.called(field, details.OF_ADULT)
    child = correcting_adults.child_meant(detail, [referral for referral, _ in subject.children], of)
    return _Meant(subject=subject, detail=detail, child=child)


def _list(visit: Visit, session: ReadSession, subject: _Subject) -> Response:
    changes = detail_view.of_adult(session, subject.adult)
    return visit.page("adult.html", subject=subject, changes=changes, names=record_rows.names(session))


def _page(
    visit: Visit, meant: _Meant, form: Form, *, following: detail_view.Following | None = None, status: int = 200
) -> Response:
    return visit.page(
        "adult_detail.html",
        status=status,
        form=form,
        subject=meant.subject,
        detail=meant.detail,
        child=next((person for one, person in meant.subject.children if one == meant.child), None),
        now=detail_view.shown(meant.detail, meant.kept),
        choices=contact_form_view.choices(visit.book, detail_view.LISTS.get(meant.detail.name, "")),
        following=following,
    )


def _preview(visit: Visit, adult_id: int, form: Form, data: AdultDetailInput) -> Response:
    with visit.services.database.rehearse() as rehearsal:
        followed = correcting_adults.correct(Act(rehearsal, visit.actor, visit.now), adult_id, data)
    with visit.reading() as session:
        meant = _meant(_subject(visit, session, adult_id), data.field, data.of)
        following = detail_view.following(session, followed) if followed else None
        return _page(visit, meant, form.where(previewed=form.get("value").strip()), following=following)


def _again(visit: Visit, adult_id: int, form: Form, error: PathwayError) -> Response:
    with visit.reading() as session:
        meant = _meant(_subject(visit, session, adult_id), form.get("field"), form.get("of"))
        told = form.refused(error)
        if isinstance(error, Stale):
            told = told.where(was=meant.kept)
        return _page(visit, meant, told, status=error.status)

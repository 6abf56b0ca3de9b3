"""The forms about all children of a contact: one way to take a step for the family, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response

from pathway.engine.act import Act
from pathway.engine.together import OfChild, SeveralRefused
from pathway.web import forms
from pathway.web.forms import Form, Posted
from pathway.web.views.family import family_view, refused_view
from pathway.web.views.family.family_view import Family
from pathway.web.views.family.refused_view import Places
from pathway.web.views.information_view import Eyes
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, PathwayError, Stale
from storage.sessions import ReadSession

Wanted = Sequence[OfChild[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """The page as it is open: who looks at which family, in which read session, and what stands in the form."""

    visit: Visit
    session: ReadSession
    family: Family
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyStep:
    """One form about a family, on a ``tab``: what it shows, how it is read, which command it gives, where it leads.

    ``read`` raises InvalidInput; ``shows`` is what stands beside the family; ``found_at`` gives the fields of the
    command's faults. ``tried`` is what a button shows that records nothing, None where none was pressed. ``values`` is
    what stands in the form at first. The browser goes on to the tab ``then`` where this person takes that step and a
    child is ready for it, else to the contact; either shows ``notice``.
    """

    tab: str
    template: str
    read: Callable[[Open], Wanted]
    command: Callable[[Act, Any], object]
    shows: Callable[[Open], Mapping[str, Any]]
    found_at: Callable[[Open], Places]
    tried: Callable[[Visit, Form, Wanted], Mapping[str, Any] | None]
    notice: str
    values: Callable[[Open], Mapping[str, str]] = lambda _: {}
    then: str = ""

    def show(self, visit: Here, ref: str) -> Response:
        """The form before anything was typed."""
        with visit.reading() as session:
            family = _family(visit, session, ref)
            blank = Open(visit=visit, session=session, family=family, form=forms.fresh())
            form = visit.resumed(refused_view.current(forms.fresh(**self.values(blank)), family))
            return self._page(replace(blank, form=form))

    def take(self, visit: Here, ref: str, form: Posted) -> Response:
        """Takes the step for every child, or shows the form as it was typed with what is wrong."""
        if visit.took(form.token):
            return self._done(visit, ref)
        try:
            wanted = self._wanted(visit, ref, form)
            if (found := self.tried(visit, form, wanted)) is not None:
                return self._again(visit, ref, replace(form, shown={}), found=found)
            visit.change(lambda act: self.command(act, wanted), form.token)
        except (InvalidInput, SeveralRefused) as error:
            return self._again(visit, ref, form, error=error)
        return self._done(visit, ref)

    def _done(self, visit: Visit, ref: str) -> Response:
        return visit.go(f"/contacts/{ref}{self._next(visit, ref)}", notice=self.notice)

    def _next(self, visit: Visit, ref: str) -> str:
        tab = family_view.TABS.get(self.then)
        if tab is None or not visit.may(tab.action):
            return ""
        with visit.reading() as session:
            return f"/{self.then}" if any(map(tab.is_ready, _family(visit, session, ref).children)) else ""

    def _wanted(self, visit: Visit, ref: str, form: Form) -> Wanted:
        with visit.reading() as session:
            family = _family(visit, session, ref)
            self._refuse_gone(family, form)
            return self.read(Open(visit=visit, session=session, family=family, form=form))

    def _refuse_gone(self, family: Family, form: Form) -> None:
        """A child who stood on the page and waits no more: somebody else was quicker, and nobody is left out unsaid."""
        there = {f"{child.prefix}on" for child in family.on(self.tab)}
        if gone := [name for name in form.values if name.endswith(".on") and name not in there]:
            raise SeveralRefused({name.removesuffix(".on"): Stale() for name in gone})

    def _again(
        self,
        visit: Visit,
        ref: str,
        form: Form,
        *,
        error: InvalidInput | SeveralRefused | None = None,
        found: Mapping[str, Any] | None = None,
    ) -> Response:
        with visit.reading() as session:
            page = Open(visit=visit, session=session, family=_family(visit, session, ref), form=form)
            return self._page(replace(page, form=self._told(page, error)), error=error, found=found)

    def _told(self, page: Open, error: PathwayError | None) -> Form:
        if isinstance(error, SeveralRefused):
            return refused_view.told(page.session, page.family, page.form, error, self.found_at(page))
        return page.form.refused(error) if error is not None else page.form

    def _page(
        self, page: Open, *, error: PathwayError | None = None, found: Mapping[str, Any] | None = None
    ) -> Response:
        context = {**self.shows(page), **(found or {})}
        status = error.status if error is not None else 200
        return page.visit.page(self.template, status=status, form=page.form, family=page.family, **context)


def _family(visit: Visit, session: ReadSession, ref: str) -> Family:
    eyes = Eyes(username=visit.actor.username, look=visit.look, sees=visit.sees_protected)
    return family_view.of(session, ref, eyes)

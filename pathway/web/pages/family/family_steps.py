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
from pathway.web.views.family.refused_view import Placed
from pathway.web.views.information_view import Eyes
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, PathwayError
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
    """One form about a family: what it shows, how it is read, which command it gives, and where it leads.

    ``read`` raises InvalidInput; ``shows`` is what stands beside the family; ``found_at`` gives the fields of the
    command's faults. ``tried`` is what a button shows that records nothing, None where none was pressed. The browser
    goes on to the contact, which shows ``notice``.
    """

    template: str
    read: Callable[[Open], Wanted]
    command: Callable[[Act, Any], object]
    shows: Callable[[Open], Mapping[str, Any]]
    found_at: Callable[[Open], Placed]
    tried: Callable[[Visit, Form, Wanted], Mapping[str, Any] | None]
    notice: str

    def show(self, visit: Here, ref: str) -> Response:
        """The form before anything was typed."""
        with visit.reading() as session:
            family = _family(visit, session, ref)
            form = visit.resumed(refused_view.current(forms.fresh(), family))
            return self._page(Open(visit=visit, session=session, family=family, form=form))

    def take(self, visit: Here, ref: str, form: Posted) -> Response:
        """Takes the step for every child, or shows the form as it was typed with what is wrong."""
        try:
            wanted = self._wanted(visit, ref, form)
            if (found := self.tried(visit, form, wanted)) is not None:
                return self._again(visit, ref, replace(form, shown={}), found=found)
            visit.change(lambda act: self.command(act, wanted), form.token)
        except (InvalidInput, SeveralRefused) as error:
            return self._again(visit, ref, form, error=error)
        return visit.go(f"/contacts/{ref}", notice=self.notice)

    def _wanted(self, visit: Visit, ref: str, form: Form) -> Wanted:
        with visit.reading() as session:
            return self.read(Open(visit=visit, session=session, family=_family(visit, session, ref), form=form))

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

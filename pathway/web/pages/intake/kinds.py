"""The kind of a contact: changed, with a reason, until every child has been decided."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response

from pathway.engine import inputs
from pathway.engine.intake import contact_kind
from pathway.engine.intake.contact_kind import KindInput
from pathway.engine.rulebooks import published_books
from pathway.web import forms, steps
from pathway.web.forms import Form, Posted
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, Refused
from rules.rulebook import Rulebook
from storage.queries import contact_rows, referral_rows
from storage.tables import id_of


def show(visit: Here, ref: str) -> Response:
    """The kinds of the book, and what each asks for."""
    with visit.reading() as session:
        kind = contact_rows.by_ref(session, ref).kind
    return _form(visit, ref, forms.fresh(kind=kind))


def change(visit: Here, ref: str, form: Posted) -> Response:
    """Makes it another kind."""
    try:
        if not form.get("kind"):
            raise InvalidInput.of("kind", "Nothing is chosen", "Choose a kind of contact")
        data = inputs.parse(KindInput, {"kind": form.get("kind"), "reason": form.get("reason")})
        steps.take_for_contact(visit, ref, form, contact_kind.change, data)
    except (InvalidInput, Refused) as error:
        return _form(visit, ref, form.refused(error), status=error.status)
    return visit.go(f"/contacts/{ref}", notice="kind-changed")


def _form(visit: Visit, ref: str, form: Form, *, status: int = 200) -> Response:
    with visit.reading() as session:
        contact = contact_rows.by_ref(session, ref)
        children = referral_rows.of_contact(session, id_of(contact))
        book = published_books.published_of(session, children[0]).book
        return visit.page("kind.html", status=status, form=form, contact=contact, kinds=options(book))


def options(book: Rulebook) -> Sequence[tuple[str, str, str]]:
    """Each kind of contact of a book, with the checks that it asks for beside the usual ones."""
    return [(code, kind.title, _checks(book, code)) for code, kind in book.contact_kinds.items()]


def _checks(book: Rulebook, code: str) -> str:
    further = [str(rule.kind) for rule in book.checks_for(code) if rule not in book.checks]
    return f"Also: {', '.join(further)}" if further else "The usual checks"

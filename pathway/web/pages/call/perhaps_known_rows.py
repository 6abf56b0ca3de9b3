"""Who on record the children of a contact may be, asked as the form stands: of every row, or of the one just left.

Each asking is one look in the access log, with the words that were asked for and whoever was shown; scripts ask when a
row is left, and not with each key.
"""

from __future__ import annotations

from collections.abc import Collection

from starlette.responses import JSONResponse, Response

from pathway.engine import record_access
from pathway.engine.intake import perhaps_known, same_call
from pathway.web import rendering, typed
from pathway.web.forms import Form, Posted
from pathway.web.views import contact_form_view
from pathway.web.views.log_form import beside_view, typed_rows_view
from pathway.web.views.log_form.beside_view import NOBODY, Rows
from pathway.web.visit import Here, Visit
from rules.vocabulary import Action
from storage.queries.shown_rows import Shown

TITLE = "children perhaps known, while a contact is logged"


def known(visit: Here, form: Posted) -> Response:
    """What stands beside the one row whose number, from 1, is sent as ``row``, as a piece of the page."""
    number = typed.whole(form.get("row")) - 1
    rows = beside(visit, form, of=[number])
    found = rows.candidates.get(number, ())
    place = {"p": f"children.{number}", "w": f"Child {number + 1}"}
    beside_row, _ = rendering.render("log_form_beside.html", visit=visit, form=form, found=found, **place)
    call, _ = rendering.render("log_form_call.html", visit=visit, calls=rows.calls)
    said = beside_view.spoken(number, found) if number in rows.candidates else ""
    return JSONResponse({"beside": beside_row, "call": call if rows.candidates else None, "said": said})


def beside(visit: Visit, form: Form, *, of: Collection[int] | None = None) -> Rows:
    """Who may be the children of these rows, all where none are named; nobody is looked for where little is typed."""
    blocks = contact_form_view.children_of(form)
    told = [n for n, one in enumerate(blocks) if typed_rows_view.tells_somebody(one)]
    asked = [n for n in told if of is None or n in of]
    if not asked or not visit.may(Action.READ_RECORD):
        return NOBODY
    children = [typed_rows_view.child(contact_form_view.child(one, "", [])) for one in blocks]
    with visit.reading() as session:
        found = perhaps_known.beside(session, visit.actor, children, now=visit.now)
        same = same_call.of_typed(session, visit.actor, [children[n] for n in told], now=visit.now)
        rows = Rows(
            candidates={n: beside_view.candidates(found[n], now=visit.now) for n in asked},
            calls=beside_view.calls(same, username=visit.actor.username, now=visit.now),
        )
    _write_down(visit, rows, typed_rows_view.words([blocks[n] for n in asked]))
    return rows


def _write_down(visit: Visit, rows: Rows, words: str) -> None:
    shown = [one.person for some in rows.candidates.values() for one in some]
    people = [*shown, *(child for call in rows.calls for child in call.children)]
    children = frozenset(person.id for person in people if person.id is not None)
    record_access.open_record(
        visit.services.database, visit.actor, TITLE, Shown(children=children), now=visit.now, words=words
    )

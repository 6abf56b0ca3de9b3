"""Keeping what is typed into a form: on each sending of it, and every five seconds where scripts run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from fastapi import Request

from pathway.engine.act import Act
from pathway.engine.actors import Actor
from pathway.engine.drafts import keeping
from pathway.engine.drafts.keeping import Kept, Typed
from pathway.web import times, typed
from pathway.web.forms import Form
from pathway.web.kept import marks
from pathway.web.services import Services
from storage.queries import draft_rows
from storage.queries.staff import staff_rows
from storage.sessions import Conflict, Database, ReadSession
from storage.tables import Draft, id_of

NOT_KEPT = frozenset({"request_id", "do", "password", "username", marks.VERSION, marks.MARK, marks.TURN, marks.AGE})
ALREADY = (
    "This form was sent before, at {at}, with another text: from another page or device, or from here. Look at what "
    "was recorded then. What you typed now is below and not recorded; send it again where it is still needed."
)


def keep(request: Request, actor: Actor, *, form_path: str, sent: bool, now: datetime) -> Kept | None:
    """Keeps what the request's form holds; None for a form without a token, or without anything typed.

    The request's form is told which draft it is from now on.
    """
    form: Form = getattr(request.state, "form", Form())
    fields = {name: values for name, values in form.values.items() if name not in NOT_KEPT}
    if form.token is None or not fields or not getattr(request.state, "whole", True):
        return None
    services: Services = request.app.state.services
    mark = marks.mark_of(services, form, now=now)
    told = Typed(
        token=form.token,
        form=form_path,
        fields=fields,
        page=mark.page if mark else "",
        turn=typed.whole(form.get(marks.TURN)),
        version=typed.whole(form.get(marks.VERSION)),
        given=mark is not None and mark.username == actor.username,
        age=timedelta(seconds=typed.whole(form.get(marks.AGE))),
        sent=sent,
    )
    kept = _in_a_transaction(services.database, actor, told, now=now)
    request.state.form = form.where(request_id=kept.draft.token, **{marks.VERSION: str(kept.draft.version)})
    request.state.draft = kept.draft
    request.state.already = _already(kept)
    return kept


def _in_a_transaction(database: Database, actor: Actor, told: Typed, *, now: datetime) -> Kept:
    try:
        with database.write() as session:
            return keeping.keep(Act(session, actor, now), told)
    except Conflict:  # two sendings of a new form have met: the later finds what the first has kept
        with database.write() as session:
            return keeping.keep(Act(session, actor, now), told)


def _already(kept: Kept) -> str:
    ended = kept.beside.ended_at if kept.beside else None
    return ALREADY.format(at=times.at(ended)) if ended else ""


def keep_after_the_end(request: Request, *, form_path: str, sent: bool, now: datetime) -> Kept | None:
    """Keeps a form whose sender is not signed in any more for whoever was given it, while they work here."""
    services: Services = request.app.state.services
    mark = marks.mark_of(services, getattr(request.state, "form", Form()), now=now)
    if mark is None:
        return None
    with services.database.read() as session:
        user = staff_rows.user(session, mark.username)
        if user is None or not user.active:
            return None
        roles = staff_rows.roles(session, id_of(user))
    actor = Actor(username=user.username, name=user.name, roles=roles)
    return keep(request, actor, form_path=form_path, sent=sent, now=now)


def resumed(session: ReadSession, path: str, query: Mapping[str, str], username: str) -> Draft | None:
    """What this person typed into the form at an address and did not record: the one asked for, else the latest.

    A new contact is always another one, unless it is asked for. So is a form that an address fills in.
    """
    drafts = draft_rows.of_writer(session, path, username)
    if wanted := typed.whole(query.get("draft", "")):
        return next((draft for draft in drafts if draft.id == wanted), None)
    if path == keeping.NEW_CONTACT or set(query) - {"notice"}:
        return None
    return next(iter(drafts), None)


def form_of(draft: Draft) -> Form:
    """The form as it was typed."""
    values = {name: tuple(values) for name, values in keeping.fields_of(draft).items()}
    return Form(values=values).where(request_id=draft.token, **{marks.VERSION: str(draft.version)})


def way_back(draft: Draft) -> str:
    """The address of the form with this draft in it."""
    return f"{draft.form}?draft={draft.id}"

"""Identity not to be shared: the referrer stays off every page and export but for those with the right to see it."""

from __future__ import annotations

from datetime import datetime

from pathway.engine import history, permissions
from pathway.engine.actors import Actor
from pathway.engine.inputs import ReasonInput
from pathway.engine.rulebooks import published_books
from rules.errors import Refused
from rules.vocabulary import Action, EventKind
from storage.queries import contact_rows
from storage.sessions import WriteSession
from storage.tables import Contact


def protect(
    session: WriteSession,
    contact_id: int,
    data: ReasonInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Contact:
    """Keeps the referrer from everybody without the right. Raises Refused where that is so already, NotAllowed."""
    contact = contact_rows.lock(session, contact_id)
    if history.done_already(session, request_id):
        return contact
    permissions.require(published_books.current(session, now=now).book, actor, Action.PROTECT_IDENTITY)
    if contact.identity_protected:
        raise Refused(["The identity of this referrer is protected already."])
    contact.identity_protected = True
    _record(session, contact, EventKind.IDENTITY_PROTECTED, data, actor=actor, now=now, request_id=request_id)
    return contact


def share(
    session: WriteSession,
    contact_id: int,
    data: ReasonInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Contact:
    """Shows the referrer to everybody again; only who may see a protected one decides that.

    Raises Refused where nothing is protected, NotAllowed.
    """
    contact = contact_rows.lock(session, contact_id)
    if history.done_already(session, request_id):
        return contact
    book = published_books.current(session, now=now).book
    permissions.require(book, actor, Action.PROTECT_IDENTITY)
    permissions.require(book, actor, Action.SEE_PROTECTED)
    if not contact.identity_protected:
        raise Refused(["The identity of this referrer is not protected."])
    contact.identity_protected = False
    _record(session, contact, EventKind.IDENTITY_OPENED, data, actor=actor, now=now, request_id=request_id)
    return contact


def _record(
    session: WriteSession,
    contact: Contact,
    kind: EventKind,
    data: ReasonInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None,
) -> None:
    history.record(
        session,
        kind,
        summary=f"Referrer’s {kind}: {data.reason}",
        actor=actor,
        now=now,
        contact_id=contact.id,
        details={"reason": data.reason},
        request_id=request_id,
    )

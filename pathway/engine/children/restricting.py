"""Restricting a child's record to people named, each with a reason (own family, a colleague's children)."""

from __future__ import annotations

from datetime import datetime

from pathway.engine import history, permissions, record_access
from pathway.engine.actors import Actor
from pathway.engine.inputs import LiftingInput, NamingInput, RestrictionInput
from pathway.engine.rulebooks import published_books
from rules.errors import Fault, InvalidInput, NotAllowed, NotFound, Refused
from rules.vocabulary import Action, EventKind
from storage.queries.children import person_rows, restriction_rows
from storage.queries.staff import staff_rows
from storage.sessions import WriteSession
from storage.tables import Person, Restriction, RestrictionName, id_of


def restrict(
    session: WriteSession,
    person_id: int,
    data: RestrictionInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Restriction:
    """Closes the record to everybody but those named; whoever restricts it is named too.

    Raises InvalidInput naming each user name that nobody has, Refused where it is restricted already, NotAllowed.
    """
    _allowed(session, person_id, actor=actor, now=now)
    there = restriction_rows.standing(session, person_id)
    if there is not None and history.done_already(session, request_id):
        return there
    if there is not None:
        raise Refused(["This record is restricted already; name further people, or lift the restriction first."])
    _refuse_unknown(session, data.usernames)
    restriction = Restriction(person_id=person_id, reason=data.reason, restricted_at=now, restricted_by=actor.username)
    session.add(restriction)
    session.flush()
    for username in dict.fromkeys([actor.username, *data.usernames]):
        _name(session, restriction, username, reason=data.reason, actor=actor, now=now)
    summary = f"Record restricted: {data.reason}"
    _record(session, person_id, EventKind.RESTRICTED, summary, actor=actor, now=now, request_id=request_id)
    session.flush()
    return restriction


def name(session: WriteSession, person_id: int, data: NamingInput, *, actor: Actor, now: datetime) -> Restriction:
    """Opens a restricted record to one more person, with the reason. Raises InvalidInput, Refused, NotAllowed."""
    restriction = _standing(session, person_id, actor=actor, now=now)
    _refuse_unknown(session, [data.username])
    if data.username not in {one.username for one in restriction_rows.names_of(session, id_of(restriction))}:
        _name(session, restriction, data.username, reason=data.reason, actor=actor, now=now)
        summary = f"Restricted record opened to {data.username}: {data.reason}"
        _record(session, person_id, EventKind.RESTRICTED, summary, actor=actor, now=now)
    session.flush()
    return restriction


def lift(
    session: WriteSession,
    person_id: int,
    data: LiftingInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Restriction:
    """Opens the record again to everybody whose role allows it. Raises Refused, NotAllowed."""
    restriction = _standing(session, person_id, actor=actor, now=now)
    restriction.lifted_at, restriction.lifted_by, restriction.lifted_because = now, actor.username, data.reason
    summary = f"Restriction lifted: {data.reason}"
    _record(session, person_id, EventKind.RESTRICTION_LIFTED, summary, actor=actor, now=now, request_id=request_id)
    session.flush()
    return restriction


def _allowed(session: WriteSession, person_id: int, *, actor: Actor, now: datetime) -> Person:
    permissions.require(published_books.current(session, now=now).book, actor, Action.RESTRICT_RECORD)
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound(f"There is no child with the number {person_id}; open the record again.")
    if refused := record_access.refusal(session, actor, [person_id]):
        raise NotAllowed(refused)
    return person


def _standing(session: WriteSession, person_id: int, *, actor: Actor, now: datetime) -> Restriction:
    _allowed(session, person_id, actor=actor, now=now)
    restriction = restriction_rows.standing(session, person_id)
    if restriction is None:
        raise Refused(["This record is not restricted."])
    return restriction


def _refuse_unknown(session: WriteSession, usernames: list[str] | tuple[str, ...]) -> None:
    known = {user.username for user in staff_rows.named(session, usernames)}
    remedy = "Give the user name of somebody who signs in"
    faults = [
        Fault(place="usernames", problem=f"There is no user {username}", remedy=remedy)
        for username in usernames
        if username not in known
    ]
    if faults:
        raise InvalidInput(faults)


def _name(
    session: WriteSession, restriction: Restriction, username: str, *, reason: str, actor: Actor, now: datetime
) -> None:
    session.add(
        RestrictionName(
            restriction_id=id_of(restriction), username=username, reason=reason, named_at=now, named_by=actor.username
        )
    )


def _record(
    session: WriteSession,
    person_id: int,
    kind: EventKind,
    summary: str,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> None:
    """In the history of each of the child's referrals; one event a form's token."""
    for earlier in person_rows.referrals_of(session, person_id):
        history.of_referral(session, earlier.referral, kind, summary, actor=actor, now=now, request_id=request_id)
        request_id = None

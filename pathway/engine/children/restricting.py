"""Restricting a child's record to people named, each with a reason (own family, a colleague's children)."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from pathway.engine import record_access, record_openers
from pathway.engine.act import Act
from pathway.engine.inputs import Input, NeededLine, NeededText, ReasonInput
from rules.errors import Fault, InvalidInput, NotFound, Refused
from rules.vocabulary import Action, EventKind
from storage.queries.children import person_rows, restriction_rows
from storage.queries.staff import staff_rows
from storage.sessions import WriteSession
from storage.tables import Person, Restriction, RestrictionName, id_of

NOT_RESTRICTED = "This record is not restricted."


def _names(value: object) -> object:
    """User names typed with commas or blanks between them."""
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


class RestrictionInput(Input):
    """Why a child's record opens only to people named, and the user names of those people."""

    reason: NeededText
    usernames: Annotated[tuple[NeededLine, ...], BeforeValidator(_names)] = ()


class NamingInput(Input):
    """One more person to whom a restricted record opens, and why."""

    username: NeededLine
    reason: NeededText


def restrict(act: Act, person_id: int, data: RestrictionInput) -> Restriction:
    """Closes the record to everybody but those named; whoever restricts it is named too.

    Where none of these may decide, the role that may break the glass is named as well.

    Raises InvalidInput naming each user name that nobody has, Refused where it is restricted already, NotAllowed.
    """
    _allowed(act, person_id)
    there = restriction_rows.standing(act.session, person_id)
    if there is not None and act.repeated:
        return there
    if there is not None:
        raise Refused(["This record is restricted already; name further people, or lift the restriction first."])
    _refuse_unknown(act.session, data.usernames)
    restriction = Restriction(
        person_id=person_id, reason=data.reason, restricted_at=act.now, restricted_by=act.actor.username
    )
    act.session.add(restriction)
    act.session.flush()
    for username in dict.fromkeys([act.actor.username, *data.usernames]):
        _name(act, restriction, username, reason=data.reason)
    act.session.flush()
    summary = f"Record restricted: {data.reason}"
    _record(act, person_id, EventKind.RESTRICTED, summary)
    record_openers.ensure(act)
    act.session.flush()
    return restriction


def name(act: Act, person_id: int, data: NamingInput) -> Restriction:
    """Opens a restricted record to one more person, with the reason. Raises InvalidInput, Refused, NotAllowed."""
    restriction = _standing(act, person_id)
    _refuse_unknown(act.session, [data.username])
    if data.username not in {one.username for one in restriction_rows.names_of(act.session, id_of(restriction))}:
        _name(act, restriction, data.username, reason=data.reason)
        summary = f"Restricted record opened to {data.username}: {data.reason}"
        _record(act, person_id, EventKind.RESTRICTED, summary)
    act.session.flush()
    return restriction


def copy(act: Act, restriction: Restriction, *, to: int) -> None:
    """Closes another record to everybody but the people named on this one: its referrals were under it."""
    told = restriction.model_dump(exclude={"id", "person_id"})
    other = Restriction(person_id=to, **told)
    act.session.add(other)
    act.session.flush()
    for one in restriction_rows.names_of(act.session, id_of(restriction)):
        named = one.model_dump(exclude={"restriction_id"})
        act.session.add(RestrictionName(restriction_id=id_of(other), **named))
    _record(act, to, EventKind.RESTRICTED, f"Record restricted: {restriction.reason}")


def lift(act: Act, person_id: int, data: ReasonInput) -> Restriction:
    """Opens the record again to everybody whose role allows it.

    Raises Refused where it is not restricted, or somebody else was faster; NotAllowed.
    """
    _allowed(act, person_id)
    restriction = restriction_rows.lock_latest(act.session, person_id)
    if restriction is None:
        raise Refused([NOT_RESTRICTED])
    if act.repeated:
        return restriction
    if restriction.lifted_at is not None:
        raise Refused([f"{NOT_RESTRICTED} {restriction.lifted_by} has lifted the restriction."])
    restriction.lifted_at, restriction.lifted_by, restriction.lifted_because = act.now, act.actor.username, data.reason
    summary = f"Restriction lifted: {data.reason}"
    _record(act, person_id, EventKind.RESTRICTION_LIFTED, summary)
    act.session.flush()
    return restriction


def _allowed(act: Act, person_id: int) -> Person:
    act.require(Action.RESTRICT_RECORD)
    person = act.session.get(Person, person_id)
    if person is None:
        raise NotFound(f"There is no child with the number {person_id}; open the record again.")
    record_access.require_open(act.session, act.actor, [person_id], now=act.now)
    return person


def _standing(act: Act, person_id: int) -> Restriction:
    _allowed(act, person_id)
    restriction = restriction_rows.standing(act.session, person_id)
    if restriction is None:
        raise Refused([NOT_RESTRICTED])
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


def _name(act: Act, restriction: Restriction, username: str, *, reason: str) -> None:
    act.session.add(
        RestrictionName(
            restriction_id=id_of(restriction),
            username=username,
            reason=reason,
            named_at=act.now,
            named_by=act.actor.username,
        )
    )


def _record(act: Act, person_id: int, kind: EventKind, summary: str) -> None:
    """In the history of each of the child's referrals; one event a form's token."""
    for earlier in person_rows.referrals_of(act.session, person_id):
        act.note(kind, summary, about=earlier.referral)

"""A front door at which every list has 27 rows, so that it has a second page; each third is from another source."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlmodel import select

from pathway.engine.actors import Actor
from pathway.engine.drafts import unfinished_contacts
from pathway.engine.drafts.keeping import NEW_CONTACT
from rules import escalation
from rules.vocabulary import AlertKind, ClockState, EventKind, Role, Unit
from storage.sessions import WriteSession
from storage.tables import (
    Alert,
    Clock,
    Contact,
    Correction,
    DecisionQuestion,
    Draft,
    Information,
    OutsideContact,
    ProposedMatch,
    Query,
    Referral,
    Restriction,
    RestrictionName,
    id_of,
)
from support import hands, rows
from support.front_door import MANAGER, OFFICER, FrontDoor, child_fields, person_in
from support.scenes import kept

MANY = 27
CHIEF = person_in(Role.SERVICE_MANAGER)
OTHER_SOURCE = "3A"
HOUR = timedelta(hours=1)
LADDER = json.dumps(escalation.ladder_to_terms(unfinished_contacts.LADDER))


def name(number: int) -> str:
    """The first name of a child: like no other's."""
    return "".join(chr(ord("a") + (number * step + 3) % 26) for step in (1, 5, 7, 11, 17)).capitalize()


@kept
def contacts(door: FrontDoor) -> None:
    """27 children, each logged an hour after the one before, with something on every list that waits for somebody."""
    for number in range(MANY):
        _log(door, number)
    with door.database.write() as session:
        referrals = list(session.exec(select(Referral).order_by(Referral.id)))  # type: ignore[arg-type]
        for alert in rows.everything(session, Alert):
            alert.closed_at = door.now
        for number, referral in enumerate(referrals):
            for put in (_query, _late, _outside, _looks, _correction, _question, _draft, _restriction, _alert, _match):
                put(session, door, referral, number)


def allocations(door: FrontDoor) -> None:
    """27 children who wait for a worker."""
    _accepted(door)


def my_children(door: FrontDoor) -> None:
    """27 children whom Sam Okoro has."""
    worker, _ = hands.social_worker(door, "Sam Okoro")
    for referral in _accepted(door):
        door.allocate(referral, worker, override_reason="Nobody else is left.")


SCENES: Mapping[str, Callable[[FrontDoor], None]] = {
    "contacts": contacts,
    "allocations": allocations,
    "my children": my_children,
}


def shut(door: FrontDoor, person_id: int, actor: Actor) -> None:
    """From now on a record that is restricted is closed to somebody; one that is not is restricted so."""
    with door.database.write() as session:
        standing = session.exec(select(Restriction).where(Restriction.person_id == person_id)).one_or_none()
        if standing is None:
            _restricted(session, door, person_id, [person_in(Role.HEAD_OF_SERVICE)])
        elif named := session.get(RestrictionName, (id_of(standing), actor.username)):
            session.delete(named)


def _log(door: FrontDoor, number: int) -> None:
    child = child_fields(
        name(number), name(number + 40)[::-1].title(), birth_date=f"200{number % 9}-0{number % 8 + 1}-11"
    )
    more: dict[str, Any] = {"source_code": OTHER_SOURCE} if number % 3 == 0 else {}
    by = MANAGER if number % 3 == 1 else OFFICER
    door.log(by=by, received_at=door.now - HOUR * (MANY - number), children=[child], **more)


def _accepted(door: FrontDoor) -> list[Referral]:
    for number in range(MANY):
        _log(door, number)
    with door.database.read() as session:
        referrals = rows.everything(session, Referral)
    return [door.decide(referral, "assessment") for referral in referrals]


def _third(number: int) -> bool:
    return number % 3 == 0


def _query(session: WriteSession, door: FrontDoor, referral: Referral, number: int) -> None:
    place = "children.0.nhs_number" if _third(number) else "children.0.school"
    more = {"problem": f"Odd {name(number)}", "value": "", "raised_at": door.now}
    rows.insert(session, Query, contact_id=referral.contact_id, referral_id=referral.id, place=place, **more)


def _late(session: WriteSession, door: FrontDoor, referral: Referral, number: int) -> None:
    due_at = door.now - HOUR * (MANY - number)
    clock = session.exec(select(Clock).where(Clock.referral_id == referral.id, Clock.kind == "decision")).one()
    clock.state, clock.attention_at, clock.due_at = ClockState.STOPPED, None, due_at
    clock.breached_at, clock.breach_recorded_at, clock.stopped_at = due_at, due_at, door.now


def _outside(session: WriteSession, door: FrontDoor, referral: Referral, number: int) -> None:
    session.get_one(Contact, referral.contact_id).referrer_email = ""
    more = {"email": "ada@school.example.org", "expires_at": door.now}
    more["confirmed_at"] = None if _third(number) else door.now
    rows.insert(session, OutsideContact, contact_id=referral.contact_id, code=f"code {number}", **more)


def _looks(session: WriteSession, door: FrontDoor, referral: Referral, number: int) -> None:
    due_at = door.now + (-HOUR if _third(number) else HOUR) * (number + 1)
    more = {"contact_id": referral.contact_id, "kind": "second_look", "duty": "second look", "due_at": due_at}
    more |= {"state": ClockState.RUNNING, "started_on": EventKind.SECOND_LOOK_ASKED, "watched": False}
    more |= {"limit_amount": 24, "limit_unit": Unit.HOURS}
    books = {name: getattr(referral, name) for name in ("rulebook_version_id", "calendar_version_id")}
    rows.insert(session, Clock, referral_id=referral.id, **more, **books)


def _correction(session: WriteSession, door: FrontDoor, referral: Referral, number: int) -> None:
    made_at, by = door.now - HOUR * (MANY - number), MANAGER if _third(number) else OFFICER
    read = {"field": "received_at", "old": made_at.isoformat(), "new": door.now.isoformat(), "waits": True}
    rows.insert(session, Correction, contact_id=referral.contact_id, made_at=made_at, made_by=by.username, **read)


def _question(session: WriteSession, door: FrontDoor, referral: Referral, number: int) -> None:
    told = rows.insert(session, Information, contact_id=referral.contact_id, recorded_at=door.now)
    asked_at = door.now - HOUR * (MANY - number)
    rows.insert(session, DecisionQuestion, information_id=told.id, referral_id=referral.id, asked_at=asked_at)


def _draft(session: WriteSession, door: FrontDoor, _: Referral, number: int) -> None:
    at, by = door.now - HOUR * (number + 3), MANAGER if number == 7 else OFFICER
    more = {"form": NEW_CONTACT, "writer": by.username, "fields": "{}", "in_danger": _third(number)}
    rows.insert(session, Draft, token=f"draft {number}", begun_at=at, changed_at=at, **more)


def _restriction(session: WriteSession, door: FrontDoor, referral: Referral, number: int) -> None:
    by = CHIEF if _third(number) else person_in(Role.HEAD_OF_SERVICE)
    _restricted(session, door, referral.person_id, [CHIEF, MANAGER, OFFICER], by=by, hours=number)


def _restricted(
    session: WriteSession, door: FrontDoor, person_id: int, named: list[Actor], *, by: Actor = CHIEF, hours: int = 0
) -> None:
    at = door.now - HOUR * (MANY - hours)
    one = rows.insert(session, Restriction, person_id=person_id, restricted_at=at, restricted_by=by.username)
    for actor in named:
        rows.insert(session, RestrictionName, restriction_id=one.id, username=actor.username, named_by=by.username)


def _alert(session: WriteSession, door: FrontDoor, referral: Referral, number: int) -> None:
    kind = AlertKind.NEW_INFORMATION if _third(number) else AlertKind.CLOCK
    more = {"contact_id": referral.contact_id, "referral_id": referral.id, "subject_key": f"line:{number}"}
    rows.insert(session, Alert, kind=kind, due_at=door.now - HOUR * number, ladder=LADDER, **more)


def _match(session: WriteSession, door: FrontDoor, referral: Referral, number: int) -> None:
    """Each child with the one before, the first with the last."""
    children = list(session.exec(select(Referral.person_id).order_by(Referral.id)))  # type: ignore[arg-type]
    weight = number * 7 % MANY
    both = {"person_id": referral.person_id, "other_person_id": children[number - 1]}
    rows.insert(session, ProposedMatch, **both, weight=weight, reason="Alike", proposed_at=door.now)

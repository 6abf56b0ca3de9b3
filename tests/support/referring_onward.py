"""Steps about children who are referred onward to a receiver, or who are open to a worker already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pathway.engine import inputs
from pathway.engine.actors import Actor
from pathway.engine.decisions import onward_referral
from pathway.engine.staff import accounts
from rules.vocabulary import Role
from storage.queries.decisions import onward_rows
from storage.queries.decisions.onward_rows import OnwardLine
from storage.queries.lists import onward_page_rows
from storage.queries.staff import staff_rows
from storage.tables import OnwardReferral, Referral, Worker, id_of
from support.front_door import OFFICER, FrontDoor, london, person_in
from support.scenes import kept

SOCIAL_WORKER = person_in(Role.SOCIAL_WORKER)
HUB = {"receiver": "Early help hub", "receiver_email": "hub@earlyhelp.example.org"}


def refer_onward(door: FrontDoor, referral: Referral, outcome: str = "early-help", **more: Any) -> OnwardReferral:
    """A manager decides that somebody else receives the child, by e-mail."""
    door.decide(referral, outcome, **HUB | more)
    return handed_over(door, referral)


def handed_over(door: FrontDoor, referral: Referral) -> OnwardReferral:
    """The last hand-over of a referral."""
    with door.database.read() as session:
        return onward_rows.of_referral(session, id_of(referral))[-1]


@kept
def answer(
    door: FrontDoor, found: OnwardReferral, accepted: str, at: str | None = None, by: Actor = OFFICER, **more: Any
) -> OnwardReferral:
    """Records what the receiver said, ``accepted`` or ``refused``, at a London moment or now."""
    notes = {"accepted": "", "refused": "The family lives outside our area."}
    typed = {"accepted": accepted == "accepted", "answered_at": london(at) if at else door.now, "note": notes[accepted]}
    with door.acting(by) as act:
        data = inputs.parse(onward_referral.ReceiverAnswerInput, typed | more)
        return onward_referral.record_answer(act, id_of(found), data)


def waiting(door: FrontDoor) -> Sequence[OnwardLine]:
    """The list of those who wait for a receiver."""
    with door.database.read() as session:
        return onward_page_rows.every(session)


@kept
def worker_who_signs_in(door: FrontDoor, by: Actor = SOCIAL_WORKER, team: str = "Assessment team") -> Worker:
    """A worker of a team with the user of an actor."""
    with door.database.write() as session:
        found = staff_rows.user(session, by.username)
        there = accounts.add_team(session, name=team)
        return accounts.add_worker(session, name="Sam Okoro", email="sam@council.example.org", team=there, user=found)


@kept
def team_manager_of(door: FrontDoor, worker: Worker, name: str = "tess") -> Actor:
    """One more team manager, who manages this worker's team alone."""
    actor = Actor(username=name, name=name.title(), roles=frozenset({Role.TEAM_MANAGER}))
    with door.database.write() as session:
        user = accounts.add_user(
            session,
            username=name,
            name=actor.name,
            email=f"{name}@council.example.org",
            password_hash="",
            roles=actor.roles,
            now=door.now,
        )
        user.team_id = worker.team_id
    return actor

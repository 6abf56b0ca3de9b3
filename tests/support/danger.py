"""Immediate danger and kinds of contact, as people at the front door handle them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pathway.engine import inputs
from pathway.engine.actors import Actor
from pathway.engine.decisions import deciding, decision_input
from pathway.engine.intake import contact_kind, immediate_danger, screening
from pathway.engine.watch import taking_on
from rules.vocabulary import CheckKind, Role
from storage.tables import Alert, Contact, Message, Referral, id_of
from support.front_door import MANAGER, OFFICER, FrontDoor
from support.scenes import kept


@kept
def mark(door: FrontDoor, contact: Contact, by: Actor = OFFICER, **more: Any) -> Contact:
    """Marks a contact that is there already."""
    data = inputs.ReasonInput(reason="The father has come back.")
    with door.acting(by, token=more.get("request_id")) as act:
        immediate_danger.mark(act, id_of(contact), data)
    return door.fresh_contact(contact)


@kept
def withdraw(door: FrontDoor, contact: Contact, by: Actor = MANAGER, **more: Any) -> Contact:
    """Takes the mark back."""
    data = inputs.ReasonInput(reason="It was another family.")
    with door.acting(by, token=more.get("request_id")) as act:
        immediate_danger.withdraw(act, id_of(contact), data)
    return door.fresh_contact(contact)


@kept
def decide_at_once(door: FrontDoor, referral: Referral, outcome: str = "strategy-discussion", **more: Any) -> Referral:
    """Decides without having screened the child."""
    typed = {"outcome": outcome, "level_of_need": "4", "primary_need": "N1", "reasons": "Police on the way."} | more
    with door.acting(MANAGER) as act:
        data = inputs.parse(decision_input.DecisionInput, typed)
        deciding.decide(act, id_of(referral), data, version=None)
    return door.fresh(referral)


@kept
def change_kind(
    door: FrontDoor, contact: Contact, kind: str, reason: str = "The police rang.", by: Actor = OFFICER, **more: Any
) -> Contact:
    """Makes a contact another kind."""
    with door.acting(by, token=more.get("request_id")) as act:
        data = inputs.parse(contact_kind.KindInput, {"kind": kind, "reason": reason})
        contact_kind.change(act, id_of(contact), data)
    return door.fresh_contact(contact)


@kept
def check(door: FrontDoor, referral: Referral, kind: CheckKind, **typed: Any) -> Referral:
    """Records one check as it is typed."""
    with door.acting(OFFICER) as act:
        data = inputs.parse(screening.CheckInput, {"kind": kind, "made": True} | typed)
        screening.screen(act, id_of(referral), [data], version=None)
    return door.fresh(referral)


def alert_of(door: FrontDoor, contact: Contact) -> Alert | None:
    """The open alert about a contact's danger."""
    return door.alert(f"danger:{contact.id}")


def alerts_to(door: FrontDoor, role: Role) -> Sequence[Message]:
    """The alerts about danger that a role has been sent, oldest first."""
    return [message for message in door.messages(role, "alert") if message.subject.startswith("IMMEDIATE DANGER")]


def kinds_of_history(door: FrontDoor, referral: Referral) -> list[str]:
    """The kinds of everything that happened to a referral, in order."""
    return [event.kind for event in door.events(referral)]


@kept
def take_on(door: FrontDoor, alert: Alert, by: Actor = MANAGER, **more: Any) -> Alert:
    """Somebody says "I have it" with one click."""
    with door.acting(by, token=more.get("request_id")) as act:
        return taking_on.take_on(act, id_of(alert))


def open_alert(door: FrontDoor, contact: Contact) -> Alert:
    """The open alert about a contact's danger, which must be there."""
    found = alert_of(door, contact)
    assert found is not None, f"no open alert about the danger of contact {contact.ref}"
    return found

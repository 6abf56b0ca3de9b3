"""A second manager's look at the decision about a child of whom there were three contacts in twelve months."""

from __future__ import annotations

from pathway.engine import clocks, due_clocks, locking
from pathway.engine.act import Act
from pathway.engine.inputs import Input, NeededText
from rules.errors import Refused
from rules.vocabulary import Action, EventKind
from storage.queries import referral_rows
from storage.queries.children import repeat_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Decision, Referral, SecondLook, id_of

ANOTHER = "Another manager than the one who decided looks a second time; this decision is your own."
NOT_ASKED = "No second look at this referral is waiting."


class SecondLookInput(Input):
    """What another manager thinks of a decision."""

    agrees: bool
    note: NeededText


def give(act: Act, referral_id: int, data: SecondLookInput, *, version: int | None = None) -> None:
    """Records what another manager thinks of the decision. One that is not agreed with waits for a corrected one.

    Raises Refused for the manager who decided and where no second look is waiting, Stale, NotAllowed, NotFound.
    """
    referral = act.lock(referral_id, version)
    if referral is None:
        return
    act.require(Action.GIVE_SECOND_LOOK)
    decision = _decision(act.session, referral)
    if decision.decided_by == act.actor.username:
        raise Refused([ANOTHER])
    _keep(act, referral, decision, data)
    clocks.end(act, referral, EventKind.SECOND_LOOK_GIVEN, occurred_at=act.now)
    locking.changed(act.session, referral)
    due_clocks.look_at_contact(act, act.session.get_one(Contact, referral.contact_id))


def _decision(session: WriteSession, referral: Referral) -> Decision:
    decision = referral_rows.latest_decision(session, id_of(referral))
    if decision is None or repeat_rows.waiting_look(session, id_of(referral)) is None:
        raise Refused([NOT_ASKED])
    return decision


def _keep(act: Act, referral: Referral, decision: Decision, data: SecondLookInput) -> None:
    act.session.add(
        SecondLook(
            referral_id=id_of(referral),
            decision_id=id_of(decision),
            looked_at=act.now,
            looked_by=act.actor.username,
            **data.model_dump(),
        )
    )
    summary = f"Second look: {'agrees' if data.agrees else 'does not agree'}. {data.note}"
    act.note(EventKind.SECOND_LOOK_GIVEN, summary, about=referral)

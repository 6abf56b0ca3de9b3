"""A second manager's look at the decision about a child of whom there were three contacts in twelve months.

The third contact alone may look small; repeated concerns without a proper account of them were found by the inspectors
(Joint Area Review, paragraph 21). The number and its clock are local and stand in the book.
"""

from __future__ import annotations

from datetime import datetime

from pathway.engine import clocks, due_clocks, history, locking, permissions
from pathway.engine.actors import Actor
from pathway.engine.casework import closing
from pathway.engine.children import re_referrals
from pathway.engine.inputs import SecondLookInput
from pathway.engine.rulebooks import published_books
from rules import repeats
from rules.errors import Refused
from rules.vocabulary import Action, EventKind
from storage.queries import referral_rows
from storage.queries.children import repeat_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Decision, Referral, SecondLook, id_of

ANOTHER = "Another manager than the one who decided looks a second time; this decision is your own."
NOT_ASKED = "No second look at this referral is waiting."


def ask_when_due(session: WriteSession, referral: Referral, *, actor: Actor, now: datetime) -> None:
    """Asks for a second look at the third contact in twelve months, and at each that follows, where the book has one.

    One that is waiting already is not asked for twice.
    """
    in_force = published_books.in_force_for(session, referral, at=now)
    number = re_referrals.contacts_in_a_year(session, referral)
    asks = bool(in_force.book.clocks_started_by(EventKind.SECOND_LOOK_ASKED))
    if number < repeats.SECOND_LOOK_FROM or not asks or repeat_rows.waiting_look(session, id_of(referral)) is not None:
        return
    kind, summary = EventKind.SECOND_LOOK_ASKED, f"Second look asked for: contact {number} in twelve months"
    history.of_referral(session, referral, kind, summary, actor=actor, now=now, contacts=number)
    contact = session.get_one(Contact, referral.contact_id)
    clocks.begin(session, referral, contact, kind, occurred_at=now, published=in_force, now=now, actor=actor)


def give(
    session: WriteSession,
    referral_id: int,
    data: SecondLookInput,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Referral:
    """Records what another manager thinks of the decision. One that is not agreed with waits for a corrected one.

    Raises Refused for the manager who decided and where no second look is waiting, Stale, NotAllowed, NotFound.
    """
    referral = locking.lock_referral(session, referral_id, version=version, request_id=request_id)
    if history.done_already(session, request_id):
        return referral
    permissions.require(published_books.current(session, now=now).book, actor, Action.GIVE_SECOND_LOOK)
    decision = _decision(session, referral)
    if decision.decided_by == actor.username:
        raise Refused([ANOTHER])
    _keep(session, referral, decision, data, actor=actor, now=now, request_id=request_id)
    clocks.end(session, referral, EventKind.SECOND_LOOK_GIVEN, occurred_at=now, now=now, actor=actor)
    locking.changed(session, referral)
    closing.close_when_done(session, referral, now=now)
    due_clocks.look_at_contact(session, session.get_one(Contact, referral.contact_id), now=now)
    return referral


def _decision(session: WriteSession, referral: Referral) -> Decision:
    decision = referral_rows.latest_decision(session, id_of(referral))
    if decision is None or repeat_rows.waiting_look(session, id_of(referral)) is None:
        raise Refused([NOT_ASKED])
    return decision


def _keep(
    session: WriteSession,
    referral: Referral,
    decision: Decision,
    data: SecondLookInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None,
) -> None:
    session.add(
        SecondLook(
            referral_id=id_of(referral),
            decision_id=id_of(decision),
            looked_at=now,
            looked_by=actor.username,
            **data.model_dump(),
        )
    )
    summary = f"Second look: {'agrees' if data.agrees else 'does not agree'}. {data.note}"
    history.of_referral(
        session, referral, EventKind.SECOND_LOOK_GIVEN, summary, actor=actor, now=now, request_id=request_id
    )

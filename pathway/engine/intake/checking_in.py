"""An officer takes over a contact that came from outside: it is theirs to screen, as it was sent."""

from __future__ import annotations

from pathway.engine import record_access
from pathway.engine.act import Act
from rules.errors import Refused
from rules.vocabulary import Action, EventKind
from storage.queries import record_rows, referral_rows
from storage.queries.intake import outside_rows
from storage.tables import Contact


def take_over(act: Act, contact_id: int) -> Contact:
    """Records who has taken it over; nothing is typed again, and no clock moves.

    Raises Refused where somebody has already, or where it did not come from outside; NotAllowed.
    """
    contact = act.hold(contact_id)
    if act.repeated:
        return contact
    act.require(Action.SCREEN)
    children = {one.person_id for one in referral_rows.of_contact(act.session, contact_id)}
    record_access.require_open(act.session, act.actor, children, now=act.now)
    outside = outside_rows.of_contact(act.session, contact_id)
    if outside is None:
        raise Refused(["This contact did not come from outside."])
    if outside.taken_over_at is not None:
        name = record_rows.names(act.session).get(outside.taken_over_by, outside.taken_over_by)
        raise Refused([f"{name} has taken this contact over already."])
    outside.taken_over_at, outside.taken_over_by = act.now, act.actor.username
    act.note(EventKind.CHECKED_IN, "Contact from outside taken over", about=contact)
    return contact

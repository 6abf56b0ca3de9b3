"""Correcting an adult whom a contact names, or saying that it named them by mistake.

By the same rights as other details; what was named stays, and a later row of the same adult holds.
"""

from __future__ import annotations

from collections.abc import Sequence

from pathway.engine import record_access
from pathway.engine.act import Act
from pathway.engine.children import matches
from pathway.engine.corrections import adult_change, details, kept_corrections, rights
from pathway.engine.corrections.adult_change import AdultChange
from pathway.engine.corrections.details import Detail
from pathway.engine.corrections.kept_corrections import AdultDetailInput, Followed
from pathway.engine.referrers import visible_referrer
from rules.errors import InvalidInput, NotAllowed, Refused
from rules.vocabulary import Action
from rules.words import nearest
from storage.queries import referral_rows
from storage.queries.children import adult_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Contact, Referral

BY_MISTAKE = "This adult was named by mistake, as somebody has said: add the adult anew where that is wrong."


def correct(act: Act, adult_id: int, data: AdultDetailInput) -> Followed | None:
    """Corrects one detail of an adult, and with it the mother on a child's record, its matches and its letters.

    Every contact of the children is locked, in the order of their numbers. None on a second click. Raises InvalidInput,
    Stale where the value has changed since ``was``, Refused for who was named by mistake, NotAllowed, NotFound.
    """
    named = adult_rows.versions(act.session, adult_id)[0]
    contact_id, added_by = named.contact_id, named.named_by
    children = {one.person_id for one in referral_rows.of_contact(act.session, contact_id)}
    held = matches.lock_contacts(act, children)
    if act.repeated:
        return None
    contact = act.session.get_one(Contact, contact_id)
    referrals = referral_rows.of_contact(act.session, contact_id)
    if why := rights.refusal(act, referrals, added_by=added_by):
        raise NotAllowed(why)
    record_access.require_open(act.session, act.actor, {one.person_id for one in referrals}, now=act.now)
    if is_referrer(act.session, contact, adult_id) and not act.may(Action.SEE_PROTECTED):
        raise NotAllowed(rights.PROTECTED)
    said = adult_rows.standing(act.session, adult_id)
    if not said.relations:
        raise Refused([BY_MISTAKE])
    detail = details.called(data.field, details.OF_ADULT)
    child = child_meant(detail, referrals, data.of)
    kept_corrections.refuse_stale(adult_change.stands(said, detail, child), data)
    change = AdultChange(act=act, contact=contact, said=said, detail=detail, referral=child, data=data)
    return change.carry_out([one for one in act.contacts if one.id in held], referrals)


def is_referrer(session: ReadSession | WriteSession, contact: Contact, adult_id: int) -> bool:
    """True for an adult who, as named first or as corrected since, would tell who a protected referrer is."""
    return any(visible_referrer.shows(contact, row) for row in adult_rows.versions(session, adult_id))


def child_meant(detail: Detail, referrals: Sequence[Referral], ref: str) -> Referral | None:
    """The child for whom an adult has a detail; None where the detail is the adult's own. Raises InvalidInput."""
    if not detail.each:
        return None
    known = {one.ref: one for one in referrals}
    found = known.get(ref.strip().upper()) or (referrals[0] if not ref.strip() and len(referrals) == 1 else None)
    if found is None:
        raise InvalidInput.of("of", "No child of this contact is chosen", nearest(ref, known))
    return found

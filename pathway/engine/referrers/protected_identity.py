"""Identity not to be shared: the referrer stays off every page and export but for those with the right to see it."""

from __future__ import annotations

from pathway.engine.act import Act
from pathway.engine.inputs import ReasonInput
from rules.errors import Refused
from rules.vocabulary import Action, EventKind
from storage.tables import Contact


def protect(act: Act, contact_id: int, data: ReasonInput) -> None:
    """Keeps the referrer from everybody without the right. Raises Refused where that is so already, NotAllowed."""
    contact = act.lock_contact(contact_id)
    if contact is None:
        return
    act.require(Action.PROTECT_IDENTITY)
    if contact.identity_protected:
        raise Refused(["The identity of this referrer is protected already."])
    contact.identity_protected = True
    _record(act, contact, EventKind.IDENTITY_PROTECTED, data)


def share(act: Act, contact_id: int, data: ReasonInput) -> None:
    """Shows the referrer to everybody again; only who may see a protected one decides that.

    Raises Refused where nothing is protected, NotAllowed.
    """
    contact = act.lock_contact(contact_id)
    if contact is None:
        return
    act.require(Action.PROTECT_IDENTITY)
    act.require(Action.SEE_PROTECTED)
    if not contact.identity_protected:
        raise Refused(["The identity of this referrer is not protected."])
    contact.identity_protected = False
    _record(act, contact, EventKind.IDENTITY_OPENED, data)


def _record(act: Act, contact: Contact, kind: EventKind, data: ReasonInput) -> None:
    act.note(kind, f"Referrer’s {kind}: {data.reason}", about=contact, reason=data.reason)

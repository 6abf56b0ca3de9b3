"""What may be known of a contact without opening the record of a child that is closed to whoever looks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules.errors import NotFound
from rules.pathway import UNDECIDED
from storage.queries import contact_rows, danger_rows, referral_rows
from storage.queries.children import opener_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Contact, Referral, id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A contact, the references of its children by whether they are ``shut`` or ``open``, and who has been told."""

    contact: Contact
    shut: Sequence[Referral]
    open: Sequence[Referral]
    told: Sequence[str]

    @property
    def is_undecided(self) -> bool:
        """True while a manager has yet to decide for a child, so that danger can still be marked."""
        return any(one.state in UNDECIDED for one in (*self.shut, *self.open))


def page(session: ReadSession | WriteSession, ref: str, *, closed: Collection[int]) -> Page:
    """The contact with this reference, or the one that a child's belongs to. Raises NotFound."""
    contact = _contact(session, ref)
    children = referral_rows.of_contact(session, id_of(contact))
    return Page(
        contact=contact,
        shut=[one for one in children if one.person_id in closed],
        open=[one for one in children if one.person_id not in closed],
        told=danger_rows.told(session, id_of(contact)),
    )


def refused(session: ReadSession, params: Mapping[str, Any], *, closed: Collection[int]) -> Page | None:
    """The same of the address that was refused, where it names a contact or a referral."""
    try:
        return page(session, str(params["ref"]), closed=closed) if "ref" in params else None
    except NotFound:
        return None


def is_closed_from_the_start(session: ReadSession, found: Page) -> bool:
    """True where a child's record was restricted already when the contact was logged."""
    children = [one.person_id for one in found.shut]
    since = opener_rows.restricted_since(session, children)
    return since is not None and since < found.contact.recorded_at


def _contact(session: ReadSession | WriteSession, ref: str) -> Contact:
    try:
        return contact_rows.by_ref(session, ref)
    except NotFound:
        return session.get_one(Contact, referral_rows.by_ref(session, ref).contact_id)

"""One act: somebody does something, at one moment, in one transaction. Commands take it, and say what they want of it.

Time stays an argument: ``now`` is set once, where the act begins. What stands below takes plain arguments.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from pathway.engine import actors, history, locking, permissions
from pathway.engine.actors import Actor, SystemName
from pathway.engine.history import Subject
from pathway.engine.rulebooks import published_books
from pathway.engine.rulebooks.published_books import Published
from rules.errors import Refused
from rules.rulebook import Rulebook
from rules.vocabulary import Action, EventKind
from storage.queries import event_rows, hold_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Event, Referral, id_of

IN_DOUBT = "clock in doubt"
NO_LETTER = (
    "The clock is in doubt, and a letter bears its date: none is written until the clock is right again, or somebody "
    "who may has said that it is. Until then do this by telephone."
)


@dataclass(slots=True)
class _Trail:
    """What an act has done so far: the events it wrote, and the contacts it locked, in that order."""

    events: list[Event] = field(default_factory=list)
    contacts: dict[int, Contact] = field(default_factory=dict)
    in_doubt: bool | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, when, and in which transaction; ``token`` is that of a form, by which a second click is known.

    Several commands may run under one act: a family decided together is one.
    """

    session: WriteSession
    actor: Actor
    now: datetime
    token: str | None = None
    _trail: _Trail = field(default_factory=_Trail, repr=False, compare=False)

    @classmethod
    def of_system(cls, session: WriteSession, name: SystemName, *, now: datetime) -> Act:
        """The product acts by itself, under a name of the list: the history never names nobody."""
        return cls(session, actors.of_system(name), now)

    @property
    def by_itself(self) -> Act:
        """The same act, as far as the product does by itself what follows from it."""
        return replace(self, actor=actors.SYSTEM)

    @property
    def published(self) -> Published:
        """The council's own book and calendar, as in force now."""
        return published_books.current(self.session, now=self.now)

    @property
    def book(self) -> Rulebook:
        """The council's own book, as in force now."""
        return self.published.book

    @property
    def contacts(self) -> Sequence[Contact]:
        """The contacts that this act has locked so far, each once."""
        return tuple(self._trail.contacts.values())

    def may(self, action: Action) -> bool:
        """True when the rulebook lets this actor do something."""
        return permissions.may(self.book, self.actor, action)

    def require(self, action: Action) -> None:
        """Raises NotAllowed, naming the roles that may, when the rulebook does not let this actor do something."""
        permissions.require(self.book, self.actor, action)

    @property
    def in_doubt(self) -> bool:
        """True while nobody knows what o'clock it is: people are taken at their word, and nothing follows from it."""
        if self._trail.in_doubt is None:
            self._trail.in_doubt = hold_rows.doubt(self.session) is not None
        return self._trail.in_doubt

    def refuse_letter_in_doubt(self) -> None:
        """Raises Refused while the clock is in doubt: a letter bears a date."""
        if self.in_doubt:
            raise Refused([NO_LETTER])

    @property
    def repeated(self) -> bool:
        """True when an earlier act bore the same token: the second click does nothing, and does no harm."""
        before = event_rows.by_request(self.session, self.token) if self.token else None
        return before is not None and before not in self._trail.events

    def hold(self, contact_id: int) -> Contact:
        """The contact, locked until the act ends; what follows for it is seen to before the commit."""
        contact = locking.lock_contact(self.session, contact_id)
        self._trail.contacts[contact_id] = contact
        return contact

    def hold_several(self, contact_ids: Collection[int]) -> None:
        """Locks these contacts in the order of their numbers, as ``hold`` does one."""
        self._trail.contacts.update((id_of(one), one) for one in locking.lock_contacts(self.session, contact_ids))

    def hold_unless_taken(self, contact_id: int) -> Contact | None:
        """The contact, locked, or None when somebody else is changing it: the sweep comes back, it never waits."""
        contact = locking.lock_contact_unless_taken(self.session, contact_id)
        if contact is not None:
            self._trail.contacts[contact_id] = contact
        return contact

    def hold_referral(self, referral_id: int) -> Referral:
        """The referral, its contact locked until the act ends. Raises NotFound."""
        contact, referral = locking.lock_referral(self.session, referral_id)
        self._trail.contacts[id_of(contact)] = contact
        return referral

    def lock_contact(self, contact_id: int) -> Contact | None:
        """The contact, locked; None on a second click with the same token."""
        contact = self.hold(contact_id)
        return None if self.repeated else contact

    def lock(self, referral_id: int, version: int | None = None) -> Referral | None:
        """The referral, its contact locked; None on a second click with the same token.

        Raises Stale when it changed since ``version``, the one that a form was opened with, and NotFound.
        """
        referral = self.hold_referral(referral_id)
        if self.repeated:
            return None
        locking.refuse_stale(referral, version)
        return referral

    def note(
        self,
        kind: EventKind,
        summary: str,
        *,
        about: Subject | None,
        occurred_at: datetime | None = None,
        details: Mapping[str, object] | None = None,
        **more: object,
    ) -> Event:
        """Adds one event to the history, with ``details`` and ``more``; ``occurred_at`` is now unless it was before.

        The first event of an act bears its token; what is recorded while the clock is in doubt is marked so.
        """
        told = {**(details or {}), **more}
        if self.in_doubt:
            told, summary = {**told, "clock_in_doubt": True}, f"{summary} ({IN_DOUBT})"
        event = history.record(
            self.session,
            history.Happening(kind=kind, summary=summary, about=about, occurred_at=occurred_at, details=told),
            by=self.actor.username,
            now=self.now,
            token=None if self._trail.events else self.token,
        )
        self._trail.events.append(event)
        return event

"""All children of one contact at once: what is known of each, what the pathway offers for each, who lives with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pathway.engine.referrers import visible_referrer
from pathway.engine.rulebooks import published_books
from pathway.web.views import household_view, information_view, known_view
from pathway.web.views.household_view import Household
from pathway.web.views.information_view import Eyes, Shown
from pathway.web.views.known_view import Known
from rules.rulebook import Rulebook
from rules.vocabulary import Action, State
from storage.queries import contact_rows, event_rows, record_rows, referral_rows
from storage.sessions import ReadSession
from storage.tables import Contact, Referral, id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Child(Known):
    """One child of the family."""

    @property
    def prefix(self) -> str:
        """What stands before the names of this child's fields."""
        return f"{self.referral.ref}."

    @property
    def takes_checks(self) -> bool:
        """True while checks of this child are recorded."""
        return self.is_undecided or self.owes_checks

    @property
    def can_be_decided(self) -> bool:
        """True where nothing that must come before the decision is left."""
        return self.is_undecided and (not self.missing or self.contact.immediate_danger)

    @property
    def waits_for_worker(self) -> bool:
        """True while nobody has this child, who was accepted."""
        return self.referral.state == State.AWAITING_ALLOCATION


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One page about the family: whom it is about, and of whom it can be said at once."""

    words: str
    action: Action
    is_about: Callable[[Child], bool]
    is_ready: Callable[[Child], bool]


TABS: Mapping[str, Tab] = {
    "screen": Tab(
        words="Screen",
        action=Action.SCREEN,
        is_about=lambda child: child.takes_checks,
        is_ready=lambda child: bool(child.missing),
    ),
    "decide": Tab(
        words="Decide",
        action=Action.DECIDE,
        is_about=lambda child: child.is_undecided,
        is_ready=lambda child: child.can_be_decided,
    ),
    "allocate": Tab(
        words="Allocate",
        action=Action.ALLOCATE,
        is_about=lambda child: child.waits_for_worker,
        is_ready=lambda child: child.waits_for_worker,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One contact with all its children that are not set aside, in the order in which they were named.

    ``last_event``: the newest of their history, by which a change is told.
    """

    contact: Contact
    children: Sequence[Child]
    household: Household
    information: Sequence[Shown]
    names: Mapping[str, str]
    book: Rulebook
    last_event: int

    @property
    def tabs(self) -> Sequence[tuple[str, Tab, int]]:
        """Each page about the family: its path, itself, and about how many children it is now."""
        return [(path, tab, len(self.on(path))) for path, tab in TABS.items()]

    def on(self, tab: str) -> Sequence[Child]:
        """Those whom a page about the family is about now."""
        return [child for child in self.children if TABS[tab].is_about(child)]


def of(session: ReadSession, ref: str, eyes: Eyes) -> Family:
    """The family of a contact, without a referrer whom somebody may not see. Raises NotFound."""
    contact = contact_rows.by_ref(session, ref)
    seen, names = visible_referrer.as_seen(contact, sees=eyes.sees), record_rows.names(session)
    everyone = referral_rows.of_contact(session, id_of(contact))
    referrals = [one for one in everyone if one.set_aside_at is None]
    return Family(
        contact=seen,
        children=[_child(session, referral, seen, names) for referral in referrals],
        household=household_view.of_all(session, [one.person_id for one in referrals], sees_protected=eyes.sees),
        information=information_view.of_contact(session, contact, eyes),
        names=names,
        book=published_books.published_of(session, everyone[0]).book,
        last_event=event_rows.newest(session, id_of(contact)),
    )


def _child(session: ReadSession, referral: Referral, contact: Contact, names: Mapping[str, str]) -> Child:
    return Child(**known_view.gathered(session, referral, contact, names))

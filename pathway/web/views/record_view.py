"""What the pages show of one contact and of one referral, gathered in one read session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pathway.engine import guard_facts, machine
from pathway.engine.corrections import details
from pathway.engine.decisions import within_grace
from pathway.engine.decisions.within_grace import Grace
from pathway.engine.intake import rating
from pathway.engine.milestones import recording_milestones
from pathway.engine.referrers import visible_referrer
from pathway.engine.rulebooks import published_books
from pathway.web.views import clock_view, household_view, known_view, timeline_view, wrong_decision_view
from pathway.web.views.clock_view import ClockView
from pathway.web.views.household_view import Household
from pathway.web.views.known_view import Known
from pathway.web.views.timeline_view import Entry
from pathway.web.views.wrong_decision_view import SecondThoughts
from rules.pathway import UNDECIDED
from rules.rulebook import Rulebook
from rules.vocabulary import Action, State, Trigger
from storage.queries import contact_rows, correction_rows, event_rows, record_rows, referral_rows
from storage.queries.casework import milestone_rows, transfer_rows
from storage.queries.casework.transfer_rows import Line as TransferLine
from storage.queries.children import close_birth_rows, named_rows
from storage.queries.decisions import onward_rows
from storage.queries.letters import letter_list_rows
from storage.queries.letters.letter_list_rows import LetterLine
from storage.sessions import ReadSession
from storage.tables import (
    Alert,
    Allocation,
    Contact,
    Milestone,
    OnwardReferral,
    Person,
    Query,
    Referral,
    Worker,
    id_of,
)

STEPS: Mapping[Trigger, tuple[str, str, Action]] = {
    Trigger.BEGIN_SCREENING: ("Screen", "screen", Action.SCREEN),
    Trigger.COMPLETE_SCREENING: ("Record checks", "screen", Action.SCREEN),
    Trigger.DECIDE: ("Decide", "decide", Action.DECIDE),
    Trigger.ALLOCATE: ("Allocate", "allocate", Action.ALLOCATE),
    Trigger.CLOSE: ("Close", "close", Action.CLOSE),
    Trigger.REOPEN: ("Reopen", "reopen", Action.REOPEN),
    Trigger.CORRECT: ("Correct the decision", "correct", Action.CORRECT_DECISION),
    Trigger.SET_ASIDE: ("Set aside", "set-aside", Action.SET_ASIDE),
    Trigger.RESTORE: ("Restore", "restore", Action.SET_ASIDE),
}
# What is right to do only when something was wrong: offered to those who may, and not pressed upon them.
SELDOM = (Trigger.CORRECT, Trigger.SET_ASIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that the pathway offers now, and why it is refused, if it is."""

    words: str
    path: str
    action: Action
    reasons: tuple[str, ...]
    seldom: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPage:
    """One contact with everything that hangs on it. ``beside``: the other child of a query that is about two."""

    contact: Contact
    children: Sequence[tuple[Referral, Person, Sequence[ClockView]]]
    graces: Mapping[int, Grace]
    letters: Sequence[LetterLine]
    queries: Sequence[Query]
    beside: Mapping[int, Person]
    names: Mapping[str, str]
    book: Rulebook
    receipt_waits: bool

    @property
    def is_undecided(self) -> bool:
        """True while a child of the contact waits for a decision."""
        return any(referral.state in UNDECIDED for referral, *_ in self.children)

    @property
    def together(self) -> Mapping[str, Action]:
        """What is to be done next for a child of the contact, for all on one page: who may do it."""
        states = {referral.state for referral, *_ in self.children}
        may_decide = states & ({*UNDECIDED} if self.contact.immediate_danger else {State.AWAITING_DECISION})
        steps = {
            "screen": (Action.SCREEN, states & {State.RECEIVED, State.SCREENING}),
            "decide": (Action.DECIDE, may_decide),
            "allocate": (Action.ALLOCATE, states & {State.AWAITING_ALLOCATION}),
        }
        return {step: action for step, (action, waits) in steps.items() if waits}

    @property
    def kind_words(self) -> str:
        """The kind of contact in the words of the book."""
        kind = self.book.contact_kinds.get(self.contact.kind)
        return kind.title if kind else self.contact.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralPage(Known):
    """One child's referral with everything that one should know before doing something about it.

    ``beside``: the other child of a query that is about two.
    """

    clocks: Sequence[ClockView]
    steps: Sequence[Step]
    grace: Grace
    allocations: Sequence[tuple[Allocation, Worker]]
    team: str
    transfer: TransferLine | None
    milestones: Sequence[Milestone]
    again: SecondThoughts
    household: Household
    where_now: str
    letters: Sequence[LetterLine]
    queries: Sequence[Query]
    beside: Mapping[int, Person]
    alerts: Sequence[Alert]
    timeline: Sequence[Entry]
    last_event: int
    onward: Sequence[OnwardReferral]
    workers: Mapping[int, str]

    @property
    def takes_a_rating(self) -> bool:
        """True while the referral's book rates it."""
        return bool(self.published.book.ratings) and self.referral.state in rating.STATES

    @property
    def takes_milestones(self) -> bool:
        """True while milestones can be recorded."""
        return self.referral.state in recording_milestones.STATES

    @property
    def accepts(self) -> bool:
        """True for an accepted referral."""
        return self.referral.accepted_at is not None


def contact_page(session: ReadSession, ref: str, *, now: datetime, sees_protected: bool = False) -> ContactPage:
    """Everything about one contact, without a referrer whom somebody may not see. Raises NotFound."""
    contact = contact_rows.by_ref(session, ref)
    clocks = clock_view.views(session, record_rows.clocks_of_contact(session, id_of(contact)), now=now)
    children = [
        (referral, person, [view for view in clocks if view.clock.referral_id == referral.id])
        for referral, person in referral_rows.children_of_contact(session, id_of(contact))
    ]
    queries = record_rows.queries_of(session, id_of(contact))
    return ContactPage(
        contact=visible_referrer.as_seen(contact, sees=sees_protected),
        children=children,
        graces={id_of(one): within_grace.of(session, one, now=now) for one, *_ in children},
        letters=_letters(session, contact, sees_protected=sees_protected),
        queries=visible_referrer.queries_as_seen(queries, contact, sees=sees_protected),
        beside=close_birth_rows.others(session, queries),
        names=record_rows.names(session),
        book=published_books.published_of(session, children[0][0]).book,
        receipt_waits=correction_rows.waiting_of(session, id_of(contact), details.RECEIVED.name) is not None,
    )


def _letters(session: ReadSession, contact: Contact, *, sees_protected: bool) -> list[LetterLine]:
    lines = letter_list_rows.of_contact(session, id_of(contact))
    return [visible_referrer.letter_as_seen(line, sees=sees_protected) for line in lines]


def referral_page(session: ReadSession, ref: str, *, now: datetime, sees_protected: bool = False) -> ReferralPage:
    """Everything about one referral, without a referrer whom somebody may not see. Raises NotFound."""
    referral = referral_rows.by_ref(session, ref)
    referral_id, contact_id = id_of(referral), referral.contact_id
    events = event_rows.of_referral(session, referral)
    named = letter_list_rows.naming(session, referral_id)
    contact = session.get_one(Contact, contact_id)
    letters = _letters(session, contact, sees_protected=sees_protected)
    queries = record_rows.queries_of(session, contact_id, referral_id=referral_id)
    names = record_rows.names(session)
    return ReferralPage(
        **known_view.gathered(session, referral, visible_referrer.as_seen(contact, sees=sees_protected), names),
        clocks=clock_view.views(
            session,
            [c for c in record_rows.clocks_of_contact(session, contact_id) if c.referral_id == referral_id],
            now=now,
        ),
        steps=_steps(session, referral),
        grace=within_grace.of(session, referral, now=now),
        allocations=record_rows.allocations(session, referral_id),
        team=record_rows.team_name(session, referral.team_id),
        transfer=transfer_rows.open_line(session, referral_id),
        milestones=milestone_rows.of_referral(session, referral_id),
        again=wrong_decision_view.of(session, referral),
        household=household_view.of(session, referral.person_id, sees_protected=sees_protected),
        where_now=told.where_now if (told := named_rows.of_referral(session, referral_id)) else "",
        letters=[line for line in letters if line.letter.id in named],
        queries=visible_referrer.queries_as_seen(queries, contact, sees=sees_protected),
        beside=close_birth_rows.others(session, queries),
        alerts=record_rows.open_alerts(session, referral_id),
        timeline=timeline_view.entries(events, names),
        last_event=max((event.id or 0 for event in events), default=0),
        onward=onward_rows.of_referral(session, referral_id),
        workers=record_rows.workers_told(session, referral_id),
    )


def _steps(session: ReadSession, referral: Referral) -> Sequence[Step]:
    # What the form itself asks for (outcome, reasons, discussion) stands in no way before the form is open.
    facts = replace(
        guard_facts.facts_of(session, referral),
        matches_open={},
        has_outcome=True,
        has_level_of_need=True,
        has_primary_need=True,
        has_reasons=True,
        has_discussion=True,
        has_correction_reason=True,
        has_closure_code=True,
    )
    return [
        Step(words=words, path=path, action=action, reasons=_reasons(choice), seldom=choice.trigger in SELDOM)
        for choice in machine.choices(referral, facts)
        if choice.trigger in STEPS
        for words, path, action in [STEPS[choice.trigger]]
    ]


def _reasons(choice: machine.Choice) -> tuple[str, ...]:
    # The screening form is where missing checks are recorded: that they are missing is why one opens it.
    return () if choice.trigger is Trigger.COMPLETE_SCREENING else choice.reasons

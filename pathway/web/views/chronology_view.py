"""One chronology a child, over all referrals: what was said, found, decided and done, each with its date.

Inspectors asked for chronologies that a worker can read at once (Joint Area Review, paragraph 21); what is significant
stands out. It may be given to a family: a referrer is named only where a professional is, whose identity is no secret.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pathway.engine import code_lists
from pathway.engine.referrers import visible_referrer
from pathway.engine.rulebooks import published_books
from rules.messages import Delivery, MessageKind
from rules.vocabulary import EventKind, MilestoneKind, ReferrerKind
from storage.queries import information_rows, record_rows
from storage.queries.children import chronology_rows
from storage.queries.decisions import undone_rows
from storage.sessions import ReadSession
from storage.tables import Check, Contact, Decision, Letter, Milestone, Person, Referral, id_of

CONTACTS, CHECKS, DECISIONS, WORK, LETTERS = "contacts", "checks", "decisions", "work", "letters"
KINDS: Mapping[str, str] = {
    CONTACTS: "Contacts",
    CHECKS: "Checks",
    DECISIONS: "Decisions",
    WORK: "Allocation and work",
    LETTERS: "Letters",
}
# What stands in no table of its own: its kind, and whether it is significant.
_EVENTS: Mapping[EventKind, tuple[str, bool]] = {
    EventKind.CHILD_ADDED: (CONTACTS, True),
    EventKind.DANGER_MARKED: (CONTACTS, True),
    EventKind.DANGER_WITHDRAWN: (CONTACTS, True),
    EventKind.RATED: (DECISIONS, False),
    EventKind.SECOND_LOOK_ASKED: (DECISIONS, False),
    EventKind.SECOND_LOOK_GIVEN: (DECISIONS, True),
    EventKind.DECISION_UNDONE: (DECISIONS, True),
    EventKind.DECISION_STANDS: (DECISIONS, True),
    EventKind.DECISION_DOUBTED: (DECISIONS, True),
    EventKind.REOPENED: (DECISIONS, True),
    EventKind.CLOSED: (DECISIONS, True),
    EventKind.SET_ASIDE: (DECISIONS, False),
    EventKind.RESTORED: (DECISIONS, False),
    EventKind.NEW_INFORMATION_SENT: (WORK, True),
    EventKind.NEW_INFORMATION_TAKEN: (WORK, False),
    EventKind.SENT_ONWARD: (WORK, True),
    EventKind.RECEIVER_ACCEPTED: (WORK, True),
    EventKind.RECEIVER_REFUSED: (WORK, True),
    EventKind.GIVEN_TO_TEAM: (WORK, False),
    EventKind.TRANSFERRED: (WORK, True),
}
_LEFT = {
    Delivery.EMAIL: "handed over to the mail server",
    Delivery.POST: "posted",
    Delivery.BY_HAND: "given by hand",
    Delivery.BY_TELEPHONE: "told by telephone",
}
_MINOR = (MilestoneKind.MINUTES_SENT, MilestoneKind.CORE_GROUP_MET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One dated thing. ``facts`` are (what, text) pairs; ``referral`` is the one that it belongs to."""

    at: datetime
    kind: str
    title: str
    referral: Referral
    facts: tuple[tuple[str, str], ...] = ()
    significant: bool = False
    who: str = ""
    is_undone: bool = False

    @property
    def kind_words(self) -> str:
        """The kind in words."""
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chronology:
    """A child with what happened, the earliest first; ``in_all`` is how much there is without a filter."""

    person: Person
    referrals: Sequence[tuple[Referral, Contact]]
    entries: Sequence[Entry]
    in_all: int


def _undone(entry: Entry) -> Entry:
    """The decision as it was made, marked as undone: it holds no more, and the history says who undid it, and why."""
    return replace(entry, title=f"Undone: {entry.title}", significant=False, is_undone=True)


def of_child(session: ReadSession, person: Person, *, kind: str = "", significant: bool = False) -> Chronology:
    """The chronology of one child, of one kind (a key of ``KINDS``) or all, with what is significant alone or all."""
    pairs = chronology_rows.referrals(session, id_of(person))
    reader = _Reader(session=session, pairs=pairs, names=record_rows.names(session))
    # What happened at one moment stands in the order in which one thing led to the other.
    order = list(KINDS)
    found = sorted(reader.entries(), key=lambda entry: (entry.at, order.index(entry.kind)))
    shown = [one for one in found if kind in ("", one.kind) and (one.significant or not significant)]
    return Chronology(person=person, referrals=pairs, entries=shown, in_all=len(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    session: ReadSession
    pairs: Sequence[tuple[Referral, Contact]]
    names: Mapping[str, str]

    def entries(self) -> Iterator[Entry]:
        by_id = {id_of(referral): referral for referral, _ in self.pairs}
        yield from (self._contact(referral, contact) for referral, contact in self.pairs)
        yield from self._added()
        for check in chronology_rows.checks(self.session, by_id):
            yield self._check(by_id[check.referral_id], check)
        undone = undone_rows.of_referrals(self.session, by_id)
        for decision in chronology_rows.decisions(self.session, by_id):
            entry = self._decision(by_id[decision.referral_id], decision)
            yield _undone(entry) if decision.id in undone else entry
        for milestone in chronology_rows.milestones(self.session, by_id):
            yield self._milestone(by_id[milestone.referral_id], milestone)
        yield from self._allocations(by_id)
        yield from self._letters(by_id)
        for event in chronology_rows.events(self.session, by_id, _EVENTS):
            kind, significant = _EVENTS[EventKind(event.kind)]
            yield Entry(
                at=event.occurred_at,
                kind=kind,
                title=event.summary,
                referral=by_id[event.referral_id or 0],
                significant=significant,
                who=self._who(event.actor),
            )

    def _who(self, username: str) -> str:
        return "" if username == "pathway" else self.names.get(username, username)

    def _contact(self, referral: Referral, contact: Contact) -> Entry:
        said = [("Facts", contact.concern_facts), ("Professional opinion", contact.professional_opinion)]
        again = "Contact (referred again within twelve months)" if referral.re_referral_of_id else "Contact"
        return Entry(
            at=contact.received_at,
            kind=CONTACTS,
            title=f"{again} by {contact.channel}",
            referral=referral,
            facts=_filled(("From", from_whom(contact)), *said),
            significant=referral.set_aside_at is None,
            who=self._who(contact.recorded_by),
        )

    def _added(self) -> Iterator[Entry]:
        for referral, contact in self.pairs:
            for entry in information_rows.of_contact(self.session, id_of(contact)):
                told = entry.information
                # An e-mail is signed: what it says stands with the contact, and may not be given to a family.
                said = told.text if told.bounce_id is None else "An e-mail, kept with the contact"
                yield Entry(
                    at=told.given_at,
                    kind=CONTACTS,
                    title=f"Information added, by {told.channel}",
                    referral=referral,
                    facts=_filled(
                        ("From", from_whom(contact) if told.from_referrer else "Somebody else"),
                        ("What was said", said),
                        ("Files", ", ".join(file.kind for file in entry.files)),
                    ),
                    significant=referral.set_aside_at is None,
                    who=self._who(told.recorded_by),
                )

    def _check(self, referral: Referral, check: Check) -> Entry:
        found = ("Found", check.found) if check.made else ("Not made, because", check.not_made_because)
        return Entry(
            at=check.recorded_at,
            kind=CHECKS,
            title=f"Check: {check.kind}",
            referral=referral,
            facts=_filled(found),
            who=self._who(check.recorded_by),
        )

    def _decision(self, referral: Referral, decision: Decision) -> Entry:
        book = published_books.published_of(self.session, referral).book
        outcome = book.outcomes.get(decision.outcome)
        level = book.levels_of_need.get(decision.level_of_need, "")
        title = outcome.title if outcome else decision.outcome
        need = code_lists.label(code_lists.PRIMARY_NEED, decision.primary_need) if decision.primary_need else ""
        return Entry(
            at=decision.decided_at,
            kind=DECISIONS,
            title=f"{'Corrected decision' if decision.correction_reason else 'Decision'}: {title}",
            referral=referral,
            facts=_filled(
                ("Why it was corrected", decision.correction_reason),
                ("Level of need", f"{decision.level_of_need}: {level}" if level else decision.level_of_need),
                ("Primary need", need),
                ("Referred onward to", decision.receiver),
                ("Reasons", decision.reasons),
            ),
            significant=True,
            who=self._who(decision.decided_by),
        )

    def _milestone(self, referral: Referral, milestone: Milestone) -> Entry:
        return Entry(
            at=milestone.occurred_at,
            kind=WORK,
            title=milestone.kind.capitalize(),
            referral=referral,
            facts=_filled(
                ("Seen alone", _yes_or_no(milestone.seen_alone)),
                ("Section 47 enquiry started", _yes_or_no(milestone.enquiry_started)),
                ("Took part", milestone.took_part),
                ("Late because", milestone.reason_for_overrun),
                ("Note", milestone.note),
            ),
            significant=milestone.kind not in _MINOR,
            who=self._who(milestone.recorded_by),
        )

    def _allocations(self, by_id: Mapping[int, Referral]) -> Iterator[Entry]:
        for allocation, worker in chronology_rows.allocations(self.session, by_id):
            referral = by_id[allocation.referral_id]
            yield Entry(
                at=allocation.allocated_at,
                kind=WORK,
                title=f"Allocated to {worker.name}",
                referral=referral,
                facts=_filled(("Agreed", allocation.agreed)),
                significant=True,
                who=self._who(allocation.allocated_by),
            )
            if allocation.ended_at is not None:
                title = f"{worker.name} holds the child no more"
                yield Entry(at=allocation.ended_at, kind=WORK, title=title, referral=referral)

    def _letters(self, by_id: Mapping[int, Referral]) -> Iterator[Entry]:
        for referral_id, letter, handover, cancelled in chronology_rows.letters(self.session, by_id):
            at, how = letter.written_at, "written"
            if handover is not None:
                at, how = handover.handed_over_at, _LEFT[Delivery(handover.delivery)]
            elif cancelled is not None:
                at, how = cancelled.cancelled_at, "cancelled before it left"
            yield Entry(at=at, kind=LETTERS, title=f"{_letter_words(letter)}: {how}", referral=by_id[referral_id])


def _letter_words(letter: Letter) -> str:
    # Named by what it is, never by whom it went to.
    to = "" if letter.kind == MessageKind.PARENTS else " to the referrer"
    return f"Letter ({letter.kind}){to}"


def from_whom(contact: Contact) -> str:
    """Who contacted us, as a family may read it: a professional by name, unless the identity is not to be shared."""
    if contact.identity_protected:
        return visible_referrer.PROTECTED
    if contact.referrer_kind != ReferrerKind.PROFESSIONAL:
        return {ReferrerKind.ANONYMOUS: "Nobody who gave a name"}.get(
            ReferrerKind(contact.referrer_kind), "A member of the public"
        )
    known = (contact.referrer_name, contact.referrer_role, contact.referrer_agency)
    return ", ".join(part for part in known if part) or code_lists.label(
        code_lists.REFERRAL_SOURCE, contact.source_code
    )


def _yes_or_no(answer: bool | None) -> str:  # noqa: FBT001 - a recorded answer
    return "" if answer is None else "yes" if answer else "no"


def _filled(*facts: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((what, text) for what, text in facts if text.strip())

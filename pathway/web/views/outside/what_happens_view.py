"""What happens when somebody has told us, by the clocks of the book in force; never anything that is on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rules.rulebook import ClockRule, Rulebook
from rules.vocabulary import EventKind
from storage.queries import clock_rows, referral_rows
from storage.sessions import ReadSession
from storage.tables import Contact, id_of

# Only what everybody is owed who tells us of a child. What else runs says that the child is known.
STARTED_BY_TELLING = (EventKind.RECEIVED, EventKind.DANGER_MARKED)
WORDS = {
    EventKind.DECIDED: "A manager decides what should be done for each child",
    EventKind.FEEDBACK_GIVEN: (
        "We write to you. Professionals read what was decided and why; members of the public that we have considered it"
    ),
    EventKind.ACKNOWLEDGED: "We confirm in writing that we have what you told us",
}
# To a professional who has sent the form.
TO_SENDER = {EventKind.FEEDBACK_GIVEN: "We write to you with what was decided for each child, and why"}
IN_DANGER = "A manager decides what should be done where a child is in immediate danger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What we owe, and by when: ``limits`` in words, or ``due_at``, the moment for one contact."""

    words: str
    limits: str = ""
    due_at: datetime | None = None


def of_book(book: Rulebook) -> Sequence[Duty]:
    """What is owed from the moment at which somebody tells us: first in danger, then as the book has it."""
    rules = sorted(filter(_is_for_all, book.clocks.values()), key=lambda rule: rule.starts_on is EventKind.RECEIVED)
    return [Duty(words=_words(rule), limits=_limits(rule)) for rule in rules]


def of_contact(session: ReadSession, contact: Contact, book: Rulebook) -> Sequence[Duty]:
    """What is owed to whoever sent this contact, and when it is due for the last of its children."""
    due: dict[str, datetime] = {}
    for referral in referral_rows.of_contact(session, id_of(contact)):
        for clock in clock_rows.of_referral(session, id_of(referral)):
            if clock.round == 1:
                due[clock.kind] = max(due.get(clock.kind, clock.due_at), clock.due_at)
    rules = [rule for rule in book.clocks.values() if _is_for_all(rule) and rule.kind in due]
    return [
        Duty(words=TO_SENDER.get(rule.stops_on) or _words(rule), due_at=due[rule.kind])
        for rule in sorted(rules, key=lambda one: due[one.kind])
    ]


def _is_for_all(rule: ClockRule) -> bool:
    return rule.starts_on in STARTED_BY_TELLING and rule.starts_when is None


def _words(rule: ClockRule) -> str:
    if rule.starts_on is EventKind.DANGER_MARKED and rule.stops_on is EventKind.DECIDED:
        return IN_DANGER
    return WORDS.get(rule.stops_on, rule.owed.strip().rstrip(".") or rule.title)


def _limits(rule: ClockRule) -> str:
    limits = dict.fromkeys(str(one.limit) for one in rule.with_each_limit)
    *first, last = limits
    return f"within {', '.join(first)} or {last}, by how urgent it is" if first else f"within {last}"

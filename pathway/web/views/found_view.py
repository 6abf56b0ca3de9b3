"""What is said of each child whom a search has found, and of the search itself; a page and a command say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pathway.engine.children.finding import Answer
from pathway.engine.rulebooks import published_books
from pathway.web import page_words, times
from rules.likeness import identifiers
from rules.words import counted
from storage.queries.children.shown_child_rows import ChildFacts
from storage.sessions import ReadSession
from storage.tables import Person

KEPT_BACK = "opens only to people named. They have been told."
IN_DANGER = "If a child may be in danger now,"
SEARCHED_BY = "name, birth date or age, NHS or pupil number, address, postcode, telephone, referrer and reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One child as an answer shows it; ``facts`` are lines of text. The name is for the page or the command to say."""

    person: Person
    facts: Sequence[str]
    household: Sequence[Person]
    ref: str


def people(session: ReadSession, found: Sequence[ChildFacts], *, now: datetime) -> Sequence[Found]:
    """What is said of these children, in their order."""
    return [
        Found(
            person=one.person,
            facts=[line for line in _facts(session, one, now=now) if line],
            household=one.household,
            ref=one.latest.ref if one.latest else "",
        )
        for one in found
    ]


def kept_back(answer: Answer) -> str:
    """What is said where a restricted record fits in full, without what to do in danger; empty where nothing is."""
    if not answer.kept_back or answer.silent:
        return ""
    count = len(answer.kept_back)
    if count == 1:
        return f"One record that fits {KEPT_BACK}"
    return f"{count} records that fit open only to people named. They have been told."


def searched(answer: Answer) -> str:
    """Where nobody was found: how many were looked through."""
    return f"{answer.searched:,} {'person' if answer.searched == 1 else 'people'}, open and closed"


def understood(answer: Answer) -> str:
    """How the words were read, so that whoever typed them sees a slip."""
    return ", ".join(term.said for term in answer.question.terms)


def more(answer: Answer) -> str:
    """What is said where more fit than are shown."""
    if not answer.more:
        return ""
    count = len(answer.people or answer.numbers)
    return f"More than these {count} fit. Add a birth date, an age, a postcode or another name."


def age(person: Person, today: date) -> str:
    """Such as ``8 years old, born 1 February 2015``; of the youngest in weeks or months."""
    born = person.birth_date
    if born is None:
        due = page_words.day_words(person.due_date)
        return f"Unborn, due {due}" if due else "Birth date not known"
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if months >= 24:
        length = f"{months // 12} years old"
    elif months > 0:
        length = f"{counted(months, 'month')} old"
    else:
        length = f"{counted(max((today - born).days, 0) // 7, 'week')} old"
    return f"{length}, born {page_words.day_words(born)}"


def _facts(session: ReadSession, one: ChildFacts, *, now: datetime) -> Sequence[str]:
    number = identifiers.show_nhs_number(one.person.nhs_number or "")
    return (
        age(one.person, times.local(now).date()) + (f", NHS number {number}" if number else ""),
        f"Also recorded as {'; '.join(one.other_names[:4])}" if one.other_names else "",
        one.person.address or "Address not known",
        _contacts(one),
        outcome(session, one),
        f"Worker: {one.worker}" if one.worker else "",
    )


def _contacts(one: ChildFacts) -> str:
    if one.latest is None:
        return "No contact that counts"
    day = page_words.day_words(times.local(one.latest.received_at).date())
    return f"{counted(one.contacts, 'contact')}, the last on {day}: {one.latest.state}"


def outcome(session: ReadSession, one: ChildFacts) -> str:
    """The last outcome that holds, with its day; empty for a child of whom no contact counts."""
    if one.decision is None:
        return "No decision yet" if one.latest else ""
    title = published_books.outcome_title(session, one.book_id, one.decision.outcome)
    return f"Last outcome: {title}, {page_words.day_words(times.local(one.decision.decided_at).date())}"

"""Invented facts from which a letter can be written, to look at its wording and to try a template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from notifications.letters.letters import ChildOutcome, CouncilFacts, LetterFacts
from rules.messages import MessageKind
from rules.vocabulary import Effect

_WRITTEN = datetime(2009, 3, 6, 16, 40, tzinfo=UTC)
COUNCIL = CouncilFacts(
    name="Example Council",
    team_name="Children's Front Door",
    telephone="020 7946 0000",
    out_of_hours_telephone="020 7946 0999",
    email="front-door@example.org",
    address="Civic Centre, 1 High Road, London N0 0AA",
    complaints="Write to the Complaints Officer at the address at the end of this letter.",
)
_DECIDED = {
    Effect.ACCEPT: ("Jo Example", "Assessment by a social worker", "We have accepted your referral."),
    Effect.CLOSE: ("Max Example", "No further action", "This does not need a service from us."),
    Effect.ADVISE: ("Kim Example", "Information and advice", "We think that advice is the right answer."),
    Effect.REFER_ONWARD: ("Lee Example", "Early help", "We think that early help will meet the needs."),
    Effect.ACCEPT_URGENTLY: ("Ira Example", "Strategy discussion", "We are holding a strategy discussion."),
    Effect.PASS_TO_WORKER: ("Ola Example", "Already open to a worker", "We have passed it to the worker."),
}


def facts(kind: MessageKind, *, council: CouncilFacts = COUNCIL) -> LetterFacts:
    """Facts for one letter of a kind, about two children where it tells of several."""
    return LetterFacts(
        council=council,
        recipient_name="Ada Example",
        contact_ref="FD-0000-0000",
        received_at=_WRITTEN,
        written_at=_WRITTEN + timedelta(hours=1),
        children=tuple(_children()[:2]),
        children_to_follow=int(kind is MessageKind.PART_OUTCOME),
        feedback_due_at=_WRITTEN + timedelta(hours=48),
        contact_name="Dana Example",
        asked_for=("Where the children are now", "The name of their doctor"),
        child_name="Jo Example",
        next_steps="We will call you this week and ask how we can help.",
    )


def many(kind: MessageKind) -> Iterator[LetterFacts]:
    """Facts that between them lead a template down each of its ways: each kind of outcome, one child, nothing more."""
    usual = facts(kind)
    yield replace(usual, children=tuple(_children()))
    yield replace(usual, children=tuple(_children()[:1]))
    yield replace(
        usual,
        council=replace(COUNCIL, email="", address=""),
        recipient_name=usual.recipient_name if kind is MessageKind.PARENTS else "",
        feedback_due_at=None,
        contact_name="",
        asked_for=usual.asked_for[:1],
    )


def _children() -> list[ChildOutcome]:
    return [
        ChildOutcome(
            referral_ref=f"FD-0000-0000-{number}",
            child_name=name,
            effect=effect,
            outcome_title=title,
            paragraph=paragraph,
            next_steps="We will write to you if anything changes.",
            reasons="What the school and the health visitor told us.",
        )
        for number, (effect, (name, title, paragraph)) in enumerate(_DECIDED.items(), 1)
    ]

"""Warnings and alerts to staff. They go over open mail, so they name a reference and a link and never a child.

New information about a child whom somebody has already goes with what was said, and still names no child by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from notifications import plain, rendering
from rules.errors import InvalidInput
from rules.messages import MessageKind
from rules.vocabulary import Role

KINDS = (MessageKind.WARNING, MessageKind.ALERT, MessageKind.ALERT_CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFacts:
    """What somebody is told: ``rung_role`` is the role they are told as (None: as one who had been told before).

    ``due_at`` is None where nothing has a due moment; the subject of an ``urgent`` alert begins with its headline.
    """

    headline: str
    next_step: str
    referral_ref: str | None
    due_at: datetime | None
    now: datetime
    link: str
    rung_role: Role | None = None
    closed_because: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInformation:
    """What was said about a child whom a worker has already; ``referrer`` is empty where the name is not shared."""

    headline: str
    next_step: str
    referral_ref: str
    received_at: datetime
    referrer: str
    concern: str
    opinion: str
    reasons: str
    link: str
    rung_role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffText:
    """One message to staff: subject on one line, and plain text."""

    subject: str
    text: str


def write(kind: MessageKind, facts: AlertFacts) -> StaffText:
    """The words of a warning, an alert or its end; InvalidInput for another kind and for a blank headline."""
    if kind not in KINDS:
        raise InvalidInput.of("kind", f"{kind} is not a message to staff", "Use warning, alert or alert closed")
    if not plain.one_line(facts.headline):
        raise InvalidInput.of("headline", "The message has no headline", "Say in one line what is wrong")
    folder = f"staff/{kind.replace(' ', '-')}"
    templates, seen = rendering.TemplateSet(), _seen(facts)
    return StaffText(
        subject=templates.subject(f"{folder}/subject.txt", seen),
        text=templates.text(f"{folder}/body.txt", seen),
    )


def _seen(facts: AlertFacts) -> dict[str, object]:
    due = facts.due_at and f"{rendering.moment(facts.due_at)} ({rendering.distance(facts.due_at, now=facts.now)})"
    return {
        "headline": plain.one_line(facts.headline).rstrip("."),
        "next_step": plain.block(facts.next_step),
        "referral_ref": plain.one_line(facts.referral_ref or ""),
        "due": due or "",
        "overdue": facts.due_at is not None and facts.now >= facts.due_at,
        "link": plain.one_line(facts.link),
        "rung_role": str(facts.rung_role or ""),
        "closed_because": plain.block(facts.closed_because),
        "urgent": facts.urgent,
    }


# A subject is read on a locked telephone's screen.
_SUBJECT_OF_NEW_INFORMATION = ("headline", "referral_ref")


def write_new_information(facts: NewInformation) -> StaffText:
    """The words with which new information goes to the worker and to the managers of the team."""
    folder, templates = "staff/new-information", rendering.TemplateSet()
    seen: dict[str, object] = {
        "headline": plain.one_line(facts.headline).rstrip("."),
        "next_step": plain.block(facts.next_step),
        "referral_ref": plain.one_line(facts.referral_ref),
        "received_at": facts.received_at,
        "referrer": plain.one_line(facts.referrer),
        "concern": plain.block(facts.concern),
        "opinion": plain.block(facts.opinion),
        "reasons": plain.block(facts.reasons),
        "link": plain.one_line(facts.link),
        "rung_role": str(facts.rung_role),
    }
    return StaffText(
        subject=templates.subject(f"{folder}/subject.txt", {name: seen[name] for name in _SUBJECT_OF_NEW_INFORMATION}),
        text=templates.text(f"{folder}/body.txt", seen),
    )

"""Warnings and alerts to staff. They go over open mail, so they name a reference and a link and never a child."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from notifications import plain, rendering
from rules.errors import InvalidInput
from rules.vocabulary import MessageKind, Role

KINDS = (MessageKind.WARNING, MessageKind.ALERT, MessageKind.ALERT_CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFacts:
    """What somebody is told: ``rung_role`` is the role they are told as (None: as one who had been told before).

    ``due_at`` is None where nothing has a due moment.
    """

    headline: str
    next_step: str
    referral_ref: str | None
    due_at: datetime | None
    now: datetime
    link: str
    rung_role: Role | None = None
    closed_because: str = ""


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
    }

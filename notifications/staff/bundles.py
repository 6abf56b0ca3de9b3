"""Several notices to one person in one message: the urgent first, each with its reference, next step and link."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from notifications import plain, rendering
from notifications.staff.staff import StaffText
from rules.errors import InvalidInput

FOLDER = "staff/notices"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is said about one thing. ``late_since`` is its due moment once that has passed, ``due_at`` before.

    ``since``: when it began, for what is owed by no moment.

    ``over``: there is nothing left to do about it; ``over_because`` may say why.
    """

    headline: str
    next_step: str
    referral_ref: str = ""
    late_since: datetime | None = None
    since: datetime | None = None
    due_at: datetime | None = None
    link: str
    over: bool = False
    over_because: str = ""


def write(lines: Sequence[Line], *, roles: Collection[str], now: datetime) -> StaffText:
    """The message of these lines, in their order within each part; InvalidInput where there is none."""
    if not lines:
        raise InvalidInput.of("lines", "There is nothing to tell", "Give at least one line")
    parts = {
        "late": [_seen(line, now) for line in lines if not line.over and line.due_at is None],
        "soon": [_seen(line, now) for line in lines if not line.over and line.due_at is not None],
        "over": [_seen(line, now) for line in lines if line.over],
    }
    first = next(part[0] for part in parts.values() if part)
    facts: dict[str, object] = {**parts, "first": first, "roles": " and ".join(sorted(filter(None, roles)))}
    templates = rendering.TemplateSet()
    return StaffText(
        subject=templates.subject(f"{FOLDER}/subject.txt", facts), text=templates.text(f"{FOLDER}/body.txt", facts)
    )


def _seen(line: Line, now: datetime) -> dict[str, str]:
    headline = plain.one_line(line.headline).rstrip(".")
    return {
        "headline": headline,
        "ref": "" if line.referral_ref in headline else line.referral_ref,
        "late_since": _when(line.late_since, now),
        "since": _when(line.since, now),
        "due": _when(line.due_at, now),
        "next_step": plain.one_line(line.next_step),
        "link": plain.one_line(line.link),
        "over_because": plain.one_line(line.over_because),
    }


def _when(moment: datetime | None, now: datetime) -> str:
    return f"{rendering.moment(moment)} ({rendering.distance(moment, now=now)})" if moment else ""

"""The digest of a manager on duty: counts first, then the lines, each with its link. It names no child."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from notifications import plain, rendering
from notifications.staff.staff import StaffText

FOLDER = "staff/digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line. ``at`` is when it was or is due, or since when it waits; ``note`` says more."""

    words: str
    link: str
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the digest: how many there are, and the first of them. ``more`` is the page that shows them all."""

    count: int
    items: Sequence[Item]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What is late, due within a day, owed, over the limit and waiting, at ``now``, for somebody with these roles."""

    late: Part
    due: Part
    letters: Part
    caseloads: Part
    allocations: Part
    roles: Sequence[str]
    now: datetime
    link: str


def write(digest: Digest) -> StaffText:
    """The words of one digest."""
    facts: dict[str, object] = {
        "late": _seen(digest.late, digest.now),
        "due": _seen(digest.due, digest.now),
        "letters": _seen(digest.letters, digest.now),
        "caseloads": _seen(digest.caseloads, digest.now),
        "allocations": _seen(digest.allocations, digest.now),
        "roles": " and ".join(digest.roles),
        "now": digest.now,
        "link": digest.link,
    }
    templates = rendering.TemplateSet()
    return StaffText(
        subject=templates.subject(f"{FOLDER}/subject.txt", facts), text=templates.text(f"{FOLDER}/body.txt", facts)
    )


def _seen(part: Part, now: datetime) -> dict[str, object]:
    items = [
        {
            "words": plain.one_line(item.words).rstrip("."),
            "link": item.link,
            "at": f"{rendering.moment(item.at)} ({rendering.distance(item.at, now=now)})" if item.at else "",
            "note": plain.one_line(item.note),
        }
        for item in part.items
    ]
    return {"count": part.count, "lines": items, "left": part.count - len(items), "more": part.more}

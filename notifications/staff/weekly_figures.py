"""The figures of a week, for somebody who asked for them. It goes over open mail: numbers, and no child."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from notifications import plain, rendering
from notifications.staff.staff import StaffText

FOLDER = "staff/weekly-figures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One figure and its parts, each a name and a number."""

    title: str
    count: int
    parts: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A week's figures, both days included; ``uncounted`` contacts are still being counted."""

    start: date
    last: date
    figures: Sequence[Told]
    uncounted: int = 0


def write(week: Week, *, link: str) -> StaffText:
    """The words of one e-mail."""
    facts: dict[str, object] = {
        "start": _day(week.start),
        "last": _day(week.last),
        "figures": [
            {"title": plain.one_line(one.title), "count": one.count, "parts": [_part(part) for part in one.parts]}
            for one in week.figures
        ],
        "uncounted": week.uncounted,
        "link": plain.one_line(link),
    }
    templates = rendering.TemplateSet()
    return StaffText(
        subject=templates.subject(f"{FOLDER}/subject.txt", facts), text=templates.text(f"{FOLDER}/body.txt", facts)
    )


def _part(part: tuple[str, int]) -> dict[str, object]:
    name, count = part
    return {"name": plain.one_line(name), "count": count}


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"

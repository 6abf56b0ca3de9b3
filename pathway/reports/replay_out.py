"""A replay in words, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pathway.reports.replay import Count, Difference, Replay
from rules.books.replay import Change, Duty, Told
from rules.timing import zones
from rules.timing.explain import utc_text
from rules.vocabulary import Role

SHOWN = 50


def as_text(found: Replay, *, shown: int = SHOWN) -> Iterator[str]:
    """The totals, a week and a role a line, then the first ``shown`` referrals that differ."""
    yield f"{found.book} {found.version} on what was received from {found.start} to {found.end}."
    yield f"{found.referrals} referrals replayed; {len(found.differ)} would have gone another way. Nothing was written."
    if found.no_clocks:
        yield f"{found.no_clocks} have no clocks, as no book was in force when they were received."
    if found.failed:
        yield f"{len(found.failed)} could not be replayed; --json says why."
    if not found.differ:
        yield "No difference."
        return
    yield from ("", *_table(_WEEKS, _weeks(found)), "", *_table(_ROLES, _roles(found)), "")
    for one in found.differ[:shown]:
        yield from _difference(one)
    if len(found.differ) > shown:
        yield f"... and {len(found.differ) - shown} more; pathway rules replay --json lists them all."


_WEEKS = ("week of", "referrals", "differ", "late", "would be", "alerts", "would be")
_ROLES = ("role", "warnings", "would be", "alerts", "would be")


def _weeks(found: Replay) -> Iterator[tuple[str, ...]]:
    for monday, week in sorted(found.weeks.items()):
        own, new = week.own, week.new
        numbers = (week.referrals, week.differ, own.breaches, new.breaches, own.alerts, new.alerts)
        yield (str(monday), *map(str, numbers))


def _roles(found: Replay) -> Iterator[tuple[str, ...]]:
    for role in _told(found):
        numbers = (found.roles[role, side, what] for what in ("warnings", "alerts") for side in ("own", "new"))
        yield (str(role), *map(str, numbers))


def _told(found: Replay) -> list[Role]:
    told = {role for role, _, _ in found.roles}
    return [role for role in Role if role in told]


def _table(head: tuple[str, ...], lines: Iterator[tuple[str, ...]]) -> Iterator[str]:
    rows = [head, *lines]
    widths = [max(len(row[at]) for row in rows) for at in range(len(head))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        yield "  ".join(cells).rstrip()


def _difference(one: Difference) -> Iterator[str]:
    yield f"{one.ref}, received {_local(one.received_at)}"
    for change in one.changes:
        name = change.kind if change.round == 1 else f"{change.kind} (round {change.round})"
        for words in (_duty, _told_of, _due_exactly):  # the first in which the two sides look different
            if (own := words(change.own)) != (new := words(change.new)):
                yield f"  {name}: {own} -> {new}"
                break


def _told_of(duty: Duty | None) -> str:
    told = duty.told if duty else ()
    return ", ".join(f"{one.role} {_exactly(one.at)}" for one in told) or "nobody is told"


def _due_exactly(duty: Duty | None) -> str:
    return f"due {duty.due_at.isoformat()}" if duty and duty.due_at else "no due moment"


def _exactly(moment: datetime) -> str:
    local = moment.astimezone(zones.zone_named(zones.LONDON))
    return f"{local:%a} {local.day} {local:%b %H:%M:%S}"


def _duty(duty: Duty | None) -> str:
    if duty is None:
        return "not owed"
    if duty.due_at is None:
        return "not applicable"
    late = ", late" if duty.breached else ""
    told = f"{_counted(len(duty.warnings), 'warning')}, {_counted(len(duty.alerts), 'alert')}"
    return f"due {_local(duty.due_at)}{late}, {told}"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _local(moment: datetime) -> str:
    local = moment.astimezone(zones.zone_named(zones.LONDON))
    return f"{local:%a} {local.day} {local:%b %Y %H:%M}"


def as_json(found: Replay) -> dict[str, Any]:
    """Everything, for other programs."""
    return {
        "book": found.book,
        "version": found.version,
        "from": found.start.isoformat(),
        "to": found.end.isoformat(),
        "as_at": utc_text(found.as_at),
        "referrals": found.referrals,
        "no_clocks": found.no_clocks,
        "failed": found.failed,
        "weeks": [_week_terms(found, monday) for monday in sorted(found.weeks)],
        "roles": [_role_terms(found, role) for role in _told(found)],
        "differ": [_difference_terms(one) for one in found.differ],
    }


def _week_terms(found: Replay, monday: Any) -> dict[str, Any]:
    week = found.weeks[monday]
    counts = {"own": _count_terms(week.own), "new": _count_terms(week.new)}
    return {"monday": monday.isoformat(), "referrals": week.referrals, "differ": week.differ, **counts}


def _count_terms(count: Count) -> dict[str, int]:
    return {"breaches": count.breaches, "warnings": count.warnings, "alerts": count.alerts}


def _role_terms(found: Replay, role: Role) -> dict[str, Any]:
    sides = {side: {what: found.roles[role, side, what] for what in ("warnings", "alerts")} for side in ("own", "new")}
    return {"role": str(role), **sides}


def _difference_terms(one: Difference) -> dict[str, Any]:
    return {
        "referral": one.ref,
        "received_at": utc_text(one.received_at),
        "clocks": [_change_terms(change) for change in one.changes],
    }


def _change_terms(change: Change) -> dict[str, Any]:
    sides = {"own": _duty_terms(change.own), "new": _duty_terms(change.new)}
    return {"clock": change.kind, "round": change.round, **sides}


def _duty_terms(duty: Duty | None) -> dict[str, Any] | None:
    if duty is None:
        return None
    if duty.due_at is None:
        return {"applicable": False}
    told = {
        "warnings": [_told_terms(one) for one in duty.warnings],
        "alerts": [_told_terms(one) for one in duty.alerts],
    }
    return {"applicable": True, "due": utc_text(duty.due_at), "breached": duty.breached, **told}


def _told_terms(told: Told) -> dict[str, str]:
    return {"at": utc_text(told.at), "role": str(told.role)}

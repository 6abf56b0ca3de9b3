"""What the rules cost: due moments beside two libraries, the batch by its command, a replay of the sample month."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter

import numpy as np
from workalendar.europe import UnitedKingdom

from benchmarks import timing
from benchmarks.scenes import Databases
from pathway.engine.rulebooks import shipped
from pathway.reports import replay
from pathway.reports.replay import Proposal
from rules.books import parse
from rules.rulebook import Limit
from rules.timing import bank_holidays, timescales
from rules.vocabulary import Unit
from storage.sessions import Database
from support import old_system

STARTS = [datetime(2025, 1, 2, 9, 30, tzinfo=UTC) + timedelta(hours=7 * number) for number in range(1000)]
DAYS = [start.date() for start in STARTS]
ROUNDS = 9
BOOK_LINES, CALENDAR_LINES = 60_000, 30_000
MARCH = (date(2009, 3, 1), date(2009, 3, 31))
CALENDAR = parse.parse_calendar(shipped.calendar_text("england"), "england")


def due_moments() -> str:
    """The Markdown table: microseconds of one due moment; the libraries give a date and know no hours."""
    found = timing.medians(_counters(), rounds=ROUNDS)
    rows = [[name, f"{seconds / len(STARTS) * 1e6:.1f} us"] for name, seconds in found.items()]
    return timing.markdown(["one due moment", "time"], rows)


def _counters() -> dict[str, Callable[[], object]]:
    eight, forty_five = Limit(8, Unit.WORKING_HOURS), Limit(45, Unit.WORKING_DAYS)
    holidays = np.busdaycalendar(holidays=sorted(bank_holidays.england()))
    kingdom = UnitedKingdom()
    return {
        "Pathway, 8 working hours": lambda: [timescales.due_moment(eight, start, CALENDAR) for start in STARTS],
        "Pathway, 45 working days": lambda: [timescales.due_moment(forty_five, start, CALENDAR) for start in STARTS],
        "numpy busday_offset, 45 days, one by one": lambda: [
            np.busday_offset(np.datetime64(day), 45, roll="forward", busdaycal=holidays) for day in DAYS
        ],
        "workalendar add_working_days, 45 days": lambda: [kingdom.add_working_days(day, 45) for day in DAYS],
    }


def batch() -> str:
    """The Markdown table: lines a second through ``pathway rules due --batch``, its start included."""
    week = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    calendars = [{"zone": "Europe/London", "week": week, "closed": ["england", f"12-{day:02}"]} for day in range(1, 32)]
    limit = {"amount": 90, "unit": "working minutes"}
    lines: dict[str, list[dict[str, object]]] = {
        "a book and a clock": [
            {"book": "haringey-2009", "clock": "allocation", "from": _start(at)} for at in range(BOOK_LINES)
        ],
        "a calendar of its own, one of 31": [
            {"calendar": calendars[at % len(calendars)], "from": _start(at), "limit": limit}
            for at in range(CALENDAR_LINES)
        ],
    }
    rows = [[name, f"{len(asked):,}", f"{len(asked) / _asked(asked):,.0f}"] for name, asked in lines.items()]
    return timing.markdown(["each line names", "lines", "lines a second"], rows)


def _start(number: int) -> str:
    return (STARTS[0] + timedelta(minutes=11 * number)).isoformat()


def _asked(lines: list[dict[str, object]]) -> float:
    """Seconds that the command takes to answer all lines."""
    text = "".join(json.dumps(line) + "\n" for line in lines)
    command = [str(Path(sys.executable).with_name("pathway")), "rules", "due", "--batch"]
    begun = perf_counter()
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    seconds = perf_counter() - begun
    assert done.stdout.count('"due"') == len(lines), done.stdout[:200]
    return seconds


def replays(databases: Databases) -> str:
    """The Markdown table: referrals a second of a replay of the sample month under a stricter book."""
    rows = [_replay_row(databases, kind) for kind in ("sqlite", "postgresql")]
    return timing.markdown(["database", "referrals", "would differ", "referrals a second"], rows)


def _replay_row(databases: Databases, kind: str) -> list[str]:
    database = databases.fresh(kind)
    old_system.imported(database, old_system.SAMPLE, now=old_system.AUTUMN)
    text = shipped.book_text("haringey-2009").replace('limit     = "24 hours"', 'limit = "12 hours"')
    proposal = Proposal(book=parse.parse(text, "stricter"), book_calendar=CALENDAR)
    found = _replayed(database, proposal)
    seconds = timing.medians({kind: lambda: _replayed(database, proposal)}, rounds=5)[kind]
    return [kind, str(found.referrals), str(len(found.differ)), f"{found.referrals / seconds:,.0f}"]


def _replayed(database: Database, proposal: Proposal) -> replay.Replay:
    start, end = MARCH
    with database.read() as session:
        return replay.run(session, proposal, start=start, end=end, now=old_system.AUTUMN)

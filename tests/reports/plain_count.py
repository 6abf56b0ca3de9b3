"""The timeliness of a file, counted by a plain script: the standard library and nothing of ours.

A child counts once, an anonymous referrer (source code 9) on neither side of the letters.
"""

from __future__ import annotations

import csv
import pathlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def moment(text):
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=LONDON).astimezone(UTC) if text.strip() else None


def late(since, done, hours, as_at):
    if done is not None and done <= as_at:
        return "missed" if done - since > timedelta(hours=hours) else "met"
    return "missed" if as_at - since >= timedelta(hours=hours) else "not yet due"


def count(path, held_back, as_at):
    """(kind of figure, week or source or empty, verdict) -> children."""
    figures = Counter()
    with pathlib.Path(path).open(newline="", encoding="utf-8-sig") as file:
        lines = {tuple(line.items()) for line in csv.DictReader(file) if line["contact_ref"] not in held_back}
    for line in map(dict, lines):
        received = moment(line["received"])
        if received > as_at:
            continue
        day = received.astimezone(LONDON).date()
        week = (day - timedelta(days=day.weekday())).isoformat()
        decided = moment(line["decided"])
        decision = late(received, decided, 24, as_at)
        told = (
            "not applicable" if line["source_code"] == "9" else late(received, moment(line["feedback_sent"]), 48, as_at)
        )
        for group in ("", week, line["source_code"]):
            figures["decided", group, decision] += 1
            figures["told", group, told] += 1
        figures["backlog", "", "undecided"] += decided is None or decided > as_at
    return figures

"""The figures of a period by a plain script over the events: the standard library and nothing of ours.

An event is a mapping with its kind, the contact, the child (referral), when it happened, who did it and details.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def day(moment):
    return moment.astimezone(LONDON).date()


def count(events, start, end, now):
    """Figure -> part -> number, for days from ``start`` up to ``end``; what is judged on days before today."""
    found = defaultdict(Counter)
    by_child, by_contact = defaultdict(list), defaultdict(list)
    for event in sorted(events, key=lambda one: one["id"]):
        event = event | {"details": json.loads(event["details"])}
        by_contact[event["contact_id"]].append(event)
        if event["referral_id"] is not None:
            by_child[event["referral_id"]].append(event)

    def add(figure, part, moment, until=end):
        if start <= day(moment) < until:
            found[figure][part] += 1

    received = {}
    for child, history in by_child.items():
        (first,) = (one for one in history if one["kind"] == "received")
        received[child] = first
        kinds = {one["kind"] for one in history}
        accepted = "accepted" in kinds
        add(
            "conversion",
            "accepted" if accepted else "not accepted" if "decided" in kinds else "undecided",
            first["occurred_at"],
        )
        _duties(history, lambda *more: add(*more, until=min(end, day(now))))
    for contact in {one["contact_id"] for one in received.values()}:
        first = next(one for one in received.values() if one["contact_id"] == contact)
        add("hours", f"{first['occurred_at'].astimezone(LONDON):%H}", first["occurred_at"])
    for history in by_contact.values():
        _alerts(history, add)
    for figure in ("conversion", "hours", "alerts", "clock:decision", "clock:danger"):
        found[figure] += Counter()
    return {figure: dict(parts) for figure, parts in found.items()}


def _duties(history, add):
    decided = next((one["occurred_at"] for one in history if one["kind"] == "decided"), None)
    for event in history:
        details = event["details"]
        if event["kind"] == "clock started" and details["clock"] in ("decision", "danger") and details["round"] == 1:
            due = datetime.fromisoformat(details["due_at"])
            part = "not done" if decided is None else "in time" if decided <= due else "late"
            add(f"clock:{details['clock']}", part, due)


def _alerts(history, add):
    opened = {one["details"]["alert"]: one for one in history if one["kind"] == "alert opened"}
    for number, event in opened.items():
        answer = next(
            (one for one in history if one["kind"] == "alert acknowledged" and one["details"]["alert"] == number), None
        )
        took = answer["occurred_at"] - event["recorded_at"] if answer else None
        part = "not acknowledged"
        if took is not None:
            part = (
                "within 30 minutes"
                if took <= timedelta(minutes=30)
                else "within 4 hours"
                if took <= timedelta(hours=4)
                else "later"
            )
        add("alerts", part, event["recorded_at"])

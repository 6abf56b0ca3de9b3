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
    for figure, part, moment in facts([told | {"details": json.loads(told["details"])} for told in events]):
        until = min(end, day(now)) if figure.startswith("clock:") else end
        if start <= day(moment) < until:
            found[figure][part] += 1
    always = ("conversion", "repeats", "hours", "alerts", "clock:decision", "clock:feedback")
    return {figure: dict(found[figure]) for figure in (*always, *found)}


def totals(events, start, end, now):
    """Figure -> number in all of its parts: of those whose parts (source, outcome, worker) no event names."""
    events = [told | {"details": json.loads(told["details"])} for told in events]
    found = Counter()
    for figure, moment in in_all(events):
        until = min(end, day(now)) if figure == "reasons" else end
        found[figure] += moment is None or start <= day(moment) < until
    return dict(found)


def in_all(events):
    """(figure, moment) of everything that counts; None for what counts in every period."""
    for history in grouped(events, "contact_id").values():
        yield "contacts", first(history, "received")["occurred_at"]
        letters = {}
        for event in history:
            if event["kind"] in ("acknowledged", "feedback given"):
                letters.setdefault(event["details"]["letter"], event["occurred_at"])
        yield from (("letters out", moment) for moment in letters.values())
    for history in grouped(events, "referral_id").values():
        yield "children", first(history, "received")["occurred_at"]
        yield from (("re-referrals", event["occurred_at"]) for event in history if event["kind"] == "accepted")
        decided = [event for event in history if event["kind"] in ("decided", "decision undone")]
        if decided and decided[-1]["kind"] == "decided":
            yield "outcomes", decided[-1]["occurred_at"]
        held = [event for event in history if event["kind"] in ("allocated", "closed")]
        if held and held[-1]["kind"] == "allocated":
            yield "caseloads", None
        yield from (("reasons", moment) for figure, part, moment in duties(history) if part == "late")


def facts(events):
    """(figure, part, moment) of everything that counts."""
    by_child, by_contact = grouped(events, "referral_id"), grouped(events, "contact_id")
    for history in by_child.values():
        yield from of_child(history)
        yield from duties(history)
    for history in by_contact.values():
        received = first(history, "received")
        yield "hours", f"{received['occurred_at'].astimezone(LONDON):%H}", received["occurred_at"]
        yield from alerts(history)


def grouped(events, by):
    found = defaultdict(list)
    for event in sorted(events, key=lambda one: one["id"]):
        if event[by] is not None:
            found[event[by]].append(event)
    return found


def first(history, kind):
    return next((one for one in history if one["kind"] == kind), None)


def of_child(history):
    received, accepted, decided = (first(history, kind) for kind in ("received", "accepted", "decided"))
    part = "accepted" if accepted else "not accepted" if decided else "undecided"
    yield "conversion", part, received["occurred_at"]
    yield "repeats", "again" if first(history, "child joined") else "first", received["occurred_at"]


def duties(history):
    """Each round of each duty by what was said when it began, moved and ended; of two duties only the first round."""
    due, ended, dropped = {}, {}, set()
    for event in history:
        details = event["details"]
        key = (details.get("clock"), details.get("round"))
        if event["kind"] in ("clock started", "clock moved"):
            due[key] = datetime.fromisoformat(details["due_at"])
        elif event["kind"] == "clock not applicable":
            dropped.add(key)
        elif event["kind"] == "clock stopped":
            ended[key] = event["occurred_at"]
    for (kind, number), moment in due.items():
        if (kind, number) in dropped or (kind in ("decision", "feedback") and number > 1):
            continue
        at = ended.get((kind, number))
        yield f"clock:{kind}", "not done" if at is None else "in time" if at <= moment else "late", moment


def alerts(history):
    answers = {}
    for event in history:
        if event["kind"] == "alert acknowledged":
            answers.setdefault(event["details"]["alert"], event["occurred_at"])
    for event in history:
        if event["kind"] == "alert opened":
            opened = event["recorded_at"]
            yield "alerts", answered(opened, answers.get(event["details"]["alert"])), opened


def answered(opened, at):
    if at is None:
        return "not acknowledged"
    for limit, words in ((timedelta(minutes=30), "within 30 minutes"), (timedelta(hours=4), "within 4 hours")):
        if at - opened <= limit:
            return words
    return "later"

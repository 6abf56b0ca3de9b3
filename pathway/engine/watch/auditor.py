"""The auditor: looks for what should never be, and tells the system owner. The sweep runs it after its own work."""

from __future__ import annotations

from datetime import datetime, timedelta

from pathway.engine import record_openers
from pathway.engine.act import Act
from pathway.engine.alerts import ladders
from pathway.engine.alerts.ladders import SYSTEM_LADDER, Matter
from pathway.engine.staff import held
from pathway.engine.watch import heartbeats
from rules.rulebook import Rulebook
from rules.vocabulary import AlertKind
from storage.queries.alerts import alert_rows, auditor_rows
from storage.queries.alerts.auditor_rows import Found
from storage.sessions import WriteSession

GRACE = timedelta(minutes=10)
STUCK = timedelta(minutes=30)
SILENT = timedelta(minutes=10)


def audit(act: Act) -> None:
    """Opens or closes one alert for each thing that should never be; names somebody where a record opens to nobody."""
    record_openers.ensure(act)
    checks = _checks(act.session, act.book, act.now)
    there = alert_rows.open_among(act.session, checks)
    for subject, (headline, next_step) in checks.items():
        if headline:
            _open(act, subject, headline, next_step)
        elif subject in there:
            ladders.close_for(act, subject, because="This is in order again.")


def _checks(session: WriteSession, book: Rulebook, now: datetime) -> dict[str, tuple[str, str]]:
    found = auditor_rows.found(session, now=now, late=now - GRACE, stuck=now - STUCK, dispatch=heartbeats.DISPATCH)
    return {
        "audit:clocks": _unwatched_clocks(found),
        "audit:untold": _untold_alerts(found),
        "audit:messages": _stuck_messages(found),
        "audit:dispatch": _silent_dispatcher(found, now),
        "audit:openers": _opens_to_nobody(session, book),
        "audit:left": _held_by_who_left(found),
    }


_FINE = ("", "")


def _unwatched_clocks(found: Found) -> tuple[str, str]:
    if found.forgotten is None:
        return _FINE
    return "A late duty has no alert", "Run `pathway doctor`, and look at the log of the sweep."


def _untold_alerts(found: Found) -> tuple[str, str]:
    if not found.untold:
        return _FINE
    return f"{found.untold} alerts reached nobody", "Give somebody active each role that the rulebook's ladders name."


def _stuck_messages(found: Found) -> tuple[str, str]:
    stuck = found.unsent + found.unreturned
    if not stuck:
        return _FINE
    since = f", the oldest since {found.since:%d %B %H:%M} UTC" if found.since else ""
    return f"{stuck} messages wait for the mail server{since}", "Run `pathway doctor` to see what the mail server says."


def _silent_dispatcher(found: Found, now: datetime) -> tuple[str, str]:
    last = found.dispatched_at
    if last is None or now - last <= SILENT:
        return _FINE
    return f"Nobody has sent messages since {last:%d %B %H:%M} UTC", "Start `pathway up` or `pathway worker`."


def _opens_to_nobody(session: WriteSession, book: Rulebook) -> tuple[str, str]:
    problem = record_openers.opens_to_nobody(session, book)
    return (problem, record_openers.REMEDY) if problem else _FINE


def _held_by_who_left(found: Found) -> tuple[str, str]:
    problem = held.unheld_words(found.unheld)
    return (problem, held.BY_WHO_LEFT_REMEDY) if problem else _FINE


def _open(act: Act, subject: str, headline: str, next_step: str) -> None:
    matter = Matter(
        kind=AlertKind.SYSTEM,
        subject_key=subject,
        headline=headline,
        next_step=next_step,
        ladder=SYSTEM_LADDER,
        due_at=act.now,
    )
    ladders.open_alert(act, matter)

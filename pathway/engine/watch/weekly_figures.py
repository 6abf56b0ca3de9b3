"""The week's figures by e-mail, for who asked for them: once a week, on the first morning on which the office opens.

That is Monday, or the next working day by the council's calendar. The key of the message bears the Monday, so that
neither a sweep that is killed nor two that run at once send it twice. No child is named in it.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, time, timedelta

from notifications.outbox import queue
from notifications.outbox.queue import Draft
from notifications.staff import weekly_figures as words
from pathway.engine.act import Act
from pathway.engine.figures import mondays_sheet
from pathway.engine.inputs import Input
from pathway.engine.rulebooks import published_books
from pathway.engine.rulebooks.published_books import Published
from pathway.engine.watch import digests
from rules.errors import NotFound
from rules.figures import periods
from rules.messages import MessageKind
from rules.timing import quiet_hours, zones
from rules.timing.calendar import Calendar
from rules.vocabulary import Action, EventKind
from storage.queries.figures import weekly_rows
from storage.queries.staff import staff_rows
from storage.sessions import Database, WriteSession
from storage.tables import Council, User, WeeklyFigures, id_of

# Local: before the first meeting of the week, and after the office has opened.
MORNING = time(8, 30)
PRIORITY = 6
_log = logging.getLogger(__name__)


class WeeklyInput(Input):
    """Whether somebody wants the week's figures by e-mail."""

    wants: bool


def choose(act: Act, data: WeeklyInput) -> None:
    """Begins or ends the weekly e-mail of whoever acts. A week whose morning is past comes no more.

    Raises NotAllowed for somebody who may not read reports, NotFound for an account that is no user.
    """
    if act.repeated:
        return
    act.require(Action.READ_REPORTS)
    user = staff_rows.user(act.session, act.actor.username)
    if user is None:
        raise NotFound("You are not on the list of people: the figures are sent to people who sign in.")
    there = weekly_rows.lock(act.session, id_of(user))
    if data.wants and there is None:
        monday = _monday(digests.local_day(act.now))
        is_past = act.now >= _morning(act.published.calendar, monday)
        asked = WeeklyFigures(user_id=id_of(user), asked_at=act.now, done_week=monday if is_past else None)
        act.session.add(asked)
    elif there is not None and not data.wants:
        act.session.delete(there)
    chosen = "the week's figures by e-mail" if data.wants else "no weekly figures by e-mail"
    act.note(EventKind.STAFF_CHANGED, f"{user.name} ({user.username}): {chosen}", about=None)
    act.session.flush()


def send_due(database: Database, *, now: datetime) -> int:
    """Writes the e-mails whose morning has come; returns how many. A fault in one holds up no other."""
    with database.read() as session:
        asked = weekly_rows.wanting(session)
        if not asked:
            return 0
        monday = _monday(digests.local_day(now))
        is_past = now >= _morning(published_books.current(session, now=now).calendar, monday)
        due = [one.user_id for one in asked if is_past and not _done(one, monday)]
    return sum(_guarded(database, user_id, monday, now=now) for user_id in due)


def _guarded(database: Database, user_id: int, monday: date, *, now: datetime) -> int:
    try:
        with database.write() as session:
            return _send(session, user_id, monday, now=now)
    except Exception:  # noqa: BLE001 - whatever is wrong with one e-mail, the others must come
        _log.exception("The weekly figures of user %s could not be written; the next sweep tries again", user_id)
        return 0


def _send(session: WriteSession, user_id: int, monday: date, *, now: datetime) -> int:
    asked = weekly_rows.lock(session, user_id)
    if asked is None or _done(asked, monday):
        return 0
    asked.done_week = monday
    user, published = session.get_one(User, user_id), published_books.current(session, now=now)
    actor = staff_rows.roles(session, user_id)
    if not user.active or not any(role in published.book.permissions.get(Action.READ_REPORTS, ()) for role in actor):
        return 0
    queue.enqueue(session, _draft(session, user, published, monday, now=now), now=now)
    return 1


def _draft(session: WriteSession, user: User, published: Published, monday: date, *, now: datetime) -> Draft:
    council = session.get_one(Council, 1)
    period = periods.Period(start=monday - timedelta(days=7), end=monday, key="last-week")
    sheet = mondays_sheet.measure(session, published.book, period, now=now)
    text = words.write(_told(sheet), link=f"{council.base_url}/reports?{_days(period)}")
    return Draft(
        kind=MessageKind.WEEKLY_FIGURES,
        dedup_key=f"weekly-figures:{user.id}:{monday.isoformat()}",
        recipient_name=user.name,
        recipient_address=user.email,
        subject=text.subject,
        text=text.text,
        html=None,
        sender=council.sender,
        sender_name=council.name,
        priority=PRIORITY,
    )


def _days(period: periods.Period) -> str:
    return f"start={period.start.isoformat()}&end={period.last.isoformat()}"


def _told(sheet: mondays_sheet.Sheet) -> words.Week:
    return words.Week(
        start=sheet.period.start,
        last=sheet.period.last,
        figures=[
            words.Told(
                title=table.definition.title,
                count=table.total.count,
                parts=[(one.name, one.count) for one in table.lines],
            )
            for table in sheet.tables.values()
        ],
        uncounted=sheet.uncounted,
    )


def _done(asked: WeeklyFigures, monday: date) -> bool:
    return asked.done_week is not None and asked.done_week >= monday


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _morning(calendar: Calendar, monday: date) -> datetime:
    """The morning of the first working day from Monday on; where none comes in the week, that of its last day."""
    days = [monday + timedelta(days=number) for number in range(7)]
    first = next((day for day in days if calendar.is_working_day(day)), days[-1])
    return quiet_hours.moment_of(first, MORNING, zone=zones.LONDON)

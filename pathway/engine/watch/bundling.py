"""From notices to messages: what waits for one person goes as one, at most one in so many minutes (ADR 13).

Each person is one transaction, repeatable at any time: a notice says in which message it went.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from pathway.engine import following
from pathway.engine.act import Act
from pathway.engine.actors import SYSTEM
from pathway.engine.alerts import ladders, notice_texts, wording
from pathway.engine.alerts.ladders import SYSTEM_LADDER, Matter
from rules.messages import MessageKind
from rules.timing.quiet_hours import QuietHours
from rules.timing.zones import LONDON
from rules.vocabulary import AlertKind
from storage.queries import hold_rows
from storage.queries.alerts import notice_rows
from storage.queries.hold_rows import Held
from storage.sessions import Conflict, Database, WriteSession
from storage.tables import Council, Notice, User, id_of

AGAIN = timedelta(minutes=5)
FAMILY = timedelta(hours=1)
FAMILY_LOOK = timedelta(minutes=1)
_log = logging.getLogger(__name__)


def bundle_all(database: Database, *, now: datetime) -> int:
    """Writes the messages that may go at ``now``; returns how many. What can't be written for one waits for nobody."""
    with database.read() as session:
        if hold_rows.held(session) is not Held.NOT:
            return 0
        people = notice_rows.people_waiting(session, now=now)
    return sum(_guarded(database, person, now=now) for person in people)


def _guarded(database: Database, person: str, *, now: datetime) -> int:
    try:
        with following.acting(database, SYSTEM, now=now) as act:
            written = bundle(act, person)
            if written:
                because = "They are written again."
                ladders.close_for(act, _fault_of(person), because=because)
            return written
    except Conflict:
        _log.info("Another process bundled at the same moment")
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one person's notices, the others must get theirs
        _log.exception("The notices for %s were put off", person)
        with following.acting(database, SYSTEM, now=now) as act:
            put_off(act, person, error)
    return 0


def bundle(act: Act, person: str) -> int:
    """Writes what may go to one person now, and says of the rest how long it waits; returns how many messages.

    1. What is urgent goes, and waits for nothing.
    2. In quiet hours the rest waits for their end.
    3. What goes alone goes by itself.
    4. The rest goes as one, unless the last such message is too young.

    The end of an alert waits for those of the other children of its contact, an hour at most.
    """
    waiting = _without_families(act, notice_rows.lock_waiting(act.session, person))
    if not waiting:
        return 0
    council = act.session.get_one(Council, 1)
    urgent = _urgent(waiting)
    rest = [one for one in waiting if one not in urgent]
    written = _write_if_any(act, urgent, council)
    if (until := quiet_until(notice_texts.user_of(act.session, waiting[0]), now=act.now)) is not None:
        _hold(rest, until=until)
        return written
    for single in [one for one in rest if one.alone]:
        written += _write_if_any(act, [single], council)
    together = [one for one in rest if not one.alone]
    if together and (until := _next_turn(act.session, person, council)) is not None and until > act.now:
        _hold(together, until=until)
        return written
    return written + _write_if_any(act, together, council)


def _urgent(waiting: Sequence[Notice]) -> Sequence[Notice]:
    """What waits for nothing; with the end of a danger go the other ends, which are mostly about the same family."""
    urgent = [one for one in waiting if one.priority == wording.URGENT]
    if any(_is_end(one) for one in urgent):
        return [one for one in waiting if one in urgent or _is_end(one)]
    return urgent


def _is_end(notice: Notice) -> bool:
    return notice.kind == MessageKind.ALERT_CLOSED


def _without_families(act: Act, waiting: Sequence[Notice]) -> Sequence[Notice]:
    open_still = notice_rows.of_families_still_open(act.session, waiting)
    held = [one for one in waiting if id_of(one) in open_still and act.now < one.created_at + FAMILY]
    for notice in held:
        notice.wait_until = min(act.now + FAMILY_LOOK, notice.created_at + FAMILY)
    return [one for one in waiting if one not in held]


def quiet_until(user: User | None, *, now: datetime) -> datetime | None:
    """When the quiet hours of somebody end; None where this is none of them."""
    if user is None or user.quiet_from is None or user.quiet_to is None:
        return None
    return QuietHours(user.quiet_from, user.quiet_to).end_after(now, zone=LONDON)


def _next_turn(session: WriteSession, person: str, council: Council) -> datetime | None:
    last = notice_rows.last_bundled_at(session, person)
    return last + timedelta(minutes=council.alerts_every) if last is not None else None


def _hold(waiting: Sequence[Notice], *, until: datetime) -> None:
    for notice in waiting:
        notice.wait_until = until


def _write_if_any(act: Act, some: Sequence[Notice], council: Council) -> int:
    if not some:
        return 0
    notice_texts.write(act, some, council)
    return 1


def _fault_of(person: str) -> str:
    return f"notices:{person}"


def put_off(act: Act, person: str, error: Exception) -> None:
    """Puts off what can't be written; whoever looks after the system hears of it, once a person."""
    waiting = notice_rows.lock_waiting(act.session, person)
    _hold(waiting, until=act.now + AGAIN)
    matter = Matter(
        kind=AlertKind.SYSTEM,
        subject_key=_fault_of(person),
        headline=f"Notices to {waiting[0].recipient_name if waiting else person} can't be written",
        next_step=f"Look at the log, and at this person's e-mail address. The fault: {type(error).__name__}",
        ladder=SYSTEM_LADDER,
        due_at=act.now,
    )
    ladders.open_alert(act, matter)

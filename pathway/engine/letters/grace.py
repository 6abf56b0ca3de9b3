"""What waits for the grace of a decision: that a letter and a receiver's e-mail do, and that nothing waits in danger.

The grace is a moment on the referral and on what waits for it. Nobody polls: the dispatcher claims an e-mail when its
moment has come, the sweep takes the end of the grace as it takes every due moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from pathway.engine import clocks
from pathway.engine.act import Act
from pathway.engine.actors import SystemName
from pathway.engine.alerts import ladders
from pathway.engine.rulebooks import published_books
from rules.messages import MessageKind
from rules.timing import grace, timescales
from rules.timing.grace import Owed
from rules.vocabulary import AlertKind, EventKind
from storage.queries import clock_rows
from storage.queries.alerts import alert_rows
from storage.queries.letters import grace_rows
from storage.sessions import WriteSession
from storage.tables import Alert, Contact, Council, Letter, Person, Referral, id_of


def of_decision(act: Act, contact: Contact) -> datetime | None:
    """Until when a decision about a child of the contact, made now, can be undone; None where it has no grace.

    None too for what the product decides by itself, and while the clock is in doubt: nobody would know when it is over.
    """
    if _is_of_system(act) or act.in_doubt or contact.immediate_danger:
        return None
    length = timedelta(minutes=act.session.get_one(Council, 1).grace_minutes)
    return grace.ends_at(act.now, length, _owed(act.session, contact)) if length else None


def of_letter(
    act: Act, contact: Contact, kind: MessageKind, children: Sequence[tuple[Referral, Person]]
) -> datetime | None:
    """Until when a letter waits: for the last of the decisions that it tells; None for what goes at once.

    Whatever the sweep writes goes at once, and a corrected letter does. Whether feedback would suffer is judged again:
    the decision may have begun a clock.
    """
    if kind is not MessageKind.OUTCOME or _is_of_system(act) or contact.immediate_danger:
        return None
    running = (one.grace_until for one, _ in children if grace.runs(one.grace_until, now=act.now))
    until = max((moment for moment in running if moment is not None), default=None)
    return until if until is not None and grace.fits(until, _owed(act.session, contact), now=act.now) else None


def rest_of(act: Act, letter: Letter) -> datetime | None:
    """Until when an e-mail with a letter that was written before must still wait; None where it need not."""
    return letter.waits_until if grace_rows.is_in_grace(act.session, letter) else None


def end_where_nothing_may_wait(act: Act, contact: Contact) -> None:
    """Lets go at once what waits about a contact that has come into danger, or whose feedback has come nearer.

    The contact must be locked. Done twice it changes nothing more.
    """
    waiting = grace_rows.in_grace(act.session, id_of(contact))
    until = max((one.grace_until for one in waiting if one.grace_until is not None), default=None)
    if not grace.runs(until, now=act.now) or until is None:
        return
    if contact.immediate_danger or not grace.fits(until, _owed(act.session, contact), now=act.now):
        _end(act, contact, waiting)


def _end(act: Act, contact: Contact, waiting: Sequence[Referral]) -> None:
    for message in grace_rows.waiting_messages(act.session, id_of(contact), now=act.now):
        message.next_attempt_at = act.now
    for referral in waiting:
        referral.grace_until = None
        for alert in alert_rows.open_of(act.session, id_of(referral), AlertKind.NEW_INFORMATION):
            _tell_now(act, alert)
    act.session.flush()


def _tell_now(act: Act, alert: Alert) -> None:
    """Counts the ladder of an alert that waited from now on; one that has begun to climb goes on as it does."""
    if alert.anchor_at > act.now:
        alert.due_at = alert.anchor_at = act.now
        ladders.climb(act, alert, act.published)


def _owed(session: WriteSession, contact: Contact) -> Iterator[Owed]:
    """The feedback owed about a contact, each due moment counted from the facts."""
    session.flush()
    for clock in clock_rows.running_of_contact(session, id_of(contact)):
        rule = clocks.rule_of(session, clock)
        if rule.stops_on is EventKind.FEEDBACK_GIVEN:
            published = published_books.of(session, clock.rulebook_version_id, clock.calendar_version_id)
            limit, start = clocks.limit_of(clock), clock.started_at
            due_at = timescales.due_moment(limit, start, published.calendar, counting=rule.counting)
            yield Owed(due_at=due_at, ladder=rule.ladder)


def _is_of_system(act: Act) -> bool:
    return act.actor.username in [name.value for name in SystemName]

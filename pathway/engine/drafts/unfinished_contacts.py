"""Contacts that somebody began and did not log: who hears of them, who may open them, and how they are discarded.

Nothing discards one by itself: a child may stand in it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pathway.engine import permissions
from pathway.engine.act import Act
from pathway.engine.actors import Actor, SystemName
from pathway.engine.alerts import ladders
from pathway.engine.alerts.ladders import Matter
from pathway.engine.drafts import keeping
from pathway.engine.drafts.keeping import NEW_CONTACT
from pathway.engine.inputs import ReasonInput
from rules import unfinished
from rules.errors import NotAllowed, NotFound
from rules.rulebook import Ladder, Rulebook, Rung
from rules.timing import spoken
from rules.vocabulary import Action, AlertKind, EventKind, Role
from storage.queries import draft_rows, due_rows
from storage.queries.alerts import alert_rows
from storage.sessions import Database, ReadSession, WriteSession
from storage.tables import Draft

log = logging.getLogger(__name__)
BATCH = 100
AGAIN_AFTER = timedelta(minutes=5)
NOT_YET = "This contact is still being written. It opens to a duty manager two hours after the last word was typed."
# Local: no source says who hears of a contact that was begun and not logged.
LADDER = Ladder(
    name=AlertKind.UNFINISHED,
    rungs=(
        Rung(offset=timedelta(0), role=Role.DUTY_MANAGER, local=True),
        Rung(offset=timedelta(hours=4), role=Role.SERVICE_MANAGER, local=True),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One unfinished contact on the list, without its content; ``opens``: to whoever looks at the list."""

    draft: Draft
    name: str
    opens: bool


def listed(session: ReadSession, actor: Actor, book: Rulebook, *, now: datetime) -> Sequence[Line]:
    """The contacts that are unfinished for long enough to stand on the list, immediate danger first."""
    lines = [
        Line(draft=draft, name=name, opens=not _why_closed(session, actor, book, draft, now=now))
        for draft, name in draft_rows.open_of(session, NEW_CONTACT)
        if unfinished.listed_at(draft.changed_at, in_danger=draft.in_danger) <= now
    ]
    return sorted(lines, key=lambda line: not line.draft.in_danger)


def opened(session: ReadSession | WriteSession, actor: Actor, book: Rulebook, draft_id: int, *, now: datetime) -> Draft:
    """An unfinished contact, for its writer, and for whoever may decide once it is told.

    Raises NotAllowed, NotFound.
    """
    draft = draft_rows.find(session, draft_id)
    if draft.form != NEW_CONTACT:
        raise NotFound(draft_rows.NONE)
    if why := _why_closed(session, actor, book, draft, now=now):
        raise NotAllowed(why)
    return draft


def _why_closed(
    session: ReadSession | WriteSession, actor: Actor, book: Rulebook, draft: Draft, *, now: datetime
) -> str:
    if draft.writer == actor.username:
        return ""
    permitted = permissions.may(book, actor, Action.DECIDE)
    told = unfinished.told_at(draft.changed_at, in_danger=draft.in_danger) <= now
    told = told or any(alert_rows.open_for(session, key) for key in keeping.subjects(draft))
    return "" if permitted and told else NOT_YET


def discard(act: Act, draft_id: int, data: ReasonInput) -> None:
    """Discards an unfinished contact with a reason, which stands in the history. Raises NotAllowed, NotFound."""
    if act.repeated:
        return
    draft = opened(act.session, act.actor, act.book, draft_id, now=act.now)
    summary = f"{_headline(act, draft)}, discarded by {act.actor.name}"
    told = {"draft": draft.id, "begun_by": draft.writer, "begun_at": draft.begun_at.isoformat()}
    act.note(EventKind.DRAFT_DISCARDED, summary, about=None, details={**told, "reason": data.reason})
    keeping.end(act, draft.token, because=f"Discarded by {act.actor.name}: {data.reason}")


def tell_due(database: Database, *, now: datetime, batch: int = BATCH) -> int:
    """Tells the duty manager of contacts left unfinished, of each once; returns of how many."""
    count, last = 0, due_rows.START
    while True:
        with database.read() as session:
            page = due_rows.drafts(session, now=now, limit=batch, after=last)
        if not page:
            return count
        count += sum(_told(database, key.id, now=now) for key in page)
        last = page[-1]


def _told(database: Database, draft_id: int, *, now: datetime) -> bool:
    try:
        with database.write() as session:
            return _tell(Act.of_system(session, SystemName.PATHWAY, now=now), draft_id)
    except Exception:
        log.exception("Nobody could be told of the unfinished contact %s", draft_id)
        with database.write() as session:
            session.get_one(Draft, draft_id).look_at = now + AGAIN_AFTER
        return False


def _tell(act: Act, draft_id: int) -> bool:
    draft = draft_rows.lock(act.session, act.session.get_one(Draft, draft_id).token)
    if draft is None or draft.look_at is None or draft.look_at > act.now:
        return False
    due_at, draft.look_at = draft.look_at, None
    matter = Matter(
        kind=AlertKind.UNFINISHED,
        subject_key=keeping.subject(draft),
        headline=_headline(act, draft),
        next_step="Open it: ring whoever began it, finish it, or discard it with a reason.",
        ladder=LADDER,
        due_at=due_at,
    )
    ladders.open_alert(act, matter)
    return True


def _headline(act: Act, draft: Draft) -> str:
    begun = spoken.moment_words(act.published.calendar, draft.begun_at.replace(second=0, microsecond=0))
    danger = "Immediate danger: unfinished" if draft.in_danger else "Unfinished"
    return f"{danger} contact of {draft_rows.name_of(act.session, draft.writer)}, begun {begun}"

"""The figures of contacts: their rows derived afresh from the facts, and what differs stored with its day's count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from rules.figures import derive
from rules.figures.derive import Row
from storage.figures import figure_facts
from storage.tables import Contact, FigureRow, FigureTouch, id_of, metadata

# Written past the session: a thousand rows are one statement, whatever is empty in them.
_ROWS, _COUNTS, _TOUCHES = (metadata.tables[name] for name in ("figure_row", "figure_count", "figure_touch"))
_COLUMNS = ("figure", "part", "key", "day", "at", "referral_id", "clock_id", "due_at", "done_at", "done_by")


def keep_touched(session: Session, *, limit: int) -> int:
    """Counts contacts that changed again, of the oldest ``limit`` changes; returns how many changes were done with.

    A contact that somebody is changing at this moment, or counting, is left for the next time: nobody waits.
    """
    statement = select(FigureTouch).order_by(col(FigureTouch.id)).limit(limit)
    touches = session.exec(statement.with_for_update(skip_locked=True)).all()
    mine = _locked(session, {touch.contact_id for touch in touches})
    done = [id_of(touch) for touch in touches if touch.contact_id in mine]
    keep(session, mine)
    _run(session, delete(_TOUCHES).where(_TOUCHES.c.id.in_(done)))
    return len(done)


def keep(session: Session, contact_ids: Collection[int]) -> None:
    """Derives the rows of these contacts afresh and stores what differs. Whoever calls it holds the contacts' locks."""
    there, added = _stored(session, contact_ids), []
    for facts in figure_facts.of_contacts(session, contact_ids):
        for row in derive.rows(facts):
            old = there.get((row.figure, row.key))
            if old is not None and _same(old, row):
                del there[row.figure, row.key]
            else:
                added.append({name: getattr(row, name) for name in _COLUMNS} | {"contact_id": facts.id})
    _write(session, list(there.values()), added)


def _locked(session: Session, contact_ids: Collection[int]) -> Sequence[int]:
    statement = select(Contact.id).where(col(Contact.id).in_(contact_ids)).order_by(col(Contact.id))
    return [
        number
        for number in session.exec(statement.with_for_update(key_share=True, skip_locked=True))
        if number is not None
    ]


def _stored(session: Session, contact_ids: Collection[int]) -> dict[tuple[str, str], FigureRow]:
    statement = select(FigureRow).where(col(FigureRow.contact_id).in_(contact_ids))
    rows = session.exec(statement.execution_options(populate_existing=True))
    return {(row.figure, row.key): row for row in rows}


def _same(old: FigureRow, row: Row) -> bool:
    return all(getattr(old, name) == getattr(row, name) for name in _COLUMNS)


def _write(session: Session, gone: Sequence[FigureRow], added: Sequence[dict[str, Any]]) -> None:
    if gone:
        _run(session, delete(_ROWS).where(_ROWS.c.id.in_([row.id for row in gone])))
    if added:
        _run(session, insert(_ROWS), added)
    changes = Counter((row["day"], row["figure"], row["part"]) for row in added)
    changes.subtract((row.day, row.figure, row.part) for row in gone)
    counts = [
        {"day": day, "figure": figure, "part": part, "change": change, "folded": 0}
        for (day, figure, part), change in sorted(changes.items())
        if change
    ]
    if counts:
        _run(session, insert(_COUNTS), counts)


def _run(session: Session, statement: Any, *rows: Any) -> None:
    session.connection().execute(statement, *rows)

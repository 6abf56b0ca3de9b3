"""The figures of a contact, kept in the transaction that changes what they count.

A write session remembers which contacts its flushes touched (``touched``); before the commit their rows are derived
afresh from the facts, and what differs is stored with the change of its day's count. Nobody has to think of it, and a
sweep's batch is read at once. A contact that somebody else is changing at this moment is left to the sweep.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, event, insert, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import Session, col, select

from rules.figures import derive
from rules.figures.derive import Row
from storage.figures import figure_facts
from storage.tables import (
    Alert,
    Clock,
    Contact,
    Decision,
    FigureCount,
    FigureRow,
    FigureStale,
    Handover,
    Letter,
    LetterReferral,
    LetterReturn,
    Query,
    Referral,
    WhyLate,
    id_of,
)

_KEY = "figures touched"
_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
Touched = set[tuple[str, int]]
Counts = Counter[tuple[date, str, str]]
# Which changes of a row change a figure; a new row always may. None: such rows only come and never change.
_FIELDS: Mapping[type[Any], Collection[str] | None] = {
    Contact: ("received_at", "source_code"),
    Referral: (
        "outcome", "decided_at", "accepted_at", "feedback_at", "worker_id", "re_referral_of_id", "closed_at",
        "set_aside_at", "person_id", "contact_id",
    ),
    Clock: ("state", "due_at", "stopped_at", "not_applicable_because", "duty"),
    Alert: ("acknowledged_at", "contact_id"),
    Decision: None,
    Handover: None,
    LetterReturn: None,
    LetterReferral: None,
    Query: ("place", "referral_id"),
    WhyLate: None,
}  # fmt: skip
_COLUMNS = ("figure", "part", "key", "day", "at", "referral_id", "clock_id", "due_at", "done_at", "done_by")


@event.listens_for(OrmSession, "after_flush")
def _remember(session: OrmSession, _: object) -> None:
    """Names what this flush touched; what follows from it is worked out once, before the commit."""
    touched: Touched = session.info.setdefault(_KEY, set())
    for row in session.new:
        if type(row) in _FIELDS:
            touched |= _of(row)
    for row in session.dirty:
        fields = _FIELDS.get(type(row))
        if fields and any(inspect(row).attrs[name].history.has_changes() for name in fields):
            touched |= _of(row)


def _of(row: Any) -> Touched:
    match row:
        case Contact():
            return {("contact", id_of(row))}
        case Referral():
            persons = {row.person_id, *inspect(row).attrs.person_id.history.deleted}
            return {("contact", row.contact_id), *(("person", number) for number in persons)}
        case Handover() | LetterReferral() | LetterReturn():
            return {("letter", row.letter_id)}
        case Decision() | WhyLate():
            return {("referral", row.referral_id)}
        case _:
            return {("contact", row.contact_id)} if row.contact_id is not None else set()


def keep_touched(session: Session) -> None:
    """Keeps the figures of every contact that this transaction has touched. To be called before it is committed."""
    session.flush()
    touched: Touched = session.info.pop(_KEY, set())
    if touched:
        keep(session, _contacts(session, touched))
        session.info.pop(_KEY, None)


def _contacts(session: Session, touched: Touched) -> Collection[int]:
    by_kind: dict[str, set[int]] = {}
    for kind, number in touched:
        by_kind.setdefault(kind, set()).add(number)
    found = by_kind.get("contact", set())
    ways: Mapping[str, tuple[Any, Any]] = {
        "referral": (Referral.contact_id, Referral.id),
        "letter": (Letter.contact_id, Letter.id),
    }
    for kind, (wanted, by) in ways.items():
        if by_kind.get(kind):
            found |= set(session.exec(select(wanted).where(col(by).in_(by_kind[kind]))))
    return found | _accepted_before(session, by_kind.get("person", set()))


def _accepted_before(session: Session, persons: Collection[int]) -> set[int]:
    """The other contacts in which these children were accepted: one of them may have become a re-referral."""
    if not persons:
        return set()
    statement = select(Referral.contact_id).where(
        col(Referral.person_id).in_(persons), col(Referral.accepted_at).is_not(None)
    )
    return set(session.exec(statement))


def keep(session: Session, contact_ids: Collection[int]) -> Collection[str]:
    """Derives the rows of these contacts afresh and stores what differs; returns the figures in which something did.

    Contacts that another transaction has locked are left to the sweep.
    """
    mine = _locked(session, contact_ids)
    if left := sorted(set(contact_ids) - set(mine)):
        _leave(session, left)
    there = _stored(session, mine)
    counts: Counts = Counter()
    added: list[dict[str, Any]] = []
    gone: list[int] = []
    for facts in figure_facts.of_contacts(session, mine):
        for row in derive.rows(facts):
            old = there.pop((row.figure, row.key), None)
            if old is not None and _same(old, row):
                continue
            if old is not None:
                gone.append(id_of(old))
                counts[old.day, old.figure, old.part] -= 1
            added.append({name: getattr(row, name) for name in _COLUMNS} | {"contact_id": facts.id})
            counts[row.day, row.figure, row.part] += 1
    for old in there.values():
        gone.append(id_of(old))
        counts[old.day, old.figure, old.part] -= 1
    _write(session, gone, added, counts)
    return {figure for (_, figure, _), change in counts.items() if change}


def _locked(session: Session, contact_ids: Collection[int]) -> Sequence[int]:
    statement = select(Contact.id).where(col(Contact.id).in_(contact_ids)).order_by(col(Contact.id))
    return [
        number
        for number in session.exec(statement.with_for_update(key_share=True, skip_locked=True))
        if number is not None
    ]


def _leave(session: Session, contact_ids: Sequence[int]) -> None:
    """Names them to the sweep; once, also where another transaction does so at this moment."""
    known = session.exec(select(Contact.id).where(col(Contact.id).in_(contact_ids)).order_by(col(Contact.id))).all()
    if known:
        add: Any = _INSERT[session.get_bind().dialect.name]
        rows = [{"contact_id": number} for number in known]
        session.connection().execute(add(FigureStale).on_conflict_do_nothing(), rows)


def _stored(session: Session, contact_ids: Collection[int]) -> dict[tuple[str, str], FigureRow]:
    statement = select(FigureRow).where(col(FigureRow.contact_id).in_(contact_ids))
    rows = session.exec(statement.execution_options(populate_existing=True))
    return {(row.figure, row.key): row for row in rows}


def _same(old: FigureRow, row: Row) -> bool:
    return all(getattr(old, name) == getattr(row, name) for name in _COLUMNS)


def _write(session: Session, gone: Sequence[int], added: Sequence[dict[str, Any]], counts: Counts) -> None:
    execute: Callable[..., Any] = session.execute
    if gone:
        execute(delete(FigureRow).where(col(FigureRow.id).in_(gone)), execution_options={"synchronize_session": False})
    if added:
        execute(insert(FigureRow), list(added))
    changes = [
        {"day": day, "figure": figure, "part": part, "change": change, "folded": 0}
        for (day, figure, part), change in sorted(counts.items())
        if change
    ]
    if changes:
        execute(insert(FigureCount), changes)


def keep_stale(session: Session, *, limit: int) -> int:
    """Keeps the figures of contacts that were left to the sweep, ``limit`` at most; returns how many there were."""
    statement = select(FigureStale).order_by(col(FigureStale.contact_id)).limit(limit)
    stale = session.exec(statement.with_for_update(skip_locked=True)).all()
    for row in stale:
        session.delete(row)
    session.flush()
    if stale:
        keep(session, [row.contact_id for row in stale])
    return len(stale)

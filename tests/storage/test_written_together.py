"""Rows of one table are written with one statement, and each object learns the number of its own row."""

from __future__ import annotations

from sqlmodel import select

from rules.vocabulary import EventKind
from storage.tables import Event
from support import listening
from support.rows import MOMENT


def test_each_of_many_rows_written_at_once_has_its_own_number(database):
    events = [
        Event(kind=EventKind.FAULT, occurred_at=MOMENT, recorded_at=MOMENT, actor="asha", summary=f"{number:03}")
        for number in range(200)
    ]
    with listening.statements(database) as found, database.write() as session:
        session.add_all(events)
    assert sum("INTO event " in statement for statement, _ in found) == 1
    with database.read() as session:
        kept = dict(session.exec(select(Event.id, Event.summary).where(Event.kind == EventKind.FAULT)).all())
    assert kept == {event.id: event.summary for event in events}
    assert sorted(kept) == [event.id for event in events]

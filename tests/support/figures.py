"""The stored figures beside what they should be: counted again from the facts, all at once."""

from __future__ import annotations

from collections import Counter

from sqlmodel import select

from rules.figures import derive
from storage.figures import figure_facts
from storage.tables import Contact, FigureCount, FigureRow
from support.rows import everything


def counted_again(session):
    """(figure, part, key) of every row that the facts make, counted from nothing."""
    numbers = session.exec(select(Contact.id)).all()
    found = (row for facts in figure_facts.of_contacts(session, numbers) for row in derive.rows(facts))
    return Counter((row.figure, row.part, row.key, row.day, row.due_at, row.done_at) for row in found)


def stored(session):
    """The same of the rows that are stored."""
    rows = everything(session, FigureRow)
    return Counter((row.figure, row.part, row.key, row.day, row.due_at, row.done_at) for row in rows)


def wrong(session):
    """What is stored and should not be, what should be and is not, and days whose count is not that of their rows."""
    there, should = stored(session), counted_again(session)
    rows = Counter((row.day, row.figure, row.part) for row in everything(session, FigureRow))
    sums = Counter()
    for row in everything(session, FigureCount):
        sums[row.day, row.figure, row.part] += row.change
    miscounted = {key for key in rows | sums if rows[key] != sums[key]}
    return [*(there - should), *(should - there), *miscounted]

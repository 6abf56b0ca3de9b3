"""A read session looks at one unmoving state of the database: what it was asked once, it answers from memory."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from sqlmodel import Session

from storage.sessions import ReadSession

Answer = TypeVar("Answer")
Query = Callable[[Session, int], Answer]


def remembered(query: Query[Answer]) -> Query[Answer]:
    """The query about one number, asked once a read session; in a transaction that writes, each time anew.

    Whoever asks must not change the answer.
    """

    @wraps(query)
    def asked(session: Session, number: int) -> Answer:
        if not isinstance(session, ReadSession):
            return query(session, number)
        known: dict[int, Answer] = session.info.setdefault(query, {})
        if number not in known:
            known[number] = query(session, number)
        return known[number]

    return asked


def once(session: Session, asked: object, ask: Callable[[], Answer]) -> Answer:
    """What is asked about one thing, this very object: asked once a read session, else each time anew."""
    if not isinstance(session, ReadSession):
        return ask()
    known: dict[int, tuple[object, Answer]] = session.info.setdefault(once, {})
    if id(asked) not in known:
        known[id(asked)] = asked, ask()  # the thing is kept with it, so that no other gets its number
    return known[id(asked)][1]

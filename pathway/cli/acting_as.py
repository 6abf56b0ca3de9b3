"""Who acts on the command line: the account on this machine, or the person named with --by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from pathway.cli import opening
from pathway.engine import following, record_access
from pathway.engine.act import Act
from pathway.engine.actors import Actor
from rules.errors import NotFound
from rules.vocabulary import Role
from storage.clock import utc_now
from storage.queries.staff import staff_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import id_of

PRINTED = "printed on the command line"
# Why somebody may not look; the empty string where they may.
WhyNot = Callable[[ReadSession, Actor], str]
By = Annotated[str, typer.Option("--by", help="The user name of whoever does it; the account on this machine if none.")]


def actor(session: ReadSession | WriteSession, by: str) -> Actor:
    """The person with this user name and that person's roles; the account where none is given. Raises NotFound.

    Access to the machine is the account's right: it may do everything, and the history names it.
    """
    username = by.strip()
    if not username:
        return Actor(username=opening.username(), name=opening.username(), roles=frozenset(Role))
    user = staff_rows.user(session, username)
    if user is None or not user.active:
        raise NotFound(f"There is no user {username}. Give one that may sign in with --by, or leave it out.")
    return Actor(username=user.username, name=user.name, roles=staff_rows.roles(session, id_of(user)))


@contextmanager
def looking(what: str, by: str = "", *, why_not: WhyNot = lambda *_: "") -> Iterator[tuple[ReadSession, Actor]]:
    """One look of whoever is at the keyboard, or of the person named ``by``: on record before anything is read for it.

    Raises NotFound for a user name that nobody has, and NotAllowed, on record too, where ``why_not`` says why.
    """
    with opening.database(opening.load()) as opened:
        with opened.read() as session:
            who = actor(session, by)
            refused = why_not(session, who)
        record_access.open_record(opened, who, what, now=utc_now(), refused=refused, reason=PRINTED)
        with opened.read() as session:
            yield session, who


@contextmanager
def acting(by: str = "") -> Iterator[Act]:
    """One act of whoever is at the keyboard, or of the person named ``by``: followed, committed, and what is due sent.

    Say what was done after the block: by then it is kept, and everything that follows from it has happened.
    Raises NotFound for a user name that nobody has.
    """
    settings = opening.load()
    with opening.database(settings) as opened:
        with opened.read() as session:
            who = actor(session, by)
        with following.acting(opened, who, now=utc_now()) as act:
            yield act
        opening.send_what_is_due(opened, settings)

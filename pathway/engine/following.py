"""What follows from any change to a contact: the danger is over, a letter is due, a referral can close.

No command asks this. The frame that opened the write transaction does, once for each contact that its act locked,
before the commit: what a page, a command, a file, the sweep or a mail server's answer has changed is followed alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from pathway.engine.act import Act
from pathway.engine.actors import Actor
from pathway.engine.casework import closing
from pathway.engine.intake import immediate_danger
from pathway.engine.letters import feedback, grace
from storage.queries import referral_rows
from storage.sessions import Database
from storage.tables import Contact, Referral, id_of


@contextmanager
def acting(database: Database, actor: Actor, *, now: datetime, token: str | None = None) -> Iterator[Act]:
    """One act in one transaction: what follows is done and all of it is committed when the block ends.

    Raises what the database raises (``Database.write``).
    """
    with database.write() as session:
        act = Act(session, actor, now, token)
        yield act
        follow_all(act)


def follow_all(act: Act) -> None:
    """Follows each contact that the act has locked."""
    _follow(act, act.contacts)


def follow(act: Act, contact: Contact) -> None:
    """Does what has become due for a contact, which is locked. Done twice it changes nothing more.

    The closing comes last: whatever else the change leaves owed is owed by then. While the clock is in doubt nothing is
    done: the sweep follows afterwards.
    """
    _follow(act, [contact])


def _follow(act: Act, contacts: Sequence[Contact]) -> None:
    if act.in_doubt or not contacts:
        return
    act.session.flush()
    referrals = referral_rows.of_contacts(act.session, [id_of(contact) for contact in contacts])
    for contact in contacts:
        immediate_danger.close_when_decided(act, contact)
        children = referrals[id_of(contact)]
        if any(one.decided_at is not None for one in children):  # else there is nothing to tell and nothing to close
            _tell_and_close(act, contact, children)


def _tell_and_close(act: Act, contact: Contact, children: Sequence[Referral]) -> None:
    feedback.write_when_due(act, contact)
    if any(one.grace_until is not None for one in children):
        grace.end_where_nothing_may_wait(act, contact)
    for referral in children:
        closing.close_when_done(act.by_itself, referral)

"""Who acts or looks on the command line: the account on this machine, or the person named with --by."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer

from pathway.cli import opening
from pathway.engine import following, record_access
from pathway.engine.act import Act
from pathway.engine.actors import Actor
from pathway.engine.rulebooks import published_books
from pathway.engine.rulebooks.published_books import Published
from rules.errors import NotFound
from rules.rulebook import Rulebook
from rules.vocabulary import Role
from storage.clock import utc_now
from storage.queries import contact_rows, referral_rows, shown_rows
from storage.queries.children import restriction_rows
from storage.queries.shown_rows import Shown
from storage.queries.staff import staff_rows
from storage.sessions import Database, ReadSession, WriteSession
from storage.tables import Contact, Referral, Team, User, id_of

CHANGED = f"change, {record_access.COMMAND}"
PRINTED = record_access.PRINTED
PREVIEWED = f"preview, {record_access.COMMAND}"
ReferralRef = Annotated[str, typer.Argument(metavar="REF", help="The referral's reference.", show_default=False)]
ContactRef = Annotated[
    str, typer.Argument(metavar="REF", help="The contact's reference, or that of a child.", show_default=False)
]
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


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks, when, and where at."""

    session: ReadSession
    actor: Actor
    now: datetime
    database: Database
    number: int = 0

    def showed(self, children: Collection[int]) -> None:
        """Names children in the access log whom this look showed; those whose record is closed were not shown."""
        record_access.showed(self.database, self.number, frozenset(children) - self.closed)

    def shut(self, contact_ids: Collection[int | None]) -> frozenset[int]:
        """Those of the contacts on a list that are about a child whose record is closed to whoever looks.

        The children of the others are named in the access log.
        """
        children = contact_rows.children_of(self.session, {number for number in contact_ids if number is not None})
        shut = frozenset(number for number, theirs in children.items() if theirs & self.closed)
        self.showed(frozenset().union(*(theirs for number, theirs in children.items() if number not in shut)))
        return shut

    @property
    def published(self) -> Published:
        """The council's own book and calendar, as in force now."""
        return published_books.current(self.session, now=self.now)

    @property
    def book(self) -> Rulebook:
        """The council's own book, as in force now."""
        return self.published.book

    @property
    def closed(self) -> frozenset[int]:
        """The children whose record is closed to whoever looks."""
        return restriction_rows.closed_to(self.session, self.actor.username, now=self.now)


@contextmanager
def looking(
    what: str,
    by: str = "",
    *,
    reason: str = PRINTED,
    words: str = "",
    refused: Callable[[Look], str] | None = None,
) -> Iterator[Look]:
    """One look of whoever is at the keyboard, or of the person named ``by``: in the access log before it begins.

    ``words`` are those of a search. ``refused`` says why it is refused, where it is. Raises NotFound for a user name
    that nobody has, and NotAllowed.
    """
    now = utc_now()
    with opening.database(opening.load()) as opened:
        with opened.read() as session:
            who = actor(session, by)
            why = refused(Look(session, who, now, opened)) if refused else ""
        look_id = record_access.open_record(opened, who, what, now=now, refused=why, reason=reason, words=words.strip())
        with opened.read() as session:
            yield Look(session, who, now, opened, look_id)


@contextmanager
def acting(by: str = "", about: Callable[[ReadSession], Shown] | None = None) -> Iterator[Act]:
    """One act of whoever is at the keyboard, or of the person named ``by``: followed, committed, and what is due sent.

    Say what was done after the block: by then it is kept, and everything that follows from it has happened.
    ``about`` finds the record that is changed. Raises NotFound for a user name that nobody has, and NotAllowed where a
    child's record is closed to whoever acts, which the access log keeps.
    """
    settings = opening.load()
    now = utc_now()
    with opening.database(settings) as opened:
        with opened.read() as session:
            who = actor(session, by)
            shown = about(session) if about else record_access.NOTHING
            closed = record_access.refusal(session, who, shown.children, now=now)
        if closed:
            record_access.open_record(opened, who, CHANGED, shown, now=now, refused=closed)
        with following.acting(opened, who, now=now) as act:
            yield act
        opening.send_what_is_due(opened, settings)


@contextmanager
def rehearsing(
    by: str = "", about: Callable[[ReadSession], Shown] | None = None, *, what: str = PREVIEWED
) -> Iterator[Act]:
    """The same, and nothing of it is kept: what would follow can be said inside the block. It is logged as a look."""
    now = utc_now()
    with opening.database(opening.load()) as opened:
        with opened.read() as session:
            who = actor(session, by)
            shown = about(session) if about else record_access.NOTHING
        record_access.open_record(opened, who, what, shown, now=now, reason=PRINTED)
        with opened.rehearse() as rehearsal:
            yield Act(rehearsal, who, now)


@contextmanager
def acting_on_referral(ref: str, by: str) -> Iterator[tuple[Act, Referral]]:
    """The same, with the referral that it is about. Raises NotFound."""
    with acting(by, lambda session: shown_rows.shown(session, "referral", {"ref": ref.strip()})) as act:
        yield act, referral_rows.by_ref(act.session, ref.strip())


@contextmanager
def acting_on_contact(ref: str, by: str) -> Iterator[tuple[Act, Contact]]:
    """The same, with the contact that it is about. Raises NotFound."""
    with acting(by, lambda session: shown_rows.of_contact(session, contact_of(session, ref).id)) as act:
        yield act, contact_of(act.session, ref)


@contextmanager
def acting_on(kind: str, number: int, by: str) -> Iterator[Act]:
    """The same, on the record of a ``kind`` with this number: a letter, message, match or merge. Raises NotFound."""
    with acting(by, lambda session: shown_rows.shown(session, kind, {f"{kind}_id": number})) as act:
        yield act


def contact_of(session: ReadSession | WriteSession, ref: str) -> Contact:
    """The contact with this reference, or the one that a child's reference belongs to. Raises NotFound."""
    try:
        return contact_rows.by_ref(session, ref.strip())
    except NotFound:
        pass
    try:
        return session.get_one(Contact, referral_rows.by_ref(session, ref.strip()).contact_id)
    except NotFound:
        raise NotFound(f"There is no contact or referral {ref.strip()}; check the reference.") from None


def user_called(session: WriteSession, username: str) -> User:
    """Somebody who signs in, by user name. Raises NotFound."""
    found = staff_rows.user(session, username)
    if found is None:
        raise NotFound(f"There is no user {username}. Add the person with: pathway user add {username} ...")
    return found


def team_called(session: WriteSession, name: str) -> Team:
    """A team by its name. Raises NotFound."""
    found = staff_rows.team(session, name)
    if found is None:
        raise NotFound(f"There is no team {name}. Add it with: pathway team add '{name}'")
    return found

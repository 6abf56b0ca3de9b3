"""Whom a rung reaches: people who sign in, and workers who do not and get their e-mail all the same."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pathway.engine import record_openers
from pathway.engine.act import Act
from pathway.engine.rulebooks.published_books import Published
from rules.timing import working_time
from rules.vocabulary import Role
from storage.queries.children import restriction_rows
from storage.queries.staff import staff_rows
from storage.sessions import WriteSession
from storage.tables import Council, Referral, User, Worker, id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody to whom a message goes; ``username`` is what the history keeps, ``key`` what tells messages apart.

    A worker without a user stands under ``Worker:ID``, which no user name can be: those are in small letters.
    """

    username: str
    name: str
    email: str
    key: str
    user_id: int | None = None


def for_role(act: Act, role: Role, *, published: Published, worker_id: int | None = None) -> Sequence[Recipient]:
    """Everyone active who holds the role; out of hours the emergency duty team before the duty manager (ADR 0005).

    About a worker "social worker" is that worker, and "team manager" whoever manages that worker's team; where nobody
    is named for the team, every team manager.
    """
    worker = act.session.get(Worker, worker_id) if worker_id is not None else None
    if worker is not None and role is Role.SOCIAL_WORKER:
        return _the_worker(act.session, worker)
    people = list(_holders(act.session, role))
    if worker is not None and role is Role.TEAM_MANAGER:
        people = [person for person in people if person.team_id == worker.team_id] or people
    instead = published.book.out_of_hours_role
    if role is Role.DUTY_MANAGER and instead and not working_time.is_open(published.calendar, act.now):
        people = [*staff_rows.holders(act.session, instead), *people]
    return list({person.id: _user(person) for person in people}.values())


def who_may_open(act: Act, *, contact_id: int | None, referral_id: int | None) -> Sequence[Recipient]:
    """Whoever may open what a matter is about, where that is restricted: they are told beside the ladder's role."""
    children: Collection[int] = ()
    if referral_id is not None:
        children = [act.session.get_one(Referral, referral_id).person_id]
    elif contact_id is not None:
        children = restriction_rows.children_of_contact(act.session, contact_id)
    return openers(act, children)


def openers(act: Act, children: Collection[int]) -> Sequence[Recipient]:
    """Everybody active to whom the restricted records among these children open."""
    usernames = record_openers.of_children(act.session, children)
    return [_user(person) for person in staff_rows.named(act.session, usernames)] if usernames else []


def every_one(*several: Sequence[Recipient]) -> Sequence[Recipient]:
    """These people, each once, in their order."""
    return list({person.key: person for some in several for person in some}.values())


def system_owners(session: WriteSession) -> Sequence[Recipient]:
    """Whoever looks after the system: holders of the role, else who the settings name, else the administrators."""
    return [_user(person) for person in _holders(session, Role.SYSTEM_OWNER)]


def told_before(session: WriteSession, usernames: Collection[str]) -> Sequence[Recipient]:
    """Those of whom the history says that they were told, as far as they can still be reached."""
    users = [_user(person) for person in staff_rows.named(session, usernames)]
    return [*users, *(_unsigned(worker) for worker in staff_rows.workers_named(session, usernames))]


def chosen(session: WriteSession, key: str) -> Recipient | None:
    """Whoever a form names as ``user:ID`` or ``worker:ID``, where they work here; else None."""
    kind, _, number = key.partition(":")
    if not number.isdecimal():
        return None
    if kind == "worker":
        worker = staff_rows.active_worker(session, int(number))
        return next(iter(_the_worker(session, worker)), None) if worker is not None else None
    user = session.get(User, int(number)) if int(number) <= staff_rows.LARGEST else None
    return _user(user) if user is not None and user.active else None


def _user(person: User) -> Recipient:
    return Recipient(
        username=person.username, name=person.name, email=person.email, key=user_key(id_of(person)), user_id=person.id
    )


def user_key(user_id: int) -> str:
    """What tells the messages to a user from those to others."""
    return f"user:{user_id}"


def _unsigned(worker: Worker) -> Recipient:
    return Recipient(
        username=staff_rows.worker_name(id_of(worker)), name=worker.name, email=worker.email, key=f"worker:{worker.id}"
    )


def _the_worker(session: WriteSession, worker: Worker) -> Sequence[Recipient]:
    if not worker.active:
        return []
    user = session.get(User, worker.user_id) if worker.user_id is not None else None
    return [_user(user) if user is not None and user.active else _unsigned(worker)]


def _holders(session: WriteSession, role: Role) -> Sequence[User]:
    holders = list(staff_rows.holders(session, role))
    if role is Role.SYSTEM_OWNER and not holders:
        owner = session.get_one(Council, 1).system_owner
        return staff_rows.named(session, [owner]) if owner else staff_rows.holders(session, Role.ADMINISTRATOR)
    return holders

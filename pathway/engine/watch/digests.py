"""The digest for each manager on duty: once a working day at an hour of their own, also when nothing is late."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from notifications.outbox import queue
from notifications.outbox.queue import Draft
from notifications.staff import digests
from notifications.staff.digests import Digest, Item, Part
from pathway.engine.rulebooks import published_books
from pathway.engine.rulebooks.published_books import Published
from rules import caseload, escalation
from rules.messages import MessageKind
from rules.rulebook import Ladder, Rulebook
from rules.timing import quiet_hours, zones
from rules.vocabulary import Role
from rules.words import counted
from storage.queries.alerts import digest_rows, notice_rows
from storage.queries.alerts.digest_rows import OpenAlert
from storage.queries.casework import allocation_list_rows
from storage.queries.letters import letter_list_rows
from storage.queries.staff import staff_rows
from storage.sessions import Database, WriteSession
from storage.tables import Clock, Council, User, id_of

MANAGERS = (Role.DUTY_MANAGER, Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE)
AHEAD = timedelta(hours=24)
LONGEST = 100
PRIORITY = 3
_log = logging.getLogger(__name__)


def send_due(database: Database, *, now: datetime) -> int:
    """Writes the digests whose hour has come; returns how many. A fault in one holds up no other."""
    today = local_day(now)
    with database.read() as session:
        wanting = [id_of(user) for user in notice_rows.wanting_digest(session) if is_due(user, today, now=now)]
    return sum(_guarded(database, user_id, today, now=now) for user_id in wanting)


def local_day(now: datetime) -> date:
    """The day on the wall."""
    return now.astimezone(zones.zone_named(zones.LONDON)).date()


def is_due(user: User, today: date, *, now: datetime) -> bool:
    """True from the user's hour on, until the day is done with; also hours late, after a downtime."""
    if user.digest_at is None or (user.digest_on is not None and user.digest_on >= today):
        return False
    return now >= quiet_hours.moment_of(today, user.digest_at, zone=zones.LONDON)


def _guarded(database: Database, user_id: int, today: date, *, now: datetime) -> int:
    try:
        with database.write() as session:
            return _send(session, user_id, today, now=now)
    except Exception:  # noqa: BLE001 - whatever is wrong with one digest, the others must come
        _log.exception("The digest of user %s could not be written; the next sweep tries again", user_id)
        return 0


def _send(session: WriteSession, user_id: int, today: date, *, now: datetime) -> int:
    user = digest_rows.lock_user(session, user_id)
    if not is_due(user, today, now=now):
        return 0
    user.digest_on = today
    roles = [role for role in MANAGERS if role in staff_rows.roles(session, user_id)]
    published = published_books.current(session, now=now)
    if not user.active or not roles or not published.calendar.is_working_day(today):
        return 0
    council = session.get_one(Council, 1)
    text = digests.write(_Desk(session, user, roles, published, council.base_url, now).digest())
    draft = Draft(
        kind=MessageKind.DIGEST,
        dedup_key=f"digest:{user_id}:{today.isoformat()}",
        recipient_name=user.name,
        recipient_address=user.email,
        subject=text.subject,
        text=text.text,
        html=None,
        sender=council.sender,
        sender_name=council.name,
        priority=PRIORITY,
    )
    queue.enqueue(session, draft, now=now)
    return 1


@dataclass(frozen=True, slots=True)
class _Desk:
    """What one manager sees: by the roles held, and for a team manager with a team that team only."""

    session: WriteSession
    user: User
    roles: Sequence[Role]
    published: Published
    base_url: str
    now: datetime

    def digest(self) -> Digest:
        return Digest(
            late=self._part(self._late(), "/alerts"),
            due=self._part(self._due(), "/referrals"),
            letters=self._letters(),
            caseloads=self._part(self._caseloads(), "/allocations"),
            allocations=self._allocations(),
            roles=self.roles,
            now=self.now,
            link=f"{self.base_url}/my-notices",
        )

    @property
    def _team(self) -> int | None:
        """The one team that this person manages, None for all."""
        return self.user.team_id if list(self.roles) == [Role.TEAM_MANAGER] else None

    def _part(self, items: Sequence[Item], more: str) -> Part:
        return Part(count=len(items), items=items[:LONGEST], more=self.base_url + more)

    def _late(self) -> Sequence[Item]:
        found = [
            one for one in digest_rows.open_alerts(self.session) if self._concerns(_frozen(one)) and self._is_mine(one)
        ]
        return [
            Item(
                words=one.alert.headline,
                link=self.base_url + _page_of(one),
                at=one.alert.due_at,
                note=_acknowledged(one, now=self.now),
            )
            for one in found
        ]

    def _is_mine(self, one: OpenAlert) -> bool:
        return self._team is None or one.team_id in (None, self._team)

    def _due(self) -> Sequence[Item]:
        found = digest_rows.due_between(self.session, after=self.now, until=self.now + AHEAD)
        return [
            Item(words=f"{rule.title} ({ref})", link=f"{self.base_url}/referrals/{ref}", at=clock.due_at)
            for clock, ref in found
            if self._concerns((rule := self._book(clock).clocks[clock.kind]).ladder)
        ]

    def _book(self, clock: Clock) -> Rulebook:
        return published_books.of(self.session, clock.rulebook_version_id, clock.calendar_version_id).book

    def _concerns(self, ladder: Ladder) -> bool:
        return any(rung.role in self.roles for rung in (*ladder.warnings, *ladder.alerts))

    def _letters(self) -> Part:
        lines, count = letter_list_rows.lines(self.session, owed_only=True, words="", offset=0, limit=LONGEST)
        items = [
            Item(
                words=f"Letter ({line.letter.kind}) about contact {line.contact.ref}",
                link=f"{self.base_url}/letters/{line.letter.id}",
                at=line.letter.written_at,
                note="Nobody knows an address: find one." if line.no_address else "",
            )
            for line in lines
        ]
        return Part(count=count, items=items, more=f"{self.base_url}/letters")

    def _caseloads(self) -> Sequence[Item]:
        found = []
        for worker, team, children in staff_rows.workers(self.session):
            limit = caseload.limit_for(self.published.book.caseload, worker.full_time_equivalent)
            if children > limit and self._team in (None, team.id):
                words = f"{worker.name}, {team.name}: {counted(children, 'child', 'children')}; the limit is {limit}"
                found.append(Item(words=words, link=f"{self.base_url}/allocations"))
        return found

    def _allocations(self) -> Part:
        lines, count = allocation_list_rows.waiting(self.session, team_id=self._team, offset=0, limit=LONGEST)
        items = [
            Item(
                words=f"Referral {line.referral.ref}, {line.team or 'no team yet'}",
                link=f"{self.base_url}/referrals/{line.referral.ref}",
                at=line.clock.due_at if line.clock else None,
            )
            for line in lines
        ]
        return Part(count=count, items=items, more=f"{self.base_url}/allocations")


def _frozen(one: OpenAlert) -> Ladder:
    return escalation.ladder_from_terms(json.loads(one.alert.ladder))


def _page_of(one: OpenAlert) -> str:
    if one.referral_ref:
        return f"/referrals/{one.referral_ref}"
    return f"/contacts/{one.contact_ref}" if one.contact_ref else "/alerts"


def _acknowledged(one: OpenAlert, *, now: datetime) -> str:
    # Never the note itself: somebody may have named the child there.
    held = one.alert.held_until
    if held is not None and held > now:
        return f"Acknowledged by {one.alert.acknowledged_by}."
    return "Nobody has acknowledged it." if one.alert.acknowledged_at is None else "The acknowledgement has run out."

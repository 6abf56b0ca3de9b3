"""When somebody is told: quiet hours, and the hour of a manager's digest. People choose for themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from pathway.engine.act import Act
from pathway.engine.alerts import recipients
from pathway.engine.watch import digests
from rules.errors import Fault, InvalidInput
from rules.timing.quiet_hours import QuietHours
from rules.vocabulary import Action, EventKind, Role
from storage.queries.alerts import digest_rows, notice_rows
from storage.queries.staff import staff_rows
from storage.sessions import WriteSession
from storage.tables import User, id_of

LONGEST_SHOWN = 20
_TIME = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{1,2})?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeChoices:
    """Local times, each None for none: quiet hours from and to, and when the digest comes."""

    quiet_from: time | None = None
    quiet_to: time | None = None
    digest_at: time | None = None


def parse(typed: Mapping[str, str]) -> NoticeChoices:
    """The choices as people type them, an empty field for none. Raises InvalidInput naming each field."""
    found: dict[str, time | None] = {}
    faults = []
    for place in ("quiet_from", "quiet_to", "digest_at"):
        try:
            found[place] = _time(typed.get(place, ""))
        except ValueError:
            problem = f"{typed[place].strip()[:LONGEST_SHOWN]!r} is not a time of day"
            faults.append(Fault(place=place, problem=problem, remedy="Write it as 07:30"))
    if faults:
        raise InvalidInput(faults)
    return NoticeChoices(**found)


def _time(typed: str) -> time | None:
    """``7``, ``7:30`` and ``07.30``; raises ValueError."""
    if not typed.strip():
        return None
    match = _TIME.fullmatch(typed.strip())
    if match is None:
        raise ValueError
    return time(int(match[1]), int(match[2] or 0))


def choose(act: Act, user_id: int, data: NoticeChoices) -> User:
    """Keeps what somebody chose; what waits is looked at again at once.

    A digest whose hour has passed today comes from tomorrow on. Raises InvalidInput naming each field, NotAllowed.
    """
    user = digest_rows.lock_user(act.session, user_id)
    if act.actor.username != user.username:
        act.require(Action.ADMINISTER)
    if act.repeated:
        return user
    _refuse_faults(act.session, user_id, data)
    if user.digest_at != data.digest_at:
        user.digest_at, user.digest_on = data.digest_at, None
        today = digests.local_day(act.now)
        user.digest_on = today if digests.is_due(user, today, now=act.now) else None
    user.quiet_from, user.quiet_to = data.quiet_from, data.quiet_to
    notice_rows.hold(act.session, recipients.user_key(id_of(user)), until=act.now)
    summary = f"{user.name} ({user.username}): {in_words(user)}"
    act.note(EventKind.STAFF_CHANGED, summary, about=None)
    act.session.flush()
    return user


def as_typed(user: User) -> dict[str, str]:
    """What somebody has chosen, as it would be typed."""
    chosen = {"quiet_from": user.quiet_from, "quiet_to": user.quiet_to, "digest_at": user.digest_at}
    return {place: f"{at:%H:%M}" if at is not None else "" for place, at in chosen.items()}


def in_words(user: User) -> str:
    """What somebody has chosen, in words."""
    chosen = as_typed(user)
    quiet = f"quiet hours {chosen['quiet_from']} to {chosen['quiet_to']}" if chosen["quiet_to"] else "no quiet hours"
    return f"{quiet}, digest at {chosen['digest_at']}" if chosen["digest_at"] else f"{quiet}, no digest"


def gets_digest(roles: frozenset[Role]) -> bool:
    """True for managers."""
    return not roles.isdisjoint(digests.MANAGERS)


def _refuse_faults(session: WriteSession, user_id: int, data: NoticeChoices) -> None:
    faults = []
    if (data.quiet_from is None) != (data.quiet_to is None):
        place = "quiet_from" if data.quiet_from is None else "quiet_to"
        faults.append(Fault(place=place, problem="One end is missing", remedy="Give both times, or neither"))
    if data.digest_at is not None and not gets_digest(staff_rows.roles(session, user_id)):
        remedy = f"Leave it out, or give one of the roles: {', '.join(digests.MANAGERS)}"
        faults.append(Fault(place="digest_at", problem="Digests are for managers", remedy=remedy))
    if faults:
        raise InvalidInput(faults)
    if data.quiet_from is not None and data.quiet_to is not None:
        QuietHours(data.quiet_from, data.quiet_to)

"""What whoever runs the service asks: can anybody sign in, are alerts heard, does mail wait, is history imported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case
from sqlmodel import Session, col, func, select

from rules.messages import MessageState
from rules.vocabulary import Role
from storage.queries.alerts import notice_rows
from storage.tables import Alert, Clock, Draft, Message, Referral, User, UserRole


def anybody(session: Session) -> bool:
    """True when somebody can sign in."""
    return session.exec(select(User.id).where(col(User.active)).limit(1)).first() is not None


def roles_held(session: Session) -> frozenset[Role]:
    """The roles that somebody active holds."""
    statement = (
        select(UserRole.role).join(User, col(User.id) == col(UserRole.user_id)).where(col(User.active)).distinct()
    )
    return frozenset(Role(role) for role in session.exec(statement))


def queued(session: Session) -> tuple[int, datetime | None]:
    """How many messages are queued, and since when the oldest; one that waits for a grace since that will be over."""
    since = case((col(Message.attempts) == 0, col(Message.next_attempt_at)), else_=col(Message.created_at))
    statement = select(func.count(), func.min(since)).where(col(Message.state) == MessageState.QUEUED)
    count, oldest = session.exec(statement).one()
    return count, oldest


def clocks_to_look_at(session: Session, *, now: datetime) -> int:
    """How many clocks the next sweep looks at."""
    return session.exec(select(func.count()).select_from(Clock).where(col(Clock.attention_at) <= now)).one()


def next_attention(session: Session, *, after: datetime) -> datetime | None:
    """The next moment after ``after`` at which the sweep has something to look at, or None."""
    clock = select(func.min(Clock.attention_at)).where(col(Clock.attention_at) > after)
    alert = select(func.min(Alert.next_at)).where(col(Alert.next_at) > after)
    draft = select(func.min(Draft.look_at)).where(col(Draft.look_at) > after)
    over = select(func.min(Referral.grace_until)).where(col(Referral.grace_until) > after)
    hints = (session.exec(one).one() for one in (clock, alert, draft, over))
    moments = (*hints, notice_rows.next_wait(session, after=after))
    return min((at for at in moments if at), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Messages that a mail server took, duties that were late, and alerts that opened and that are open still."""

    handed_over: int
    letters: int
    late: int
    alerts: int
    open_alerts: int


def tally(session: Session, *, since: datetime) -> Tally:
    """What has happened since a moment."""
    sent = select(func.count()).select_from(Message).where(col(Message.handed_over_at) >= since)
    late = select(func.count()).select_from(Clock).where(col(Clock.breached_at) >= since)
    opened = select(func.count()).select_from(Alert).where(col(Alert.opened_at) >= since)
    return Tally(
        handed_over=session.exec(sent).one(),
        letters=session.exec(sent.where(col(Message.letter_id).is_not(None))).one(),
        late=session.exec(late).one(),
        alerts=session.exec(opened).one(),
        open_alerts=session.exec(opened.where(col(Alert.closed_at).is_(None))).one(),
    )

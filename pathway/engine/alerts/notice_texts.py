"""Notices of one person become a message, in the transaction that says which one."""

from __future__ import annotations

from collections.abc import Sequence

from notifications.outbox import queue
from notifications.outbox.queue import Draft
from notifications.staff.staff import StaffText
from pathway.engine.act import Act
from pathway.engine.alerts import wording
from rules.messages import MessageKind
from storage.queries.alerts import notice_rows
from storage.sessions import WriteSession
from storage.tables import Council, Notice, User, id_of

LEFT = "This person no longer works here"


def write(act: Act, some: Sequence[Notice], council: Council) -> None:
    """Writes one message of these notices to one person, who must be the same, and marks them as gone in it.

    About one thing the last notice speaks; where there is only one thing, in the form of a message of its own. Who has
    left meanwhile is sent nothing: the message is kept as cancelled.
    """
    lines = _lines(some)
    over = notice_rows.over(act.session, lines)
    single = len(lines) == 1 and (lines[0].alone or lines[0].subject_key not in over or _is_end(lines[0]))
    if single:
        text, kind = wording.of_one(act.session, lines[0], council, now=act.now), MessageKind(lines[0].kind)
    else:
        text, kind = wording.of_several(lines, over, council, now=act.now), MessageKind.NOTICES
    user = user_of(act.session, some[0])
    draft = _draft(some, text, council, kind=kind, alert_id=lines[0].alert_id if single else None, user=user)
    message = queue.enqueue(act.session, draft, now=act.now)
    notice_rows.put_into(act.session, [id_of(one) for one in some], message_id=id_of(message), now=act.now)
    if user is not None and not user.active:
        queue.cancel(act.session, id_of(message), now=act.now).last_answer = LEFT


def _lines(some: Sequence[Notice]) -> Sequence[Notice]:
    """The last notice about each thing, the urgent first, then what is late the longest."""
    last = {one.subject_key: one for one in some}
    return sorted(last.values(), key=lambda one: (one.priority, one.due_at or one.created_at, id_of(one)))


def _is_end(notice: Notice) -> bool:
    return notice.kind == MessageKind.ALERT_CLOSED


def _draft(
    some: Sequence[Notice],
    text: StaffText,
    council: Council,
    *,
    kind: MessageKind,
    alert_id: int | None,
    user: User | None,
) -> Draft:
    latest = some[-1]
    # Each notice goes once, so that the first of a message tells it from every other.
    return Draft(
        kind=kind,
        dedup_key=some[0].dedup_key,
        recipient_name=user.name if user else latest.recipient_name,
        recipient_address=user.email if user else latest.recipient_address,
        subject=text.subject,
        text=text.text,
        html=None,
        sender=council.sender,
        sender_name=council.name,
        priority=min(one.priority for one in some),
        alert_id=alert_id,
    )


def user_of(session: WriteSession, notice: Notice) -> User | None:
    """The user to whom a notice goes, None for a worker who does not sign in."""
    return session.get(User, notice.user_id) if notice.user_id is not None else None

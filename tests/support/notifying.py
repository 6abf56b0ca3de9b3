"""What a front door does with GOV.UK Notify: its messages go there, and what is said of them comes back."""

from __future__ import annotations

from notifications.dispatch import dispatcher
from notifications.dispatch.dispatcher import DispatchReport
from notifications.notify.notify_channel import Notify
from notifications.notify.notify_service import NotifyService
from notifications.notify.statuses import Report
from pathway.engine.actors import SYSTEM
from pathway.engine.post import handing_over, notify_statuses
from pathway.wiring.notify_jobs import Postman, Statuses
from storage.queries.letters import notify_rows
from storage.tables import Letter, NotifyStatus, id_of
from support.front_door import FrontDoor
from support.scenes import kept


def send(door: FrontDoor, service: NotifyService) -> DispatchReport:
    """One batch from the outbox."""
    return dispatcher.run_once(
        door.database, Notify(service=service), handing_over.settle_message, now=lambda: door.now
    )


@kept
def put_letters(door: FrontDoor) -> int:
    """Letters for the post go into the outbox."""
    return Postman(database=door.database, clock=lambda: door.now, wake_dispatcher=lambda: None).put()


def asker(door: FrontDoor, service: NotifyService) -> Statuses:
    """Whoever asks for statuses."""
    return Statuses(database=door.database, service=service, clock=lambda: door.now, wake_dispatcher=lambda: None)


def say(door: FrontDoor, name: str, status: str) -> bool:
    """GOV.UK Notify says what has become of something, now."""
    with door.acting(SYSTEM) as act:
        return notify_statuses.take(act, Report(provider_id=name, status=status, said_at=door.now))


def said(door: FrontDoor, letter: Letter) -> list[str]:
    """All that was said of a letter."""
    with door.database.read() as session:
        found: list[NotifyStatus] = list(notify_rows.of_letter(session, id_of(letter)))
    return [one.status for one in found]

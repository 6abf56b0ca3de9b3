"""A week at the front door in which some is in time and some late, for figures."""

from __future__ import annotations

from storage.tables import Alert
from support import late, rows
from support.front_door import FrontDoor
from support.scenes import kept


@kept
def one_week(door: FrontDoor) -> None:
    """Monday 2 March 2009 to Monday 9 March, 9 o'clock: seven children, two late, one in danger, one set free again."""
    door.move_to("2009-03-02 10:00")
    mia, leo = door.referrals(door.log("Mia", "Leo"))
    door.decide(mia, "assessment")
    door.watch_for(hours=30)
    late.decided(door, leo, late_reason="staff-away", late_words="Two were ill.")
    door.watch_for(hours=1)
    door.allocate(mia, door.add_worker())
    door.move_to("2009-03-04 09:00")
    late.decided_in_danger(door, "Tardy")
    door.log("Waits")
    door.watch_for(hours=20)
    door.decide(*door.referrals(door.log("Mia", source_code="2B")), outcome="assessment")
    door.decide(*door.referrals(door.log("Zebedee")))
    door.watch_for(hours=30)
    _acknowledge(door)
    door.move_to("2009-03-09 09:00")
    door.sweep()


def _acknowledge(door: FrontDoor) -> None:
    """The first alert that is open is acknowledged at once, then once more; another one after two hours."""
    with door.database.read() as session:
        one, other = [alert for alert in rows.everything(session, Alert) if alert.closed_at is None][:2]
    door.acknowledge(one)
    door.watch_for(hours=2)
    door.acknowledge(one, note="Still waiting for the school.")
    door.acknowledge(other)

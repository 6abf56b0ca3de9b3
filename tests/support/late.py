"""Children about whom something was done late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from storage.tables import Referral
from support.front_door import MANAGER, FrontDoor


def decided_in_danger(door: FrontDoor, name: str = "Tardy") -> Referral:
    """Decided two hours after receipt, where immediate danger allowed one: nobody was asked why."""
    contact = door.log(name, received=None, received_at=_ago(door, 2), immediate_danger=True)
    (referral,) = door.referrals(contact)
    return decided(door, referral)


def late_child(door: FrontDoor, *names: str) -> list[Referral]:
    """Children received thirty hours ago, screened, and not decided."""
    contact = door.log(*(names or ("Tardy",)), received_at=_ago(door, 30), late_recording_reason="Sent elsewhere first")
    return [door.screen(referral) for referral in door.referrals(contact)]


def decided(door: FrontDoor, referral: Referral, by: Any = MANAGER, **said: str) -> Referral:
    """The child is decided about, with what is said of why it is late; nothing where nothing is."""
    return door.decide(referral, by=by, **({"late_reason": ""} | said))


def _ago(door: FrontDoor, hours: int) -> Any:
    return door.now - timedelta(hours=hours)

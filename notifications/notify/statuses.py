"""What GOV.UK Notify says of what it has accepted, in its own words and in ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

ARRIVED = frozenset({"delivered", "received"})
# For an e-mail "temporary-failure" is the end as well: it has been tried for 72 hours.
FAILED: Mapping[str, str] = {
    "permanent-failure": "the address does not exist, or the letter could not be printed",
    "temporary-failure": "the mailbox took nothing for 72 hours",
    "technical-failure": "a fault between GOV.UK Notify and whoever delivers for it",
    "validation-failed": "the letter could not be printed as it was laid out",
    "virus-scan-failed": "a virus was suspected in the letter",
    "cancelled": "it was cancelled at GOV.UK Notify",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The status of what GOV.UK Notify calls ``provider_id``; ``said_at`` is when it came to that, if it says so."""

    provider_id: str
    status: str
    said_at: datetime | None = None

    @property
    def is_final(self) -> bool:
        """True where nothing more will come."""
        return self.status in ARRIVED or self.has_failed

    @property
    def has_failed(self) -> bool:
        """True where nobody will get it."""
        return self.status in FAILED

    def __str__(self) -> str:
        return words(self.status)


def words(status: str) -> str:
    """A status with what it means."""
    return f"{status}: {FAILED[status]}" if status in FAILED else status


def report(given: Mapping[str, Any]) -> Report | None:
    """What GOV.UK Notify answered about one thing; None where that is nonsense."""
    name, status = given.get("id"), given.get("status")
    if not (isinstance(name, str) and isinstance(status, str) and name and status):
        return None
    return Report(provider_id=name, status=status[:50], said_at=moment(given.get("completed_at")))


def moment(given: object) -> datetime | None:
    """A moment as GOV.UK Notify writes it; None where it gives none, or one without a zone."""
    try:
        found = datetime.fromisoformat(str(given))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None

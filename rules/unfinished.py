"""How long what was typed and not recorded is kept, and when others hear of a contact that was left unfinished."""

from __future__ import annotations

from datetime import datetime, timedelta

KEPT_FOR = timedelta(days=7)
LISTED_AFTER = timedelta(minutes=30)
TOLD_AFTER = timedelta(hours=2)
IN_DANGER_AFTER = timedelta(minutes=2)


def listed_at(changed_at: datetime, *, in_danger: bool) -> datetime:
    """When an unfinished contact stands on the list, counted from its last change."""
    return changed_at + (IN_DANGER_AFTER if in_danger else LISTED_AFTER)


def told_at(changed_at: datetime, *, in_danger: bool) -> datetime:
    """When the duty manager is told of an unfinished contact and may open it, counted from its last change."""
    return changed_at + (IN_DANGER_AFTER if in_danger else TOLD_AFTER)

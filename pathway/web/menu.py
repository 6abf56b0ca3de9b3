"""The menu: what this person may open."""

from __future__ import annotations

from dataclasses import dataclass

ITEMS = (
    ("/my-children", "My children"),
    ("/referrals", "Screening list"),
    ("/contacts/new", "Log a contact"),
    ("/waiting", "What waits"),
    ("/alerts", "Alerts"),
    ("/letters", "Letters"),
    ("/bounces", "Bounces"),
    ("/mailbox", "Mailbox"),
    ("/reports/timeliness", "Timeliness"),
    ("/rulebook", "Rulebook"),
    ("/outbox", "Outbox"),
    ("/people", "People"),
    ("/settings", "Settings"),
    ("/access-log", "Access log"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of the menu."""

    path: str
    text: str
    here: bool


def is_here(path: str, current: str) -> bool:
    """True when the current page belongs under this entry."""
    return current == path or current.startswith(f"{path}/")

"""The menu: what this person may open."""

from __future__ import annotations

from dataclasses import dataclass

ITEMS = (
    ("/my-children", "My children"),
    ("/referrals", "Screening list"),
    ("/allocations", "Allocations"),
    ("/contacts/new", "Log a contact"),
    ("/alerts", "Alerts"),
    ("/matches", "Possible matches"),
    ("/queries", "Queries"),
    ("/letters", "Letters"),
    ("/onward", "Handed over"),
    ("/second-looks", "Second looks"),
    ("/mailbox", "Mailbox"),
    ("/reports/timeliness", "Timeliness"),
    ("/rulebook", "Rulebook"),
    ("/restricted", "Restricted"),
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

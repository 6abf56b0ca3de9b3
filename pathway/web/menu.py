"""The menu: what this person may open."""

from __future__ import annotations

from dataclasses import dataclass

from rules.vocabulary import Action, Role

# Whoever may do one of these may open the board; it is the first page of these roles, and of whoever has several roles.
BOARD = (Action.DECIDE, Action.SCREEN)
AT_THE_DOOR = frozenset({Role.SCREENING_OFFICER, Role.DUTY_MANAGER, Role.EMERGENCY_DUTY_TEAM})
ITEMS = (
    ("/board", "Board"),
    ("/home", "Home"),
    ("/my-children", "My children"),
    ("/referrals", "Screening list"),
    ("/contacts/new", "Log a contact"),
    ("/waiting", "What waits"),
    ("/alerts", "Alerts"),
    ("/letters", "Letters"),
    ("/mailbox", "Mailbox"),
    ("/reports", "Figures"),
    ("/rulebook", "Rulebook"),
    ("/outbox", "Outbox"),
    ("/people", "People"),
    ("/settings", "Settings"),
    ("/access-log", "Access log"),
)

# Pages that are opened from another's list and belong under it.
BELOW = {
    "/people": ("/teams", "/workers"),
    "/waiting": (
        "/allocations",
        "/check-in",
        "/unfinished",
        "/second-looks",
        "/decision-questions",
        "/corrections",
        "/onward",
        "/print-queue",
        "/bounces",
        "/matches",
        "/merges",
        "/queries",
        "/restricted",
        "/why-late",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of the menu."""

    path: str
    text: str
    here: bool


def is_here(path: str, current: str) -> bool:
    """True when the current page belongs under this entry."""
    return any(current == one or current.startswith(f"{one}/") for one in (path, *BELOW.get(path, ())))

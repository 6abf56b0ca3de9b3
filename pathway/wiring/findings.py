"""What one check of `pathway doctor` found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How a check ended. A note is no fault, but somebody should know it."""

    OK = "OK"
    NOTE = "NOTE"
    FAULT = "FAULT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check: what was looked at, what was found, what to do."""

    health: Health
    what: str
    found: str
    remedy: str = ""


def ok(what: str, found: str) -> Finding:
    """All is in order."""
    return Finding(health=Health.OK, what=what, found=found)


def note(what: str, found: str, remedy: str) -> Finding:
    """Somebody should know it."""
    return Finding(health=Health.NOTE, what=what, found=found, remedy=remedy)


def fault(what: str, found: str, remedy: str) -> Finding:
    """It must be mended."""
    return Finding(health=Health.FAULT, what=what, found=found, remedy=remedy)

"""How the commands speak: results on standard output, all else on standard error, nothing that harms a terminal."""

from __future__ import annotations

import sys

from notifications import plain
from rules.errors import InvalidInput, PathwayError, RuleError


def say(text: str = "") -> None:
    """One line of the result. Control characters that somebody typed into a record do nothing."""
    print(plain.block(text) if text else "")


def note(text: str) -> None:
    """One line beside the result: progress, a hint, a warning."""
    print(plain.block(text), file=sys.stderr)


def complain(error: PathwayError) -> None:
    """An error as sentences, one fault a line."""
    faults = error.faults if isinstance(error, InvalidInput | RuleError) else (error,)
    for fault in faults:
        note(f"error: {str(fault).strip() or (type(error).__doc__ or '').strip()}")

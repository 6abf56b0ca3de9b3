"""How the commands speak: results on standard output, all else on standard error, nothing that harms a terminal."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable, Iterable
from typing import TextIO

from rules.errors import InvalidInput, PathwayError, RuleError

EVERY = 100
# Control characters, but for tab and line feed, and marks that turn the reading direction round.
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """``text`` that a terminal only shows: what somebody typed into a record can't move the cursor or colour it."""
    return _HARMFUL.sub("\N{REPLACEMENT CHARACTER}", text)


def speak_in_any_locale() -> None:
    """Lets a letter that the terminal's encoding does not know be told by its number; it would end the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not _speaks_utf_8(stream):
            stream.reconfigure(errors="backslashreplace")


def _speaks_utf_8(stream: TextIO) -> bool:
    return (stream.encoding or "").casefold().replace("-", "") == "utf8"


def say(text: str = "") -> None:
    """One line of the result."""
    print(harmless(text), flush=True)


def say_all(lines: Iterable[str]) -> None:
    """The result in several lines."""
    for line in lines:
        say(line)


def say_json(terms: object) -> None:
    """The result for a program: one line of JSON."""
    print(json.dumps(terms, ensure_ascii=not _speaks_utf_8(sys.stdout)))


def note(text: str) -> None:
    """One line beside the result: progress, a hint, a warning."""
    print(harmless(text), file=sys.stderr)


def progress(what: str) -> Callable[[int, int], None]:
    """Says how far it is: in place on a terminal, else a line for every hundred."""

    def told(done: int, of: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{done} of {of} {what}", end="\n" if done == of else "", file=sys.stderr, flush=True)
        elif done % EVERY == 0 or done == of:
            note(f"{done} of {of} {what}")

    return told


def complain(error: PathwayError) -> None:
    """An error as sentences, one fault a line."""
    faults = error.faults if isinstance(error, InvalidInput | RuleError) else (error,)
    for fault in faults:
        note(f"error: {str(fault).strip() or (type(error).__doc__ or '').strip()}")

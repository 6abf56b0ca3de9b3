"""What some tests need of the machine beyond Python: one table, by which they are left out where it is not there.

A test says so by ``@pytest.mark.needs("pdf")``. It is skipped where the thing is missing, and one line at the end says
what was not tried and the command that brings it. Never under ``CI=true``: there it fails.
"""

from __future__ import annotations

import os
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from notifications.letters import paper
from pathway.web import rendering
from rules import words
from support import postfix

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
SAID = "Not tried: "


@dataclass(frozen=True, slots=True)
class Need:
    """One thing: what is tried with it, whether it is there, and the command that brings it."""

    tried: str
    is_there: Callable[[], bool]
    command: str


def _prints() -> bool:
    # A library that will be needed is warned about, and a warning ends a test as an error does.
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return not paper.available()
        except Warning:
            return False


NEEDS = {
    "pdf": Need("letters as PDF", _prints, f"sudo apt-get install {paper.PACKAGES}"),
    "chromium": Need("pages in a browser", CHROMIUM.is_file, "sudo apt-get install chromium"),
    "styles": Need("pages with GOV.UK Frontend", rendering.has_vendor, "make setup, with npm installed"),
    "workbooks": Need("imports of Excel workbooks", lambda: find_spec("openpyxl") is not None, "make setup"),
    "postfix": Need(
        "mail through Postfix",
        lambda: postfix.POSTFIX is not None and os.geteuid() == 0,
        "sudo apt-get install --no-install-recommends postfix, and run the tests as root",
    ),
}


@cache
def missing(name: str) -> str:
    """What to say where a thing is not there; the empty string where it is, and in CI."""
    need = NEEDS[name]
    if os.environ.get("CI") or need.is_there():
        return ""
    return f"{SAID}{need.tried}. To try them: {need.command}"


def leave_out(items: Iterable[pytest.Item]) -> None:
    """Skips the tests whose needs this machine does not meet."""
    for item in items:
        for mark in item.iter_markers("needs"):
            if why := next(filter(None, map(missing, mark.args)), ""):
                item.add_marker(pytest.mark.skip(reason=why))


def told(reasons: Iterable[str]) -> list[str]:
    """One line for each thing that was missing, with how many tests were left out for it."""
    found = Counter(reason for reason in reasons if reason.startswith(SAID))
    return [
        reason.replace(". To try", f" ({words.counted(count, 'test')}). To try", 1)
        for reason, count in sorted(found.items())
    ]

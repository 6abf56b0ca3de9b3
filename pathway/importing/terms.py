"""What the words in the file are checked against: the council's outcomes and the department's codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pathway.engine import codes
from rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The book and the code lists of one run, and its present moment."""

    book: Rulebook
    sources: Mapping[str, str]
    ethnicities: Mapping[str, str]
    sexes: Mapping[str, str]
    now: datetime


def terms(book: Rulebook, *, now: datetime) -> Terms:
    """The terms of a run that begins ``now``."""
    return Terms(
        book=book,
        sources=codes.labels(codes.REFERRAL_SOURCE),
        ethnicities=codes.labels(codes.ETHNICITY),
        sexes=codes.labels(codes.SEX),
        now=now,
    )

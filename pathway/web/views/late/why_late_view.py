"""The question why something is late, on whatever form somebody decides or writes with (``parts/why_late.html``)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from pathway.engine import why_late
from pathway.engine.why_late import BY_DECIDING, Question
from pathway.web.forms import Form
from rules import late_reasons
from rules.vocabulary import EventKind
from storage.sessions import ReadSession
from storage.tables import Referral

NAMES = ("late_reason", "late_words")


def question(
    session: ReadSession, referral: Referral, *, now: datetime, by: Collection[EventKind] = BY_DECIDING
) -> Question | None:
    """What is asked about this child; None where nothing is, as in immediate danger."""
    return why_late.is_asked(session, referral, now=now, by=by)


def prefilled(session: ReadSession, contact_id: int, suffix: str = "") -> Mapping[str, str]:
    """The fields as they are to begin with: what was said of a brother or sister; ``suffix`` tells children apart."""
    said = why_late.said(session, contact_id)
    return {f"late_reason{suffix}": said.late_reason, f"late_words{suffix}": said.late_words}


def read(form: Form, suffix: str = "") -> Mapping[str, str]:
    """What was typed, as the fields of a ``LateInput``."""
    return {name: form.get(f"{name}{suffix}") for name in NAMES}


def places(suffix: str = "") -> Mapping[str, str]:
    """The guards' own words, so that a refusal finds its field."""
    return {late_reasons.ASKED: f"late_reason{suffix}", late_reasons.ASKED_IN_WORDS: f"late_words{suffix}"}

"""Referrals to a receiver: what early help, another authority or an agency is told, and the words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from notifications import plain
from notifications.letters.letters import RECEIVER_MAY_LEARN, RECEIVERS_SUBJECT_MAY_NAME, CouncilFacts
from notifications.rendering import TemplateSet
from notifications.staff.staff import StaffText
from rules.errors import Fault, InvalidInput

_BLOCKS = ("concern", "opinion", "reasons")
_NEEDED = ("receiver", "referral_ref", "child_name", "concern", "reasons")


@dataclass(frozen=True, slots=True, kw_only=True)
class OnwardFacts:
    """What a referral to a receiver is written from; ``referrer`` is empty where the name is not shared.

    ``answer_by`` is when the receiver's answer is due; None where no clock runs on it.
    """

    council: CouncilFacts
    receiver: str
    referral_ref: str
    child_name: str
    birth_date: date | None
    due_date: date | None
    address: str
    school: str
    received_at: datetime
    sent_at: datetime
    answer_by: datetime | None
    referrer: str
    concern: str
    opinion: str
    outcome_title: str
    reasons: str
    decided_by: str


def write(facts: OnwardFacts, *, templates: TemplateSet | None = None) -> StaffText:
    """The referral to a receiver. Raises InvalidInput where something is missing that the receiver needs."""
    if missing := list(_missing(facts)):
        raise InvalidInput(missing)
    filled = templates or TemplateSet()
    seen = {name: _cleaned(name, getattr(facts, name)) for name in RECEIVER_MAY_LEARN}
    return StaffText(
        subject=filled.subject("onward/subject.txt", {name: seen[name] for name in RECEIVERS_SUBJECT_MAY_NAME}),
        text=filled.text("onward/body.txt", seen),
    )


def _cleaned(name: str, value: object) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return plain.tied(f"{value.day} {value:%B %Y}")
    if not isinstance(value, str):
        return value
    return plain.block(value) if name in _BLOCKS else plain.one_line(value)


def _missing(facts: OnwardFacts) -> Iterator[Fault]:
    for name in _NEEDED:
        if not plain.one_line(getattr(facts, name)):
            problem = f"The referral to the receiver needs the {name.replace('_', ' ')} and it is blank"
            yield Fault(place=name, problem=problem, remedy="Record it before the child is handed over")

"""What of the form of a contact is folded away: what is seldom typed, unless it is typed or wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pathway.engine.intake.logging_contact import LATE_AFTER
from pathway.web import typed
from pathway.web.forms import Form
from pathway.web.views import adult_blocks
from pathway.web.views.log_form import typed_rows_view
from rules.errors import InvalidInput

USUAL_CHANNEL = "telephone"
ARRIVAL = ("received_at", "received_at_time", "channel", "late_recording_reason")
OF_REFERRER = ("referrer_address", "unsafe_to_contact", "identity_protected")
OF_CHILD = (
    "about_age", "due_date", "nhs_number", "upn", "ethnicity", "where_now", "disability", "language", "religion", "gp",
    "health_visitor",
)  # fmt: skip
KEPT_IN_FOLD = ("address", "school")
OF_ADULT = ("birth_date", "lives_there", "parental_responsibility", "of", "language", "interpreter", "risk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folds:
    """Which are open; ``children`` and ``adults`` by their numbers."""

    arrival: bool
    referrer: bool
    children: Collection[int]
    adults: Collection[int]


def of(form: Form, children: Sequence[Mapping[str, Any]], *, now: datetime) -> Folds:
    """Open where something is typed or wrong in them."""
    wrong = {fault.place for fault in form.faults}
    adults = adult_blocks.of(form)
    return Folds(
        arrival=bool(wrong & {*ARRIVAL}) or _arrived_otherwise(form, now),
        referrer=bool(wrong & {*OF_REFERRER}) or any(map(form.get, OF_REFERRER)),
        children={
            n for n in range(len(children)) if _is_open(children, n) or wrong & _places("children", n, _hidden(n))
        },
        adults={n for n, one in enumerate(adults) if _typed(one, OF_ADULT) or wrong & _places("adults", n, OF_ADULT)},
    )


def _arrived_otherwise(form: Form, now: datetime) -> bool:
    if form.get("channel") != USUAL_CHANNEL or form.get("late_recording_reason"):
        return True
    try:
        received = typed.moment(form.get("received_at"), form.get("received_at_time"), place="received_at").utc
    except InvalidInput:
        return True
    return not now - LATE_AFTER <= received <= now


def _hidden(number: int) -> Iterable[str]:
    return (*OF_CHILD, *KEPT_IN_FOLD) if number else OF_CHILD


def _is_open(children: Sequence[Mapping[str, Any]], number: int) -> bool:
    mine = children[number]
    changed = number > 0 and any(mine.get(name, "") != children[number - 1].get(name, "") for name in KEPT_IN_FOLD)
    return _typed(mine, OF_CHILD) or (changed and not typed_rows_view.is_left_out(mine))


def _typed(block: Mapping[str, Any], names: Iterable[str]) -> bool:
    return any(block.get(name) for name in names)


def _places(rows: str, number: int, names: Iterable[str]) -> set[str]:
    return {f"{rows}.{number}.{name}" for name in names}

"""A corrected detail as columns of a record: an estimated age is three of them, every other detail is one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pathway.engine.act import Act
from pathway.engine.corrections.details import VALUE, Detail
from pathway.engine.intake import odd_children
from rules.errors import InvalidInput
from rules.likeness import ages
from rules.timing import zones
from storage.tables import Person

ABOUT_AGE = "about_age"
KNOWN = "The birth date is on record, and an estimated age counts for nothing beside it", "Correct the birth date"


def told(act: Act, person: Person, detail: Detail, value: Any) -> Any:
    """What was typed; an estimated age with the day on which it was said, today where none is named.

    Raises InvalidInput for what is no age, and where the birth date is known.
    """
    if detail.name != ABOUT_AGE or not value:
        return value
    if person.birth_date is not None:
        raise InvalidInput.of(VALUE, *KNOWN)
    said = ages.said(value, act.now.astimezone(zones.zone_named(zones.LONDON)).date())
    if said is None:
        raise InvalidInput.of(VALUE, *odd_children.NO_AGE)
    return said.words


def columns(act: Act, detail: Detail, value: Any) -> Mapping[str, Any]:
    """The columns of a record that hold a value which ``told`` has answered."""
    if detail.name != ABOUT_AGE:
        return {detail.name: value}
    said = ages.said(value, act.now.astimezone(zones.zone_named(zones.LONDON)).date()) if value else None
    return {ABOUT_AGE: value, "born_from": said and said.born_from, "born_to": said and said.born_to}

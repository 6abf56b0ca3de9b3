"""The blocks of adults in the form of a contact, which come and go without a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pathway.engine.intake import adults
from pathway.engine.intake.adults import AdultInput
from pathway.web import typed
from pathway.web.forms import Form
from rules.errors import Fault
from rules.relations import Relation

FIELDS = tuple(AdultInput.model_fields)
RELATIONS = [(one.value, one.value.capitalize()) for one in Relation]
YES_OR_NO = [("yes", "Yes"), ("no", "No")]


def of(form: Form) -> Sequence[Mapping[str, str]]:
    """The blocks in their order; there may be none."""
    found = form.nested().get("adults")
    blocks = [block for block in found if isinstance(block, dict)] if isinstance(found, list) else []
    return blocks[: adults.MOST_ADULTS]


def with_one(form: Form) -> Form:
    """The form with one more block."""
    blocks = list(of(form))
    return _with(form, [*blocks, {}] if len(blocks) < adults.MOST_ADULTS else blocks)


def without(form: Form, place: str) -> Form:
    """The form without one block; the others close up."""
    return _with(form, [block for number, block in enumerate(of(form)) if str(number) != place])


def _with(form: Form, blocks: Sequence[Mapping[str, str]]) -> Form:
    values = {name: value for name, value in form.values.items() if not name.startswith("adults.")}
    for number, block in enumerate(blocks):
        for name in FIELDS:
            values[f"adults.{number}.{name}"] = (str(block.get(name, "")),)
    return replace(form, values=values, faults=(), messages=(), shown={})


def read(block: Mapping[str, str], place: str, faults: list[Fault]) -> Mapping[str, Any]:
    """One adult's fields as the command wants them; what is no date is added to ``faults`` at its place."""
    fields: dict[str, Any] = {name: block.get(name, "") for name in FIELDS}
    fields["interpreter"] = block.get("interpreter") == "yes"
    text = str(fields["birth_date"]).strip()
    fields["birth_date"] = typed.day(text)
    if text and fields["birth_date"] is None:
        where = f"{place}.birth_date" if place else "birth_date"
        faults.append(Fault(place=where, problem="This is not a date", remedy=typed.DAY_REMEDY))
    return fields

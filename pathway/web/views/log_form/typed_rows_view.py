"""The rows of children as they are typed: what is said of who is perhaps known, and rows that were only begun."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pathway.engine.children.child_input import ChildInput
from pathway.engine.inputs import parse
from pathway.web import typed
from rules.errors import Fault, InvalidInput
from rules.likeness import ages

LIKE_THE_LAST = ("surname", "address", "school")
SAME, ANOTHER = "same", "another"
KNOWN, EMPTY = "known", "empty"
NEITHER = "This is neither a date nor an age"
EITHER_REMEDY = f"{typed.DAY_REMEDY}, or an age, such as 4, about 4 or 18 months"
_ABOUT = re.compile(r"c([0-9]{1,10})")
_TELLS = ("forename", "surname", "birth_date", "about_age", "due_date", "nhs_number", "upn", "address")
LONGEST_WORDS = 200


def is_left_out(block: Mapping[str, Any]) -> bool:
    """True for a row that the script added and nobody typed into: it holds no more than the row above gave it."""
    told = (name for name, value in block.items() if name not in (EMPTY, KNOWN, "sex", *LIKE_THE_LAST) and value)
    return block.get(EMPTY) == "yes" and not any(told)


def said(block: Mapping[str, Any]) -> Mapping[int, str]:
    """What is said of each child on record beside a row, by its number: the same, or another."""
    told = block.get(KNOWN)
    if not isinstance(told, Mapping):
        return {}
    found = ((_ABOUT.fullmatch(name), value) for name, value in told.items() if value in (SAME, ANOTHER))
    numbers = ((typed.whole(match[1]), value) for match, value in found if match)
    return {number: str(value) for number, value in numbers if number}


def answers(blocks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same of all rows, as the command's input wants it."""
    return [
        {"child": place, "person_id": number, "same_child": answer == SAME}
        for place, block in enumerate(blocks)
        for number, answer in said(block).items()
    ]


def kept(block: Mapping[str, Any], place: str) -> Mapping[str, tuple[str, ...]]:
    """The fields that keep what is said, for a row that moves to another place."""
    return {f"{place}.{KNOWN}.c{number}": (answer,) for number, answer in said(block).items()}


def with_age(child: dict[str, Any], born: str, place: str, faults: list[Fault]) -> None:
    """Reads a birth date or, in the same field, an age; what is neither is a fault there."""
    child["birth_date"] = typed.day(born)
    if not born or child["birth_date"] is not None:
        return
    if not child["about_age"] and ages.is_age(born):
        child["about_age"] = born
    else:
        faults.append(Fault(place=f"{place}.birth_date", problem=NEITHER, remedy=EITHER_REMEDY))


def tells_somebody(block: Mapping[str, Any]) -> bool:
    """True where enough is typed to ask who it may be: two facts, of which a name alone is none."""
    return not is_left_out(block) and sum(bool(str(block.get(name, "")).strip()) for name in _TELLS) > 1


def child(fields: Mapping[str, Any]) -> ChildInput:
    """A row as the command's input; what can't be read yet is nobody."""
    try:
        return parse(ChildInput, fields)
    except InvalidInput:
        return ChildInput()


def words(blocks: Sequence[Mapping[str, Any]]) -> str:
    """What was asked for, for the access log."""
    rows = (" ".join(str(block.get(name, "")).strip() for name in _TELLS).split() for block in blocks)
    return "; ".join(" ".join(row) for row in rows if row)[:LONGEST_WORDS]

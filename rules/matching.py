"""Which two records may be one child. Nobody is joined by this: an officer looks, and decides."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """What two records are compared by; the empty string and None stand for not known."""

    forename: str = ""
    surname: str = ""
    birth_date: date | None = None
    nhs_number: str | None = None
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Why two records may be one child; a higher ``weight`` is more likely."""

    reason: str
    weight: int


def likeness(one: Child, other: Child) -> Likeness | None:
    """Why the two may be one child, or None.

    An equal birth date alone says nothing in a borough where eight children are born a day: a part of the name or the
    address has to agree, or be unknown. Two valid NHS numbers that differ speak against all but an equal name.
    """
    if _same_name(one, other):
        return _of_namesakes(one, other)
    if one.birth_date is None or one.birth_date != other.birth_date or _numbers_differ(one, other):
        return None
    if not (_name(one) and _name(other)):
        return Likeness(reason="The same birth date, and no name to compare", weight=1)
    shared = [field for field in ("forename", "surname", "address") if _same(one, other, field)]
    return (
        Likeness(reason=f"The same birth date and {' and '.join(shared)}", weight=1 + len(shared)) if shared else None
    )


def _of_namesakes(one: Child, other: Child) -> Likeness:
    if one.birth_date is None or other.birth_date is None:
        return Likeness(reason="The same name, and no birth date to compare", weight=3)
    if one.birth_date != other.birth_date:
        return Likeness(reason="The same name, but another birth date", weight=1)
    if _numbers_differ(one, other):
        return Likeness(reason="The same name and birth date, but another NHS number", weight=4)
    return Likeness(reason="The same birth date, and a name that differs only in accents, hyphens or spaces", weight=4)


def _numbers_differ(one: Child, other: Child) -> bool:
    return bool(one.nhs_number and other.nhs_number and one.nhs_number != other.nhs_number)


def _same_name(one: Child, other: Child) -> bool:
    return bool(_name(one)) and _name(one) == _name(other)


def _name(child: Child) -> str:
    return _letters(child.forename + child.surname)


def _same(one: Child, other: Child, field: str) -> bool:
    value = _letters(getattr(one, field))
    return bool(value) and value == _letters(getattr(other, field))


def _letters(text: str) -> str:
    """Letters and digits only, without case and accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text).casefold() if sign.isalnum())

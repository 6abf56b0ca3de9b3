"""How a contact names a child, by what is known now of what was said: another row, and the one of before stays."""

from __future__ import annotations

from typing import Any

from pathway.engine import inputs
from pathway.engine.act import Act
from pathway.engine.children import persons
from pathway.engine.children.child_input import ChildInput
from storage.tables import NamedChild, Person, Referral, id_of


def as_input(row: Person | NamedChild, **new: Any) -> ChildInput:
    """A child as recorded or as named, with what is new, as the form reads it with which a contact is logged."""
    known = {name: getattr(row, name, "") or "" for name in persons.NAMED}
    return inputs.parse(ChildInput, known | {name: value or "" for name, value in new.items()})


def name_anew(act: Act, referral: Referral, before: Person | NamedChild, **new: Any) -> None:
    """Keeps how the contact names the child from now on; letters follow where the referrer had named it."""
    told = as_input(before, **new)
    fields = {name: getattr(told, name) for name in persons.NAMED}
    act.session.add(NamedChild(referral_id=id_of(referral), named_at=act.now, **fields))
    if referral.named_by_referrer:
        referral.named_as = told.full_name

"""Migrations are only added: one that has landed never changes and never goes."""

from __future__ import annotations

import pytest

from architecture import landed


def test_migrations_that_have_landed_are_as_they_were_and_new_ones_are_listed():
    assert landed.faults(landed.listed(), landed.there()) == []


@pytest.mark.parametrize(
    ("found", "said"),
    [({}, "is gone"), ({"0001.py": "other"}, "has changed"), ({"0001.py": "one", "0002.py": "two"}, "0002.py is new")],
)
def test_one_that_is_gone_changed_or_not_listed_is_named_with_what_to_do(found, said):
    (fault,) = landed.faults({"0001.py": "one"}, found)
    assert said in fault

"""Promise: the form raises the queries that the import raises: an adult's date, no name, births too close."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from storage.tables import Query
from support import rows
from support.front_door import FrontDoor, child_fields

Door = Callable[..., FrontDoor]


def asked(door: FrontDoor) -> list[tuple[str, str]]:
    with door.database.read() as session:
        return [(query.place, query.problem) for query in rows.everything(session, Query)]


@pytest.fixture
def door(open_door: Door) -> FrontDoor:
    return open_door("2009-03-10 09:00")


def test_an_adults_date_and_a_name_that_is_none_are_queries(door: FrontDoor) -> None:
    door.log(children=[child_fields("Baby", birth_date=date(1985, 5, 1))])
    assert asked(door) == [
        ("children.0.forename", "The forename stands for a name that was not known"),
        (
            "children.0.birth_date",
            "By this birth date the person was 23 when the contact was received: an adult",
        ),
    ]


@pytest.mark.parametrize(
    ("other", "apart"),
    [
        (date(2004, 3, 3), "1 day"),
        (date(2004, 10, 30), "242 days"),
        (date(2003, 12, 1), "92 days"),
        (date(2004, 3, 2), ""),
        (date(2004, 12, 2), ""),
        (date(2004, 1, 1), ""),
    ],
)
def test_two_children_of_one_family_born_too_close_are_a_query(door: FrontDoor, other: date, apart: str) -> None:
    door.log(children=[child_fields("Mia", birth_date=date(2004, 3, 2)), child_fields("Leo", birth_date=other)])
    problem = f"Born {apart} from child 1: two children of one mother hardly are"
    assert asked(door) == ([("children.1.birth_date", problem)] if apart else [])


def test_children_of_two_families_may_be_born_on_any_days(door: FrontDoor) -> None:
    mia, leo = date(2004, 3, 2), date(2004, 5, 2)
    door.log(children=[child_fields("Mia", birth_date=mia), child_fields("Leo", "Reed", birth_date=leo)])
    assert asked(door) == []

"""What one step costs in statements: it does not grow with the number of children who may be the same."""

from __future__ import annotations

import pytest

from storage.queries.children import match_rows
from support import listening

# The beginning of the transaction is one. A step that asks more must be worth it; lower them where it asks less.
BOUNDS = {"log": 31, "screen": 22, "decide": 51}


@pytest.fixture
def counted(open_door):
    """A front door, and the statements that have gone to its database."""
    door = open_door("2009-03-27 10:00")
    with listening.statements(door.database) as found:
        yield door, found


def steps(counted, name, *, alike):
    """What it takes to log, screen and decide a child who may be any of so many logged before."""
    door, found = counted
    for letter in "abcdefghijklmnop"[:alike]:
        door.log(name + letter)
    marks = [len(found)]
    (child,) = door.referrals(door.log(name + "z"))
    marks.append(len(found))
    with door.database.read() as session:
        assert len(match_rows.open_of(session, child.person_id)) == alike
    for step in (door.screen, door.decide):
        before = len(found)
        step(child)
        marks.append(len(found) - before)
    return {"log": marks[1] - marks[0], "screen": marks[2], "decide": marks[3]}


def test_a_child_with_six_possible_matches_takes_no_more_than_one_with_two(counted):
    assert steps(counted, "Mia", alike=6) == steps(counted, "Oskar", alike=2)


def test_a_child_whom_nobody_resembles_is_logged_screened_and_decided_with_so_few(counted):
    counted[0].log("Oskar")
    assert {step: took for step, took in steps(counted, "Mia", alike=0).items() if took > BOUNDS[step]} == {}

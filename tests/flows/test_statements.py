"""What one step costs in statements: it does not grow with the number of children who may be the same."""

from __future__ import annotations

from storage.queries.children import match_rows
from support import listening

MORNING = "2009-03-27 10:00"
BOUNDS = {
    "log": 34,
    "screen": 25,
    "decide": 56,
}  # a step that asks more must be worth it; lower them where it asks less


def asked(door, step, *args):
    """How many statements a step takes, the beginning of its transaction among them."""
    with listening.statements(door.database) as found:
        result = step(*args)
    return len(found), result


def steps(door, name, *, alike):
    """What it takes to log, screen and decide a child who may be any of so many logged before."""
    for letter in "abcdefghijklmnop"[:alike]:
        door.log(name + letter)
    log, contact = asked(door, door.log, name + "z")
    (child,) = door.referrals(contact)
    with door.database.read() as session:
        assert len(match_rows.open_of(session, child.person_id)) == alike
    screen, _ = asked(door, door.screen, child)
    decide, _ = asked(door, door.decide, child)
    return {"log": log, "screen": screen, "decide": decide}


def test_a_child_with_six_possible_matches_takes_no_more_than_one_with_two(open_door):
    door = open_door(MORNING)
    assert steps(door, "Mia", alike=6) == steps(door, "Oskar", alike=2)


def test_a_child_whom_nobody_resembles_is_logged_screened_and_decided_with_so_few(open_sqlite_door):
    door = open_sqlite_door(MORNING)
    door.log("Oskar")
    assert {step: took for step, took in steps(door, "Mia", alike=0).items() if took > BOUNDS[step]} == {}

"""``pathway user change NAME --left``: whom what they hold goes to, by option and at a terminal."""

from __future__ import annotations

import io
import sys

import pytest

from storage.queries.staff import staff_rows
from support import hands


@pytest.fixture
def place(newcomer, open_door, monkeypatch):
    """Sam holds Mia, and Ruth nobody; they sign in."""
    door = open_door("2009-03-26 10:00")
    team = hands.add_team(door)
    sam, _ = hands.social_worker(door, "Sam Okoro", team=team)
    ruth, _ = hands.social_worker(door, "Ruth Ames", team=team)
    (mia,) = hands.awaiting(door, "Mia")
    mia = door.allocate(mia, sam)
    monkeypatch.setenv("PATHWAY_DATABASE_URL", door.database.url)
    return newcomer, door, mia, sam, ruth


class Terminal(io.StringIO):
    """A keyboard: not every machine has a device for one."""

    def isatty(self):
        return True


@pytest.fixture
def typed(monkeypatch):
    """Has somebody sit at a terminal and type this."""
    return lambda text: monkeypatch.setattr(sys, "stdin", Terminal(text))


def leave(newcomer, *to):
    return newcomer("user", "change", "sam.okoro", "--left", *(word for one in to for word in ("--to", one)))


def works(door, username):
    with door.database.read() as session:
        return staff_rows.user(session, username).active


@pytest.mark.parametrize("unknown", ["PW-9999-9999-1", "alert:4711", "nonsense"])
def test_what_is_not_held_is_named_with_what_is_and_nothing_changes(place, unknown):
    newcomer, door, mia, sam, _ = place
    ended = leave(newcomer, f"{unknown}=ruth.ames", f"{mia.ref}=ruth.ames")
    assert ended.code == 2
    assert f"--to: They do not hold {unknown}; nobody was let go" in ended.err
    assert mia.ref in ended.err
    assert (works(door, "sam.okoro"), door.fresh(mia).worker_id) == (True, sam.id)


def test_what_is_held_goes_to_whom_it_is_given(place):
    newcomer, door, mia, _, ruth = place
    ended = leave(newcomer, f"{mia.ref}=ruth.ames")
    assert f"{mia.ref} goes to Ruth Ames." in ended.out
    assert (works(door, "sam.okoro"), door.fresh(mia).worker_id) == (False, ruth.id)


@pytest.mark.parametrize(
    ("answer", "given"), [("ruth.ames", True), ("Ruth Ames", True), ("", False), ("nobody", False)]
)
def test_at_a_terminal_it_is_asked_to_whom(place, typed, answer, given):
    newcomer, door, mia, _, ruth = place
    typed(f"{answer}\n")
    ended = leave(newcomer)
    assert "Sam Okoro holds 1 child. To whom?" in ended.out + ended.err
    assert works(door, "sam.okoro") is False
    assert door.fresh(mia).worker_id == (ruth.id if given else None)


def test_whom_things_go_to_is_said_only_where_somebody_leaves(place):
    newcomer, *_ = place
    ended = newcomer("user", "change", "sam.okoro", "--name", "Sam Oko", "--to", "ruth.ames")
    assert (ended.code, "--to: Nobody is let go" in ended.err) == (2, True)

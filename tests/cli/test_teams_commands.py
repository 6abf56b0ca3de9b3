"""``pathway team``: teams and workers listed, changed and let go."""

from __future__ import annotations

import pytest

from pathway.engine.staff import account_changes
from rules.vocabulary import Role
from storage.queries.staff import staff_rows
from support import hands
from support.front_door import person_in


@pytest.fixture
def council(newcomer, open_door, monkeypatch):
    """A council with one worker of one team."""
    door = open_door("2009-03-26 10:00")
    worker = door.add_worker()
    monkeypatch.setenv("PATHWAY_DATABASE_URL", door.database.url)
    return lambda *words: newcomer("team", *words), door, worker


def listed(team):
    return team("list").out.splitlines()


def test_teams_are_listed_with_their_workers_and_children(council):
    team, door, worker = council
    (mia,) = hands.awaiting(door, "Mia")
    door.allocate(mia, worker)
    assert listed(team) == ["Assessment team: 1 worker", "  Sam Okoro: full time, 1 child"]


def test_a_worker_changes_hours_name_and_team_and_what_is_left_out_stays(council):
    team, *_ = council
    team("add", "Court team")
    in_team = ("--team", "Assessment team")
    assert team("change-worker", "Sam Okoro", *in_team, "--full-time", "0.6", "--name", "Sam Oko").code == 0
    assert team("move-worker", "Sam Oko", *in_team, "--to", "Court team").out == "Sam Oko is in Court team now.\n"
    assert listed(team) == [
        "Assessment team: 0 workers",
        "Court team: 1 worker",
        "  Sam Oko: 0.6 of full time, 0 children",
    ]


def test_a_team_is_renamed(council):
    team, *_ = council
    team("rename", "Assessment team", "North team")
    assert listed(team)[0] == "North team: 1 worker"


def test_a_worker_and_a_team_are_let_go_twice_without_harm_and_come_back(council):
    team, *_ = council
    sam = ("let-go", "Assessment team", "--worker", "Sam Okoro")
    assert "1 worker is in Assessment team" in team("let-go", "Assessment team").err
    for command in (sam, ("let-go", "Assessment team")):
        assert [team(*command).code for _ in range(2)] == [0, 0]
    assert listed(team) == ["Assessment team (let go): 0 workers", "  Sam Okoro (let go): full time, 0 children"]
    assert team("let-go", "Assessment team", "--back").out == "Assessment team is back.\n"
    assert team(*sam, "--back").out == "Sam Okoro is back.\n"


def test_who_holds_a_child_is_let_go_and_the_child_waits(council):
    team, door, worker = council
    (mia,) = hands.awaiting(door, "Mia")
    door.allocate(mia, worker)
    ended = team("let-go", "Assessment team", "--worker", "Sam Okoro")
    assert (ended.code, "Sam Okoro held 1 child." in ended.out, mia.ref in ended.out) == (0, True, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("rename", "Nowhere", "Somewhere"), "no team Nowhere"),
        (("let-go", "Assessment team", "--worker", "Nobody"), "has no worker Nobody"),
        (("change-worker", "Sam Okoro", "--team", "Assessment team", "--full-time", "2"), "between 0 and 1"),
        (("rename", "Assessment team", "North", "--by", "screening.officer"), "does not allow you"),
    ],
)
def test_what_is_unknown_or_not_allowed_is_said(council, words, told):
    team, *_ = council
    ended = team(*words)
    assert (ended.code, told in ended.err) == (2, True), ended.err


def test_nobody_is_named_for_what_a_whole_team_hands_over(council):
    team, *_ = council
    for command in (("let-go", "Assessment team"), ("let-go", "Assessment team", "--worker", "Sam Okoro", "--back")):
        ended = team(*command, "--to", "Ruth Ames")
        assert (ended.code, "--to: Nobody is let go" in ended.err) == (2, True)


def test_a_worker_whose_sign_in_has_ended_is_not_taken_back_as_one_who_signs_in(council):
    team, door, _ = council
    hands.social_worker(door, "Ruth Ames")
    with door.acting(person_in(Role.ADMINISTRATOR)) as act:
        user = staff_rows.user(act.session, "ruth.ames")
        account_changes.leave(act, user.id)
    ended = team("let-go", "Assessment team", "--worker", "Ruth Ames", "--back")
    assert (ended.code, "ruth.ames no longer works here" in ended.err) == (2, True)
    email = ("--email", "r@example.org")
    ended = team("add-worker", "R Ames", "--team", "Assessment team", *email, "--user", "ruth.ames")
    assert (ended.code, "ruth.ames no longer works here" in ended.err) == (2, True)

"""Teams and workers: an administrator adds, changes and lets them go; whoever goes hands over."""

from __future__ import annotations

import pytest

from rules.vocabulary import Role
from storage.queries.staff import staff_rows
from storage.tables import Team, Worker
from support import hands, rows
from support.front_door import person_in

ADMINISTRATOR = person_in(Role.ADMINISTRATOR)
SAM = {"name": "Sam Okoro", "email": "sam@council.example.org", "full_time_equivalent": "0.5"}


@pytest.fixture
def office(browser):
    return browser.sign_in(ADMINISTRATOR)


def only(office, table):
    with office.door.database.read() as session:
        (found,) = rows.everything(session, table)
    return found


def save(office, worker, **changes):
    return office.fill(f"/workers/{worker.id}", **changes)


def test_a_team_and_a_worker_are_added_and_listed(office):
    office.fill("/teams/new", name="Court team")
    page = office.fill("/workers/new", team_id=str(only(office, Team).id), **SAM)
    assert "children can be allocated now" in page.words
    assert "Sam Okoro Court team 0.5 of full time 0 Yes" in page.words
    assert "Worker Sam Okoro added to Court team: 0.5 of full time" in page.words


def test_a_workers_name_hours_team_and_user_change(office):
    worker, court = office.door.add_worker(), hands.add_team(office.door, "Court team")
    hands.person(office.door, "Ruth Ames", Role.SOCIAL_WORKER)
    save(office, worker, name="Sam Oko", full_time_equivalent="0.6", team_id=str(court.id), username="ruth.ames")
    found = only(office, Worker)
    assert (found.name, found.full_time_equivalent, found.team_id) == ("Sam Oko", 0.6, court.id)
    with office.door.database.read() as session:
        assert staff_rows.worker_of_user(session, "ruth.ames").id == worker.id


def test_a_worker_who_is_let_go_hands_over_what_they_hold(office):
    worker = office.door.add_worker()
    ruth, _ = hands.social_worker(office.door, "Ruth Ames", team=hands.add_team(office.door, "Court team"))
    mia, leo = (office.door.allocate(one, worker) for one in hands.awaiting(office.door, "Mia", "Leo"))
    page = office.open(f"/workers/{worker.id}/leave")
    assert "Sam Okoro holds 2 children." in page.words
    assert "Mia" not in page.words  # an administrator reads no record
    office.fill(f"/workers/{worker.id}/leave", **{f"child:{mia.ref}": f"worker:{ruth.id}"})
    assert (office.door.fresh(mia).worker_id, office.door.fresh(leo).state) == (ruth.id, "awaiting allocation")


def test_who_is_let_go_is_given_no_child_stays_on_the_list_and_may_come_back(office):
    worker = office.door.add_worker()
    page = save(office, worker, active="")
    assert "0 Let go" in page.words
    assert "Worker Sam Okoro, Assessment team: full time, let go" in page.words
    with office.door.database.read() as session:
        assert staff_rows.active_worker(session, worker.id) is None
    office.post(f"/workers/{worker.id}", **SAM, team_id=str(worker.team_id), active="yes")
    assert only(office, Worker).active


def test_a_team_is_let_go_only_when_it_is_empty(office):
    worker = office.door.add_worker()
    team = f"/teams/{worker.team_id}"
    assert "1 worker is in Assessment team. Move them to another team" in office.fill(team, active="").words
    save(office, worker, active="")
    assert "Let go" in office.fill(team, active="").words
    with office.door.database.read() as session:
        assert staff_rows.teams(session) == []


def test_a_child_who_is_with_a_team_alone_keeps_it(office):
    team = hands.add_team(office.door)
    (mia,) = hands.awaiting(office.door, "Mia")
    hands.give(office.door, mia, team)
    page = office.fill(f"/teams/{team.id}", active="")
    assert "1 child is with Assessment team. Give them to a worker or another team first." in page.words


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"full_time_equivalent": "1.5"}, "between 0 and 1"),
        ({"full_time_equivalent": "half"}, "number"),
        ({"full_time_equivalent": "nan"}, "between 0 and 1"),
        ({"email": "nowhere"}, "can't be written to"),
        ({"username": "nobody.known"}, "no user nobody.known"),
        ({"team_id": "4711"}, "no such team"),
        ({"name": "Sam Okoro"}, "has a worker Sam Okoro already"),
    ],
)
def test_what_is_wrong_with_a_worker_is_named(office, typed, told):
    worker = office.door.add_worker()
    page = office.fill("/workers/new", **({"team_id": str(worker.team_id)} | SAM | {"name": "Ruth Ames"} | typed))
    assert (office.status, told.casefold() in page.words.casefold()) == (422, True), page.words


def test_a_second_click_adds_nobody_and_writes_nothing(office):
    page = office.open("/teams/new")
    office.send(page, "/teams/new", name="Court team")
    office.send(page, "/teams/new", name="Court team")
    assert (office.status, only(office, Team).name) == (200, "Court team")
    again = f"/teams/{only(office, Team).id}"
    office.fill(again, name="Court")
    office.fill(again, name="Court")
    assert office.open("/people").words.count("Team Court, before: Court team") == 1

"""The allocation list, giving to a team, transfers, and a worker's own children, on pages."""

from __future__ import annotations

import pytest

from rules.vocabulary import Role
from support import hands
from support.front_door import TEAM_MANAGER, person_in
from support.old_system import imported, line, written

WORKER = person_in(Role.SOCIAL_WORKER)


@pytest.fixture
def held(either):
    """A desk, Mia's referral, and the two workers, each with a user name; Sam holds Mia."""
    door = either.door
    sam, sam_signs = hands.social_worker(door, "Sam Okoro")
    ruth, ruth_signs = hands.social_worker(door, "Ruth Ames", team=hands.add_team(door, "Court team"))
    (mia,) = hands.awaiting(door, "Mia")
    door.allocate(mia, sam)
    return either, mia, sam_signs, ruth, ruth_signs


def test_a_team_without_a_worker_is_shown_as_unallocated(either):
    (mia,) = hands.awaiting(either.door, "Mia")
    team = hands.add_team(either.door)
    path = f"/referrals/{mia.ref}/team"
    page = either.sign_in(TEAM_MANAGER).fill(path, team_id=str(team.id), note="Tess looks for somebody.")
    assert "Assessment team has the child, without a worker: unallocated." in page.words
    words = either.open("/allocations").words
    assert "Team only, unallocated" in words
    assert "Assessment team" in words


def test_no_team_chosen_is_said_at_its_field_and_the_note_is_kept(either):
    (mia,) = hands.awaiting(either.door, "Mia")
    hands.add_team(either.door)
    page = either.sign_in(TEAM_MANAGER).fill(f"/referrals/{mia.ref}/team", note="Half a sentence")
    assert either.status == 422
    assert "#team_id" in page.links
    assert page.form().values["note"] == "Half a sentence"


def test_the_list_can_be_narrowed_to_one_team_and_says_when_nobody_waits(either):
    assert "Nobody waits" in either.sign_in(TEAM_MANAGER).open("/allocations").words
    mia, leo = hands.awaiting(either.door, "Mia", "Leo")
    team = hands.add_team(either.door)
    hands.give(either.door, mia, team)
    page = either.open(f"/allocations?team={team.id}")
    assert mia.ref in page.words
    assert leo.ref not in page.words
    empty = hands.add_team(either.door, "Court team")
    assert "Nobody waits in this team" in either.open(f"/allocations?team={empty.id}").words


def test_a_child_moves_when_both_have_accepted_on_their_pages(held):
    desk, mia, sam_signs, ruth, ruth_signs = held
    path = f"/referrals/{mia.ref}/transfer"
    page = desk.sign_in(sam_signs).fill(path, to_worker_id=str(ruth.id), handover_note="Visited twice.")
    assert "waits for the taking side" in page.words
    assert "Accept the transfer" not in desk.open(path).words
    assert mia.ref in desk.sign_in(ruth_signs).open("/my-children").words
    page = desk.open(path)
    assert "Visited twice." in page.words
    (accepting,) = [form for form in page.forms if form.action and form.action.endswith("/accept")]
    page = desk.post(accepting.action, **accepting.values)
    assert "Transfer complete" in page.words
    assert desk.door.fresh(mia).worker_id == ruth.id


def test_a_refusal_needs_its_reason_which_is_told(held):
    desk, mia, sam_signs, ruth, ruth_signs = held
    transfer = hands.propose(desk.door, mia, ruth, by=sam_signs)
    path = f"/referrals/{mia.ref}/transfer/refuse"
    page = desk.sign_in(ruth_signs).post(path, transfer=str(transfer.id), reason=" ")
    assert desk.status == 422
    assert "#reason" in page.links
    desk.post(path, transfer=str(transfer.id), reason="I am away in April.")
    assert "I am away in April." in desk.open(f"/referrals/{mia.ref}/transfer").words


def test_the_manager_of_the_team_names_the_worker(held):
    desk, mia, sam_signs, ruth, _ = held
    court = hands.add_team(desk.door, "Court team")
    carl = hands.person(desk.door, "Carl Court", Role.TEAM_MANAGER, team=court)
    transfer = hands.propose(desk.door, mia, court, by=sam_signs)
    accept = f"/referrals/{mia.ref}/transfer/accept"
    page = desk.sign_in(carl).post(accept, transfer=str(transfer.id))
    assert "#worker_id" in page.links
    desk.post(accept, transfer=str(transfer.id), worker_id=str(ruth.id))
    assert desk.door.fresh(mia).worker_id == ruth.id


def test_a_full_caseload_asks_the_manager_for_the_reason(held):
    desk, mia, sam_signs, _, _ = held
    full, _ = hands.social_worker(desk.door, "Full Up", full_time_equivalent=0.1)
    desk.door.allocate(*hands.awaiting(desk.door, "Other"), full)
    transfer = hands.propose(desk.door, mia, full, by=sam_signs)
    accept = f"/referrals/{mia.ref}/transfer/accept"
    page = desk.sign_in(TEAM_MANAGER).post(accept, transfer=str(transfer.id))
    assert desk.status == 409
    assert "Full Up would hold 2 open children" in page.words
    assert "override_reason" in page.ids
    page = desk.post(accept, transfer=str(transfer.id), override_reason="Two close on Friday.")
    assert "Transfer complete" in page.words


def test_the_transfer_of_another_child_is_not_answered_here(held):
    desk, mia, sam_signs, ruth, ruth_signs = held
    transfer = hands.propose(desk.door, mia, ruth, by=sam_signs)
    (leo,) = hands.awaiting(desk.door, "Leo")
    page = desk.sign_in(ruth_signs).post(f"/referrals/{leo.ref}/transfer/accept", transfer=str(transfer.id))
    assert desk.status == 409
    assert "does not wait any more" in page.words


def test_nobody_chosen_for_a_transfer_is_said_and_the_note_is_kept(held):
    desk, mia, sam_signs, _, _ = held
    page = desk.sign_in(sam_signs).fill(f"/referrals/{mia.ref}/transfer", handover_note="Visited twice.")
    assert "#to_worker_id" in page.links
    assert page.form().values["handover_note"] == "Visited twice."


def test_a_worker_sees_the_children_what_is_due_and_the_caseload(held):
    desk, mia, sam_signs, _, _ = held
    page = desk.sign_in(sam_signs).open("/my-children")
    assert mia.ref in page.words
    assert "1 of 15 children" in page.words
    assert "left Initial assessment" in page.words or "Initial assessment" in page.words


def test_another_workers_children_are_not_mine(held):
    desk, mia, _, _, ruth_signs = held
    page = desk.sign_in(ruth_signs).open("/my-children")
    assert "You hold no child at the moment." in page.words
    assert mia.ref not in page.words


def test_a_user_who_is_no_worker_is_told_what_is_missing(either):
    page = either.sign_in(WORKER).open("/my-children")
    assert either.status == 200
    assert "belongs to no worker" in page.words


def test_an_alert_about_a_child_stands_before_the_worker(held):
    desk, mia, sam_signs, _, _ = held
    desk.door.move_to("2009-05-01 10:00")
    desk.door.sweep()
    page = desk.sign_in(sam_signs).open("/my-children")
    assert f"referral {mia.ref}" in page.words
    assert "Alerts about your children" in page.words


def test_imported_history_stands_last_however_long_it_has_waited(either, tmp_path):
    imported(either.door.database, written(tmp_path, line(outcome="INITIAL ASSESSMENT")))
    (leo,) = hands.awaiting(either.door, "Leo")
    (zoe,) = hands.awaiting(either.door, "Zoe", immediate_danger=True)
    hands.give(either.door, zoe, hands.add_team(either.door))
    page = either.sign_in(TEAM_MANAGER).open("/allocations").words
    assert page.index("Zoe") < page.index(leo.ref) < page.index("Imported history") < page.index("Mia")

"""Siblings are offered together on one page and allocated one by one."""

from __future__ import annotations

import pytest

from support import hands
from support.front_door import TEAM_MANAGER

TALK = {"discussed_at": "26 3 2009", "discussed_at_time": "09:30", "discussed_by": "Tara", "agreed": "Visit tomorrow."}


@pytest.fixture
def family(either):
    return hands.awaiting(either.door, "Mia", "Leo", "Ida")


def field(referral, name="worker_id"):
    return f"child.{referral.ref}.{name}"


def submit(desk, referral, **typed):
    path = f"/referrals/{referral.ref}/allocate"
    return desk.send(desk.sign_in(TEAM_MANAGER).open(path), path, **TALK | typed)


def states(desk, family):
    return [desk.door.fresh(one).state for one in family]


def test_the_other_children_who_wait_are_offered_each_with_its_own_choice(either, family):
    mia, leo, ida = family
    (stranger,) = hands.awaiting(either.door, "Stranger", children=[{"forename": "Zoe", "surname": "Other"}])
    page = either.sign_in(TEAM_MANAGER).open(f"/referrals/{mia.ref}/allocate")
    assert {field(leo), field(ida)} <= set(page.form().values)
    assert field(stranger) not in page.form().values
    assert field(mia) not in page.form().values


def test_one_submit_allocates_those_chosen_with_the_same_discussion(either, family):
    mia, leo, _ = family
    worker = str(either.door.add_worker().id)
    page = submit(either, mia, worker_id=worker, **{field(leo): worker})
    assert "Children allocated, each by itself" in page.words
    assert states(either, family) == ["allocated", "allocated", "awaiting allocation"]
    assert "Visit tomorrow." in either.open(f"/referrals/{leo.ref}").words


def test_what_was_agreed_for_one_child_may_differ(either, family):
    mia, leo, _ = family
    worker = str(either.door.add_worker().id)
    submit(either, mia, worker_id=worker, **{field(leo): worker, field(leo, "agreed"): "See Leo at school."})
    assert "See Leo at school." in either.open(f"/referrals/{leo.ref}").words
    assert "See Leo at school." not in either.open(f"/referrals/{mia.ref}").words


def test_one_refused_leaves_the_others_allocated_and_keeps_its_own_fields(either, family):
    mia, leo, ida = family
    roomy, full = either.door.add_worker(), either.door.add_worker("Ruth Ames", full_time_equivalent=0.1)
    either.door.allocate(*hands.awaiting(either.door, "Held"), full)
    typed = {field(leo): str(full.id), field(leo, "agreed"): "See Leo.", field(ida): str(roomy.id)}
    page = submit(either, mia, worker_id=str(roomy.id), **typed)
    assert either.status == 409
    assert "Allocated: Mia Harlow, Ida Harlow." in page.words
    assert "Leo Harlow: Ruth Ames would hold 2 open children" in page.words
    assert states(either, family) == ["allocated", "awaiting allocation", "allocated"]
    values = page.form().values
    assert (values[field(leo)], values[field(leo, "agreed")]) == (str(full.id), "See Leo.")
    page = either.send(page, either.path, **{field(leo, "override_reason"): "Nobody else until Monday."})
    assert states(either, family) == ["allocated", "allocated", "allocated"]


def test_a_sibling_can_be_allocated_from_this_page_while_the_child_itself_waits(either, family):
    mia, leo, _ = family
    submit(either, mia, worker_id="", **{field(leo): str(either.door.add_worker().id)})
    assert states(either, family) == ["awaiting allocation", "allocated", "awaiting allocation"]


def test_nobody_chosen_is_said_at_its_field(either, family):
    page = submit(either, family[0], worker_id="")
    assert either.status == 422
    assert "#worker_id" in page.links


def test_somebody_elses_change_to_one_child_is_said_and_the_others_go_through(either, family):
    mia, leo, _ = family
    worker = str(either.door.add_worker().id)
    path = f"/referrals/{mia.ref}/allocate"
    page = either.sign_in(TEAM_MANAGER).open(path)
    hands.give(either.door, leo, hands.add_team(either.door))
    page = either.send(page, path, **TALK, worker_id=worker, **{field(leo): worker})
    assert either.status == 409
    assert "Leo Harlow: This referral has changed" in page.words
    assert states(either, family)[:2] == ["allocated", "awaiting allocation"]
    either.send(page, path)
    assert states(either, family)[:2] == ["allocated", "allocated"]


def test_a_second_click_allocates_once(either, family):
    mia, leo, _ = family
    worker = str(either.door.add_worker().id)
    path = f"/referrals/{mia.ref}/allocate"
    page = either.sign_in(TEAM_MANAGER).open(path)
    for _ in range(2):
        either.send(page, path, **TALK, worker_id=worker, **{field(leo): worker})
        assert either.status == 200
    assert len([event for event in either.door.events(leo) if event.kind == "allocated"]) == 1

"""Recording milestones on a page, and reading them there."""

from __future__ import annotations

import pytest

from rules.vocabulary import Role
from support.front_door import TEAM_MANAGER, person_in

WORKER = person_in(Role.SOCIAL_WORKER)
WHEN = {"occurred_at": "26 3 2009", "occurred_at_time": "10:00"}
DISCUSSION = WHEN | {"kind": "strategy discussion held", "enquiry_started": "yes", "took_part": "Police and midwife."}


def accepted(door):
    (mia,) = door.referrals(door.log("Mia"))
    return door.decide(mia, "strategy-discussion")


def fill(desk, actor, referral, **typed):
    return desk.sign_in(actor).fill(f"/referrals/{referral.ref}/milestone", **typed)


def test_a_worker_records_a_strategy_discussion_and_the_conference_clock_is_shown(either):
    mia = accepted(either.door)
    page = fill(either, WORKER, mia, **DISCUSSION)
    assert either.path == f"/referrals/{mia.ref}"
    for words in (
        "Milestone recorded",
        "It started a section 47 enquiry. Took part: Police and midwife.",
        "Child prot",
    ):
        assert words in page.words
    assert f"/referrals/{mia.ref}/milestone" in page.links


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"kind": ""}, "kind"),
        ({"occurred_at": "someday"}, "occurred_at"),
        ({"occurred_at_time": ""}, "occurred_at_time"),
        ({"occurred_at": "27 3 2009"}, "occurred_at"),
        ({"took_part": ""}, "took_part"),
        ({"enquiry_started": ""}, "enquiry_started"),
    ],
)
def test_an_odd_milestone_is_said_at_its_field_and_what_was_typed_is_kept(browser, changes, place):
    page = fill(browser, WORKER, accepted(browser.door), **DISCUSSION | {"note": "By telephone."} | changes)
    assert browser.status == 422
    assert f"#{place}" in page.links
    assert page.form().values["note"] == "By telephone."


def test_what_is_on_record_is_read_beside_the_form(browser):
    door = browser.door
    mia = accepted(door)
    door.record(mia, "child seen")
    page = browser.sign_in(TEAM_MANAGER).open(f"/referrals/{mia.ref}/milestone")
    assert "reason_for_overrun" in page.form().values
    assert "Seen alone" in page.words


def test_before_acceptance_the_form_says_that_it_is_too_early(browser):
    (mia,) = browser.door.referrals(browser.door.log("Mia"))
    page = fill(browser, WORKER, mia, **DISCUSSION)
    assert browser.status == 409
    assert "This one is received" in page.words

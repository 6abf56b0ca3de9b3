"""The digest: once a working day at the manager's hour, counts first, also when nothing is late, and nobody named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from rules.errors import InvalidInput
from rules.vocabulary import Role
from storage.tables import Message
from support import notices
from support.front_door import FrontDoor, london

Door = Callable[..., FrontDoor]
DUTY = Role.DUTY_MANAGER
MONDAY = "2009-03-09 12:00"


def digests(door: FrontDoor, role: Role = DUTY) -> Sequence[Message]:
    """The digests of somebody."""
    return door.messages(role, "digest")


def opened(open_door: Door, role: Role = DUTY, digest_at: str = "08:30") -> FrontDoor:
    """A front door in which somebody wants a digest."""
    door = open_door(MONDAY)
    notices.choose(door, role, digest_at=digest_at)
    return door


def sweep_at(door: FrontDoor, *moments: str) -> None:
    """A sweep at each of these moments."""
    for moment in moments:
        door.move_to(moment)
        door.sweep()


def test_it_comes_once_a_day_at_the_hour_that_was_chosen(open_door: Door) -> None:
    door = opened(open_door)
    sweep_at(door, "2009-03-10 08:29", "2009-03-10 08:30", "2009-03-10 08:31", "2009-03-10 17:00", "2009-03-11 08:30")
    assert [one.created_at for one in digests(door)] == [london("2009-03-10 08:30"), london("2009-03-11 08:30")]


def test_it_comes_late_after_a_downtime_and_never_for_yesterday(open_door: Door) -> None:
    door = opened(open_door)
    sweep_at(door, "2009-03-12 15:00")
    assert [one.created_at for one in digests(door)] == [london("2009-03-12 15:00")]


def test_chosen_after_its_hour_it_comes_from_tomorrow_on(open_door: Door) -> None:
    door = opened(open_door)
    sweep_at(door, "2009-03-09 12:01", "2009-03-10 08:30")
    assert [one.created_at for one in digests(door)] == [london("2009-03-10 08:30")]


def test_none_comes_on_a_day_off(open_door: Door) -> None:
    door = opened(open_door)
    sweep_at(door, "2009-03-14 09:00", "2009-03-15 09:00")
    assert not digests(door)


def test_nothing_late_is_said_too(open_door: Door) -> None:
    door = opened(open_door)
    sweep_at(door, "2009-03-10 08:30")
    (digest,) = digests(door)
    assert digest.subject == "Nothing is late, nothing due by this time tomorrow: your digest for Tuesday 10 March 2009"
    text = notices.text(digest)
    assert "Nothing is late\nNothing due in the next 24 hours\nNo letter owed\nNo caseload over the limit\n" in text


def test_counts_stand_first_then_lines_with_links_and_no_name(open_door: Door) -> None:
    door = opened(open_door)
    (late,) = door.referrals(door.log("Mia"))
    door.move_to("2009-03-10 08:00")
    (due,) = door.referrals(door.log("Leo", referrer_email="", referrer_address="3 High Street, London N1 1AA"))
    (waiting,) = door.referrals(door.log("Zoe"))
    door.decide(waiting, "assessment")
    sweep_at(door, "2009-03-10 12:00")
    notices.choose(door, DUTY, digest_at="12:30")
    sweep_at(door, "2009-03-10 12:30")
    (digest,) = digests(door)
    text = notices.text(digest)
    assert digest.subject.startswith("1 late, ")
    assert "1 late\n" in text
    assert "1 child waits for a worker" in text
    assert "Nobody has acknowledged it." in text
    for referral in (late, due, waiting):
        assert f"http://127.0.0.1:8000/referrals/{referral.ref}" in text
    assert not any(name in text + digest.subject for name in ("Mia", "Leo", "Zoe", "Harlow"))


def test_letters_owed_and_caseloads_over_the_limit_are_counted(open_door: Door) -> None:
    door = opened(open_door, Role.TEAM_MANAGER)
    worker = door.add_worker("Sam Okoro", full_time_equivalent=0.05)
    by_post: dict[str, Any] = {"referrer_email": "", "referrer_address": "3 High Street, London N1 1AA"}
    children = door.referrals(door.log("Mia", "Leo", **by_post))
    for child in children:
        door.decide(child, "assessment")
        door.allocate(child, worker, override_reason="Nobody else is in.")
    sweep_at(door, "2009-03-10 08:30")
    text = notices.text(digests(door, Role.TEAM_MANAGER)[0])
    assert "1 caseload over the limit" in text
    assert "Sam Okoro, Assessment team: 2 children; the limit is 1." in text
    assert "letters owed" in text or "1 letter owed" in text


def test_what_was_acknowledged_names_who_but_not_the_note(open_door: Door) -> None:
    door = opened(open_door, digest_at="13:00")
    (mia,) = door.referrals(door.log("Mia"))
    sweep_at(door, "2009-03-10 12:00")
    door.acknowledge(door.alert_of(mia), note="Ringing the school of Mia Harlow.")
    sweep_at(door, "2009-03-10 13:00")
    text = notices.text(digests(door)[0])
    assert "Acknowledged by duty.manager." in text
    assert "Mia" not in text


def test_what_is_no_business_of_a_role_is_not_in_its_digest(open_door: Door) -> None:
    door = opened(open_door, Role.TEAM_MANAGER, digest_at="13:00")
    door.log("Mia")
    sweep_at(door, "2009-03-10 12:00", "2009-03-10 13:00")
    assert digests(door, Role.TEAM_MANAGER)[0].subject.startswith("Nothing is late")


def test_the_hour_is_local_over_a_clock_change(open_door: Door) -> None:
    door = opened(open_door)
    sweep_at(door, "2009-03-27 08:30", "2009-03-30 08:29", "2009-03-30 08:30")
    assert [one.created_at for one in digests(door)] == [london("2009-03-27 08:30"), london("2009-03-30 08:30")]


def test_who_is_no_manager_gets_none(open_door: Door) -> None:
    door = open_door(MONDAY)
    with pytest.raises(InvalidInput) as refused:
        notices.choose(door, Role.AUDITOR, digest_at="08:30")
    assert refused.value.faults[0].place == "digest_at"

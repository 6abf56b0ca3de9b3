"""Promise: red 4, amber 24, green 72 hours from the rating; a rise in urgency shortens the clock at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from pathway.engine.actors import SYSTEM
from pathway.engine.changeover import changeover_plan, rulebook_changeover
from pathway.engine.rulebooks import published_books, shipped
from rules.errors import InvalidInput, NotAllowed, Refused
from storage.tables import Referral
from support.front_door import MANAGER, OFFICER, FrontDoor, london

Door = Callable[..., FrontDoor]
MONDAY = "2026-11-23 09:00"
LATER = "The police told us of an earlier assault."


def received(open_door: Door) -> tuple[FrontDoor, Referral]:
    door = open_door(MONDAY, book="mash-rag")
    (mia,) = door.referrals(door.log("Mia"))
    door.move_to("2026-11-23 10:00")
    return door, mia


@pytest.mark.parametrize(("rated", "hours"), [("red", 4), ("amber", 24), ("green", 72)])
def test_the_time_to_decide_counts_from_the_rating(open_door: Door, rated: str, hours: int) -> None:
    door, mia = received(open_door)
    assert door.clock(mia).due_at == london("2026-11-24 09:00")
    door.rate(mia, rated)
    clock = door.clock(mia)
    assert (clock.started_on, clock.due_at) == ("rated", door.now + timedelta(hours=hours))
    assert (clock.limit_amount, clock.round) == (hours, 1)


def test_red_shortens_the_clock_at_once_with_its_reason_in_the_history(open_door: Door) -> None:
    door, mia = received(open_door)
    door.rate(mia, "green")
    door.move_to("2026-11-23 12:00")
    door.rate(mia, "red", LATER)
    assert door.clock(mia).due_at == london("2026-11-23 16:00")
    told = [event.summary for event in door.events(mia)]
    assert f"Rated red instead of green: {LATER}" in told
    assert any(summary.endswith(f"4 hours from rated. Rated red. {LATER}") for summary in told)
    door.move_to("2026-11-23 16:00")
    door.sweep()
    assert door.alert_of(mia).due_at == door.now


def test_a_more_urgent_rating_never_makes_it_later_than_it_was(open_door: Door) -> None:
    door, mia = received(open_door)
    door.rate(mia, "amber")
    door.move_to("2026-11-24 08:00")
    door.rate(mia, "red", LATER)
    assert door.clock(mia).due_at == london("2026-11-24 10:00")


def test_a_less_urgent_rating_counts_from_the_new_rating(open_door: Door) -> None:
    door, mia = received(open_door)
    door.rate(mia, "red")
    door.move_to("2026-11-23 11:00")
    door.rate(mia, "amber", "The child is with an aunt.")
    assert door.clock(mia).due_at == london("2026-11-24 11:00")


def test_what_is_late_stays_late_and_its_alert_stays_open(open_door: Door) -> None:
    door, mia = received(open_door)
    door.rate(mia, "red")
    door.move_to("2026-11-23 14:30")
    door.sweep()
    door.rate(mia, "green", "A mistake: it was another child.")
    clock = door.clock(mia)
    assert (clock.due_at, clock.breached_at) == (london("2026-11-23 14:00"), london("2026-11-23 14:00"))
    assert door.alert_of(mia).due_at == london("2026-11-23 14:00")


def test_a_change_of_rating_needs_its_reason_and_every_rating_is_kept(open_door: Door) -> None:
    door, mia = received(open_door)
    door.rate(mia, "amber")
    with pytest.raises(InvalidInput, match="reason: A change of rating needs its reason"):
        door.rate(mia, "red")
    with pytest.raises(InvalidInput, match="rating: It is rated amber already"):
        door.rate(mia, "amber", LATER)
    with pytest.raises(InvalidInput, match="rating: There is no rating blue"):
        door.rate(mia, "blue")
    assert door.fresh(mia).rating == "amber"


def test_ratings_are_for_undecided_referrals_of_books_that_rate_and_for_those_who_decide(open_door: Door) -> None:
    door, mia = received(open_door)
    with pytest.raises(NotAllowed):
        door.rate(mia, "red", by=OFFICER)
    door.decide(mia)
    with pytest.raises(Refused, match="this referral is decided"):
        door.rate(mia, "red")


def test_a_book_without_ratings_says_so(open_door: Door) -> None:
    door = open_door("2009-03-10 09:00")
    (mia,) = door.referrals(door.log("Mia"))
    with pytest.raises(Refused, match="has no ratings"):
        door.rate(mia, "red")


def test_a_decision_in_the_time_of_its_rating_is_in_time(open_door: Door) -> None:
    door, mia = received(open_door)
    door.rate(mia, "red")
    door.move_to("2026-11-23 13:59")
    door.decide(mia)
    assert (door.clock(mia).state, door.clock(mia).breached_at) == ("stopped", None)


def test_moved_to_another_version_it_keeps_counting_by_its_rating(open_door: Door) -> None:
    door, mia = received(open_door)
    door.rate(mia, "amber")  # its 24 hours are those of the unrated as well
    text = (
        shipped.book_text("mash-rag").replace('= "1.1"', '= "2"', 1).replace('amber = "24 hours"', 'amber = "12 hours"')
    )
    with door.database.write() as session:
        published_books.publish(session, text, name="mash-rag", actor=SYSTEM, now=door.now)
    with door.database.read() as session:
        plan = rulebook_changeover.plan(session, book="mash-rag", to="2")
    order = changeover_plan.Order(reason="The board decided.", actor=MANAGER)
    changeover_plan.carry_out(door.database, plan, order, now=door.now)
    assert door.clock(mia).due_at == london("2026-11-23 22:00")

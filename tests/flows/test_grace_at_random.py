"""Whenever somebody decides, whatever the grace: no feedback is late and nobody is warned because a letter waited."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest

from rules.timing import grace as rule
from storage.queries.alerts import alert_rows
from storage.tables import Contact, Referral
from support import grace
from support.front_door import FrontDoor

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"
DUE = timedelta(hours=48)


def told_of(door: FrontDoor, referral: Referral) -> int:
    """How often somebody was warned or alerted of the feedback of a child."""
    clock = door.clock(referral, "feedback")
    with door.database.read() as session:
        alert = alert_rows.open_for(session, f"clock:{clock.id}")
        alerts = alert_rows.rungs(session, f"alert:{alert.id}") if alert else []
        return len(alert_rows.rungs(session, f"clock:{clock.id}")) + len(alerts)


def decided(door: FrontDoor, rng: random.Random) -> tuple[Contact, list[Referral]]:
    """One or two children, decided at random moments, many of them near a warning or the due moment."""
    contact = door.log(*rng.choice((("Mia",), ("Mia", "Leo"))))
    door.hand_over_letters()
    children = list(door.referrals(contact))
    for child in children:
        door.screen(child)
    start = door.now
    hours = rng.choice((rng.uniform(0, 50), 36 + rng.uniform(-1, 0.2), 44 + rng.uniform(-1, 0.2), 48 - rng.random()))
    moments = sorted(start + timedelta(hours=hours, minutes=-minutes) for minutes in (0, rng.uniform(0, 90)))
    for child, at in zip(children, moments[-len(children) :], strict=True):
        if at > door.now:
            door.watch_for(hours=(at - door.now) / timedelta(hours=1))
        door.decide(child)
    return contact, children


@pytest.mark.parametrize("seed", range(12))
def test_the_letter_is_as_much_in_time_as_it_would_have_been_without_a_grace(open_door: Door, seed: int) -> None:
    rng, door = random.Random(seed), open_door(TUESDAY)
    grace.give(door, rng.randint(0, 30))
    contact, children = decided(door, rng)
    decided_at, before = door.now, [told_of(door, child) for child in children]
    (letter,) = door.letters(contact, "outcome") or door.letters(contact, "part outcome")[-1:]
    door.watch_for(hours=1)
    assert grace.message_of(door, letter).state == "handed over"
    for child in children:
        clock = door.clock(child, "feedback")
        assert (clock.breached_at is not None) is (decided_at > contact.received_at + DUE)
        assert clock.stopped_at - decided_at <= rule.LONGEST
    assert [told_of(door, child) for child in children] == before

"""Whenever somebody decides, undoes and decides again: nothing is late because a letter waited, and one letter goes.

A case takes seconds, for the hours of two days pass in it. ``PATHWAY_DAYS`` asks for more of them: the night tries 100.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from rules.errors import Refused
from rules.messages import MessageState
from rules.timing import grace as rule
from rules.vocabulary import ClockState
from storage.queries import referral_rows
from storage.queries.alerts import alert_rows
from storage.queries.decisions import undone_rows
from storage.queries.letters import grace_rows
from storage.tables import Contact, Referral, id_of
from support import grace, second_thoughts
from support.front_door import FrontDoor

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"
DUE = timedelta(hours=48)
SEEDS, UNDONE = (range(int(os.environ.get("PATHWAY_DAYS", by_day))) for by_day in (12, 4))


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


@pytest.mark.parametrize("seed", SEEDS)
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


OUTCOMES = ("no-further-action", "assessment", "information-and-advice")


def something_happens(door: FrontDoor, rng: random.Random, child: Referral) -> None:
    """Somebody decides, changes or undoes, or minutes pass; refused is as good as done."""
    outcome, reasons = rng.choice(OUTCOMES), f"Because{rng.randrange(10**9)}."
    acts: dict[str, Callable[[], object]] = {
        "decide": lambda: door.decide(child, outcome, reasons=reasons),
        "change": lambda: second_thoughts.correct(door, child, outcome, reasons=reasons),
        "undo": lambda: grace.undo(door, child),
        "pass": lambda: grace.pass_by(door, rng.randint(1, 12)),
        "hours": lambda: grace.pass_by(door, rng.randint(60, 300)),
        "sweep": door.sweep,
        "post": door.hand_over_letters,
    }
    chosen = rng.choices(list(acts), (6, 3, 5, 6, 1, 2, 1))[0]
    try:
        acts[chosen]()
    except Refused:
        return


def wrong(door: FrontDoor, child: Referral, first_due: datetime) -> list[str]:
    """What does not hold about the duty to decide about one child: it never moves, and runs while nothing stands."""
    now, clocks = door.fresh(child), door.rounds(child, "decision")
    stands = grace.standing(door, child)
    late = door.now >= first_due if stands is None else now.state != "closed" and decided_late(door, child, first_due)
    return [
        *(["moved"] if [one.due_at for one in clocks] != [first_due] else []),
        *(["runs"] if (clocks[0].state == ClockState.RUNNING) is not (stands is None) else []),
        *(["outcome"] if now.outcome != stands else []),
        *(["breach"] if now.state != "closed" and (clocks[0].breached_at is not None) is not late else []),
    ]


def decided_late(door: FrontDoor, child: Referral, first_due: datetime) -> bool:
    """Whether the first of the decisions that stand came after the due moment."""
    with door.database.read() as session:
        return undone_rows.standing_together(session, id_of(child))[0].decided_at > first_due


@pytest.mark.parametrize("seed", UNDONE)
def test_whatever_is_decided_changed_and_undone_the_duty_to_decide_stays_and_what_stands_is_told(
    open_door: Door, seed: int
) -> None:
    rng, door = random.Random(seed), open_door(TUESDAY)
    grace.give(door, rng.choice((10, 30)))
    contact = door.log(*rng.choice((("Mia",), ("Mia", "Leo"))))
    door.hand_over_letters()
    children = list(door.referrals(contact))
    dues = [door.clock(child).due_at for child in children]
    for _ in range(25):
        something_happens(door, rng, rng.choice(children))
        door.sweep()
        for child, due in zip(children, dues, strict=True):
            assert not wrong(door, child, due)
    for child in children:
        if grace.standing(door, child) is None:
            door.decide(child, reasons=f"Because{child.id}.")
    grace.pass_by(door, 31)
    grace.work(door)
    for child in children:
        stands, revoked, told = decided_and_told(door, contact, child)
        assert stands in told[-1]
        assert not [reasons for reasons in revoked if any(reasons in text for text in told)]


def decided_and_told(door: FrontDoor, contact: Contact, child: Referral) -> tuple[str, list[str], list[str]]:
    """The reasons of the decision that stands about a child, those of the undone ones, and the letters that left."""
    with door.database.read() as session:
        letters = grace_rows.letters_telling(session, id_of(child), since=contact.received_at)
        undone = undone_rows.of_referrals(session, [id_of(child)])
        decisions = referral_rows.decisions(session, id_of(child))
    gone = [one.text for one in letters if grace.message_of(door, one).state == MessageState.HANDED_OVER]
    stands = [one.reasons for one in decisions if one.id not in undone]
    return stands[-1], [one.reasons for one in decisions if one.id in undone], gone

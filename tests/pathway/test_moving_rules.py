"""Open referrals go to a new version of their book only when somebody moves them, with a reason and a name."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from pathway.engine.actors import SYSTEM
from pathway.engine.changeover import changeover_plan, rulebook_changeover
from pathway.engine.changeover.changeover_plan import Order, ReferralMove
from pathway.engine.rulebooks import council_versions, published_books, shipped
from rules.errors import NotFound, Refused
from rules.vocabulary import ClockState, EventKind, Role
from support import notices, whole
from support.front_door import FrontDoor, london

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"
ORDER = Order(
    reason="Cabinet, 3 March", actor=council_versions.actor_named("Ada Okafor"), through="root (command line)"
)
TWELVE = ('limit     = "24 hours"', 'limit = "12 hours"')


def publish(door: FrontDoor, *changes: tuple[str, str], version: str = "2") -> None:
    """Another version of the council's book, from tomorrow on."""
    text = shipped.book_text("haringey-2009").replace('version           = "1.1"', f'version = "{version}"')
    for old, new in (*changes, ("2009-01-01 ", "2009-03-11 ")):
        assert old in text
        text = text.replace(old, new, 1)
    with door.database.write() as session:
        published_books.publish(session, text, name="haringey-2009", actor=SYSTEM, now=door.now)


def plan(door: FrontDoor, to: str = "2", leave: str | None = None) -> rulebook_changeover.RulesPlan:
    with door.database.read() as session:
        return rulebook_changeover.plan(session, book="haringey-2009", to=to, leave=leave)


def move(door: FrontDoor, *changes: tuple[str, str]) -> list[ReferralMove]:
    """Publishes a version with these changes and moves everything to it."""
    publish(door, *changes)
    return changeover_plan.carry_out(door.database, plan(door), ORDER, now=door.now)


def moved_events(door: FrontDoor, referral) -> list[tuple[str, dict]]:
    return [
        (event.summary, json.loads(event.details) | {"actor": event.actor})
        for event in door.events(referral)
        if event.kind == EventKind.RULES_MOVED
    ]


def test_a_running_clock_is_counted_again_from_its_start_under_the_new_limit(open_door: Door) -> None:
    door = open_door(TUESDAY)
    (referral,) = door.referrals(door.log("Mia"))
    move(door, TWELVE)
    clock = door.clock(referral)
    assert (clock.limit_amount, clock.due_at) == (12, london("2009-03-10 21:00"))
    assert door.clock(referral, "feedback").due_at == london("2009-03-12 09:00")
    assert door.fresh(referral).rulebook_version_id == clock.rulebook_version_id != referral.rulebook_version_id


def test_the_history_has_reason_person_and_both_due_moments(open_door: Door) -> None:
    door = open_door(TUESDAY)
    (referral,) = door.referrals(door.log("Mia"))
    move(door, TWELVE)
    of_referral, of_decision, of_feedback = moved_events(door, referral)
    assert of_referral[0] == "Rules of haringey-2009 moved from earlier versions to 2: Cabinet, 3 March"
    assert of_decision[1] == {
        "clock": "decision",
        "round": 1,
        "due_at": "2009-03-10T21:00:00+00:00",
        "old_due_at": "2009-03-11T09:00:00+00:00",
        "reason": "Cabinet, 3 March",
        "through": "root (command line)",
        "actor": "Ada Okafor",
    }
    assert of_feedback[0].startswith("Written feedback within 48 hours: same due moment.")


def test_a_clock_that_is_late_under_the_new_limit_alerts_at_the_next_sweep(open_door: Door) -> None:
    door = open_door(TUESDAY)
    (referral,) = door.referrals(door.log("Mia"))
    door.move_to("2009-03-10 22:00")
    move(door, TWELVE)
    door.sweep()
    assert door.alert_of(referral).due_at == london("2009-03-10 21:00")


@pytest.mark.parametrize("notice", [True, False], ids=["noticed by a sweep", "not noticed yet"])
def test_what_is_judged_never_changes(open_door: Door, notice) -> None:
    door = open_door(TUESDAY)
    (late, met) = door.referrals(door.log("Mia", "Noah"))
    door.decide(met)
    door.move_to("2009-03-11 10:00")
    if notice:
        door.sweep()
    before = [door.clock(late), door.clock(met)]
    (first, second) = move(door, ('limit     = "24 hours"', 'limit = "36 hours"'))
    assert [door.clock(late), door.clock(met)] == before
    assert [clock.stays for clock in first.clocks] == [changeover_plan.JUDGED, ""]
    assert [clock.kind for clock in second.clocks] == ["feedback", "closing"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("[clocks.feedback]", "[clocks.told]"), "version 2 has no such clock"),
        (('stops_on  = "feedback given"', 'stops_on = "closed"'), "in version 2 it starts or stops on something else"),
    ],
)
def test_a_clock_that_the_new_version_does_not_have_stays_and_is_named(open_door: Door, change, why) -> None:
    door = open_door(TUESDAY)
    (referral,) = door.referrals(door.log("Mia"))
    before = door.clock(referral, "feedback")
    (found,) = move(door, change)
    assert [(clock.kind, clock.stays) for clock in found.clocks] == [("decision", ""), ("feedback", why)]
    assert door.clock(referral, "feedback") == before
    door.watch_for(hours=49)
    assert door.clock(referral, "feedback").breached_at == london("2009-03-12 09:00")


def test_a_referral_decided_as_something_that_the_new_version_lacks_stays_whole(open_door: Door) -> None:
    door = open_door(TUESDAY)
    mia, noah = door.referrals(door.log("Mia", "Noah"))
    door.decide(mia, "early-help")
    before = door.fresh(mia)
    found = move(door, ("[outcomes.early-help]", "[outcomes.help]"))
    assert [(one.ref, one.stays) for one in found] == [
        (mia.ref, "it was decided as early-help, which 2 does not have"),
        (noah.ref, ""),
    ]
    assert door.fresh(mia) == before


def test_the_preview_names_the_same_referrals_and_leaves_no_trace(open_door: Door) -> None:
    door = open_door(TUESDAY)
    door.log("Mia", "Noah")
    door.log("Leah")
    publish(door, TWELVE)
    before = whole.contents(door.database)
    foreseen = changeover_plan.preview(door.database, plan(door), now=door.now)
    assert whole.contents(door.database) == before
    assert changeover_plan.carry_out(door.database, plan(door), ORDER, now=door.now) == foreseen
    assert len(foreseen) == 3
    assert whole.contents(door.database) != before


def test_a_second_run_finds_nothing_to_do(open_door: Door) -> None:
    door = open_door(TUESDAY)
    door.log("Mia")
    move(door, ("[clocks.feedback]", "[clocks.told]"))
    after = whole.contents(door.database)
    assert changeover_plan.carry_out(door.database, plan(door), ORDER, now=door.now) == []
    assert whole.contents(door.database) == after


def test_an_interrupted_move_goes_on_where_it_stopped(open_door: Door) -> None:
    door = open_door(TUESDAY)
    referrals = [door.referrals(door.log(name))[0] for name in ("Mia", "Noah", "Leah")]
    publish(door, TWELVE)

    def stop(done: int, of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        changeover_plan.carry_out(door.database, plan(door), ORDER, now=door.now, progress=stop)
    assert [door.clock(one).limit_amount for one in referrals] == [12, 12, 24]
    (rest,) = changeover_plan.carry_out(door.database, plan(door), ORDER, now=door.now)
    assert rest.ref == referrals[2].ref


def test_only_those_under_one_version_move_and_closed_ones_never(open_door: Door) -> None:
    door = open_door(TUESDAY)
    mia, noah = door.referrals(door.log("Mia", "Noah"))
    door.decide(noah, "assessment")
    door.decide(mia)
    door.hand_over_letters()
    assert door.fresh(mia).state == "closed"
    publish(door, TWELVE)
    publish(door, TWELVE, version="3")
    assert [one.ref for one in changeover_plan.preview(door.database, plan(door, "2", "1.1"), now=door.now)] == [
        noah.ref
    ]
    assert changeover_plan.preview(door.database, plan(door, "2", "3"), now=door.now) == []


def test_a_warning_comes_again_when_its_due_moment_moved_away(open_door: Door) -> None:
    door = open_door(TUESDAY)
    (referral,) = door.referrals(door.log("Mia"))
    door.watch_for(hours=20)
    assert len(notices.told(door, Role.SCREENING_OFFICER, "warning")) == 1
    move(door, ('limit     = "24 hours"', 'limit = "48 hours"'))
    door.watch_for(hours=22)
    assert len(notices.told(door, Role.SCREENING_OFFICER, "warning")) == 1 + 1 + 1  # anew, and about feedback
    assert door.clock(referral).state == ClockState.RUNNING


def test_pages_stay_usable_between_two_contacts(open_door: Door) -> None:
    door = open_door(TUESDAY)
    door.log("Mia")
    door.log("Noah")
    publish(door, TWELVE)
    logged = []
    changeover_plan.carry_out(
        door.database,
        plan(door),
        ORDER,
        now=door.now,
        progress=lambda done, of: logged.append(door.log(f"Child {done}")),
    )
    assert len(logged) == 2


@pytest.mark.parametrize(
    ("names", "error", "told"),
    [
        ({"book": "haringey-2009", "to": "9"}, NotFound, "published are: 1.1"),
        ({"book": "nobody", "to": "1"}, NotFound, "There is no rulebook 'nobody'"),
        ({"book": "haringey-2009", "to": "1.1", "leave": "9"}, NotFound, "no version '9'"),
        ({"book": "haringey-2009", "to": "1.1", "leave": "1.1"}, Refused, "two different versions"),
    ],
)
def test_a_move_to_nowhere_is_refused(open_door: Door, names, error, told) -> None:
    door = open_door(TUESDAY)
    with door.database.read() as session, pytest.raises(error, match=told):
        rulebook_changeover.plan(session, **names)


def test_a_page_that_was_open_meanwhile_must_be_opened_again(open_door: Door) -> None:
    door = open_door(TUESDAY)
    (referral,) = door.referrals(door.log("Mia"))
    move(door, TWELVE)
    assert door.fresh(referral).version == referral.version + 1

"""Promise: no decision before history, siblings and "already open" are recorded for that child (plan 2.2.6, 2.2.7)."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pytest

from pathway.engine.rulebooks import shipped
from rules.books import parse
from rules.errors import InvalidInput, NotAllowed, Refused
from rules.vocabulary import CheckKind
from storage.queries import referral_rows
from storage.tables import id_of
from support import danger
from support.danger import change_kind, check
from support.front_door import NEEDED, TEAM_MANAGER, FrontDoor

Door = Callable[..., FrontDoor]
FURTHER = {
    "general": set(),
    "harm": {"child protection plan", "police", "health", "school"},
    "domestic-abuse": {"child protection plan", "police", "probation", "adult services"},
    "neglect": {"child protection plan", "housing", "health", "school"},
    "adults": {"child protection plan", "adult services", "health"},
    "temporary-housing": {"child protection plan", "housing", "school"},
    "missing": {"child protection plan", "police", "school"},
    "unborn": {"child protection plan", "health", "adult services"},
}


@pytest.fixture
def door(open_door: Door) -> FrontDoor:
    """A Tuesday morning."""
    return open_door("2009-03-10 10:00")


@pytest.mark.parametrize("left_out", NEEDED)
def test_a_decision_is_refused_until_each_of_the_three_is_recorded(door: FrontDoor, left_out: CheckKind) -> None:
    (mia,) = door.referrals(door.log("Mia"))
    door.screen(mia, kinds=[kind for kind in NEEDED if kind is not left_out])
    with pytest.raises(Refused, match="Record these checks first"):
        danger.decide_at_once(door, mia)
    door.screen(mia, kinds=[left_out])
    assert danger.decide_at_once(door, mia).decided_at == door.now


def test_it_is_refused_for_that_child_whatever_was_recorded_for_the_sibling(door: FrontDoor) -> None:
    mia, leo = door.referrals(door.log("Mia", "Leo"))
    door.screen(mia)
    with pytest.raises(Refused, match="Record these checks first"):
        danger.decide_at_once(door, leo)


@pytest.mark.parametrize(
    ("typed", "place"),
    [({"made": True, "found": " "}, "found"), ({"made": False, "found": "x"}, "not_made_because")],
)
def test_each_is_recorded_as_made_with_what_was_found_or_as_not_made_because(
    door: FrontDoor, typed: dict[str, object], place: str
) -> None:
    (mia,) = door.referrals(door.log("Mia"))
    with pytest.raises(InvalidInput, match=place):
        check(door, mia, CheckKind.HISTORY, **typed)
    assert door.fresh(mia).state == "received"


def test_a_check_that_was_not_made_counts_as_recorded_and_the_history_says_why(door: FrontDoor) -> None:
    (mia,) = door.referrals(door.log("Mia"))
    door.screen(mia, kinds=[CheckKind.HISTORY, CheckKind.SIBLINGS])
    check(door, mia, CheckKind.ALREADY_OPEN, made=False, not_made_because="The register is down.")
    assert door.fresh(mia).state == "awaiting decision"
    assert "Check 'already open': not made: The register is down." in [event.summary for event in door.events(mia)]


@pytest.mark.parametrize("kind", FURTHER)
def test_the_book_lists_which_checks_a_kind_of_contact_needs(door: FrontDoor, kind: str) -> None:
    (mia,) = door.referrals(door.log("Mia", kind=kind))
    door.screen(mia)
    assert door.fresh(mia).state == ("screening" if FURTHER[kind] else "awaiting decision")
    if FURTHER[kind]:
        door.screen(mia, kinds=[CheckKind(one) for one in sorted(FURTHER[kind])])
    assert door.fresh(mia).state == "awaiting decision"


@pytest.mark.parametrize("name", shipped.shipped_books())
def test_every_check_of_the_promise_is_asked_for_by_some_kind_in_every_book(name: str) -> None:
    book = parse.parse(shipped.book_text(name), name)
    asked: Collection[CheckKind] = {rule.kind for kind in book.contact_kinds for rule in book.checks_for(kind)}
    assert asked == set(CheckKind)


def test_the_refusal_names_what_the_kind_asks_for(door: FrontDoor) -> None:
    (mia,) = door.referrals(door.log("Mia", kind="domestic-abuse"))
    door.screen(mia)
    with pytest.raises(Refused, match="probation"):
        danger.decide_at_once(door, mia)


def test_a_kind_that_the_book_does_not_know_is_refused_when_logging(door: FrontDoor) -> None:
    with pytest.raises(InvalidInput, match="kind: There is no kind of contact harms"):
        door.log("Mia", kind="harms")


def test_a_contact_without_a_kind_needs_the_usual_checks(door: FrontDoor) -> None:
    (mia,) = door.referrals(door.log("Mia"))
    door.screen(mia)
    assert door.fresh(mia).state == "awaiting decision"


def test_the_kind_is_changed_later_with_a_reason_and_asks_for_more(door: FrontDoor) -> None:
    contact = door.log("Mia")
    (mia,) = door.referrals(contact)
    door.screen(mia)
    change_kind(door, contact, "missing")
    with pytest.raises(Refused, match="police"):
        danger.decide_at_once(door, mia)
    (event,) = [event for event in door.events(mia) if event.kind == "kind of contact changed"]
    assert event.summary == "Kind of contact: missing or exploited instead of none: The police rang."


def test_a_change_that_asks_for_less_completes_the_screening(door: FrontDoor) -> None:
    contact = door.log("Mia", kind="harm")
    (mia,) = door.referrals(contact)
    door.screen(mia)
    change_kind(door, contact, "general")
    assert door.fresh(mia).state == "awaiting decision"


def test_a_change_that_asks_for_less_ends_what_an_urgent_decision_left_owed(door: FrontDoor) -> None:
    contact = door.log("Mia", "Leo", kind="harm", immediate_danger=True)
    mia, _ = door.referrals(contact)
    door.screen(mia)
    danger.decide_at_once(door, mia)
    change_kind(door, contact, "general")
    assert door.clock(mia, "checks").state == "stopped"


@pytest.mark.parametrize(
    ("kind", "reason", "problem"),
    [
        ("harms", "Police.", "There is no kind"),
        ("harm", "Police.", "of this kind already"),
        ("missing", " ", "reason: This is needed"),
    ],
)
def test_an_odd_change_of_kind_is_refused(door: FrontDoor, kind: str, reason: str, problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        change_kind(door, door.log("Mia", kind="harm"), kind, reason=reason)


def test_after_the_last_decision_the_kind_stays(door: FrontDoor) -> None:
    contact = door.log("Mia")
    door.decide(*door.referrals(contact))
    with pytest.raises(Refused, match="has been decided already"):
        change_kind(door, contact, "harm")


def test_a_change_of_kind_asks_nothing_more_of_a_child_decided_before(door: FrontDoor) -> None:
    contact = door.log("Mia", "Leo")
    mia, _ = door.referrals(contact)
    door.decide(mia, "assessment")
    change_kind(door, contact, "harm")
    with pytest.raises(Refused, match="before the decision"):
        door.screen(mia, kinds=[CheckKind.POLICE])
    assert "kind of contact changed" not in danger.kinds_of_history(door, mia)


def test_only_those_who_screen_change_the_kind(door: FrontDoor) -> None:
    contact = door.log("Mia")
    with pytest.raises(NotAllowed, match="screen"):
        change_kind(door, contact, "harm", by=TEAM_MANAGER)


def test_a_second_click_changes_the_kind_once(door: FrontDoor) -> None:
    contact = door.log("Mia")
    for _ in range(2):
        change_kind(door, contact, "harm", request_id="one-form")
    assert danger.kinds_of_history(door, door.referrals(contact)[0]).count("kind of contact changed") == 1


def test_each_check_keeps_who_recorded_it_and_when(door: FrontDoor) -> None:
    (mia,) = door.referrals(door.log("Mia"))
    check(door, mia, CheckKind.HISTORY, found="Two contacts in 2008.")
    with door.database.read() as session:
        (kept,) = referral_rows.checks(session, id_of(mia))
    assert (kept.recorded_by, kept.recorded_at, kept.found) == ("screening.officer", door.now, "Two contacts in 2008.")

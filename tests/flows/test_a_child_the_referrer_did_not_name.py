"""Screening adds a child: a referral and a decision of its own, clocks from when it was added, and no word of it."""

from __future__ import annotations

import re

import pytest

from pathway.engine.letters import writing
from rules.errors import InvalidInput, NotAllowed, Refused
from rules.messages import MessageKind
from storage.queries import referral_rows
from storage.queries.children import person_rows
from storage.tables import Contact, ProposedMatch, id_of
from support import rows
from support.added_children import WHY, add_child
from support.front_door import MANAGER, TEAM_MANAGER, child_fields, london

THURSDAY = "2009-03-26 10:00"


@pytest.fixture
def door(open_door):
    return open_door(THURSDAY)


@pytest.fixture
def contact(door):
    return door.log("Mia", received="2009-03-26 09:00")


def test_the_added_child_has_a_referral_and_a_decision_of_its_own(door, contact):
    noah = add_child(door, contact)
    (mia, _) = door.referrals(contact)
    assert (noah.ref, noah.state, noah.named_by_referrer, noah.added_because) == (
        f"{contact.ref}-2",
        "received",
        False,
        WHY,
    )
    door.decide(noah, "assessment")
    assert door.fresh(noah).state == "awaiting allocation"
    assert door.fresh(mia).state == "received"


def test_its_clocks_start_when_it_was_added(door, contact):
    door.move_to("2009-03-26 15:00")
    noah = add_child(door, contact)
    decision = door.clock(noah)
    assert (decision.started_at, decision.due_at) == (london("2009-03-26 15:00"), london("2009-03-27 15:00"))
    (mia, _) = door.referrals(contact)
    assert door.clock(mia).due_at == london("2009-03-27 09:00")


def test_no_feedback_is_owed_about_it(door, contact):
    noah = add_child(door, contact)
    feedback = door.clock(noah, "feedback")
    assert (feedback.state, feedback.not_applicable_because) == ("not applicable", "not named by the referrer")


def test_no_acknowledgement_is_owed_about_it_either(open_door):
    door = open_door(THURSDAY, book="working-together-2023")
    noah = add_child(door, door.log("Mia"))
    assert door.clock(noah, "acknowledgement").not_applicable_because == "not named by the referrer"


def test_its_history_says_who_added_it_and_why(door, contact):
    told = {event.kind: event for event in door.events(add_child(door, contact))}
    assert told["child added"].summary == f"Child added whom the referrer did not name: {WHY}"
    assert told["received"].occurred_at == told["child added"].occurred_at == door.now
    assert told["child added"].actor == "screening.officer"


def names_in(letter):
    """The second child's name, and the end of its reference: ``PW-XXXX-XXXX-2``."""
    words = f"{letter.subject} {letter.text} {letter.html}"
    return [found for found in ("Noah", *re.findall(r"PW-\w{4}-\w{4}-2", words)) if found in words]


def test_no_letter_to_that_referrer_mentions_it(door, contact):
    noah = add_child(door, contact)
    (mia, _) = door.referrals(contact)
    door.decide(noah, "assessment", reasons="Noah was not seen for a year.")
    assert door.letters(contact, "outcome") == []
    door.decide(mia)
    assert [letter.kind for letter in door.letters(contact)] == ["acknowledgement", "outcome"]
    assert [names_in(letter) for letter in door.letters(contact)] == [[], []]


def test_the_letter_does_not_wait_for_it(door, contact):
    add_child(door, contact)
    door.decide(door.referrals(contact)[0])
    (outcome,) = door.letters(contact, "outcome")
    assert "follow" not in outcome.text.casefold().replace("what happens next", "")
    assert names_in(outcome) == []


def test_a_part_letter_does_not_mention_it(door):
    contact = door.log("Mia", "Ben")
    noah = add_child(door, contact)
    mia, _, _ = door.referrals(contact)
    door.decide(mia)
    door.decide(noah)
    door.watch_for(hours=47)
    (part,) = door.letters(contact, "part outcome")
    assert [word for word in ("Noah", f"{contact.ref}-3", "2 children") if word in part.text + part.html] == []


def test_a_letter_after_a_reopening_does_not_mention_it(door, contact):
    noah = add_child(door, contact)
    door.decide(noah)
    assert door.fresh(noah).state == "closed"
    door.reopen(noah, tell_again=True)
    door.decide(noah)
    assert door.letters(contact, "outcome") == []
    assert [clock.not_applicable_because for clock in door.rounds(noah, "feedback")] == 2 * [
        "not named by the referrer"
    ]


@pytest.mark.parametrize("kind", [kind for kind in MessageKind if kind.is_letter and kind is not MessageKind.PARENTS])
def test_a_letter_that_would_mention_it_is_refused(door, contact, kind):
    add_child(door, contact)
    with door.acting(MANAGER) as act:
        pairs = referral_rows.children_of_contact(act.session, id_of(contact))
        stored = act.session.get_one(Contact, contact.id)
        with pytest.raises(Refused, match="did not name"):
            writing.write(act, stored, kind, pairs)


def test_a_child_who_stands_in_the_contact_already_is_refused(door, contact):
    with pytest.raises(Refused, match=f"as {contact.ref}-1"):
        add_child(door, contact, "Mia")
    assert len(door.referrals(contact)) == 1


def test_a_second_click_adds_it_once(door, contact):
    first, second = (add_child(door, contact, request_id="token") for _ in range(2))
    assert first.id == second.id
    assert len(door.referrals(contact)) == 2


def test_it_is_linked_to_the_household_and_proposed_to_an_officer_where_it_may_be_known(door, contact):
    (older,) = door.referrals(door.log(children=[child_fields("Noah", birth_date="2004-05-07")]))
    noah = add_child(door, contact)
    with door.database.read() as session:
        household = person_rows.household(session, noah.person_id)
        proposed = rows.everything(session, ProposedMatch)
    assert [person.forename for person in household] == ["Mia"]
    assert (noah.person_id, older.person_id) in [(match.person_id, match.other_person_id) for match in proposed]


def test_a_child_known_of_the_household_is_added_by_number(door):
    earlier = door.log("Mia", "Noah", received="2009-03-26 08:00")
    known = door.referrals(earlier)[1].person_id
    contact = door.log("Mia")
    assert add_child(door, contact, person_id=known).person_id == known


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ({"person_id": 999_999}, "person_id"),
        ({"child": None}, "child"),
        ({"child": {"forename": ""}}, "child.forename"),
        ({"child": child_fields("Noah", birth_date="2010-01-01")}, "child.birth_date"),
        ({"why": " "}, "why"),
    ],
)
def test_an_odd_child_is_said_at_its_field(door, contact, typed, place):
    with pytest.raises(InvalidInput) as refused:
        add_child(door, contact, **typed)
    assert [fault.place for fault in refused.value.faults] == [place]


def test_only_those_who_screen_may_add_a_child(door, contact):
    with pytest.raises(NotAllowed):
        add_child(door, contact, by=TEAM_MANAGER)


def test_in_immediate_danger_its_hour_begins_too(door):
    contact = door.log("Mia", immediate_danger=True)
    door.move_to("2009-03-26 10:30")
    noah = add_child(door, contact)
    assert door.clock(noah, "danger").due_at == london("2009-03-26 11:30")


def test_a_siblings_end_changes_nothing_of_it(door, contact):
    noah = add_child(door, contact)
    before = door.clock(noah)
    door.decide(door.referrals(contact)[0])
    door.hand_over_letters()
    assert (door.fresh(noah).state, door.clock(noah)) == ("received", before)
    assert door.fresh(noah).feedback_at is None

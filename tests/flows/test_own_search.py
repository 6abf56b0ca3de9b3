"""What Pathway's own record answers to a check, and several children screened under one act."""

from __future__ import annotations

import pytest

from pathway.engine import together
from pathway.engine.intake import own_search, screening
from pathway.engine.intake.own_search import Answer
from pathway.engine.intake.screening import CheckInput
from pathway.engine.together import OfChild, SeveralRefused
from rules.vocabulary import CheckKind
from storage.queries import referral_rows
from storage.tables import id_of
from support.front_door import OFFICER, child_fields

ADDRESS = "28 Muswell Hill Broadway, London N17 9UD"
ELSEWHERE = "4 Priory Road, London N8 7RE"
TOM = {"surname": "Ashdown", "birth_date": "2004-05-06", "nhs_number": "9434765919"}
ZOE = {"surname": "Other", "birth_date": "1999-01-02"}


@pytest.fixture
def door(open_door):
    return open_door("2009-03-26 10:00")


def answers(door, referral):
    with door.database.read() as session:
        return {kind: found.answer for kind, found in own_search.of_child(session, referral).items()}


def logged(door, *children):
    return door.referrals(door.log(children=list(children)))


def taken_over(referral, *kinds):
    checks = [CheckInput(kind=kind, made=True, taken_over=True) for kind in kinds]
    return OfChild(ref=referral.ref, referral_id=id_of(referral), version=referral.version, data=checks)


def screen(door, *wanted):
    with door.acting(OFFICER) as act:
        together.each(act, screening.screen, wanted)


def test_of_a_new_child_of_whom_enough_is_known_nothing_is_on_record(door):
    (tom,) = logged(door, child_fields("Tom", address=ADDRESS, **TOM))
    assert set(answers(door, tom).values()) == {Answer.NOTHING}


def test_a_child_at_any_address_ever_said_of_this_one_is_something(door):
    logged(door, child_fields("Zoe", address=ELSEWHERE, **ZOE))
    logged(door, child_fields("Tom", address=ADDRESS, **TOM))
    (tom,) = logged(door, child_fields("Tom", address=ELSEWHERE, **TOM))
    assert set(answers(door, tom).values()) == {Answer.SOMETHING}


def test_a_child_who_is_closed_is_history_and_not_open_any_more(door):
    (before,) = logged(door, child_fields("Tom", address=ADDRESS, **TOM))
    door.decide(before)
    door.hand_over_letters()
    assert door.fresh(before).state == "closed"
    (tom,) = logged(door, child_fields("Tom", address=ADDRESS, **TOM))
    found = answers(door, tom)
    assert (found[CheckKind.HISTORY], found[CheckKind.ALREADY_OPEN]) == (Answer.SOMETHING, Answer.NOTHING)


def test_while_nobody_has_said_whether_two_are_one_nothing_is_answered(door):
    logged(door, child_fields("Tom", address=ADDRESS, surname="Ashdown", birth_date="2004-05-06"))
    thomas, ida = logged(
        door,
        child_fields("Thomas", address=ADDRESS, surname="Ashdown", birth_date="2004-05-06"),
        child_fields("Ida", address=ADDRESS, surname="Ashdown", birth_date="2006-07-08"),
    )
    assert Answer.NOTHING not in answers(door, thomas).values()
    assert answers(door, ida)[CheckKind.SIBLINGS] is Answer.ASKED


def test_of_whom_too_little_is_known_no_search_is_claimed(door):
    (baby,) = logged(door, child_fields("Ida", surname="", birth_date=None, address=""))
    assert set(answers(door, baby).values()) == {Answer.NOT_SEARCHED}


def test_one_child_refused_leaves_nothing_recorded_of_any(door):
    logged(door, child_fields("Zoe", address=ELSEWHERE, **ZOE))
    tom, max_ = logged(
        door,
        child_fields("Tom", address=ADDRESS, **TOM),
        child_fields("Max", address=ELSEWHERE, surname="Ashdown", birth_date="2006-07-08"),
    )
    with pytest.raises(SeveralRefused) as refused:
        screen(door, taken_over(tom, CheckKind.SIBLINGS), taken_over(max_, CheckKind.SIBLINGS))
    assert set(refused.value.errors) == {max_.ref}
    with door.database.read() as session:
        assert not referral_rows.checks(session, id_of(tom))
    assert door.fresh(tom).state == "received"


def test_both_are_recorded_where_neither_is_refused(door):
    both = logged(
        door,
        child_fields("Tom", address=ADDRESS, **TOM),
        child_fields("Max", address=ADDRESS, surname="Ashdown", birth_date="2006-07-08"),
    )
    screen(door, *(taken_over(one, CheckKind.HISTORY, CheckKind.SIBLINGS, CheckKind.ALREADY_OPEN) for one in both))
    assert [door.fresh(one).state for one in both] == ["awaiting decision"] * 2

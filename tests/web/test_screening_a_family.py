"""All children of a contact are screened on one page: a first row for all, exceptions by child, all or none."""

from __future__ import annotations

import pytest

from rules.vocabulary import CheckKind, Role
from storage.queries import referral_rows
from storage.tables import id_of
from support import hands
from support.front_door import OFFICER, child_fields, person_in

ADDRESS = "28 Muswell Hill Broadway, London N17 9UD"
NOTHING = {"all__history__made": "nothing", "all__siblings__made": "nothing", "all__already-open__made": "nothing"}
MADE = {
    f"all__{kind}__{name}": value
    for kind in ("history", "siblings", "already-open")
    for name, value in (("made", "yes"), ("words", "Nothing known."))
}


def children(*forenames, born="2004-05-06"):
    return [child_fields(name, surname="Ashdown", birth_date=born, address=ADDRESS) for name in forenames]


@pytest.fixture
def family(either):
    return either.door.log(children=children("Tom", "Ida", "Max", "Una"))


def path(contact):
    return f"/contacts/{contact.ref}/screen"


def screen(desk, contact, **typed):
    return desk.sign_in(OFFICER).fill(path(contact), **typed)


def states(desk, contact):
    return [referral.state for referral in desk.door.referrals(contact)]


def checks(desk, referral):
    with desk.door.database.read() as session:
        return {check.kind: check for check in referral_rows.checks(session, id_of(referral))}


def own(referral, kind, name):
    return f"{referral.ref}.{kind}.{name}"


def test_one_row_screens_all_children(either, family):
    screen(either, family, **MADE)
    assert states(either, family) == ["awaiting decision"] * 4
    assert {checks(either, one)[CheckKind.SIBLINGS].found for one in either.door.referrals(family)} == {
        "Nothing known."
    }


def test_where_nothing_is_on_record_that_is_taken_over_and_marked_with_what_was_searched(either, family):
    page = either.sign_in(OFFICER).open(path(family))
    assert "Nothing on record: use this" in page.words
    assert "10:00 by what is known of each: name and its other spellings, birth date, postcode" in page.words
    screen(either, family, **NOTHING)
    assert states(either, family) == ["awaiting decision"] * 4
    check = checks(either, either.door.referrals(family)[0])[CheckKind.HISTORY]
    assert (check.made, check.taken_over) == (True, True)
    assert "Searched by name and its other spellings, birth date" in check.found
    page = either.open(f"/referrals/{either.door.referrals(family)[0].ref}")
    assert "Taken over from Pathway’s own search" in page.words


def test_what_differs_for_one_child_goes_before_the_first_row(either, family):
    tom, ida, *_ = either.door.referrals(family)
    screen(either, family, **MADE, **{own(tom, "history", "made"): "no", own(tom, "history", "words"): "File away."})
    assert checks(either, tom)[CheckKind.HISTORY].not_made_because == "File away."
    assert checks(either, ida)[CheckKind.HISTORY].made


def test_the_first_row_takes_over_only_for_those_of_whom_nothing_is_on_record(either):
    either.door.decide(*either.door.referrals(either.door.log(children=children("Tom"))))
    contact = either.door.log(children=children("Tom", "Ida", born="2004-05-06"))
    tom, ida = either.door.referrals(contact)
    assert "Something is on record: look beside" in either.sign_in(OFFICER).open(path(contact)).words
    screen(either, contact, all__history__made="nothing")
    assert CheckKind.HISTORY not in checks(either, tom)
    assert checks(either, ida)[CheckKind.HISTORY].taken_over


def test_nothing_stands_for_no_check_with_others(either):
    contact = either.door.log(children=children("Tom", "Ida"), kind="domestic-abuse")
    (tom, _) = either.door.referrals(contact)
    page = either.sign_in(OFFICER).open(path(contact))
    assert "all.police.made" in page.ids
    screen(either, contact, all__police__made="nothing")
    assert CheckKind.POLICE not in checks(either, tom)
    page = screen(either, contact, **{own(tom, "police", "made"): "nothing"})
    assert either.status == 422
    assert "Pathway's own search can't answer this" in page.words


def test_nothing_is_taken_over_while_a_match_is_open(either):
    either.door.log(children=children("Tom"))
    contact = either.door.log(children=children("Thomas", "Ida"))
    thomas, ida = either.door.referrals(contact)
    assert "Perhaps one on record: nobody has said" in either.sign_in(OFFICER).open(path(contact)).words
    screen(either, contact, **{own(thomas, "already-open", "made"): "nothing"})
    assert either.status == 422
    assert checks(either, thomas) == {}
    assert checks(either, ida) == {}


def test_one_fault_records_nothing_and_keeps_everything_typed(either, family):
    (_, _, _, una) = either.door.referrals(family)
    page = screen(either, family, **MADE, **{own(una, "history", "made"): "no"})
    assert either.status == 422
    assert f"#{own(una, 'history', 'words')}" in page.links
    assert states(either, family) == ["received"] * 4
    assert page.form().values["all.history.words"] == "Nothing known."


def test_words_without_made_or_not_made_are_asked_about(either, family):
    page = screen(either, family, all__history__words="Known to early help.")
    assert either.status == 422
    assert "#all.history.made" in page.links
    assert page.form().values["all.history.words"] == "Known to early help."


def test_an_empty_grid_says_that_nothing_was_filled_in(either, family):
    assert "No check was filled in" in screen(either, family).words


def test_somebody_elses_change_is_told_before_anything_is_recorded(either, family):
    page = either.sign_in(OFFICER).open(path(family))
    tom = either.door.referrals(family)[0]
    either.door.screen(tom, kinds=[CheckKind.HISTORY])
    page = either.send(page, path(family), **MADE)
    assert "This family has changed since you opened the page" in page.words
    assert states(either, family) == ["screening", "received", "received", "received"]
    either.send(page, path(family))
    assert states(either, family) == ["awaiting decision"] * 4


def test_a_second_click_records_nothing_twice(either, family):
    page = either.sign_in(OFFICER).open(path(family))
    for _ in range(2):
        either.send(page, path(family), **MADE)
    with either.door.database.read() as session:
        first = either.door.referrals(family)[0]
        assert len(referral_rows.checks(session, id_of(first))) == 3


def test_check_what_i_typed_says_what_is_missing_still_and_records_nothing(either, family):
    page = screen(either, family, all__history__made="nothing", do="check")
    missing = (
        "Brothers, sisters and other children of the household, Whether a worker is already allocated to this child"
    )
    assert f"Tom Ashdown: Still missing then: {missing}." in page.words
    assert states(either, family) == ["received"] * 4


def test_a_screened_family_has_nothing_left(either):
    contact = either.door.log(children=children("Tom", "Ida"))
    for one in either.door.referrals(contact):
        either.door.decide(one)
    assert "Nothing is left to screen" in either.sign_in(OFFICER).open(path(contact)).words


def test_the_household_stays_in_view(either, family):
    page = either.sign_in(OFFICER).open(path(family))
    for name in ("Tom Ashdown", "Ida Ashdown", "Max Ashdown", "Una Ashdown", "Household", "The concern"):
        assert name in page.words


def test_siblings_are_searched_at_every_address_that_is_said_of_the_child(either):
    elsewhere = "4 Priory Road, London N8 7RE"
    either.door.log(children=[child_fields("Zoe", surname="Other", birth_date="1999-01-02", address=elsewhere)])
    known = {"surname": "Ashdown", "birth_date": "2004-05-06", "nhs_number": "9434765919"}
    either.door.log(children=[child_fields("Tom", address=ADDRESS, **known)])
    contact = either.door.log(children=[child_fields("Tom", address=elsewhere, **known)])
    (tom,) = either.door.referrals(contact)
    page = screen(either, contact, **{own(tom, "siblings", "made"): "nothing"})
    assert either.status == 422
    assert f"#{own(tom, 'siblings', 'made')}" in page.links
    assert checks(either, tom) == {}


def test_a_child_at_the_same_address_is_something_on_record(either):
    either.door.log(children=[child_fields("Zoe", surname="Other", birth_date="1999-01-02", address=ADDRESS)])
    contact = either.door.log(children=children("Tom", "Ida"))
    screen(either, contact, all__siblings__made="nothing", all__history__made="nothing")
    for one in either.door.referrals(contact):
        assert set(checks(either, one)) == {CheckKind.HISTORY}


def test_where_no_address_is_known_no_search_for_siblings_is_claimed(either):
    contact = either.door.log(children=[child_fields("Tom", address=""), child_fields("Ida", address="London")])
    page = either.sign_in(OFFICER).open(path(contact))
    assert "all.history.made-3" in page.ids  # nothing on record, made, not made
    assert "all.siblings.made-3" not in page.ids


def test_a_closed_record_is_something_on_record_and_is_not_named(either):
    (zoe,) = either.door.referrals(either.door.log(children=children("Zoe")))
    hands.restrict(either.door, zoe, person_in(Role.SERVICE_MANAGER))
    contact = either.door.log(children=children("Tom"))
    (tom,) = either.door.referrals(contact)
    page = screen(either, contact, **{own(tom, "siblings", "made"): "nothing"})
    assert either.status == 422
    assert "Zoe" not in page.words
    assert checks(either, tom) == {}


def test_the_contact_leads_there_until_every_child_is_screened(either, family):
    assert path(family) in either.sign_in(OFFICER).open(f"/contacts/{family.ref}").links
    screen(either, family, **MADE)
    assert path(family) not in either.open(f"/contacts/{family.ref}").links

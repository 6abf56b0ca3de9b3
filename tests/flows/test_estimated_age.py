"""An age that somebody guesses is kept with the day on which it was said, widens the date, and agrees with none."""

from __future__ import annotations

from datetime import date

import pytest

from pathway.engine.children import candidates
from rules.errors import InvalidInput
from rules.likeness import ages
from storage.queries.children import named_rows
from support import corrections, matching
from support.front_door import child_fields
from support.matching import person


@pytest.fixture
def door(open_door):
    return open_door("2009-03-26 10:00")


def logged(door, *children):
    return door.referrals(door.log(children=list(children)))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("4", date(2003, 3, 27), date(2006, 3, 26)),
        ("about 4 years", date(2003, 3, 27), date(2006, 3, 26)),
        ("18 months", date(2007, 5, 27), date(2007, 12, 26)),
        ("0", date(2007, 3, 27), date(2009, 3, 26)),
    ],
)
def test_an_age_leaves_birth_dates(text, first, last):
    assert ages.guessed(text, date(2009, 3, 26)) == (first, last)


@pytest.mark.parametrize("text", ["old", "40", "5 or 4", "-4"])
def test_what_is_no_age_of_a_child_is_an_error_at_its_field(door, text):
    with pytest.raises(InvalidInput, match="This is no age of a child"):
        logged(door, child_fields("Mia", about_age=text, birth_date=None))


def test_it_is_kept_with_the_day_on_which_it_was_said(door):
    (mia,) = logged(door, child_fields("Mia", about_age="about 4", birth_date=None))
    assert person(door, mia.person_id).about_age == "about 4, said 26 Mar 2009"


def test_it_speaks_for_a_match_and_joins_nobody(door):
    logged(door, child_fields("Mia", birth_date="2004-05-06"))
    (again,) = logged(door, child_fields("Mia", about_age="about 4", birth_date=None))
    ((match, _),) = matching.proposals(door, again)
    assert "about that age" in match.reason.lower()


def test_an_age_years_off_speaks_against_it(door):
    logged(door, child_fields("Mia", birth_date="1998-05-06", address="1 High Road, London N17 9AA"))
    (again,) = logged(door, child_fields("Mia", about_age="4", birth_date=None, address="1 High Road, London N17 9AA"))
    assert all("about that age" not in match.reason for match, _ in matching.proposals(door, again))


def test_it_is_corrected_with_the_day_of_the_correction_and_taken_away(door):
    (mia,) = logged(door, child_fields("Mia", birth_date=None))
    corrections.child(door, mia, "about_age", "about 4")
    found = person(door, mia.person_id)
    assert (found.about_age, found.born_from, found.born_to) == (
        "about 4, said 26 Mar 2009",
        date(2003, 3, 27),
        date(2006, 3, 26),
    )
    corrections.child(door, mia, "about_age", "18 months, said 1 Mar 2009")
    assert person(door, mia.person_id).born_to == date(2007, 12, 1)
    corrections.child(door, mia, "about_age", "")
    found = person(door, mia.person_id)
    assert (found.about_age, found.born_from, found.born_to) == ("", None, None)


def test_taken_down_wrong_it_changes_how_the_contact_names_the_child(door):
    (mia,) = logged(door, child_fields("Mia", birth_date=None, about_age="4"))
    corrections.child(door, mia, "about_age", "14", taken_wrong=True)
    with door.database.read() as session:
        named = named_rows.of_referral(session, mia.id)
    assert (named.about_age, named.born_from) == ("14, said 26 Mar 2009", date(1993, 3, 27))


@pytest.mark.parametrize("typed", ["old", "38384", "4, said 27 Mar 2009", "4, said once"])
def test_what_is_no_age_is_not_corrected(door, typed):
    (mia,) = logged(door, child_fields("Mia", birth_date=None))
    with pytest.raises(InvalidInput, match="This is no age of a child"):
        corrections.child(door, mia, "about_age", typed)


def test_matches_follow_a_corrected_estimate(door):
    logged(door, child_fields("Mia", birth_date="2004-05-06"))
    (mia,) = logged(door, child_fields("Mia", birth_date=None, about_age="14"))
    assert matching.proposals(door, mia) == []
    followed = corrections.child(door, mia, "about_age", "about 4")
    assert len(followed.judged.opened) == 1
    followed = corrections.child(door, mia, "about_age", "14")
    assert len(followed.judged.closed) == 1


def test_a_birth_date_makes_the_estimate_give_way(door):
    (mia,) = logged(door, child_fields("Mia", birth_date=None, about_age="4"))
    corrections.child(door, mia, "birth_date", "6 5 1996")
    assert candidates.read(person(door, mia.person_id)).birth_date == date(1996, 5, 6)
    (other,) = logged(door, child_fields("Mia", birth_date="2004-05-07"))
    assert matching.proposals(door, other) == []
    with pytest.raises(InvalidInput, match="The birth date is on record"):
        corrections.child(door, mia, "about_age", "about 12")


def test_another_detail_of_a_child_with_an_estimate_is_corrected(door):
    (mia,) = logged(door, child_fields("Mia", birth_date=None, about_age="about 4"))
    corrections.child(door, mia, "forename", "Maya", taken_wrong=True)
    assert person(door, mia.person_id).about_age == "about 4, said 26 Mar 2009"

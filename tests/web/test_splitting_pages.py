"""This is another child, on pages: asked of each contact whose it is; taken apart, and put together again."""

from __future__ import annotations

import pytest

from support import matching, splitting
from support.front_door import MANAGER, OFFICER, child_fields

ELSEWHERE = "9 Station Road, London N22 7AA"


@pytest.fixture
def joined(either):
    """One record with three contacts, the last of which filled in an address."""
    one, two = matching.child(either.door, "Mia"), matching.child(either.door, "Mia")
    (three,) = either.door.referrals(either.door.log(children=[child_fields("Mia", address=ELSEWHERE)]))
    assert one.person_id == two.person_id == three.person_id
    return one, two, three


def send(desk, referral, step="split", **typed):
    page = desk.sign_in(MANAGER).open(f"/referrals/{referral.ref}/{step}")
    values = page.form().values
    hidden = {name: values[name] for name in ("request_id", "version", "seen", "other") if name in values}
    return desk.post(f"/referrals/{referral.ref}/{step}", **(hidden | typed))


def test_the_page_shows_what_is_taken_back_and_asks_of_each_contact_whose_it_is(either, joined):
    page = either.sign_in(MANAGER).open(f"/referrals/{joined[2].ref}/split")
    for words in (f"Address: {ELSEWHERE}", f"Whose is {joined[0].ref}", f"Whose is {joined[1].ref}", "it stays"):
        assert words in page.words


def test_who_may_finds_the_way_there_on_the_referral(either, joined):
    path = f"/referrals/{joined[2].ref}/split"
    assert path in either.sign_in(MANAGER).open(f"/referrals/{joined[2].ref}").links
    assert path not in either.sign_in(OFFICER).open(f"/referrals/{joined[2].ref}").links
    either.open(path)
    assert either.status == 403


def test_nothing_chosen_and_no_reason_are_errors_at_their_fields(either, joined):
    page = send(either, joined[2], other=[joined[0].ref, joined[1].ref])
    assert either.status == 422
    assert f"Whose is {joined[0].ref}: Nothing is chosen" in page.words
    assert "How you know that it is another child: This is needed" in page.words


def test_a_referral_gets_a_record_of_its_own_with_those_that_go_with_it(either, joined):
    one, two, three = joined
    whose = {f"whose.{one.ref}": "stays", f"whose.{two.ref}": "goes"}
    page = send(either, three, other=[one.ref, two.ref], reason="Another mother.", **whose)
    assert "the referral has a record of its own" in page.words
    numbers = [either.door.fresh(each).person_id for each in joined]
    assert numbers[0] != numbers[1] == numbers[2]
    assert f"/referrals/{three.ref}/rejoin" in page.links


def test_the_way_back_is_on_the_referral(either, joined):
    splitting.split(either.door, joined[2])
    page = either.sign_in(MANAGER).open(f"/referrals/{joined[2].ref}/rejoin")
    assert "Another mother." in page.words
    assert "one child again" in send(either, joined[2], "rejoin", reason="One child.").words
    assert either.door.fresh(joined[2]).person_id == joined[0].person_id


def test_a_record_with_one_contact_says_what_to_do_instead(either):
    mia = matching.child(either.door, "Mia")
    assert "correct the child’s details" in either.sign_in(MANAGER).open(f"/referrals/{mia.ref}/split").words
    assert "was not taken off" in either.open(f"/referrals/{mia.ref}/rejoin").words

"""Agencies and earlier referrers are offered as one types; who is not to be named is offered to nobody."""

from __future__ import annotations

import pytest

from pathway.engine.referrers import earlier_referrers
from pathway.engine.rulebooks import published_books
from rules.vocabulary import Role
from support import hands
from support.front_door import MANAGER, OFFICER, person_in

ADA = {
    "referrer_name": "Ada Ferreira",
    "referrer_agency": "Park Lane Primary",
    "referrer_role": "Head teacher",
    "referrer_phone": "020 7946 0555",
    "referrer_email": "ada@school.example.org",
    "referrer_address": "1 Park Lane",
    "source_code": "2A",
}


@pytest.fixture
def door(open_door):
    return open_door("2009-03-26 10:00")


def offers(door, text, by=OFFICER):
    with door.database.read() as session:
        published = published_books.current(session, now=door.now)
        return earlier_referrers.offered(session, by, published, text, now=door.now)


def lines(door, text, by=OFFICER):
    return [one.line for one in offers(door, text, by).referrers]


def test_a_referrer_is_offered_by_the_beginning_of_the_name_or_agency_with_everything_to_fill_in(door):
    door.log("Mia", **ADA)
    for text in ("fer", "ada f", "Park", "prim"):
        assert lines(door, text) == ["Ada Ferreira, Park Lane Primary"], text
    (one,) = offers(door, "ada").referrers
    assert one.fields == ADA


def test_an_agency_is_offered_with_its_source_and_nobodys_name(door):
    door.log("Mia", **ADA)
    door.log("Leo", **ADA | {"referrer_name": "Bo Marsh"})
    (one,) = offers(door, "park").agencies
    assert one.fields == {"referrer_agency": "Park Lane Primary", "source_code": "2A"}
    assert lines(door, "park") == ["Bo Marsh, Park Lane Primary", "Ada Ferreira, Park Lane Primary"]


def test_of_one_referrer_the_latest_is_offered(door):
    door.log("Mia", **ADA)
    door.log("Leo", **ADA | {"referrer_phone": "020 7946 0777"})
    (one,) = offers(door, "ada").referrers
    assert one.fields["referrer_phone"] == "020 7946 0777"


@pytest.mark.parametrize("text", ["", "a", "zz", "ada zz", "%", "_" * 200, "\x01"])
def test_too_little_or_what_fits_nobody_offers_nobody(door, text):
    door.log("Mia", **ADA)
    assert offers(door, text) == earlier_referrers.Offers()


@pytest.mark.parametrize("mark", ["identity_protected", "unsafe_to_contact"])
def test_who_is_not_to_be_named_is_offered_to_nobody_under_no_contact(door, mark):
    door.log("Mia", **ADA)
    door.log("Leo", **ADA | {mark: True})
    assert lines(door, "ada", by=MANAGER) == []


def test_a_member_of_the_public_is_offered_to_nobody(door):
    door.log("Mia", **ADA | {"source_code": "1A"})
    assert offers(door, "ada") == earlier_referrers.Offers()


def test_who_is_known_through_a_closed_record_alone_is_not_offered(door):
    (mia,) = door.referrals(door.log("Mia", **ADA))
    hands.restrict(door, mia, by=person_in(Role.SERVICE_MANAGER))
    assert offers(door, "ada") == earlier_referrers.Offers()
    assert lines(door, "ada", by=person_in(Role.SERVICE_MANAGER)) == ["Ada Ferreira, Park Lane Primary"]


def test_whoever_may_not_read_records_is_offered_nobody(door):
    door.log("Mia", **ADA)
    assert offers(door, "ada", by=person_in(Role.ADMINISTRATOR)) == earlier_referrers.Offers()

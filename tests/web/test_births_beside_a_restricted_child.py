"""Promise: a query about two children shows nothing, not even itself, to whom the other child's record is closed."""

from __future__ import annotations

import pytest

from rules.vocabulary import Role
from storage.queries import waiting_rows
from storage.tables import Query
from support import hands, rows
from support.front_door import MANAGER, OFFICER, child_fields, person_in

SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)
ADA = child_fields("Ada", birth_date="2001-06-02")
PROBLEM = "Born less than eight months from another child on record"


@pytest.fixture
def leo(either):
    """Leo, born three months after a child of the household whose record opens to the service manager alone."""
    mia, _ = either.door.referrals(either.door.log(children=[child_fields("Mia", birth_date="2004-03-02"), ADA]))
    hands.restrict(either.door, mia, by=SERVICE_MANAGER)
    contact = either.door.log(children=[ADA, child_fields("Leo", birth_date="2004-06-02")])
    return either.door.referrals(contact)[1]


def pages(leo):
    return f"/referrals/{leo.ref}", f"/contacts/{leo.ref.rpartition('-')[0]}", "/queries", "/queries?q=born"


def query(desk):
    with desk.door.database.read() as session:
        return rows.everything(session, Query)[0]


def test_whoever_is_shut_out_sees_no_query_and_settles_none(either, leo):
    either.sign_in(OFFICER)
    for path in pages(leo):
        page = either.open(path)
        assert PROBLEM not in page.words
        assert f"/referrals/{query(either).value}" not in page.links
    either.post(f"/queries/{query(either).id}", request_id="token", note="Two mothers.")
    assert either.status == 403
    assert query(either).settled_at is None


def test_whoever_may_open_it_sees_whom_it_is_about(either, leo):
    either.sign_in(SERVICE_MANAGER)
    for path in pages(leo)[:3]:
        page = either.open(path)
        assert PROBLEM in page.words
        assert "Mia Harlow, born 2 March 2004" in page.words
        assert f"/referrals/{query(either).value}" in page.links


def test_it_is_counted_only_for_those_who_see_it(either, leo):
    with either.door.database.read() as session:
        counts = [waiting_rows.counts(session, closed=closed)["/queries"] for closed in ((), (1,))]
    assert counts == [1, 0]


def test_the_history_of_a_settled_query_does_not_tell_of_the_other_child(either, leo):
    either.sign_in(SERVICE_MANAGER)
    either.post(f"/queries/{query(either).id}", request_id="token", note="They have two mothers.")
    assert either.status == 200
    page = either.sign_in(MANAGER).open(f"/referrals/{leo.ref}")
    assert "Query settled (birth date): They have two mothers." in page.words
    assert "Born less" not in page.words

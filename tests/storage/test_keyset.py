"""Promise: walking the pages of a list shows every row once, whatever comes in meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from rules.vocabulary import State
from storage.queries import keyset
from storage.queries.keyset import Order, Place, Segment, Wanted
from storage.queries.lists import referral_list_rows
from storage.queries.lists.referral_list_rows import ReferralsWanted, Sort
from storage.tables import ListedReferral, Referral
from support import rows

AT = datetime(2009, 3, 26, 10, tzinfo=UTC)
NUMBERS = select(ListedReferral.referral_id)
WAITS_THEN_ENDED = Order(
    segments=[
        Segment(
            name="0",
            where=col(ListedReferral.part) == 1,
            keys=[col(ListedReferral.due_at), col(ListedReferral.referral_id)],
        ),
        Segment(name="1", where=col(ListedReferral.part) == 3, descending=True),
    ],
    keys=[col(ListedReferral.referral_id)],
)


def listed(session, *, part, hours, state="received"):
    """A row of the list where it is wanted: what it stands on is another test's matter."""
    referral = rows.insert(session, Referral, state=State.RECEIVED)
    row = session.get_one(ListedReferral, referral.id, populate_existing=True)
    row.part, row.due_at, row.received_at, row.state = part, AT + timedelta(hours=hours), AT, state
    session.flush()
    return referral.id


def walked(session, order, *, size, between=lambda: None, place=None):
    """The numbers on each page, one after the other."""
    found = []
    while True:
        page = keyset.read(session, NUMBERS, order, Wanted(size=size, place=place))
        found.append([number for (number,) in page.rows])
        if page.after is None:
            return found, page
        place = keyset.place_of(keyset.written(page.after), order)
        assert place == page.after
        between()


def spread(pages):
    return [number for page in pages for number in page]


@pytest.fixture(params=list(Sort))
def order(request):
    return referral_list_rows.order(ReferralsWanted(sort=request.param))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    there=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=12),
    coming=st.lists(st.tuples(st.integers(0, 2), st.integers(-1, 4)), max_size=4),
    size=st.integers(1, 5),
)
def test_each_row_that_was_there_comes_once_whatever_is_added(database, order, there, coming, size):
    with database.rehearse() as session:
        numbers = [listed(session, part=part, hours=hours) for part, hours in there]
        more = iter(coming)

        def another():
            for part, hours in [one for one in [next(more, None)] if one]:
                listed(session, part=part, hours=hours)

        pages, _ = walked(session, order, size=size, between=another)
        seen = spread(pages)
        assert sorted(number for number in seen if number in numbers) == sorted(numbers)
        assert len(seen) == len(set(seen))


def test_the_pages_back_are_the_pages_on_turned_round(database, order):
    with database.rehearse() as session:
        for number in range(11):
            listed(session, part=number % 3, hours=number % 4)
        pages, last = walked(session, order, size=3)
        back = [[number for (number,) in last.rows]]
        place = last.before
        while place is not None:
            page = keyset.read(session, NUMBERS, order, Wanted(size=3, place=place))
            back.append([number for (number,) in page.rows])
            place = page.before
    # The first page is a full one again, however the others fall.
    assert back[0] == pages[-1]
    assert back[-1] == pages[0]
    assert set(spread(back)) == set(spread(pages))


def test_a_row_that_has_left_does_not_break_the_way_on(database):
    order = referral_list_rows.order(ReferralsWanted())
    with database.rehearse() as session:
        numbers = [listed(session, part=1, hours=hours) for hours in range(6)]
        first = keyset.read(session, NUMBERS, order, Wanted(size=2))
        for number in numbers[:3]:
            session.get_one(ListedReferral, number).part = 3
        session.flush()
        on = keyset.read(session, NUMBERS, order, Wanted(size=2, place=first.after))
    assert [number for (number,) in on.rows] == numbers[3:5]


def test_history_stands_behind_work_and_danger_before_it_however_late(database, order):
    with database.rehearse() as session:
        history, work, danger = (listed(session, part=part, hours=hours) for part, hours in ((2, -9), (1, 5), (0, 9)))
        pages, _ = walked(session, order, size=1)
    assert spread(pages) == [danger, work, history]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "9.1.1.1",
        "1.1.1",
        "1.1.1.1.1",
        "1.x.1.1",
        "1.1.1.99999999999",
        "1.99999999999999999999.1.1",
        "1.--1.1.1",
    ],
)
def test_what_is_no_place_begins_at_the_beginning(text):
    assert keyset.place_of(text, referral_list_rows.order(ReferralsWanted())) is None


def test_very_many_are_counted_no_further_than_to_one_more(database):
    with database.rehearse() as session:
        for hours in range(4):
            listed(session, part=1, hours=hours)
        assert [keyset.count(session, NUMBERS, most=most) for most in (2, 3, 4, 9)] == [3, 4, 4, 4]


def test_a_place_in_a_part_that_is_not_listed_is_none():
    open_ones, all_of_them = (referral_list_rows.order(ReferralsWanted(states=states)) for states in ((), ("closed",)))
    place = Place(segment="3", keys=(AT, AT, 1))
    assert keyset.place_of(keyset.written(place), open_ones) is None
    assert keyset.place_of(keyset.written(place), all_of_them) == place


def test_a_segment_may_be_sorted_otherwise_than_the_others(database):
    with database.rehearse() as session:
        waits = [listed(session, part=1, hours=hours) for hours in (3, 1, 2)]
        ended = [listed(session, part=3, hours=0) for _ in range(3)]
        order = WAITS_THEN_ENDED
        pages, last = walked(session, order, size=2)
        assert spread(pages) == [waits[1], waits[2], waits[0], *reversed(ended)]
        assert keyset.place_of("0.1", order) is None
        before = keyset.read(session, NUMBERS, order, Wanted(size=2, place=last.before))
        assert [number for (number,) in before.rows] == pages[-2]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    there=st.lists(st.tuples(st.sampled_from([1, 2, 3]), st.integers(0, 3)), max_size=9),
    size=st.integers(1, 4),
)
def test_the_pages_of_few_are_those_that_are_read_by_key(database, there, size):
    order = WAITS_THEN_ENDED
    with database.rehearse() as session:
        for at, hours in there:
            listed(session, part=at, hours=hours)
        few = keyset.few(session, NUMBERS, order)
        place = None
        while True:
            page = keyset.read(session, NUMBERS, order, Wanted(size=size, place=place))
            assert keyset.of_few(few, order, Wanted(size=size, place=place)) == page
            if page.before:
                before = Wanted(size=size, place=page.before)
                assert keyset.of_few(few, order, before) == keyset.read(session, NUMBERS, order, before)
            place = page.after
            if place is None:
                break


def test_more_than_are_read_at_once_are_not_few(database):
    with database.rehearse() as session:
        for _ in range(3):
            listed(session, part=1, hours=0)
        order = referral_list_rows.order(ReferralsWanted())
        assert len(keyset.few(session, NUMBERS, order, most=3)) == 3
        assert keyset.few(session, NUMBERS, order, most=2) is None


@given(numbers=st.lists(st.integers(1, 99), unique=True, max_size=30), size=st.integers(1, 7))
def test_what_is_ranked_is_walked_there_and_back(numbers, size):
    pages, place = [], None
    while True:
        page = keyset.of_numbers(numbers, Wanted(size=size, place=place))
        pages.append(page)
        place = page.after and keyset.place_of(keyset.written(page.after), keyset.NUMBERS)
        if place is None:
            break
    assert spread([page.rows for page in pages]) == numbers
    for earlier, later in pairwise(pages):
        assert keyset.of_numbers(numbers, Wanted(size=size, place=later.before)).rows == earlier.rows
    gone = Place(segment="0", keys=(100,))
    assert keyset.of_numbers(numbers, Wanted(size=size, place=gone)).rows == pages[0].rows

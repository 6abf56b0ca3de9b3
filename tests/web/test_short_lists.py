"""Promise: a short list is paged by the keys of its rows, and an act on one of them comes back to the same filter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from pathway.engine.children import breaking_glass
from pathway.web.lists import filtered, short_list
from pathway.web.lists.filtered import Offer
from pathway.web.lists.short_list import Line, ShortList
from support import hands
from support.front_door import MANAGER
from support.many_lines import CHIEF

START = datetime(2009, 3, 26, 10, tzinfo=UTC)
OFFER = Offer(path="/short", title="Short", sorts=(short_list.DUE, short_list.OLDEST, short_list.NEWEST))
HOURS = st.integers(0, 5)
LINES = st.lists(st.tuples(st.integers(0, 1), HOURS, st.none() | HOURS), max_size=140)
SORTS = st.sampled_from([value for value, _ in OFFER.sorts])


def lines(told):
    return [
        Line(
            row=None,
            number=number,
            part=part,
            at=START + timedelta(hours=at),
            due_at=None if due is None else START + timedelta(hours=due),
        )
        for number, (part, at, due) in enumerate(told)
    ]


def page(rows, query):
    return ShortList(asked=filtered.read(OFFER, QueryParams(query)), lines=rows).listed()


def walked(rows, sort, size, *, way="after_href", query=""):
    """The pages of a list, one after the other."""
    found = []
    while True:
        here = page(rows, query or f"sort={sort}&size={size}")
        found.append([line.number for line in here.lines])
        if not (link := getattr(here, way)):
            return found, here
        query = link.partition("?")[2]


@given(LINES, SORTS, st.sampled_from([25, 50, 100]))
def test_page_after_page_has_every_row_once_in_order_and_back_again(told, sort, size):
    rows = lines(told)
    forth, last = walked(rows, sort, size)
    whole = [number for numbers in forth for number in numbers]
    assert sorted(whole) == list(range(len(rows)))
    assert [rows[number].part for number in whole] == sorted(row.part for row in rows)
    back, _ = walked(rows, sort, size, way="before_href", query=last.filtered.here.partition("?")[2])
    assert back[-1] == whole[:size]


@given(LINES, st.data())
def test_a_page_begins_behind_its_place_whatever_has_gone_meanwhile(told, data):
    rows = lines(told)
    first = page(rows, "sort=oldest")
    gone = data.draw(st.sets(st.sampled_from(rows or lines([(0, 0, None)])).map(lambda row: row.number)))
    left = [row for row in rows if row.number not in gone]
    if first.after_href:
        shown = {line.number for line in first.lines}
        then = page(left, first.after_href.partition("?")[2])
        assert [line.number for line in then.lines] == [
            line.number
            for line in sorted(left, key=lambda row: (row.part, row.at, row.number))
            if line.number not in shown
        ][:25]


def test_whoever_reviews_a_broken_glass_comes_back_to_the_list_as_it_was_filtered(either):
    (mia,) = either.door.referrals(either.door.log("Mia"))
    hands.restrict(either.door, mia, by=CHIEF)
    with either.door.acting(MANAGER) as act:
        breaking_glass.break_glass(act, mia.person_id, breaking_glass.GlassInput(reason="He is on his way home."))
    broken = "/restricted?which=broken&sort=newest"
    page = either.sign_in(CHIEF).open(broken)
    answer = either.post("/broken-glass/1/review", **page.form().values | {"note-1": "It was right."})
    assert (either.status, either.path) == (200, "/restricted")
    assert "Which: Broken glass to review" in answer.words
    assert "No record matches." in answer.words

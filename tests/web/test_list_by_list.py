"""Promise: every long list has filter, search, order, pages by key, views and files, and none of them is another."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest
from sqlmodel import select

from rules.vocabulary import Role
from storage.tables import Access, AccessChild, Person, Referral
from support import hands
from support.front_door import person_in
from support.listing_rows import LISTINGS

CHIEF = person_in(Role.SERVICE_MANAGER)
FEW, MANY = 12, 60
FILTERS = [(listing, query) for listing in LISTINGS for query in listing.fits]
IDS = [listing.path for listing in LISTINGS]
each = pytest.mark.parametrize("listing", LISTINGS, ids=IDS)


@pytest.fixture
def filled(either):
    """Puts rows into a list, and opens the list to whoever it is for."""

    def fill(listing, count=FEW):
        (mia,) = either.door.referrals(either.door.log("Mia"))
        (leo,) = either.door.referrals(either.door.log("Leo"))
        with either.door.database.write() as session:
            for number in range(1, count + 1):
                listing.put(session, number, mia if number == 1 else leo)
        return either.sign_in(listing.who)

    return fill


def referral(desk, forename):
    """The referral of one of the two children."""
    with desk.door.database.read() as session:
        known = select(Referral).join(Person, Person.id == Referral.person_id).where(Person.forename == forename)
        return session.exec(known.order_by(Referral.id)).first()


def address(listing, *queries, below=""):
    query = "&".join(filter(None, (listing.base, *queries)))
    return f"{listing.path}{below}?{query}"


def numbers(listing, text):
    """The numbers of the rows, in their order, each once."""
    return [int(number) for number in dict.fromkeys(re.findall(listing.mark, text))]


def on_page(desk, listing, *queries):
    desk.open(address(listing, *queries))
    assert desk.status == 200
    return numbers(listing, shown(desk))


def shown(desk):
    """The page without its filter, in which the words of a search stand too."""
    return re.sub(r'<form method="get".*?</form>|<div class="app-chips">.*?</div>', "", desk.html, flags=re.DOTALL)


def csv_of(desk, listing, *queries):
    answer = desk.client.get(address(listing, *queries, below="/export"))
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def in_file(desk, listing, *queries):
    _, *lines, _ = csv_of(desk, listing, *queries)
    return [number for line in lines for number in numbers(listing, " ".join(line))]


def in_workbook(desk, listing, *queries):
    answer = desk.client.get(address(listing, *queries, "as=xlsx", below="/export"))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    lines = [" ".join(str(cell) for cell in row if cell) for row in book.active.iter_rows(values_only=True)]
    return [number for line in lines for number in numbers(listing, line)]


@pytest.mark.parametrize(("listing", "query"), FILTERS, ids=[f"{one.path}?{query}" for one, query in FILTERS])
def test_each_filter_narrows_the_page_and_both_files_to_the_same(filled, listing, query):
    desk = filled(listing)
    fitting = {number for number in range(1, FEW + 1) if listing.fits[query](number)}
    found = on_page(desk, listing, query, "size=100")
    assert set(found) == fitting
    assert in_file(desk, listing, query) == found
    assert in_workbook(desk, listing, query) == found


@each
def test_a_search_finds_one_row_on_the_page_and_in_the_file(filled, listing):
    desk, query = filled(listing), f"q={listing.found}"
    desk.open(f"{listing.path}?{query}")
    assert numbers(listing, shown(desk)) == [7]
    answer = desk.client.get(f"{listing.path}/export?{query}").text
    assert numbers(listing, answer) == [7]
    assert on_page(desk, listing, "q=nobody-has-this") == []


@each
def test_an_order_turns(filled, listing):
    desk = filled(listing)
    there, back = (on_page(desk, listing, query, "size=100") for query in listing.turned)
    assert (len(there) > 1, there) == (True, back[::-1])
    assert in_file(desk, listing, listing.turned[1]) == back


@each
def test_the_pages_hold_every_row_once_and_lead_back(filled, listing):
    desk = filled(listing, MANY)
    whole = on_page(desk, listing, "size=100")
    assert sorted(whole) == list(range(1, MANY + 1))
    found, link, pages = [], address(listing, "size=25"), []
    while link:
        page = desk.open(link)
        some = numbers(listing, shown(desk))
        assert len(some) <= 25
        found += some
        pages.append(some)
        link = next((link for link in page.links if re.search(r"[?&]after=", link)), "")
    assert found == whole
    before = next(link for link in page.links if re.search(r"[?&]before=", link))
    desk.open(before)
    assert numbers(listing, shown(desk)) == pages[-2]
    assert in_file(desk, listing, "size=25") == whole


@each
@pytest.mark.parametrize("size", [25, 50, 100])
def test_a_page_has_as_many_rows_as_somebody_wants(filled, listing, size):
    found = on_page(filled(listing, MANY), listing, f"size={size}")
    assert min(size, MANY) - 5 <= len(found) <= size  # the rows that the scene itself wrote stand among them


@each
def test_what_nobody_offers_is_left_out(filled, listing):
    desk = filled(listing)
    plain = on_page(desk, listing)
    odd = "state=odd&kind=odd&how=odd&source=odd&sort=odd&size=7&after=odd&before=0.x&other=odd"
    assert on_page(desk, listing, odd) == plain
    assert in_file(desk, listing, odd) == in_file(desk, listing)


@each
def test_a_place_that_is_gone_or_of_no_list_begins_the_list(filled, listing):
    desk = filled(listing)
    for place in ("after=9.1", "after=0", "after=0.1.2.3.4", "before=0.-99999999999999999999"):
        assert on_page(desk, listing, place) == on_page(desk, listing)


@each
def test_the_way_back_from_a_record_keeps_the_filter(filled, listing):
    desk, query = filled(listing), next(iter(listing.fits))
    desk.sign_in(CHIEF).open(address(listing, query))
    assert desk.status == 200
    ref = referral(desk, "Leo").ref
    assert address(listing, query) in desk.open(f"/referrals/{ref}").links


@each
def test_a_view_is_saved_and_opens_the_list_as_it_was(filled, listing):
    desk, query = filled(listing), next(iter(listing.fits))
    saved = address(listing, query).partition("?")[2]
    page = desk.post("/views", list=listing.path, query=f"{saved}&after=0.1", name="Mine", request_id="one")
    assert "The view is saved" in page.words
    link = next(link for link in page.links if link.startswith(f"{listing.path}?"))
    assert on_page(desk, listing, query) == numbers(listing, opened(desk, link))
    assert "Mine" in desk.open("/views").words


def opened(desk, link):
    desk.open(link)
    return shown(desk)


@each
def test_a_restricted_record_is_in_no_file_and_its_number_is_said(filled, listing):
    desk = filled(listing)
    hands.restrict(desk.door, referral(desk, "Mia"), CHIEF)
    desk.sign_in(listing.who).open(address(listing))
    assert "Mia Harlow" not in desk.html or listing.path == "/find"
    *_, last = csv_of(desk, listing)
    assert in_file(desk, listing) == [number for number in in_file(desk, listing) if number != 1]
    assert 1 not in in_file(desk, listing)
    if listing.path != "/find":  # a search answers a restricted record in words of its own, and only in full
        assert re.search(r"[1-9] restricted records? (is|are) left out\.", last[0])
        said = re.search(r"(\d+) restricted records? (?:is|are) left out of it", desk.html)
        assert said
        assert last[0].endswith(said[0].removesuffix(" of it") + ".")


@each
def test_a_file_is_in_the_access_log_as_a_look_at_each_child_in_it(filled, listing):
    desk = filled(listing)
    csv_of(desk, listing)
    with desk.door.database.read() as session:
        look = session.exec(select(Access).where(Access.what == listing.looked)).one()
        named = set(session.exec(select(AccessChild.person_id).where(AccessChild.access_id == look.id)))
    assert look.username == listing.who.username
    assert referral(desk, "Mia").person_id in named

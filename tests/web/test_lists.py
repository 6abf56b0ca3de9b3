"""Promise: a list shows exactly what is filtered, as a page, as a file and as a view, and nobody sees more by it."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest
from sqlmodel import select

from pathway.web.lists import files
from pathway.web.lists.files import Record, Rows, Table
from rules.vocabulary import Role
from storage.queries.lists import referral_list_rows
from storage.queries.lists.referral_list_rows import ReferralsWanted
from storage.tables import Access, AccessChild, Contact, ListCount, Referral, SavedView
from support import hands, rows
from support.front_door import MANAGER, OFFICER, TEAM_MANAGER, child_fields, person_in

CHIEF = person_in(Role.SERVICE_MANAGER)


@pytest.fixture
def desk(either):
    return either.sign_in(MANAGER)


def written(desk, path):
    """The rows of a CSV file."""
    answer = desk.client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def sheet(desk, path):
    """The rows of a workbook."""
    answer = desk.client.get(path)
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return book, [["" if cell is None else cell for cell in row] for row in book.active.iter_rows(values_only=True)]


def links(page, part):
    return [link for link in page.links if part in link]


# -- how many there are ------------------------------------------------------------------------------------------------


def test_a_list_is_counted_to_its_end_by_what_is_stored_and_a_search_to_a_thousand(desk):
    desk.door.log("Mia", source_code="6")
    with desk.door.database.write() as session:
        stored = session.exec(select(ListCount).where(ListCount.list == "referrals")).one()
        session.add(ListCount(**stored.model_dump(exclude={"id", "change"}), change=4_999))
    assert "5,000 children" in desk.open("/referrals?source=6").words
    assert "5,000 children" in desk.open("/referrals?source=6&undecided=yes&state=received").words
    assert "No referral matches" in desk.open("/referrals?source=6&undecided=yes&state=decided").words
    assert "1 child," in desk.open("/referrals?q=Mia").words


def test_whoever_may_not_see_a_child_does_not_learn_by_the_count_that_a_filter_fits(desk):
    mia, _ = desk.door.referrals(desk.door.log("Mia", "Noah", source_code="6"))
    hands.restrict(desk.door, mia, CHIEF)
    assert "1 child," in desk.open("/referrals?source=6").words
    assert "2 children," in desk.open("/referrals").words


# -- the filter --------------------------------------------------------------------------------------------------------


def test_each_filter_in_force_has_a_link_that_takes_it_away(desk):
    page = desk.open("/referrals?q=mia&state=received&state=decided&late=yes&size=50")
    assert "State: Received" in page.words
    assert "Something is late" in page.words
    assert "/referrals?state=received&state=decided&late=yes&size=50" in page.links
    assert "/referrals?q=mia&state=decided&late=yes&size=50" in page.links
    assert "/referrals?q=mia&state=received&state=decided&size=50" in page.links
    assert "/referrals" in page.links


def test_the_form_holds_what_is_chosen(desk):
    page = desk.open("/referrals?state=decided&sort=newest&size=100&q=mia")
    (form,) = [form for form in page.forms if form.action == "/referrals"]
    chosen = {name: form.values.get(name) for name in ("q", "state", "sort", "size")}
    assert chosen == {"q": "mia", "state": "decided", "sort": "newest", "size": "100"}


def test_the_way_back_from_a_record_is_the_list_as_it_was_filtered(desk):
    (mia,) = desk.door.referrals(desk.door.log("Mia"))
    record = f"/referrals/{mia.ref}"
    assert "/referrals" in desk.open(record).links
    desk.open("/referrals?state=received&sort=newest")
    assert "/referrals?state=received&sort=newest" in desk.open(record).links
    assert "/referrals?state=received&sort=newest" in desk.open(f"/contacts/{mia.ref.rpartition('-')[0]}").links


@pytest.mark.parametrize("cookie", ["", "x", "https://elsewhere.example", "WyJkdXR5Lm1hbmFnZXIiLCIvL2V2aWwiLCJ4Il0.x"])
def test_a_cookie_that_is_not_ours_leads_nowhere_else(browser, cookie):
    (mia,) = browser.door.referrals(browser.door.log("Mia"))
    browser.sign_in(MANAGER).client.cookies.set("pathway_list", cookie)
    page = browser.open(f"/referrals/{mia.ref}")
    assert "/referrals" in page.links
    assert not links(page, "evil")


def test_whoever_signs_in_next_is_not_led_to_what_somebody_searched_for(browser):
    (mia,) = browser.door.referrals(browser.door.log("Mia"))
    browser.sign_in(MANAGER).open("/referrals?q=harlow")
    assert not links(browser.sign_in(OFFICER).open(f"/referrals/{mia.ref}"), "harlow")


def test_a_restricted_child_is_on_no_list_that_tells_what_its_line_hides(desk):
    door = desk.door
    sam, _ = hands.social_worker(door, "Sam Okoro")
    (mia,) = hands.awaiting(door, "Mia")
    door.allocate(mia, sam)
    (leo,) = hands.awaiting(door, "Leo")
    door.allocate(leo, sam)
    narrowed = f"/referrals?worker={sam.id}"
    assert mia.ref in desk.open(narrowed).words
    hands.restrict(door, mia, CHIEF)
    assert mia.ref in desk.open("/referrals").words
    page = desk.open(narrowed)
    assert (mia.ref in page.words, leo.ref in page.words) == (False, True)
    assert mia.ref not in desk.open("/referrals?q=mia").words


# -- files -------------------------------------------------------------------------------------------------------------


def test_a_file_holds_exactly_what_is_filtered_in_the_chosen_order(desk):
    for name, hour in (("Ben", 7), ("Cal", 8), ("Dee", 9)):
        desk.door.log(name, received=f"2009-03-26 0{hour}:00")
    (amy,) = desk.door.referrals(desk.door.log("Amy", received="2009-03-26 06:00"))
    desk.door.decide(amy)
    head, *lines, last = written(desk, "/referrals/export?state=received&sort=newest")
    assert head[:2] == ["Reference", "Child"]
    assert [line[1] for line in lines] == ["Dee Harlow", "Cal Harlow", "Ben Harlow"]
    assert last == ["3 rows. No restricted record is left out."]
    _, same = sheet(desk, "/referrals/export?state=received&sort=newest&as=xlsx")
    assert [row[1] for row in same[1:-1]] == [line[1] for line in lines]


def test_what_a_spreadsheet_would_take_for_a_formula_is_text(desk):
    odd = ["=1+1", "+44", "-2", "@SUM(A1)", "\tx", "\uff1d1"]
    for text in odd:
        desk.door.log(children=[child_fields(text.strip() or "x", "Harlow")], referrer_agency=text)
    rows_of = written(desk, "/referrals/export")[1:-1]
    assert all(not cell.lstrip(" ").startswith(tuple("=+-@\t\r\uff1d")) for row in rows_of for cell in row)
    book, _ = sheet(desk, "/referrals/export?as=xlsx")
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}


def test_restricted_records_are_left_out_of_a_file_and_their_number_is_said(desk):
    (mia,) = desk.door.referrals(desk.door.log("Mia"))
    desk.door.log("Leo")
    hands.restrict(desk.door, mia, CHIEF)
    assert "1 restricted record is left out of it" in desk.open("/referrals").words
    _, *lines, last = written(desk, "/referrals/export")
    assert [line[1] for line in lines] == ["Leo Harlow"]
    assert last == ["1 row. 1 restricted record is left out."]


def test_a_protected_referrer_is_in_no_file_of_whoever_may_not_see_them(desk):
    contact = desk.door.log("Mia", referrer_agency="Rowan School")
    with desk.door.database.write() as session:
        session.get_one(Contact, contact.id).identity_protected = True
    assert "Rowan School" not in str(written(desk.sign_in(OFFICER), "/referrals/export"))
    assert "Mia Harlow" not in str(written(desk, "/referrals/export?q=rowan"))
    assert "Mia Harlow" in str(written(desk, "/referrals/export?q=mia"))


def test_a_file_is_in_the_access_log_as_a_look_at_each_child_in_it(desk):
    mia, leo = desk.door.referrals(desk.door.log("Mia", "Leo"))
    (ben,) = desk.door.referrals(desk.door.log("Ben"))
    hands.restrict(desk.door, ben, CHIEF)
    written(desk, "/referrals/export?q=harlow")
    with desk.door.database.read() as session:
        look = session.exec(select(Access).where(Access.what == "export of the screening list")).one()
        named = set(session.exec(select(AccessChild.person_id).where(AccessChild.access_id == look.id)))
    assert (look.username, look.words, named) == (MANAGER.username, "harlow", {mia.person_id, leo.person_id})


def test_a_list_that_goes_on_says_so_in_the_file():
    records = [Record(cells=(str(number),), children=frozenset({number})) for number in range(5)]
    rows_of = Rows(table=Table(name="x", columns=("Number",), records=records, most=2), closed=frozenset({0}))
    assert [row[0] for row in rows_of] == [
        "Number",
        "1",
        "2",
        "The list goes on: 2 rows are written at most. Narrow it to have the others.",
        "2 rows. 1 restricted record is left out.",
    ]
    assert rows_of.shown == {1, 2}


def test_a_file_is_read_page_after_page(database):
    with database.rehearse() as session:
        numbers = [rows.insert(session, Referral, state="received").id for _ in range(5)]
        wanted = ReferralsWanted()
        found = files.walk(lambda page: referral_list_rows.page(session, wanted, page), at_once=2)
        assert sorted(line.referral.id for line in found) == numbers


@pytest.mark.parametrize("path", ["/referrals", "/letters", "/alerts", "/allocations", "/my-children"])
def test_each_list_has_its_file(desk, path):
    who = hands.social_worker(desk.door, "Sam Okoro")[1] if path == "/my-children" else MANAGER
    desk.sign_in(who)
    for kind in ("csv", "xlsx"):
        answer = desk.client.get(f"{path}/export?as={kind}")
        assert answer.status_code == 200
        assert re.search(rf'filename="[a-z-]+\.{kind}"', answer.headers["content-disposition"])


# -- saved views -------------------------------------------------------------------------------------------------------


def save(desk, query, **more):
    return desk.post("/views", list="/referrals", query=query, request_id=f"{query}{more}", **more)


def test_a_view_is_saved_and_opens_the_list_as_it_was(desk):
    page = save(desk, "state=received&late=yes&after=1.2.3.4", name="Late ones")
    assert "The view is saved" in page.words
    assert "/referrals?state=received&late=yes" in page.links
    assert "Late ones" in desk.open("/views").words


def test_a_view_of_ones_own_is_seen_by_nobody_else(desk):
    save(desk, "q=mia", name="About Mia")
    for page in (desk.sign_in(TEAM_MANAGER).open("/referrals"), desk.open("/views")):
        assert "About Mia" not in page.words


def test_a_manager_shares_a_view_and_everybody_sees_it(desk):
    save(desk, "late=yes", name="Late ones", shared="yes")
    page = desk.sign_in(OFFICER).open("/referrals")
    assert "Late ones (shared)" in page.words


def test_a_view_with_words_of_a_search_is_not_shared(desk):
    page = save(desk, "q=mia+harlow", name="About Mia", shared="yes")
    assert desk.status == 422
    assert "A shared view holds no words of a search" in page.words
    assert page.form().values["name"] == "About Mia"
    save(desk, "q=mia+harlow", name="About Mia")
    with desk.door.database.read() as session:
        number = session.exec(select(SavedView.id)).one()
    desk.post(f"/views/{number}", name="About Mia", shared="yes", request_id="again")
    assert desk.status == 422
    assert "About Mia" not in desk.sign_in(OFFICER).open("/referrals").words


def test_only_a_manager_shares(desk):
    save(desk.sign_in(OFFICER), "late=yes", name="Late ones", shared="yes")
    assert desk.status == 403


def test_a_view_without_a_name_or_of_no_list_is_refused_at_the_field(desk):
    page = save(desk, "late=yes", name=" ")
    assert (desk.status, "#name" in page.links) == (422, True)
    page = desk.post("/views", list="https://elsewhere.example", query="", name="x", request_id="x")
    assert (desk.status, "#name" in page.links) == (422, True)


def test_a_view_is_renamed_and_deleted_by_its_owner_and_a_second_click_is_harmless(desk):
    save(desk, "late=yes", name="Late ones")
    with desk.door.database.read() as session:
        number = session.exec(select(SavedView.id)).one()
    assert "The view is changed" in desk.fill(f"/views/{number}", name="What is late").words
    desk.sign_in(OFFICER).open(f"/views/{number}")
    assert desk.status == 404
    desk.post(f"/views/{number}/delete", request_id="a")
    assert desk.status == 403
    desk.sign_in(MANAGER)
    for token in ("b", "c"):
        desk.post(f"/views/{number}/delete", request_id=token)
        assert desk.status == 200
    assert "What is late" not in desk.open("/views").words


def test_a_second_click_saves_one_view(desk):
    for _ in range(2):
        save(desk, "late=yes", name="Late ones")
    with desk.door.database.read() as session:
        assert len(rows.everything(session, SavedView)) == 1


def test_a_name_that_is_taken_is_said_at_the_field(desk):
    save(desk, "late=yes", name="Late ones")
    save(desk, "mine=yes", name="Mine")
    with desk.door.database.read() as session:
        number = session.exec(select(SavedView.id).where(SavedView.name == "Mine")).one()
    page = desk.fill(f"/views/{number}", name="Late ones")
    assert (desk.status, "#name" in page.links) == (422, True)


def test_a_shared_view_of_a_list_that_somebody_may_not_open_is_not_offered(desk):
    desk.post("/views", list="/alerts", query="kind=clock", name="Alarms", shared="yes", request_id="x")
    assert "Alarms" in desk.sign_in(TEAM_MANAGER).open("/views").words
    assert "Alarms" not in desk.sign_in(person_in(Role.ADMINISTRATOR)).open("/views").words

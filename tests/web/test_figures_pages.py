"""Figures on the screen: each number leads to its children, for whoever may see them, and every look is logged."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import openpyxl
import pytest
from sqlmodel import select

from rules.vocabulary import Role
from storage.queries.figures import weekly_rows
from storage.tables import Access, AccessChild, Message, Person, Referral
from support import desk, hands, late, rows, weeks
from support.front_door import MANAGER, OFFICER, person_in

SERVICE_MANAGER, AUDITOR = person_in(Role.SERVICE_MANAGER), person_in(Role.AUDITOR)
WEEK = "start=2009-03-02&end=2009-03-08"
ALL = f"/reports/children?{WEEK}&figure=children"


@pytest.fixture
def front(open_door):
    door = open_door("2009-03-02 09:00")
    weeks.one_week(door)
    return desk.at(door).sign_in(MANAGER)


def child(front, name):
    with front.door.database.read() as session:
        return next(one for one in rows.everything(session, Person) if one.forename == name)


def restrict(front, name):
    person = child(front, name)
    with front.door.database.read() as session:
        referral = next(one for one in rows.everything(session, Referral) if one.person_id == person.id)
    hands.restrict(front.door, referral, SERVICE_MANAGER)
    return person


def test_without_a_period_it_is_last_week(front):
    assert "2 March 2009 to 8 March 2009, as it stood on 2009-03-09 09:00" in front.open("/reports").words


@pytest.mark.parametrize("preset", ["yesterday", "last-week", "last-month", "last-quarter", "year"])
def test_each_preset_opens(front, preset):
    front.open(f"/reports?period={preset}")
    assert front.status == 200


def test_every_number_on_the_page_is_that_of_the_page_behind_it(front):
    front.open(f"/reports?{WEEK}")
    links = set(re.findall(r'href="(/reports/children\?[^"]+)">([\d,]+)<', front.html))
    assert len(links) > 20
    for link, number in sorted(links):
        behind = front.open(unescape(link))
        assert f": {number} " in behind.words, link
        assert front.html.count("<tr") - 1 == int(number), link


def test_a_child_that_was_late_stands_there_with_what_was_said_of_why_and_by_whom(front):
    words = front.open(f"/reports/children?{WEEK}&figure=clock:decision&part=late&some=yes").words
    assert "Leo" in words
    assert "Too few staff: leave, sickness or a vacancy: Two were ill." in words
    assert "6 h" in words
    assert MANAGER.name in words


def test_days_that_are_none_are_named_and_what_was_typed_stays(front):
    words = front.open("/reports?start=yesterday&end=").words
    assert (front.status, "This is not a date" in words) == (422, True)
    assert 'value="yesterday"' in front.html


@pytest.mark.parametrize(
    ("query", "said"),
    [("start=9+3+2009&end=2+3+2009", "ends before it begins"), ("start=1+1+2000&end=1+1+2009", "three years")],
)
def test_a_period_that_is_none_is_refused(front, query, said):
    assert said in front.open(f"/reports?{query}").words


def test_whoever_is_shut_out_reads_how_many_there_are_and_no_name(front):
    restrict(front, "Zebedee")
    words = front.sign_in(MANAGER).open(ALL).words
    assert "Zebedee" not in words
    assert "and 1 of them you may not see" in words
    assert "Zebedee" in front.sign_in(SERVICE_MANAGER).open(ALL).words


def test_neither_file_names_a_child_whose_record_is_closed(front):
    restrict(front, "Zebedee")
    front.sign_in(MANAGER)
    for kind in ("csv", "xlsx"):
        told = table(front, kind)
        assert ["and 1 that you may not see: the record is restricted"] in [
            [cell for cell in row if cell] for row in told
        ]
        assert not any("Zebedee" in cell for row in told for cell in row)


def table(front, kind, query=ALL):
    answer = front.client.get(query.replace("/children?", f"/children/{kind}?"))
    assert answer.status_code == 200
    if kind == "csv":
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    return [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]


def test_both_files_say_the_same(front):
    assert table(front, "csv") == table(front, "xlsx")


def test_a_name_that_looks_like_a_formula_is_none_in_a_file(front):
    front.door.log("=1+1")
    query = "/reports/children?start=2009-03-09&end=2009-03-09&figure=children"
    assert any(row[0].startswith("'=1+1") for row in table(front, "csv", query))
    answer = front.client.get(query.replace("/children?", "/children/xlsx?"))
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0] for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


def looks(front):
    with front.door.database.read() as session:
        rows_ = session.exec(select(Access.what, AccessChild.person_id).join(AccessChild)).all()
    return {(what, number) for what, number in rows_}


def test_the_list_and_the_file_are_looks_at_every_child_on_them(front):
    front.open(ALL)
    table(front, "csv")
    leo = child(front, "Leo").id
    assert {("figures and children", leo), ("export of figures and children", leo)} <= looks(front)


def test_a_child_who_is_not_shown_is_not_looked_at(front):
    zebedee = restrict(front, "Zebedee")
    front.sign_in(MANAGER)
    front.open(ALL)
    table(front, "csv")
    assert not {number for _, number in looks(front)} & {zebedee.id}


def test_an_officer_does_not_read_reports(front):
    front.sign_in(OFFICER).open("/reports")
    assert front.status == 403


def test_the_sheet_is_a_file_with_what_its_figures_mean(front):
    answer = front.client.get(f"/reports/csv?{WEEK}")
    told = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert ["Contacts received", "", "5", ""] in told
    assert any(
        row and row[0] == "Re-referrals" and "Department for Education" in row[2] for row in told if len(row) == 3
    )
    book = openpyxl.load_workbook(io.BytesIO(front.client.get(f"/reports/xlsx?{WEEK}").content))
    assert book.sheetnames == ["Figures", "What they mean"]


def test_a_list_of_more_than_fifty_goes_on(front):
    front.door.log(*(f"Child{number}" for number in range(26)))
    front.door.log(*(f"Other{number}" for number in range(26)))
    today = "/reports/children?start=2009-03-09&end=2009-03-09&figure=children"
    first = front.open(today)
    further = next(link for link in first.links if "after=" in link)
    seen = set(re.findall(r"PW-[\w-]+", first.words))
    more = set(re.findall(r"PW-[\w-]+", front.open(unescape(further)).words))
    assert (len(seen), len(more), seen & more) == (50, 2, set())


def weekly(front, answer):
    return front.client.post("/reports/weekly", data={"weekly": answer, "request_id": f"weekly-{answer}-0123456789"})


def test_the_weekly_mail_is_asked_for_and_ended_on_the_page(front):
    weekly(front, "yes")
    with front.door.database.read() as session:
        assert len(weekly_rows.wanting(session)) == 1
    assert "Send it no more" in front.open("/reports").words
    weekly(front, "no")
    with front.door.database.read() as session:
        assert not weekly_rows.wanting(session)
        assert not [one for one in rows.everything(session, Message) if one.kind == "weekly figures"]


def test_the_decision_page_asks_why_it_is_late_and_keeps_what_was_typed(front):
    (tardy,) = late.late_child(front.door, "Quentin")
    path = f"/referrals/{tardy.ref}/decide"
    assert "Decision within 24 hours: this is late." in front.open(path).words
    typed = {"outcome": "no-further-action", "level_of_need": "1", "reasons": "Fine.", "late_words": "Two were ill."}
    again = front.fill(path, **typed)
    assert "Say why it is late: choose a reason from the list." in again.words
    assert "Two were ill." in front.html
    front.send(again, path, late_reason="staff-away")
    assert front.door.fresh(tardy).outcome == "no-further-action"


def test_the_list_of_what_nobody_has_said_why_leads_to_the_question(front):
    page = front.open("/why-late")
    assert "Say why it was late: Decision within 1 hour in immediate danger" in page.words
    path = next(link for link in page.links if link.endswith("/why-late") and "PW" in link)
    front.fill(path, late_reason="more-complex")
    assert path not in front.open("/why-late").links


def test_a_child_whose_record_is_closed_stands_on_no_list_of_what_was_late(front):
    restrict(front, "Tardy")
    assert "Tardy" not in front.sign_in(MANAGER).open("/why-late").words

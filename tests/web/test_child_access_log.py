"""Who looked at one child: every page, list, search, letter, export and command that showed the child, in words."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from urllib.parse import quote_plus

import pytest

from pathway.engine import record_access
from pathway.web.looks import child_access_view
from pathway.web.needs import Shows
from pathway.web.routes import ROUTES
from rules.vocabulary import Role
from storage.queries.shown_rows import Shown
from storage.tables import Access, AccessChild, id_of
from support import fuzzing, hands, matching, rows, splitting
from support.front_door import MANAGER, OFFICER, ROLES, person_in

AUDITOR = person_in(Role.AUDITOR)
SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)
READERS = {Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE, Role.DIRECTOR, Role.AUDITOR}


@pytest.fixture
def mia(either):
    """A child of one referral, on either database; a manager is signed in."""
    either.sign_in(MANAGER)
    return matching.child(either.door, "Mia")


def log_of(desk, child, query=""):
    """The words of a child's log, as an auditor reads it."""
    return desk.sign_in(AUDITOR).open(f"/children/{child.person_id}/access-log{query}").words


def export(desk, child, query=""):
    """The lines of the file, as an auditor exports it, without the heading."""
    desk.sign_in(AUDITOR)
    answer = desk.client.get(f"/children/{child.person_id}/access-log/csv{query}")
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]


def look(desk, child, at=None, by=MANAGER, what="referral", words=""):
    """A look that is written down as any other."""
    shown = Shown(children=frozenset({child.person_id}))
    return record_access.open_record(desk.door.database, by, what, shown, now=at or desk.door.now, words=words)


def test_pages_lists_searches_letters_and_exports_are_told_apart_in_words(either, mia):
    leo = matching.child(either.door, "Leo")
    (letter, *_) = either.door.letters(matching.contact_of(either.door, mia))
    for path in (f"/referrals/{mia.ref}", "/referrals", "/referrals?q=Harlow", "/find?q=Mia", f"/letters/{letter.id}"):
        either.open(path)
    export(either, mia)
    words = log_of(either, mia)
    assert "Page: referral" in words
    assert "List: screening list, among 2 children" in words
    assert "Search: screening list, among 2 children Searched for “Harlow”" in words
    assert "Search: find Searched for “Mia”" in words
    assert "Letter: letter" in words
    assert "Export: export of the access log of a child" in words
    assert "Page: access log of a child" in words
    assert "Search: find" not in log_of(either, leo)
    assert leo.ref not in words  # of the others on a list only how many they were


def test_every_list_and_every_letter_of_the_pages_has_its_word():
    titles = {shows: set() for shows in Shows}
    for route in ROUTES:
        titles[route.shows].add(route.title.removesuffix(" (form)"))
    exports = {title for title in titles[Shows.LIST] if title.startswith("export of")}
    assert titles[Shows.LIST] - exports <= child_access_view.LISTS
    assert titles[Shows.LETTER] | titles[Shows.MAIL] | titles[Shows.MESSAGE] <= child_access_view.LETTERS
    others = set().union(*(titles[shows] for shows in Shows if shows not in (Shows.LIST, Shows.NOTHING)))
    assert not others & child_access_view.LISTS


def test_it_is_reached_from_the_chronology_and_from_the_answers_of_a_search(either, mia):
    place = f"/children/{mia.person_id}/access-log"
    for path in (f"/children/{mia.person_id}/chronology", "/find?q=Mia"):
        assert place in either.sign_in(SERVICE_MANAGER).open(path).links
        assert place not in either.sign_in(OFFICER).open(path).links


@pytest.mark.parametrize("role", ROLES)
def test_it_opens_to_those_who_may_read_the_access_log(browser, role):
    mia = matching.child(browser.door, "Mia")
    for path in ("", "/csv"):
        browser.sign_in(person_in(role)).open(f"/children/{mia.person_id}/access-log{path}")
        assert browser.status == (200 if role in READERS else 403)


def test_days_and_person_narrow_it_and_both_days_are_included(either, mia):
    for day in ("2009-03-01 00:00", "2009-03-02 23:59", "2009-03-03 00:00"):
        either.door.move_to(day)
        look(either, mia)
        look(either, mia, by=OFFICER)
    either.door.move_to("2009-03-26 10:00")
    lines = export(either, mia, "?since=1 3 2009&until=2 3 2009&who=duty")
    assert [(when, name) for when, name, *_ in lines] == [
        ("2009-03-02 23:59:00", "Duty Manager"),
        ("2009-03-01 00:00:00", "Duty Manager"),
    ]
    assert len(export(either, mia, "?until=2 3 2009&who=screening.officer")) == 2
    assert "Nothing matches." in log_of(either, mia, "?who=nobody")


def test_a_look_by_somebody_who_signs_in_nowhere_is_found_by_the_whole_name(either, mia):
    by = person_in(Role.AUDITOR).__class__(username="root", name="root", roles=frozenset())
    look(either, mia, by=by)
    assert [line[2] for line in export(either, mia, "?who=root")] == ["root"]


@pytest.mark.parametrize(
    ("query", "place"),
    [("?since=31 2 2009", "since"), ("?since=3 3 2009&until=2 3 2009", "until"), ("?until=x", "until")],
)
@pytest.mark.parametrize("path", ["", "/csv"])
def test_a_day_that_is_none_is_said_at_its_field_and_what_was_typed_stays(browser, query, place, path):
    mia = matching.child(browser.door, "Mia")
    page = browser.sign_in(AUDITOR).open(f"/children/{mia.person_id}/access-log{path}{query}")
    assert browser.status == 422
    assert f"#{place}" in page.links
    typed = query.rpartition("=")[2]
    assert f'value="{typed}"' in browser.html


def test_it_is_read_by_key_and_nothing_is_left_out_or_said_twice(either, mia):
    for minute in range(60):
        look(either, mia, at=either.door.now - timedelta(minutes=minute), what=f"look {minute:02}")
    either.sign_in(AUDITOR)
    path, seen = f"/children/{mia.person_id}/access-log?size=25", []
    for _ in range(5):
        page = either.open(path)
        seen += page.words.split("Page: look ")[1:]
        (path,) = [link for link in page.links if "before=" in link and "csv" not in link] or [""]
        if not path:
            break
        assert "size=25" in path
    assert [one[:2] for one in seen] == [f"{minute:02}" for minute in reversed(range(60))]


@pytest.mark.parametrize("size", ["7", "0", "-1", "1000", "x"])
def test_a_page_has_25_to_100_looks(browser, size):
    mia = matching.child(browser.door, "Mia")
    for _ in range(60):
        look(browser, mia)
    assert "50 looks, the newest first" in log_of(browser, mia, f"?size={size}")


def test_no_cell_of_the_file_is_a_formula(either, mia):
    for words in ("=HYPERLINK(1)", "+44 20 7946 0999", "-1", "@SUM(A1)", "\t=1", " =1", "plain"):
        look(either, mia, what="find", words=words)
    found = [line[4] for line in export(either, mia)]
    assert found[1:] == ["plain", "' =1", "'\t=1", "'@SUM(A1)", "'-1", "'+44 20 7946 0999", "'=HYPERLINK(1)"]


def test_the_export_is_a_look_of_its_own_and_stands_in_the_file(either, mia):
    first = export(either, mia)[0]
    assert first[1:4] == ["Auditor", "auditor", "Export: export of the access log of a child"]


def test_a_merged_child_keeps_the_looks_under_both_numbers_and_leads_to_the_one_kept(either, mia):
    leo = matching.child(either.door, "Leo")
    look(either, mia, what="look at mia")
    look(either, leo, what="look at leo")
    either.door.move_to("2009-03-26 10:30")
    merge = matching.merge(either.door, mia, leo)
    words = log_of(either, mia)
    assert "look at mia" in words
    assert "look at leo" in words
    either.open(f"/children/{leo.person_id}/access-log?who=duty")
    assert either.path == f"/children/{mia.person_id}/access-log"
    either.door.move_to("2009-03-26 11:00")
    look(either, mia, what="look at both")
    either.door.move_to("2009-03-26 12:00")
    matching.undo(either.door, merge)
    look(either, mia, what="look afterwards")
    words = log_of(either, leo)
    assert "Page: look at both, when the record was also another child’s" in words
    assert "look at leo" in words
    assert "look at mia" not in words
    assert "look afterwards" not in words


def test_a_child_who_was_taken_apart_keeps_the_looks_at_what_was_one_record(either, mia):
    again = matching.child(either.door, "Mia")
    assert again.person_id == mia.person_id
    look(either, mia, what="look at one record")
    either.door.move_to("2009-03-26 11:00")
    splitting.split(either.door, again)
    again = either.door.fresh(again)
    assert again.person_id != mia.person_id
    look(either, mia, what="look at the first")
    look(either, again, what="look at the other")
    words = log_of(either, again)
    assert "Page: look at one record, when the record was also another child’s" in words
    assert "look at the other" in words
    assert "look at the first" not in words
    assert "look at the other" not in log_of(either, mia)


def test_a_look_at_several_records_of_a_child_is_one_and_one_from_before_children_were_named_is_found(either, mia):
    matching.child(either.door, "Mia")
    either.open(f"/children/{mia.person_id}/chronology")
    about = {"contact_id": mia.contact_id, "username": "duty.manager", "allowed": True}
    with either.door.database.write() as session:
        session.add(Access(at=either.door.now, what="old look", referral_id=mia.id, **about))
        session.add(Access(at=either.door.now, what="old look at all", **about))
    words = log_of(either, mia)
    assert words.count("Page: chronology") == 1
    assert words.count("Page: old look") == 2


def test_the_log_of_a_restricted_child_opens_only_to_whom_the_child_does(either, mia):
    hands.restrict(either.door, mia, by=SERVICE_MANAGER)
    look(either, mia, by=SERVICE_MANAGER, what="secret look")
    for path in (f"/children/{mia.person_id}/access-log", f"/children/{mia.person_id}/access-log/csv"):
        either.sign_in(AUDITOR).open(path)
        assert (either.status, "secret look" in either.html) == (403, False)
    for child in (mia.person_id, mia.ref):
        either.open(f"/access-log?child={child}")
        assert either.status == 403
    with either.door.database.read() as session:
        refused = [one for one in rows.everything(session, Access) if one.username == "auditor" and not one.allowed]
        named = {one.access_id for one in session.exec(AccessChild.__table__.select())}
    assert len([one for one in refused if id_of(one) in named]) == 4
    page = either.sign_in(SERVICE_MANAGER).open(f"/children/{mia.person_id}/access-log")
    assert "secret look" in page.words


def test_the_whole_log_names_no_restricted_child_to_whom_it_is_closed(either, mia):
    either.open(f"/referrals/{mia.ref}")
    hands.restrict(either.door, mia, by=SERVICE_MANAGER)
    page = either.sign_in(AUDITOR).open("/access-log")
    assert "Restricted record" in page.words
    assert mia.ref not in either.html
    assert f"/children/{mia.person_id}/" not in either.html
    assert "Nothing matches." in either.open(f"/access-log?q={mia.ref[:9]}").words
    assert mia.ref in either.sign_in(SERVICE_MANAGER).open("/access-log").words


def test_a_record_that_a_child_was_taken_from_stays_closed_in_the_childs_log(either, mia):
    again = matching.child(either.door, "Mia")
    look(either, mia, what="look at one record")
    either.door.move_to("2009-03-26 11:00")
    splitting.split(either.door, again)
    hands.restrict(either.door, mia, by=SERVICE_MANAGER)
    assert "look at one record" not in log_of(either, either.door.fresh(again))
    words = either.sign_in(SERVICE_MANAGER).open(f"/children/{either.door.fresh(again).person_id}/access-log").words
    assert "look at one record" in words


def test_whatever_is_asked_for_the_answer_is_no_fault_of_ours(browser):
    mia = matching.child(browser.door, "Mia")
    browser.sign_in(AUDITOR)
    for odd in fuzzing.ODD:
        for name in ("since", "until", "who", "before", "size"):
            asked = quote_plus(odd.encode("utf-8", "surrogatepass")[:2000])
            browser.open(f"/children/{mia.person_id}/access-log?{name}={asked}")
            assert browser.status in (200, 422), (name, odd[:50])


@pytest.mark.parametrize("path", ["/children/4711/access-log", "/children/99999999999999/access-log/csv"])
def test_a_child_who_is_not_there_is_not_found(browser, path):
    browser.sign_in(AUDITOR).open(path)
    assert browser.status == 404

"""Nothing typed is lost: what stands in a form is kept until it is recorded, and found again by whoever wrote it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from storage.queries.staff import sign_in_rows, staff_rows
from storage.tables import Access, Contact, Draft, Event, id_of
from support import rows, unfinished
from support.front_door import MANAGER, OFFICER

NEW = "/contacts/new"
TYPED = {
    "source_code": "2A",
    "concern_facts": "Two bruises, seen today",
    "children__0__forename": "Mia",
    "children__0__surname": "Harlow",
    "children__0__birth_date": "6 May 2004",
}
SENT = TYPED | {"do": "log"}


@pytest.fixture
def officer(either):
    return either.sign_in(OFFICER)


def everything(desk, table=Draft):
    with desk.door.database.read() as session:
        return rows.everything(session, table)


def types(desk, page, of=NEW, **changes):
    """What the form's script sends while somebody types: the answer, and the page's hidden fields as it leaves them."""
    typed = {name.replace("__", "."): value for name, value in changes.items()}
    values = page.form().values
    values["draft_turn"] = str(int(values["draft_turn"]) + 1)
    answer = desk.client.post("/drafts", params={"of": of}, data={**values, **typed}, follow_redirects=False)
    if answer.status_code == 200:
        values |= {"request_id": answer.json()["token"], "draft": str(answer.json()["version"])}
    return answer


def texts(desk):
    return [json.loads(draft.fields)["concern_facts"][0] for draft in everything(desk) if draft.ended_at is None]


def test_what_is_typed_is_found_again_on_another_device_and_gone_when_it_is_logged(officer):
    page = officer.open(NEW)
    assert types(officer, page, **TYPED).json()["words"] == "Kept at 10:00."
    types(officer, page, **TYPED, draft_age="8", referrer_name="Ada")
    (draft,) = everything(officer)
    assert draft.begun_at == officer.door.now
    listed = officer.open(NEW)
    assert "Go on with the contact begun Thu 26 Mar 2009, 10:00" in listed.words
    again = officer.open(f"{NEW}?draft={draft.id}")
    assert "You have text from Thu 26 Mar 2009, 10:00" in again.words
    assert (again.form().values["referrer_name"], again.form().values["children.0.forename"]) == ("Ada", "Mia")
    officer.send(again, NEW, do="log")
    assert officer.path.startswith("/contacts/PW-")
    (left,) = everything(officer)
    assert (left.fields, left.ended_at) == ("{}", officer.door.now)
    assert "Go on with" not in officer.open(NEW).words


def test_without_scripts_each_sending_keeps_it(officer):
    officer.fill(NEW, **TYPED | {"do": "add"})
    officer.fill(NEW, **TYPED | {"do": "log", "source_code": ""})
    assert officer.status == 422
    assert [json.loads(draft.fields)["concern_facts"] for draft in everything(officer)] == [
        [TYPED["concern_facts"]]
    ] * 2


def test_two_contacts_begun_by_one_officer_stay_apart(officer):
    first, second = officer.open(NEW), officer.open(NEW)
    types(officer, first, concern_facts="The first call")
    types(officer, second, concern_facts="The second call")
    types(officer, first, concern_facts="The first call goes on")
    assert texts(officer) == ["The first call goes on", "The second call"]


def test_two_pages_of_one_text_keep_both(officer):
    page = officer.open(NEW)
    types(officer, page, concern_facts="As it began")
    (draft,) = everything(officer)
    other = officer.open(f"{NEW}?draft={draft.id}")
    types(officer, page, concern_facts="As it went on here")
    answer = types(officer, other, concern_facts="As it went on there")
    assert "beside another text" in answer.json()["words"]
    types(officer, other, concern_facts="As it went on there, and on")
    types(officer, page, concern_facts="As it went on here, and on")
    assert texts(officer) == ["As it went on here, and on", "As it went on there, and on"]


def test_an_answer_that_got_lost_makes_no_second_text_and_what_comes_late_changes_nothing(officer):
    page = officer.open(NEW)
    sent = dict(page.form().values)
    for turn, text in (("1", "A"), ("3", "ABC"), ("2", "AB")):
        officer.client.post("/drafts", params={"of": NEW}, data={**sent, "draft_turn": turn, "concern_facts": text})
    assert texts(officer) == ["ABC"]


def test_what_was_logged_on_one_page_and_differs_on_another_is_neither_lost_nor_logged_twice_unseen(officer):
    page = officer.open(NEW)
    types(officer, page, **TYPED)
    (draft,) = everything(officer)
    other = officer.open(f"{NEW}?draft={draft.id}")
    officer.send(page, NEW, **SENT)
    first = officer.path
    said = officer.send(other, NEW, **SENT | {"concern_facts": "More was said"})
    assert officer.status == 409
    assert "This form was sent before" in said.words
    assert said.form().values["concern_facts"] == "More was said"
    assert len(everything(officer, Contact)) == 1
    officer.send(said, NEW, do="log")
    assert officer.path not in {first, NEW}
    assert len(everything(officer, Contact)) == 2


def test_what_the_script_sends_late_after_the_contact_was_logged_makes_no_unfinished_contact(officer):
    page = officer.open(NEW)
    officer.send(page, NEW, **SENT, draft_turn="5")
    assert "sent already" in types(officer, page, concern_facts="Two bru").json()["words"]
    assert [draft.fields for draft in everything(officer)] == ["{}"]


def leave(desk):
    desk.post("/sign-out")
    desk.client.cookies.clear()


def test_a_session_that_has_ended_asks_to_sign_in_and_goes_on_with_the_text(officer):
    page = officer.open(NEW)
    leave(officer)
    asked = officer.send(page, NEW, **SENT)
    assert officer.path == "/sign-in"
    assert "What you typed is kept" in asked.words
    officer.sign_in(OFFICER)
    back = officer.open(asked.form().values["next"])
    assert back.form().values["concern_facts"] == TYPED["concern_facts"]
    officer.send(back, NEW, do="log")
    assert len(everything(officer, Contact)) == 1


def test_the_script_keeps_on_keeping_after_the_end_and_says_so(officer):
    page = officer.open(NEW)
    leave(officer)
    assert "Your session has ended" in types(officer, page, **TYPED).json()["words"]
    assert [draft.writer for draft in everything(officer)] == [OFFICER.username]


def test_nobody_else_reads_it_and_a_stranger_keeps_nothing(officer):
    page = officer.open(NEW)
    leave(officer)
    for spoilt in ({"draft_mark": "officer 1 x.forged"}, {"request_id": "another"}, {"draft_mark": ""}):
        officer.send(page, NEW, **SENT | spoilt)
        assert types(officer, page, **SENT | spoilt).status_code != 200
    assert everything(officer) == []
    officer.send(page, NEW, **SENT)
    (draft,) = everything(officer)
    officer.sign_in(MANAGER)
    theirs = officer.open(f"{NEW}?draft={draft.id}")
    assert TYPED["concern_facts"] not in officer.html
    assert "Go on with" not in theirs.words
    officer.post("/drafts/drop", draft=str(draft.id))
    assert officer.status == 404
    officer.send(page, NEW, **SENT)  # an old page of somebody else's, sent by the manager: what the officer has stays
    assert [one.ended_at is None for one in everything(officer)] == [True, False]


def test_of_whoever_has_left_nothing_is_kept(officer):
    page = officer.open(NEW)
    with officer.door.database.write() as session:
        user = staff_rows.user(session, OFFICER.username)
        user.active = False
        sign_in_rows.remove_all(session, id_of(user))
    officer.send(page, NEW, **SENT)
    assert officer.path == "/sign-in"
    assert everything(officer) == []


def test_a_contact_without_a_time_was_received_when_its_typing_began(officer):
    page = officer.open(NEW)
    types(officer, page, **TYPED, draft_age="60")
    officer.door.move_to("2009-03-26 11:00")
    officer.send(page, NEW, **SENT, received_at="", received_at_time="")
    (contact,) = everything(officer, Contact)
    assert contact.received_at == officer.door.now - timedelta(minutes=61)


def test_the_form_of_a_referral_goes_on_where_it_was_or_begins_anew(officer):
    contact = officer.door.log("Mia")
    path = f"/referrals/{contact.ref}-1/screen"
    types(officer, officer.open(path), of=path, **{"check.history.found": "Known in 2007"})
    again = officer.open(path)
    assert "You have text from" in again.words
    assert again.form().values["check.history.found"] == "Known in 2007"
    (draft,) = everything(officer)
    fresh = officer.post("/drafts/drop", draft=str(draft.id))
    assert officer.path == path
    assert fresh.form().values["check.history.found"] == ""


def test_a_form_with_files_keeps_its_text_until_it_is_recorded(officer):
    path = f"/contacts/{officer.door.log('Mia').ref}/information"
    page = officer.open(path)
    types(officer, page, of=path, text="The aunt has her.")
    again = officer.open(path).form().values
    assert again["text"] == "The aunt has her."
    officer.client.post(path, data=again | {"channel": "x" * 501}, files=[("files", ("", b""))])
    assert [draft.ended_at for draft in everything(officer)] == [None]
    officer.client.post(path, data=again, files=[("files", ("", b""))])
    assert [draft.fields for draft in everything(officer)] == ["{}"]
    assert officer.open(path).form().values["text"] == ""
    leave(officer)
    answer = officer.client.post(path, data=again, files=[("files", ("", b""))], follow_redirects=False)
    assert answer.headers["location"].startswith("/sign-in?next=%2Fcontacts")


def test_after_seven_days_what_was_typed_goes_but_for_a_new_contact(officer):
    contact = officer.door.log("Mia")
    path = f"/referrals/{contact.ref}-1/screen"
    types(officer, officer.open(path), of=path, **{"check.history.found": "Known in 2007"})
    types(officer, officer.open(NEW), **TYPED)
    officer.door.move_to("2009-04-02 11:00")
    officer.door.sweep()
    assert {draft.form for draft in everything(officer)} == {path, NEW}
    officer.door.move_to("2009-04-02 11:01")
    officer.door.sweep()
    assert {draft.form for draft in everything(officer)} == {NEW}


def test_only_forms_whose_text_is_kept_are_kept(officer):
    page = officer.open(NEW)
    for of in ("/people/new", "/sign-in", "/nowhere", "", "/referrals", "\x00", "/contacts/new" * 500):
        assert types(officer, page, of=of).status_code == 404
    assert everything(officer) == []


@pytest.mark.parametrize("odd", ["", "-1", "9" * 20, "1.5", "²", "\x00", "x" * 100_001])
def test_odd_numbers_and_marks_are_no_fault(officer, odd):
    page = officer.open(NEW)
    odd_ones = dict.fromkeys(("draft", "draft_mark", "draft_turn", "draft_age"), odd)
    assert officer.client.post("/drafts", params={"of": NEW}, data=page.form().values | odd_ones).status_code == 200
    officer.post("/drafts/drop", draft=odd)
    assert officer.status == 404
    leave(officer)
    assert officer.client.post("/drafts", params={"of": NEW}, data=odd_ones, follow_redirects=False).status_code == 303


def opened(desk):
    """An officer's contact, left for three hours, as a duty manager opens it."""
    draft = unfinished.begin(desk.door, TYPED["concern_facts"], ago=unfinished.LONG_AGO)
    return draft, desk.sign_in(MANAGER).open(f"/unfinished/{draft.id}")


def test_an_unfinished_contact_stands_on_the_list_without_its_content(either):
    draft = unfinished.begin(either.door, TYPED["concern_facts"], ago=timedelta(minutes=31))
    page = either.sign_in(MANAGER).open("/referrals")
    assert "Unfinished contact of Screening Officer, begun Thu 26 Mar 2009, 09:29" in page.words
    assert TYPED["concern_facts"] not in page.words
    assert f"/unfinished/{draft.id}" not in page.links
    either.open(f"/unfinished/{draft.id}")
    assert either.status == 403
    assert TYPED["concern_facts"] not in either.html
    assert f"/contacts/new?draft={draft.id}" in either.sign_in(OFFICER).open("/referrals").links


def test_a_duty_manager_finishes_it_the_look_is_logged_and_the_history_names_who_began_it(either):
    draft, page = opened(either)
    assert f"/unfinished/{draft.id}" in either.open("/referrals").links
    form = next(form for form in page.forms if form.action == NEW)
    assert form.values["concern_facts"] == TYPED["concern_facts"]
    typed = {name.replace("__", "."): value for name, value in SENT.items()}
    either.post(NEW, **form.values | typed | {"late_recording_reason": "The officer was called away"})
    assert either.path.startswith("/contacts/PW-")
    (contact,) = everything(either, Contact)
    assert (contact.recorded_by, contact.received_at) == (MANAGER.username, draft.begun_at)
    said = [event.summary for event in everything(either, Event) if event.kind == "received"]
    assert said == ["Received by telephone; begun by Screening Officer Thu 26 Mar 2009 07:00, finished by Duty Manager"]
    assert "begun by Screening Officer" in either.open(f"/referrals/{contact.ref}-1").words
    looks = [look.what for look in everything(either, Access) if look.username == MANAGER.username]
    assert "unfinished contact (form) 1, begun by " + OFFICER.username in looks
    assert "Unfinished contact" not in either.open("/referrals").words


def test_a_duty_manager_discards_it_only_with_a_reason(either):
    draft, page = opened(either)
    wrong = either.send(page, f"/unfinished/{draft.id}", reason=" ")
    assert either.status == 422
    assert "#reason" in wrong.links
    assert TYPED["concern_facts"] in either.html
    either.send(page, f"/unfinished/{draft.id}", reason="Logged by Ann")
    assert either.path == "/referrals"
    assert texts(either) == []


def test_the_officer_who_goes_on_while_the_manager_finishes_it_loses_no_word(either):
    draft, page = opened(either)
    own = either.sign_in(OFFICER).open(f"{NEW}?draft={draft.id}")
    form = next(form for form in page.forms if form.action == NEW)
    either.sign_in(MANAGER).client.post("/drafts", params={"of": NEW}, data=form.values | {"concern_facts": "By her"})
    assert "beside" in types(either.sign_in(OFFICER), own, concern_facts="By him").json()["words"]
    assert texts(either) == ["By her", "By him"]

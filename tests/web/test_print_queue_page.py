"""The print queue: tick letters, print them as one PDF or from the browser, and record the batch as posted."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select

from rules.vocabulary import Role
from storage.tables import Access, Contact, Handover, LetterPrint, PrintBatch, WhyLate
from support import desk as desks
from support import pdf, printed_letters, rows
from support.front_door import MANAGER, OFFICER, person_in
from support.printed_letters import letter

PATH = "/print-queue"
MISSING = "Letters can't be made as PDF: there is no WeasyPrint. Install it with: pip install weasyprint"


@pytest.fixture
def desk(either):
    return either.sign_in(OFFICER)


def everything(desk, table):
    with desk.door.database.read() as session:
        return rows.everything(session, table)


def ticked(page):
    """The print form: that of the filter comes before it, those of the batches follow."""
    return next(form for form in page.forms if form.action == PATH and "request_id" in form.values)


def print_them(desk, *letters, how="pdf"):
    token = ticked(desk.open(PATH)).values["request_id"]
    return desk.client.post(PATH, data={"request_id": token, "how": how, "letters": [one.id for one in letters]})


def posted(desk, batch, at="26 3 2009", time="10:00", **why):
    moment = {f"posted_at-{batch}": at, f"posted_at-{batch}_time": time}
    moment |= {f"{name}-{batch}": text for name, text in why.items()}
    page = desk.open(PATH)
    form = next(form for form in page.forms if form.action == f"{PATH}/{batch}/posted")
    return desk.post(form.action, **form.values | moment)


def test_an_empty_queue_says_so(desk):
    page = desk.open(PATH)
    assert "No letter waits to be printed." in page.words
    assert "No batch waits to be posted." in page.words


def test_every_letter_that_can_be_printed_is_ticked(desk):
    one, two = letter(desk.door, "Mia"), letter(desk.door, "Leo", referrer_address="somewhere in Leeds")
    page = desk.open(PATH)
    assert f'id="letter-{one.id}" name="letters" type="checkbox" value="{one.id}" checked' in desk.html
    assert f'id="letter-{two.id}"' not in desk.html
    assert "Can’t be printed" in page.words
    assert "is not a UK postcode" in page.words
    assert [link for link in page.links if link.endswith("/address")] != []


@pytest.mark.needs("pdf")
def test_one_pdf_of_the_batch_opens_in_the_browser_and_the_batch_is_kept(desk):
    answer = print_them(desk, letter(desk.door, "Mia"), letter(desk.door, "Leo"))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'inline; filename="letters-1.pdf"'
    assert len(pdf.texts(answer.content)) == 4
    (batch,) = everything(desk, PrintBatch)
    assert batch.printed_by == OFFICER.username
    assert "Batch 1: 2 letters" in desk.open(PATH).words


def test_the_batch_is_marked_as_posted_with_date_and_time(desk):
    print_them(desk, letter(desk.door))
    page = posted(desk, 1)
    assert "the letters of the batch have left the building" in page.words
    assert [row.delivery for row in everything(desk, Handover)] == ["post"]
    assert "No batch waits to be posted." in page.words


def test_a_second_click_on_posted_does_no_harm(desk):
    print_them(desk, letter(desk.door))
    form = desk.open(PATH).form()
    typed = form.values | {"posted_at-1": "26 3 2009", "posted_at-1_time": "10:00"}
    for _ in range(2):
        page = desk.post(form.action, **typed)
        assert "have left the building" in page.words
    assert len(everything(desk, Handover)) == 1


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ({"time": ""}, "not a time of day"),
        ({"at": "27 3 2009"}, "in the future"),
        ({"at": "25 3 2009"}, "before the batch was printed"),
    ],
)
def test_an_odd_moment_is_said_at_its_field_and_kept(browser, moment, words):
    browser.sign_in(OFFICER)
    print_them(browser, letter(browser.door))
    page = posted(browser, 1, **moment)
    assert (browser.status, words in page.words) == (422, True)
    assert page.form().values["posted_at-1"] == moment.get("at", "26 3 2009")
    assert 'href="#posted_at-1' in browser.html


def test_of_a_batch_that_is_posted_late_it_is_asked_once_why_and_until_then_none_is_recorded(desk):
    print_them(desk, letter(desk.door, "Mia"), letter(desk.door, "Leo"))
    assert "Why it is late" not in desk.open(PATH).words
    desk.door.move_to("2009-03-30 10:00")
    desk.sign_in(OFFICER)
    page = posted(desk, 1, at="30 3 2009", late_words="The franking machine.")
    assert (desk.status, "Choose a reason" in page.words) == (422, True)
    assert 'href="#late_reason-1"' in desk.html
    assert "The franking machine." in desk.html
    assert everything(desk, Handover) == []
    posted(desk, 1, at="30 3 2009", late_reason="system-or-post", late_words="The franking machine.")
    assert len(everything(desk, Handover)) == 2
    told = {(row.reason, row.words, row.told_by) for row in everything(desk, WhyLate)}
    assert told == {("system-or-post", "The franking machine.", OFFICER.username)}
    assert len({row.referral_id for row in everything(desk, WhyLate)}) == 2


def test_a_batch_that_was_posted_in_time_is_not_asked_why_it_is_recorded_late(desk):
    print_them(desk, letter(desk.door))
    desk.door.move_to("2009-03-30 10:00")
    desk.sign_in(OFFICER)
    assert "have left the building" in posted(desk, 1).words
    assert everything(desk, WhyLate) == []


def test_printing_nothing_is_said(desk):
    letter(desk.door)
    answer = print_them(desk)
    assert (answer.status_code, "No letter is chosen" in answer.text) == (422, True)


@pytest.mark.parametrize("number", ["0", "999", "x", "99999999999999999999"])
def test_a_letter_that_is_not_in_the_queue_is_refused(browser, number):
    browser.sign_in(OFFICER).post(PATH, letters=number)
    assert browser.status == 409
    assert "is not in your print queue" in browser.html


@pytest.mark.needs("pdf")
def test_printed_letters_can_be_printed_again_until_they_are_posted(desk):
    print_them(desk, letter(desk.door))
    assert f"{PATH}/1/pdf" in desk.open(PATH).links
    assert desk.client.get(f"{PATH}/1/pdf").headers["content-type"] == "application/pdf"
    posted(desk, 1)
    desk.open(f"{PATH}/1/pdf")
    assert (desk.status, "Nothing of batch 1 waits to be posted" in desk.html) == (404, True)


def test_from_the_browser_each_letter_has_its_own_sheets(desk):
    print_them(desk, letter(desk.door, "Mia"), letter(desk.door, "Leo"), how="browser")
    page = desk.open(f"{PATH}/print?batch=1")
    assert desk.html.count('class="sheet"') == 2
    assert "Ada Ferreira 3 High Street Northmoor N17 6AA" in page.words
    assert " style=" not in desk.html


def test_without_a_batch_the_browser_prints_what_waits(desk):
    assert "No letter waits to be printed." in desk.open(f"{PATH}/print").words
    letter(desk.door)
    assert "These letters are in no batch" in desk.open(f"{PATH}/print").words
    assert desk.html.count('class="sheet"') == 1


def test_where_no_pdf_can_be_made_it_says_what_to_install_and_the_browser_prints(door):
    desk = desks.at(door, no_paper=lambda: MISSING).sign_in(OFFICER)
    one = letter(door)
    assert "pip install weasyprint" in desk.open(PATH).words
    answer = print_them(desk, one)
    assert answer.url.path == f"{PATH}/print"
    assert answer.text.count('class="sheet"') == 1
    assert desk.client.get(f"{PATH}/1/pdf").url.path == f"{PATH}/print"


def test_letters_for_others_are_counted_and_not_shown(desk):
    one = letter(desk.door, referrer_name="Quintilia Zebrowska", identity_protected=True)
    page = desk.open(PATH)
    assert "1 more letter is for others" in page.words
    assert "Zebrowska" not in desk.html
    assert f"/letters/{one.id}" not in page.links
    assert "Zebrowska" in desk.sign_in(MANAGER).open(PATH).words


@pytest.mark.needs("pdf")
def test_a_batch_of_somebody_elses_shows_no_protected_letter_in_any_form(desk):
    letter(desk.door, referrer_name="Quintilia Zebrowska", identity_protected=True)
    printed_letters.print_all(desk.door, by=MANAGER)
    for path in (PATH, f"{PATH}/print?batch=1", f"{PATH}/1/pdf"):
        desk.open(path)
        assert "Zebrowska" not in desk.html
    assert desk.status == 404


def test_whoever_printed_stands_in_the_access_log_for_each_contact(desk):
    one, two = letter(desk.door, "Mia"), letter(desk.door, "Leo")
    print_them(desk, one, two)
    looked = [row.contact_id for row in everything(desk, Access) if row.what == "printed letter"]
    assert looked == [one.contact_id, two.contact_id]


def test_the_letter_and_the_list_of_letters_owed_say_how_far_it_is(desk):
    one = letter(desk.door)
    printed_letters.print_all(desk.door)
    assert "Printed, not posted" in desk.open("/letters?owed=yes").words
    page = desk.open(f"/letters/{one.id}")
    assert "Letter printed for the post by Screening Officer: batch 1" in page.words


def test_an_address_that_cant_be_used_is_said_where_the_letter_stands_and_it_is_not_printed(desk):
    one = letter(desk.door, referrer_address="3 High Street")
    for path in ("/letters?owed=yes", f"/letters/{one.id}", f"/letters/{one.id}/print"):
        assert "The address has one line and needs at least 2" in desk.open(path).words
    assert desk.status == 409
    page = desk.open(f"/letters/{one.id}/print?hand=yes")
    assert (desk.status, "it is to be given by hand" in page.words) == (200, True)
    assert "3 High Street" not in page.words


def test_a_mended_address_makes_it_printable(desk):
    one = letter(desk.door, referrer_address="3 High Street")
    (link,) = {link for link in desk.open(PATH).links if link.endswith("/address")}
    desk.fill(link, address="3 High Street, Northmoor, n176aa")
    desk.open(PATH)
    assert f'id="letter-{one.id}"' in desk.html


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_the_queue_opens_only_to_those_who_post_letters(browser, role):
    browser.sign_in(person_in(role)).open(PATH)
    assert browser.status == 403


BOX = "\u0378"  # no font anywhere has it


@pytest.mark.needs("pdf")
def test_a_letter_with_a_character_of_no_font_is_named_left_out_and_refused_while_the_others_are_printed(desk):
    good, boxed = letter(desk.door, "Mia"), letter(desk.door, "Leo", referrer_name=f"Ada {BOX} Lund")
    page = desk.open(PATH)
    assert "No font here has (No character, U+0378), at “" in page.words
    assert f'value="{good.id}" checked' in desk.html
    assert f'value="{boxed.id}" checked' not in desk.html
    answer = print_them(desk, good, boxed)
    assert (answer.status_code, f"Letter {boxed.id}, contact" in answer.text) == (409, True)
    assert everything(desk, PrintBatch) == []
    assert print_them(desk, good).headers["content-type"] == "application/pdf"


@pytest.mark.needs("pdf")
def test_the_browser_prints_what_no_font_here_has_and_so_does_its_batch_again(desk):
    boxed = letter(desk.door, "Leo", referrer_name=f"Ada {BOX} Lund")
    for answer in (print_them(desk, boxed, how="browser"), desk.client.get(f"{PATH}/1/pdf")):
        assert (answer.status_code, BOX in answer.text) == (200, True)


@pytest.mark.parametrize("name", ["@Ada", "(Ada) Lund", "---"])
def test_a_name_that_keeps_a_letter_from_notify_is_said_where_it_waits(desk, name):
    letter(desk.door, "Leo", referrer_name=name)
    words = desk.open(PATH).words
    assert f"Printed and posted here, not by GOV.UK Notify. The line “{name}”" in words
    assert "Notify" not in desk.open("/letters").words


def test_an_ordinary_name_says_nothing_of_notify(desk):
    letter(desk.door, "Leo")
    assert "Notify" not in desk.open(PATH).words


def test_what_is_ticked_of_a_filtered_page_is_printed_and_what_is_wrong_comes_back_to_the_same_filter(desk):
    one, two = letter(desk.door, "Mia", referrer_name="Bo Lund"), letter(desk.door, "Leo")
    path = f"{PATH}?q=lund&size=25"
    page = desk.open(path)
    assert (f'value="{one.id}" checked' in desk.html, f'id="letter-{two.id}"' in desk.html) == (True, False)
    form = next(form for form in page.forms if form.action == path and "request_id" in form.values)
    answer = desk.client.post(path, data={"request_id": form.values["request_id"], "how": "browser"})
    assert (answer.status_code, f'id="letter-{two.id}"' in answer.text) == (422, False)
    answer = desk.client.post(
        path, data={"request_id": form.values["request_id"], "how": "browser", "letters": [one.id]}
    )
    assert f'href="{PATH}?q=lund&amp;size=25"' in answer.text
    with desk.door.database.read() as session:
        assert session.exec(select(LetterPrint.letter_id)).all() == [one.id]


def test_whoever_marks_a_batch_as_posted_comes_back_to_the_same_filter(desk):
    print_them(desk, letter(desk.door))
    form = desk.open(f"{PATH}?kind=outcome").form()
    assert form.action == f"{PATH}/1/posted?kind=outcome"
    answer = desk.client.post(form.action, data=form.values | {"posted_at-1": "26 3 2009", "posted_at-1_time": "10:00"})
    assert str(answer.url).endswith(f"{PATH}?kind=outcome&notice=batch-posted")


def test_what_was_printed_with_another_address_waits_first_and_is_filtered(desk):
    one, two = letter(desk.door, "Mia"), letter(desk.door, "Leo")
    print_them(desk, two)
    with desk.door.database.read() as session:
        ref = session.get_one(Contact, two.contact_id).ref
    desk.fill(f"/contacts/{ref}/address", address="9 New Road, Northmoor, N17 6AB")
    found = [re.findall(r'id="letter-(\d+)"', page_of(desk, path)) for path in (PATH, f"{PATH}?again=yes")]
    assert found == [[str(two.id), str(one.id)], [str(two.id)]]


def page_of(desk, path):
    desk.open(path)
    return desk.html


def test_a_protected_referrer_is_in_no_file_of_whoever_may_not_see_them(desk):
    letter(desk.door, referrer_name="Quintilia Zebrowska", identity_protected=True)
    assert "Zebrowska" not in desk.client.get(f"{PATH}/export").text
    assert "Zebrowska" in desk.sign_in(MANAGER).client.get(f"{PATH}/export").text

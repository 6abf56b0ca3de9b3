"""Pages for people outside the council: worried about a child, the form for professionals, and what an officer does."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pathway.engine.intake import outside_limits
from pathway.web.own_words import council_words
from rules.errors import InvalidInput
from rules.vocabulary import Role
from storage.tables import Contact, Council, Draft, Person, ProposedMatch
from support import no_way_to_write, rows, shut_out
from support import sent_from_outside as outside
from support.front_door import MANAGER, OFFICER, child_fields, person_in

TYPED = {
    "referrer_name": "Mrs Ada Ferreira",
    "referrer_agency": "Park Lane School",
    "source_code": "2A",
    "referrer_phone": "020 7946 0111",
    "referrer_email": outside.ADA,
    "concern_facts": "No food at home.",
    "children.0.forename": "Mia",
    "children.0.surname": "Harlow",
    "children.0.sex": "F",
}


def send(browser, **changes):
    """Fills in the form as it stands and sends it."""
    form = browser.open("/refer").form().values
    return browser.post("/refer", **{**form, **TYPED, "do": "send", **changes})


def contacts(browser):
    with browser.door.database.read() as session:
        return list(rows.everything(session, Contact))


def without_what_is_new_each_time(browser, ref):
    return re.sub(r'nonce="[^"]*"|\d\d:\d\d', "", browser.html).replace(ref, "REF")


# -- worried about a child -----------------------------------------------------------------------------------------


def test_the_page_says_999_first_and_what_happens_by_the_clocks_of_the_book(browser):
    words = browser.open("/worried").words
    assert words.index("999") < words.index("Tell us")
    assert "Within 24 hours A manager decides what should be done for each child" in words
    assert "Within 48 hours We write to you" in words
    assert "Within 1 hour A manager decides what should be done where a child is in immediate danger" in words
    assert words.index("Within 1 hour") < words.index("Within 24 hours")
    assert "third contact" not in words
    assert "Level 4 Child protection" in words


def test_a_page_of_the_staff_leads_to_the_accessibility_statement_and_the_privacy_notice_too(browser):
    assert {"/accessibility", "/privacy"} <= set(browser.sign_in(OFFICER).open("/waiting").links)


@pytest.mark.parametrize("path", ["/worried", "/help", "/privacy", "/accessibility", "/refer", "/refer/confirm/x"])
def test_no_page_outside_sets_a_cookie_and_each_names_the_telephone(browser, path):
    assert "020 7946 0100" in browser.open(path).words
    assert browser.status == 200
    assert "set-cookie" not in browser.headers
    assert "app-person" not in browser.html


def test_the_councils_own_words_stand_in_the_place_of_the_shipped_ones_and_html_in_them_is_text(browser, tmp_path):
    (tmp_path / "privacy.md").write_text(
        "# Ours\n\nCall ((telephone)).\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![y](https://e.example/p.png)"
    )
    state = browser.client.app.state
    state.services = replace(state.services, own_words=council_words.read(tmp_path))
    page = browser.open("/privacy")
    assert "Call 020 7946 0100." in page.words
    assert "<script>alert" not in browser.html
    assert "&lt;script&gt;" in browser.html
    assert 'href="javascript' not in browser.html
    assert "<img" not in browser.html
    assert '<h2 class="govuk-heading-m">Ours</h2>' in browser.html
    assert "What we keep" not in page.words


def test_what_is_filled_in_is_escaped(browser):
    with browser.door.database.write() as session:
        council = session.get_one(Council, 1)
        council.telephone = '"><b>'
        assert "&#34;&gt;&lt;b&gt;" in council_words.html("help", {}, council)


def test_what_is_wrong_with_the_councils_files_is_named_file_by_file(tmp_path):
    (tmp_path / "help.md").write_text("Call ((phone)).")
    (tmp_path / "hlep.md").write_text("x")
    (tmp_path / "privacy.md").write_bytes(b"\xff\xfe")
    (tmp_path / "thresholds.md").write_bytes(b"x" * (council_words.LARGEST + 1))
    (tmp_path / "notes.txt").write_text("((nothing))")
    with pytest.raises(InvalidInput) as refused:
        council_words.read(tmp_path)
    assert sorted(fault.place for fault in refused.value.faults) == [
        "help.md",
        "hlep.md",
        "privacy.md",
        "thresholds.md",
    ]
    with pytest.raises(InvalidInput, match="PATHWAY_PAGES"):
        council_words.read(tmp_path / "gone")


@pytest.mark.parametrize("name", council_words.NAMES)
def test_every_shipped_text_names_only_fields_that_there_are(name):
    assert set(re.findall(r"\(\((\w+)\)\)", council_words.shipped(name))) <= set(council_words.FIELDS)


# -- the form ------------------------------------------------------------------------------------------------------


def test_a_form_is_a_contact_and_the_receipt_shows_its_reference_and_when_we_decide(browser):
    page = send(browser)
    (contact,) = contacts(browser)
    assert browser.path.startswith("/refer/received/")
    assert contact.ref in page.words
    assert "By Fri 27 Mar 2009, 10:00 A manager decides" in page.words
    assert "By Sat 28 Mar 2009, 10:00 We write to you with what was decided" in page.words
    assert "call 999" not in page.words
    assert "called 999" not in page.words
    assert (contact.concern_facts, contact.kind) == ("No food at home.", "general")
    assert outside.receipt(browser.door, contact).recipient_address == outside.ADA


def test_immediate_danger_says_999_again(browser):
    assert "If you have not called 999 yet, call now" in send(browser, immediate_danger="yes").words


def test_known_and_unknown_children_are_answered_alike(browser):
    for _ in range(3):
        browser.door.log("Mia")
    shut_out.restrict(browser.door, browser.door.referrals(contacts(browser)[0])[0])
    send(browser)
    known = without_what_is_new_each_time(browser, contacts(browser)[-1].ref)
    send(browser, **{"children.0.forename": "Zoe", "children.0.surname": "Quill"})
    unknown = without_what_is_new_each_time(browser, contacts(browser)[-1].ref)
    assert known == unknown
    send(browser, referrer_email="never.seen@school.example.org")
    assert without_what_is_new_each_time(browser, contacts(browser)[-1].ref) == unknown


@pytest.mark.parametrize(
    ("field", "value"),
    [("nhs_number", "943 476 5919"), ("upn", "H801200001001"), ("known.c1", "same"), ("known.c1", "another")],
)
def test_a_field_that_the_form_does_not_have_asks_the_record_nothing(browser, field, value):
    browser.door.log(children=[child_fields("Mia", nhs_number="9434765919", upn="H801200001001")])
    crafted = {f"children.0.{field}": value, "children.0.forename": "Zed", "children.0.surname": "Quince"}
    send(browser, **crafted)
    assert browser.path.startswith("/refer/received/")
    (_, named) = contacts(browser)
    (zed,) = browser.door.referrals(named)
    with browser.door.database.read() as session:
        assert session.get(Person, zed.person_id).nhs_number is None
        assert not rows.everything(session, ProposedMatch)


def test_a_receipt_is_shown_for_a_day_and_made_up_ones_never(browser):
    send(browser)
    path = browser.path
    browser.open("/refer/received/PW-2222-2222.made-up")
    assert browser.status == 404
    browser.door.move_to("2009-03-27 09:59")
    browser.open(path)
    assert browser.status == 200
    browser.door.move_to("2009-03-27 10:00")
    browser.open(path)
    assert browser.status == 404


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(browser):
    page = send(
        browser, referrer_email="ada at school", referrer_phone="", source_code="", **{"children.0.birth_date": "x"}
    )
    assert browser.status == 422
    values = page.form().values
    assert (values["concern_facts"], values["referrer_email"], values["children.0.birth_date"]) == (
        "No food at home.",
        "ada at school",
        "x",
    )
    for words in (
        "Your telephone number: This is needed",
        "Where you work",
        "Birth date: This is neither a date nor an age",
    ):
        assert words in page.words
    page = send(browser, referrer_email="ada at school", referrer_name="Reception")
    assert browser.status == 422
    assert "Your name: This does not say who you are" in page.words
    assert contacts(browser) == []


def test_siblings_and_adults_are_added_and_removed_without_scripts(browser):
    page = send(browser, do="add")
    assert (browser.status, page.form().values["children.1.surname"]) == (200, "Harlow")
    page = browser.post("/refer", **{**page.form().values, "do": "adult"})
    assert "adults.0.surname" in page.form().values
    page = browser.post("/refer", **{**page.form().values, "do": "unadult-0"})
    page = browser.post("/refer", **{**page.form().values, "do": "remove-0"})
    assert page.form().values["children.0.surname"] == "Harlow"
    assert "children.1.surname" not in page.form().values
    assert page.form().values["concern_facts"] == "No food at home."
    assert contacts(browser) == []


def test_enter_in_a_field_sends_nothing(browser):
    assert send(browser, do="stay").form().values["concern_facts"] == "No food at home."
    assert contacts(browser) == []


def test_all_children_and_adults_are_on_the_contact(browser):
    send(
        browser,
        **{
            "children.1.forename": "Maya",
            "children.1.surname": "Harlow",
            "adults.0.forename": "Ann",
            "adults.0.relation": "mother",
        },
    )
    (contact,) = contacts(browser)
    assert [one.named_as for one in browser.door.referrals(contact)] == ["Mia Harlow", "Maya Harlow"]
    assert "Ann" in browser.sign_in(OFFICER).open(f"/referrals/{contact.ref}-1").words


def test_the_same_form_sent_twice_is_one_contact_and_one_answer(browser):
    form = {**browser.open("/refer").form().values, **TYPED, "do": "send"}
    browser.post("/refer", **form)
    first = browser.path
    browser.post("/refer", **form)
    assert (browser.path, len(contacts(browser))) == (first, 1)


def test_gone_back_and_changed_it_is_not_lost_and_goes_when_it_is_sent_again(browser):
    form = {**browser.open("/refer").form().values, **TYPED, "do": "send"}
    browser.post("/refer", **form)
    page = browser.post("/refer", **form | {"concern_facts": "And a bruise."})
    assert browser.status == 409
    assert "This form was sent already and has reached us" in page.words
    browser.post("/refer", **{**page.form().values, "do": "send"})
    assert [one.concern_facts for one in contacts(browser)] == ["No food at home.", "And a bruise."]


def test_too_many_are_told_to_call_and_keep_what_they_typed(browser):
    for number in range(outside_limits.MOST_TO_AN_ADDRESS):
        outside.send(browser.door, network=f"203.0.113.{number}")
    page = send(browser)
    assert browser.status == 429
    assert "call us" in page.words
    assert page.form().values["concern_facts"] == "No food at home."
    browser.door.move_to("2009-03-26 11:01")
    send(browser)
    assert browser.status == 200


def test_nothing_of_a_form_is_kept_before_it_is_sent(browser):
    send(browser, do="add")
    send(browser, referrer_name="")
    browser.sign_in(OFFICER)
    send(browser, do="add")
    with browser.door.database.read() as session:
        assert rows.everything(session, Draft) == []
        assert rows.everything(session, Contact) == []


def test_a_form_from_another_site_is_refused(browser):
    answer = browser.client.post("/refer", data=TYPED, headers={"sec-fetch-site": "cross-site"})
    assert (answer.status_code, contacts(browser)) == (403, [])


def test_where_the_council_has_not_opened_the_form_there_is_none(browser):
    state = browser.client.app.state
    state.services = replace(state.services, takes_referrals=False)
    assert "There is no form here" in browser.open("/refer").words
    assert browser.status == 404
    assert "There is no form here" in browser.post("/refer", **TYPED).words
    assert "/refer" not in browser.open("/worried").links
    assert contacts(browser) == []


def test_a_draft_of_many_children_finds_as_many_places(browser):
    form = browser.open("/refer?children=3&adults=2").form().values
    assert "children.2.forename" in form
    assert "adults.1.surname" in form
    assert len([name for name in browser.open("/refer?children=999").form().values if name.endswith(".sex")]) == 30


# -- confirming ----------------------------------------------------------------------------------------------------


def test_the_link_asks_for_the_surname_and_confirms_nothing_when_it_is_only_opened(browser):
    contact = outside.send(browser.door)
    path = f"/refer/confirm/{outside.link_in(outside.receipt(browser.door, contact))}"
    page = browser.open(path)
    assert page.words == browser.open("/refer/confirm/made-up").words
    assert outside.outside(browser.door, contact).confirmed_at is None
    assert "This is missing" in browser.post(path, surname=" ").words
    wrong = browser.post(path, surname="Smith").words
    assert browser.status == 422
    assert wrong == browser.post("/refer/confirm/made-up", surname="Smith").words
    assert "Your address is confirmed" in browser.post(path, surname="ferreira").words
    assert "Your address is confirmed" in browser.post(path, surname="Ferreira").words
    assert browser.door.fresh_contact(contact).referrer_email == outside.ADA


def test_an_expired_link_says_so_to_whoever_knows_the_surname(browser):
    path = f"/refer/confirm/{outside.link_in(outside.receipt(browser.door, outside.send(browser.door)))}"
    browser.door.move_to("2009-04-09 12:00")
    assert "This link has expired" in browser.post(path, surname="Ferreira").words
    assert browser.status == 410


# -- inside --------------------------------------------------------------------------------------------------------


def test_an_officer_takes_a_contact_over_in_two_clicks_and_types_nothing(browser):
    contact = outside.send(browser.door, "Mia", "Maya")
    page = browser.sign_in(OFFICER).open("/check-in")
    assert "Mia Harlow, Maya Harlow" in page.words
    (first,) = [link for link in page.links if link.endswith("/check-in") and "PW" in link]
    page = browser.open(first)  # the first click
    assert "No food at home." in page.words
    assert "Address not confirmed" in page.words
    page = browser.send(page, first)  # the second
    assert browser.path == f"/contacts/{contact.ref}"
    assert "You have taken this contact over" in page.words
    assert "Nothing waits to be checked in" in browser.open("/check-in").words


def test_what_waits_counts_them_and_the_contact_is_marked_and_leads_to_it(browser):
    contact = outside.send(browser.door)
    assert "/check-in" in browser.sign_in(OFFICER).open("/waiting").links
    page = browser.open(f"/contacts/{contact.ref}")
    assert f"/contacts/{contact.ref}/check-in" in page.links
    assert "Address not confirmed" in page.words
    assert outside.ADA in page.words
    assert "can’t be used" not in page.words


def test_an_address_that_an_officer_took_down_is_not_called_unconfirmed(browser):
    contact = outside.send(browser.door)
    no_way_to_write.find_address(browser.door, contact, email=outside.ADA)
    browser.sign_in(OFFICER)
    for path in ("/check-in", f"/contacts/{contact.ref}"):
        words = browser.open(path).words
        assert "To check in" in words
        assert "not confirmed" not in words


def test_who_took_it_over_is_told_to_the_next(browser):
    contact = outside.send(browser.door)
    form = browser.sign_in(MANAGER).open(f"/contacts/{contact.ref}/check-in").form().values
    outside.take_over(browser.door, contact)
    page = browser.post(f"/contacts/{contact.ref}/check-in", **form)
    assert browser.status == 409
    assert "Screening Officer has taken this contact over already" in page.words


def test_a_contact_of_our_own_leads_to_itself(browser):
    contact = browser.door.log()
    browser.sign_in(OFFICER).open(f"/contacts/{contact.ref}/check-in")
    assert browser.path == f"/contacts/{contact.ref}"


def test_a_restricted_child_is_named_to_nobody_on_the_list(browser):
    contact = outside.send(browser.door)
    shut_out.restrict(browser.door, browser.door.referrals(contact)[0])
    page = browser.sign_in(OFFICER).open("/check-in")
    assert "A contact about a restricted record" in page.words
    for word in ("Mia", "Harlow", contact.ref, "Park Lane"):
        assert word not in page.words


def test_the_list_opens_to_those_who_screen(browser):
    browser.sign_in(person_in(Role.AUDITOR)).open("/check-in")
    assert browser.status == 403


def test_a_protected_referrer_is_not_named(browser, mailbox):
    contact = outside.send(browser.door)
    no_way_to_write.protect(browser.door, contact)
    browser.sign_in(OFFICER)
    receipt = outside.receipt(browser.door, contact)
    shut_out.catch(browser.door, mailbox)
    mail = f"/mailbox/{shut_out.caught_as(receipt)}"
    to_outbox = ("/outbox", f"/outbox/{receipt.id}", f"/outbox?q={outside.ADA}", "/mailbox", mail)
    for path in ("/check-in", f"/contacts/{contact.ref}/check-in", f"/contacts/{contact.ref}", *to_outbox):
        words = browser.open(path).words.replace(f"“{outside.ADA}”", "")  # what was searched for is repeated
        for word in ("Ferreira", "Park Lane", outside.ADA, "0111"):
            assert word not in words, (path, word)


def test_a_receipt_that_did_not_arrive_is_told_on_the_contact(browser):
    contact = outside.send(browser.door)
    with browser.door.database.write() as session:
        session.get_one(type(outside.outside(browser.door, contact)), contact.id).receipt_failed = "550 No such user"
    assert (
        "The receipt did not reach it: 550 No such user"
        in browser.sign_in(OFFICER).open(f"/contacts/{contact.ref}").words
    )

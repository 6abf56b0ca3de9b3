"""Immediate danger and the kind of contact on pages."""

from __future__ import annotations

import pytest
from sqlmodel import select

from rules.vocabulary import CheckKind, Role
from storage.tables import Access, Alert, WebSession
from support import danger, rows
from support.front_door import MANAGER, OFFICER, ROLES, TEAM_MANAGER, person_in
from support.html_pages import HtmlPage


def marked(desk, *children, **more):
    return desk.door.log(*(children or ("Mia",)), immediate_danger=True, **more)


def banner(desk, actor, path="/alerts") -> HtmlPage:
    return desk.sign_in(actor).open(path)


@pytest.mark.parametrize(
    "path", ["/referrals", "/alerts", "/letters", "/mailbox", "/contacts/new", "/rulebook", "/referrals/PW-NONE-HERE-1"]
)
def test_a_red_bar_stands_on_every_page_of_those_who_may_act(browser, path):
    contact = marked(browser)
    page = banner(browser, MANAGER, path)
    assert f"1 child in immediate danger · contact {contact.ref} · nobody has said yet what was done" in page.words
    assert f"/contacts/{contact.ref}" in page.links
    assert "<title>(1) DANGER " in browser.html


ACT = (
    Role.SCREENING_OFFICER,
    Role.DUTY_MANAGER,
    Role.EMERGENCY_DUTY_TEAM,
    Role.TEAM_MANAGER,
    Role.SERVICE_MANAGER,
    Role.HEAD_OF_SERVICE,
)


@pytest.mark.parametrize("role", ROLES)
def test_everybody_who_may_decide_mark_danger_or_answer_for_it_sees_it_and_nobody_else(browser, role):
    marked(browser)
    page = banner(browser, person_in(role), "/rulebook")
    assert ("nobody has said yet what was done" in page.words) is (role in ACT)
    assert ("DANGER" in browser.html) is (role in ACT)
    browser.open("/danger-banner")
    assert browser.status == (200 if role in {*ACT, Role.SOCIAL_WORKER} else 403)
    assert ("I have it" in browser.html) is (role in ACT)


def test_it_goes_when_somebody_acknowledges_and_comes_back_when_the_rest_is_over(either):
    contact = marked(either)
    alert = danger.alert_of(either.door, contact)
    either.door.acknowledge(alert, note="Police are at the house.")
    assert "nobody has said yet" not in banner(either, MANAGER).words
    either.door.move_to("2009-03-26 10:31")
    assert "nobody has said yet" in banner(either, MANAGER).words


def test_it_goes_when_every_child_is_decided(either):
    contact = marked(either)
    either.door.decide(*either.door.referrals(contact))
    assert "nobody has said yet" not in banner(either, MANAGER).words


def test_the_banner_alone_is_what_an_open_page_asks_for(either):
    either.sign_in(MANAGER)
    either.open("/danger-banner")
    assert (either.status, either.html.strip()) == (200, "")
    contact = marked(either)
    either.open("/danger-banner")
    assert contact.ref in either.html
    assert "<html" not in either.html
    assert "Mia" not in either.html


def test_an_open_page_is_told_only_what_is_new_and_its_question_is_no_use_of_the_session(browser):
    marked(browser)
    page = browser.sign_in(MANAGER).open("/rulebook")
    before = everything(browser)
    mark = browser.html.partition('data-mark="')[2].partition('"')[0]
    answer = browser.client.get("/danger-banner", headers={"If-None-Match": f'"{mark}"'})
    assert (answer.status_code, answer.text, answer.headers["cache-control"]) == (304, "", "no-store")
    assert everything(browser) == before
    assert "I have it" in page.words
    danger.take_on(browser.door, danger_alert(browser), by=OFFICER)
    answer = browser.client.get("/danger-banner?at=/rulebook", headers={"If-None-Match": f'"{mark}"'})
    assert answer.status_code == 200
    assert answer.headers["etag"] not in ("", f'"{mark}"')


def everything(desk):
    """The access log and the sessions: what a page that is used would change."""
    with desk.door.database.read() as session:
        looks = len(rows.everything(session, Access))
        return looks, list(session.exec(select(WebSession.token_sha256, WebSession.expires_at)))


def danger_alert(desk):
    with desk.door.database.read() as session:
        return next(one for one in rows.everything(session, Alert) if one.kind == "immediate danger")


def in_bar(page, words):
    """The forms of the bar with a button of these words, by where they are sent."""
    return [form for form in page.forms if (form.action or "").endswith(words)]


def test_i_have_it_is_one_click_on_whatever_page_and_all_read_the_name(either):
    marked(either)
    page = either.sign_in(MANAGER).open("/referrals?q=Harlow")
    (form,) = in_bar(page, "/take-on")
    page = either.post(form.action, **form.values)
    assert (either.status, either.path) == (200, "/referrals")
    assert 'name="back" value="/referrals?q=Harlow"' in either.html
    assert "You have it, for ten minutes at most" in page.words
    for who in (MANAGER, OFFICER, TEAM_MANAGER):
        page = either.sign_in(who).open("/rulebook")
        assert "Duty Manager has it since 10:00, until 10:10" in page.words
        assert not in_bar(page, "/take-on")
        assert "Duty Manager has it since Thu 26 Mar 2009, 10:00, until 10:10" in either.open("/alerts").words
    either.door.move_to("2009-03-26 10:10")
    assert "nobody has said yet what was done" in either.open("/rulebook").words
    assert in_bar(either.open("/rulebook"), "/take-on")
    assert not in_bar(either.sign_in(MANAGER).open("/rulebook"), "/take-on")


def test_a_note_in_the_bar_acknowledges_and_leads_back(browser):
    marked(browser)
    (form,) = in_bar(browser.sign_in(OFFICER).open("/find"), "/acknowledge")
    page = browser.post(form.action, **{**form.values, "note": "Police are at the house."})
    assert (browser.status, browser.path) == (200, "/find")
    assert "Alert acknowledged" in page.words
    assert "in immediate danger" not in page.words


def test_a_click_that_comes_too_late_is_told_who_has_it(browser):
    marked(browser)
    (form,) = in_bar(browser.sign_in(MANAGER).open("/rulebook"), "/take-on")
    danger.take_on(browser.door, danger_alert(browser), by=OFFICER)
    page = browser.post(form.action, **form.values)
    assert browser.status == 409
    assert "Screening Officer has it until 10:10." in page.words


@pytest.mark.parametrize("number", ["999", "99999999999999999999"])
def test_an_alert_that_is_not_there_is_not_taken_on(browser, number):
    browser.sign_in(MANAGER).post(f"/alerts/{number}/take-on")
    assert browser.status == 404


@pytest.mark.parametrize("back", ["//evil.example.org", "https://evil.example.org/", "/\\evil", "http://[", ""])
def test_the_bar_leads_to_no_other_site(browser, back):
    marked(browser)
    browser.sign_in(MANAGER).post(f"/alerts/{danger_alert(browser).id}/take-on", back=back)
    assert (browser.status, browser.path) == (200, "/alerts")


def test_of_several_the_bar_says_how_many_children_and_begins_with_the_one_nobody_has(browser):
    first, second = marked(browser, "Mia", "Leo"), marked(browser, "Ada")
    browser.sign_in(MANAGER).open("/danger-banner")
    assert "3 children in immediate danger" in browser.html
    assert browser.html.count("I have it") == 2
    assert browser.html.index(first.ref) < browser.html.index(second.ref)
    danger.take_on(browser.door, danger.open_alert(browser.door, first), by=OFFICER)
    browser.open("/danger-banner")
    assert browser.html.index(second.ref) < browser.html.index(first.ref)  # that which nobody has comes first


def test_the_contact_form_says_first_to_call_999(browser):
    page = browser.sign_in(OFFICER).open("/contacts/new")
    assert page.words.index("First call 999") < page.words.index("Date received")


def test_a_contact_logged_with_the_mark_heads_the_screening_list(either):
    either.door.log("Noah", received="2009-03-24 09:00")
    form = either.sign_in(OFFICER).open("/contacts/new")
    typed = {"source_code": "2A", "concern_facts": "Alone at home.", "children__0__forename": "Mia", "do": "log"}
    either.send(form, "/contacts/new", **typed, immediate_danger="yes")
    words = either.open("/referrals").words
    assert words.index("Mia") < words.index("Noah")
    assert danger.alerts_to(either.door, Role.DUTY_MANAGER)


def test_a_contact_is_marked_later_from_its_page_and_the_mark_withdrawn(either):
    contact = either.door.log("Mia")
    (mia,) = either.door.referrals(contact)
    place = f"/contacts/{contact.ref}/danger"
    assert place in either.sign_in(MANAGER).open(f"/contacts/{contact.ref}").links
    assert place in either.open(f"/referrals/{mia.ref}").links
    page = either.fill(place, reason="The father is back.")
    assert "the duty manager has been alerted" in page.words
    assert "Immediate danger: The father is back." in either.open(f"/referrals/{mia.ref}").words
    page = either.fill(place, reason="It was another family.")
    assert "The mark of immediate danger is withdrawn" in page.words
    assert danger.alert_of(either.door, contact) is None


@pytest.mark.parametrize("immediate_danger", [False, True])
def test_a_reason_is_asked_for_at_its_field(browser, immediate_danger):
    contact = browser.door.log("Mia", immediate_danger=immediate_danger)
    page = browser.sign_in(MANAGER).fill(f"/contacts/{contact.ref}/danger", reason="  ")
    assert browser.status == 422
    assert "#reason" in page.links


def test_the_form_says_first_to_call_999(browser):
    contact = browser.door.log("Mia")
    words = browser.sign_in(OFFICER).open(f"/contacts/{contact.ref}/danger").words
    assert words.index("First call 999") < words.index("What has become known")


def test_an_officer_is_not_offered_to_withdraw_it_and_may_not(browser):
    contact = marked(browser)
    page = browser.sign_in(OFFICER).open(f"/contacts/{contact.ref}/danger")
    assert "A manager who may decide can withdraw the mark" in page.words
    browser.post(f"/contacts/{contact.ref}/danger/withdraw", reason="Wrong.")
    assert browser.status == 403


def test_a_contact_that_is_all_decided_says_what_to_do_instead(browser):
    contact = browser.door.log("Mia")
    browser.door.decide(*browser.door.referrals(contact))
    page = browser.sign_in(MANAGER).fill(f"/contacts/{contact.ref}/danger", reason="The father is back.")
    assert browser.status == 409
    assert "Log what is new as a contact of its own" in page.words
    assert page.form().values["reason"] == "The father is back."


def test_a_manager_decides_first_and_reads_which_checks_stay_owed(either):
    (mia,) = either.door.referrals(marked(either, kind="domestic-abuse"))
    page = either.sign_in(MANAGER).open(f"/referrals/{mia.ref}/decide")
    assert "These checks stay owed after the decision, to be recorded within 24 hours:" in page.words
    assert "Probation: Whether anybody in the household is known to probation" in page.words
    typed = {"outcome": "strategy-discussion", "level_of_need": "4", "primary_need": "N1", "reasons": "At once."}
    page = either.send(page, f"/referrals/{mia.ref}/decide", **typed)
    assert "Awaiting allocation" in page.words
    assert "which are still owed: history, siblings, already open" in page.words
    assert f"/referrals/{mia.ref}/screen" in page.links


def test_owed_checks_are_recorded_on_the_page(either):
    (mia,) = either.door.referrals(marked(either))
    danger.decide_at_once(either.door, mia)
    either.door.screen(mia, kinds=[CheckKind.HISTORY, CheckKind.SIBLINGS])
    page = either.sign_in(OFFICER).open(f"/referrals/{mia.ref}/screen")
    assert "These checks are still owed" in page.words
    typed = {"check__already-open__made": "yes", "check__already-open__found": "No."}
    page = either.send(page, f"/referrals/{mia.ref}/screen", **typed)
    assert "Record checks" not in page.words
    assert "every check that was left owed is recorded" in page.words


def test_the_form_has_the_kinds_of_the_book_and_begins_with_the_usual_one(either):
    page = either.sign_in(OFFICER).open("/contacts/new")
    assert page.form().values["kind"] == "general"
    typed = {"source_code": "2A", "concern_facts": "Shouting.", "children__0__forename": "Mia", "do": "log"}
    page = either.send(page, "/contacts/new", **typed, kind="domestic-abuse")
    assert "Kind of contact Domestic abuse" in page.words


def test_the_screening_form_asks_for_the_checks_of_the_kind(browser):
    (mia,) = browser.door.referrals(browser.door.log("Mia", kind="domestic-abuse"))
    words = browser.sign_in(OFFICER).open(f"/referrals/{mia.ref}/screen").words
    assert words.index("known to probation") < words.index("Other checks, or the same once more")


def test_the_kind_is_changed_on_its_page_with_a_reason(either):
    contact = either.door.log("Mia", kind="general")
    place = f"/contacts/{contact.ref}/kind"
    page = either.sign_in(OFFICER).open(f"/contacts/{contact.ref}")
    assert place in page.links
    page = either.fill(place, kind="harm", reason="")
    assert (either.status, page.form().values["kind"]) == (422, "harm")
    page = either.send(page, place, reason="A bruise was found.")
    assert "The kind of contact is changed" in page.words
    assert "Kind of contact Suspected harm or abuse" in page.words


def test_a_kind_is_not_changed_by_those_who_do_not_screen(browser):
    contact = browser.door.log("Mia")
    browser.sign_in(TEAM_MANAGER).open(f"/contacts/{contact.ref}/kind")
    assert browser.status == 403


def test_messages_about_danger_head_the_mailbox_while_it_lasts(browser, mailbox):
    contact = marked(browser)
    names = [("IMMEDIATE DANGER: contact " + contact.ref, "000001"), ("Something newer", "000002")]
    for subject, number in names:
        kept = mailbox / f"20090326T1000{number[-2:]}.000000Z-{number}.eml"
        kept.write_bytes(f"From: a@example.org\r\nTo: b@example.org\r\nSubject: {subject}\r\n\r\nText\r\n".encode())
    words = browser.sign_in(MANAGER).open("/mailbox").words
    assert words.index("IMMEDIATE DANGER: contact") < words.index("Something newer")
    browser.door.decide(*browser.door.referrals(contact))
    words = browser.open("/mailbox").words
    assert words.index("Something newer") < words.index("IMMEDIATE DANGER: contact")


def test_the_alert_about_danger_stands_on_the_referral(browser):
    (mia,) = browser.door.referrals(marked(browser))
    assert "Acknowledge with what was done" in browser.sign_in(MANAGER).open(f"/referrals/{mia.ref}").words


def test_the_alert_says_when_the_duty_manager_is_told_again_and_asks_what_was_done(browser):
    marked(browser)
    words = browser.sign_in(MANAGER).open("/alerts").words
    assert "Duty manager Thu 26 Mar 2009, 10:15 Next, unless it is met before" in words
    assert "What was done" in words


def test_of_several_dangers_the_one_that_waits_longest_is_taken_on_in_one_click_and_named(either):
    first, second = (either.door.log(name, immediate_danger=True) for name in ("Ada", "Bea"))
    page = either.sign_in(MANAGER).open("/referrals")
    oldest, other = (danger.open_alert(either.door, one) for one in (first, second))
    button = f'id="danger-take-{oldest.id}">I have it<span class="app-danger__which">{first.ref}'
    assert button in either.html
    assert button not in either.html.partition("</details>")[0]
    assert f'id="danger-take-{other.id}"' in either.html.partition("</details>")[0]
    assert f"2 children in immediate danger · contact {first.ref}" in page.words

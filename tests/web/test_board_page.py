"""The board: who waits, by least time left, as far as each reader may see; and who is on it."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlmodel import select

from pathway.engine.referrers import asking_for_information
from pathway.web.views.board import board_view, home_view
from rules.vocabulary import Role
from storage.queries.board.part_rows import Part
from storage.tables import Access, AccessChild, Contact, Referral, id_of
from support import board, hands, rows, sent_from_outside, unfinished
from support.front_door import MANAGER, OFFICER, ROLES, child_fields, london, person_in

SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)
READERS = [role for role in ROLES if role in {Role.SCREENING_OFFICER, Role.DUTY_MANAGER, Role.EMERGENCY_DUTY_TEAM}]
READERS += [Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE]


def cards(desk):
    """The references on the page that is open, in order."""
    return re.findall(r'<li class="app-family-card [^>]*id="family-([^"]+)"', desk.html)


def counters(desk):
    found = re.findall(r'id="counter-(\w+)"[^>]*><span class="app-counter__number">([\d,]+)', desk.html)
    return {show: int(number) for show, number in found}


def looks(desk):
    """Whom each look at the board named, in order."""
    with desk.door.database.read() as session:
        numbers = session.exec(select(Access.id).where(Access.what == "board").order_by(Access.id)).all()
        pairs = session.exec(select(AccessChild.access_id, AccessChild.person_id)).all()
    return [sorted(person for look, person in pairs if look == number) for number in numbers]


def look_of(desk):
    return re.search(r'data-look="(\d+)"', desk.html)[1]


def poll(desk, look, mark="", query=""):
    return desk.client.get(f"/board/changes?{query}&look={look}", headers={"If-None-Match": mark})


def button(page, words):
    return [form for form in page.forms if form.action.endswith(words)]


@pytest.fixture
def desk(browser):
    return browser.sign_in(MANAGER)


def test_a_card_says_who_waits_for_what_and_how_long(desk):
    contact = desk.door.log(
        children=[child_fields("Ann", birth_date="2001-03-01"), child_fields("Ben", birth_date="")],
        received="2009-03-25 11:00",
    )
    (ann, _) = desk.door.referrals(contact)
    page = desk.open("/board")
    for words in (
        "Within 4 hours 1 h left decision Ann Harlow, 8; Ben Harlow, age not known",
        f"{contact.ref} 2 Received From Ada Ferreira, Park Lane School",
        "Checks 0 of 3",
        "I am on it",
    ):
        assert words in page.words
    desk.door.screen(ann)
    assert "Checks 0 of 3" in desk.open("/board").words  # for every child who waits for a decision
    assert f"/contacts/{contact.ref}/screen" in page.links


def test_who_may_open_it_begins_there_and_nobody_else_is_let_in(browser):
    begin = {}
    for role in ROLES:
        browser.sign_in(person_in(role)).open("/")
        begin[role] = browser.path
        browser.open("/board")
        assert browser.status == (200 if role in READERS else 403), role
    assert [role for role, path in begin.items() if path == "/board"] == READERS[:3]
    assert {path for role, path in begin.items() if role not in READERS[:3]} == {"/home"}


def fill(door):
    """Something in every part of the board, a restricted child and a protected referrer among them."""
    door.log("Danger", immediate_danger=True)
    (secret,) = door.referrals(door.log("Secret", received="2009-03-25 08:00"))
    door.log("Late", received="2009-03-24 09:00", identity_protected=True, referrer_name="Hidden Person")
    door.log("Soon", received="2009-03-25 11:00")
    asked = door.log("Asked", "Other")
    decided = door.log("Decided")
    door.decide(*door.referrals(decided), "early-help")
    with door.acting(OFFICER) as act:
        things = asking_for_information.AskingInput(things=("The birth date",))
        asking_for_information.ask(act, id_of(asked), things)
    hands.restrict(door, secret, by=SERVICE_MANAGER)
    unfinished.begin(door, ago=unfinished.LONG_AGO)
    return secret


def listed(desk, show):
    """Everything that stands behind a counter, page after page."""
    found, path = [], f"/board?show={show}"
    while path:
        desk.open(path)
        found += cards(desk)
        further = re.search(r'href="([^"]+)">The next families', desk.html)
        path = further[1].replace("&amp;", "&") if further else ""
    return found


def test_every_counter_says_as_many_as_its_list_holds_whoever_reads(desk):
    fill(desk.door)
    for role in READERS:
        desk.sign_in(person_in(role)).open("/board")
        told = counters(desk)
        with desk.door.database.read() as session:
            by_hand = board.parts_by_hand(session, desk.door.now)
            refs = {part: [session.get_one(Contact, number).ref for number in some] for part, some in by_hand.items()}
        for part in Part:
            assert listed(desk, part) == refs[part], (role, part)
            assert told[part] == len(refs[part]) > 0
        desk.open("/board?show=unfinished")
        assert told["unfinished"] == desk.html.count("Unfinished contact of") == 1
        drafts = desk.open("/board?show=drafts")
        assert told["drafts"] == len([link for link in drafts.links if "draft=" in link])
        assert told["drafts"] == (1 if role == Role.SCREENING_OFFICER else 0)


def test_a_restricted_child_and_a_protected_referrer_are_named_to_nobody_who_may_not_read_them(desk):
    secret = fill(desk.door)
    ref = secret.ref.rsplit("-", 1)[0]
    page = desk.sign_in(OFFICER).open("/board?show=late")
    assert "Secret" not in desk.html
    assert "Hidden Person" not in desk.html
    assert "Restricted record" in page.words
    assert f"/contacts/{ref}" not in page.links
    assert not button(page, f"{ref}/on-it")
    assert "identity is protected" in page.words
    changes = poll(desk, look_of(desk), query="show=late").text
    assert "Secret" not in changes
    assert "Hidden Person" not in changes
    assert secret.person_id not in {child for look in looks(desk) for child in look}
    desk.post(f"/contacts/{ref}/on-it", back="/board")
    assert desk.status == 403
    assert "Secret" in desk.sign_in(SERVICE_MANAGER).open("/board?show=late").words
    assert secret.person_id in looks(desk)[-1]


def test_the_siblings_of_a_restricted_child_are_not_named_either(desk):
    contact = desk.door.log("Ann", "Ben")
    ann, _ = desk.door.referrals(contact)
    hands.restrict(desk.door, ann, by=SERVICE_MANAGER)
    page = desk.sign_in(OFFICER).open("/board")
    assert contact.ref in page.words
    assert "Ben" not in page.words


def test_the_families_after_the_first_25_stand_on_a_page_of_their_own(desk):
    contact = desk.door.log("Ann")
    with desk.door.database.write() as session:
        (referral,) = desk.door.referrals(contact)
        for number in range(26):
            told = {**contact.model_dump(exclude={"id"}), "ref": f"PW-MORE-{number:04}"}
            more = rows.insert(session, Contact, **told)
            told = {**referral.model_dump(exclude={"id"}), "ref": f"{more.ref}-1", "contact_id": more.id}
            rows.insert(session, Referral, **told)
    desk.open("/board")
    assert (len(cards(desk)), counters(desk)["all"]) == (25, 27)
    assert "Back to the first families" not in desk.html
    found = listed(desk, "all")
    assert len(found) == len(set(found)) == 27
    assert "Back to the first families" in desk.html


def test_nothing_on_a_restricted_card_tells_its_names_apart_from_others(desk):
    marks = set()
    for name in ("Ann", "Zebedee"):
        contact = desk.door.log(name, referrer_name=f"Referrer of {name}")
        hands.restrict(desk.door, *desk.door.referrals(contact), by=SERVICE_MANAGER)
        desk.sign_in(OFFICER).open("/board")
        card = re.search(rf'id="family-{contact.ref}" data-mark="(\w+)" data-tells="(\w+)"', desk.html)
        marks.add(card.groups())
    assert len(marks) == 1


# -- it refreshes itself ------------------------------------------------------------------------------------------


def test_one_look_a_visit_and_family_stands_in_the_access_log_and_not_one_a_poll(desk):
    ann = desk.door.log("Ann")
    (child,) = [one.person_id for one in desk.door.referrals(ann)]
    desk.open("/board")
    look = look_of(desk)
    for _ in range(3):
        desk.door.frozen.tick(timedelta(seconds=15))
        assert poll(desk, look).headers["pathway-look"] == look
    assert looks(desk) == [[child]]
    (other,) = [one.person_id for one in desk.door.referrals(desk.door.log("Ben"))]
    for _ in range(3):
        assert "Ben" in poll(desk, look).text
    assert looks(desk) == [[child], [other]]
    desk.open("/board")
    assert looks(desk) == [[child], [other], sorted([child, other])]


def test_a_look_of_somebody_else_or_of_long_ago_or_of_nobody_is_no_visit(desk):
    (child,) = [one.person_id for one in desk.door.referrals(desk.door.log("Ann"))]
    desk.sign_in(OFFICER).open("/board")
    theirs = look_of(desk)
    desk.sign_in(MANAGER)
    mine = poll(desk, theirs).headers["pathway-look"]
    assert mine != theirs
    for nonsense in ("", "x", "0", "99999999999999999999"):
        assert poll(desk, nonsense).status_code == 200
    assert looks(desk) == [[child]] * 6
    desk.door.frozen.tick(timedelta(hours=12))
    desk.sign_in(MANAGER)
    assert poll(desk, mine).headers["pathway-look"] != mine


def test_an_open_page_is_told_only_that_nothing_reads_differently(desk):
    desk.door.log("Ann", received="2009-03-25 11:00")
    desk.open("/board")
    first = poll(desk, look_of(desk))
    mark = first.headers["etag"]
    assert f'data-mark="{mark.strip(chr(34))}"' in desk.html  # the page knows it from the beginning
    again = poll(desk, look_of(desk), mark)
    assert (again.status_code, again.text) == (304, "")
    desk.door.frozen.tick(timedelta(minutes=1))
    assert "59 min left" in poll(desk, look_of(desk), mark).text


def told(answer):
    return re.findall(r'data-tells="(\w+)"', answer.text)


def test_a_minute_that_passes_is_nothing_to_tell_and_getting_late_is(desk):
    desk.door.log("Ann", received="2009-03-25 11:00")
    desk.open("/board")
    look = look_of(desk)
    before = told(poll(desk, look))
    desk.door.frozen.tick(timedelta(minutes=59))
    assert told(poll(desk, look)) == before
    desk.door.frozen.tick(timedelta(minutes=1))
    assert told(poll(desk, look)) != before


def test_without_scripts_a_link_refreshes_the_same_part(desk):
    page = desk.open("/board?show=late")
    assert "/board?show=late" in page.links
    assert 'id="board-refresh"' in desk.html


# -- pages, empty states ------------------------------------------------------------------------------------------


def test_what_an_address_can_not_mean_is_the_board_from_the_beginning(desk):
    contact = desk.door.log("Ann")
    for query in ("show=nonsense", "after=x", "after=1.2", "after=1.2.3.4", "after=9.1.1", f"after=1.{'9' * 40}.1"):
        desk.open(f"/board?{query}")
        assert (desk.status, cards(desk)) == (200, [contact.ref]), query


def test_a_place_is_read_as_it_was_written(desk):
    for text in ("0.1238065200000000.12", "1.221845392000000000.3"):
        assert board_view.write_place(board_view.read_place(text)) == text


def test_where_nothing_waits_it_says_so(desk):
    assert "Nothing waits: every child at the front door is allocated or closed." in desk.open("/board").words
    assert "No family stands here now." in desk.open("/board?show=late").words
    assert "No contact was begun and left unfinished." in desk.open("/board?show=unfinished").words
    assert "You have nothing typed that is not recorded." in desk.open("/board?show=drafts").words


def test_a_day_with_nothing_but_a_contact_that_was_not_finished_does_not_look_empty(desk):
    unfinished.begin(desk.door, ago=unfinished.LONG_AGO)
    page = desk.open("/board")
    assert "No family waits. But 1 contact was begun and not logged" in page.words
    assert "/board?show=unfinished" in page.links
    assert "open it, to finish or discard it" in desk.open("/board?show=unfinished").words


def test_my_drafts_lead_back_to_what_was_typed(desk):
    draft = unfinished.begin(desk.door, by=MANAGER)
    page = desk.open("/board?show=drafts")
    assert "New contact last typed Thu 26 Mar 2009, 10:00" in page.words
    assert f"/contacts/new?draft={draft.id}" in page.links


# -- who is on it -------------------------------------------------------------------------------------------------


def test_what_came_from_outside_is_to_be_checked_in(desk):
    contact = sent_from_outside.send(desk.door, "Sent")
    page = desk.open("/board")
    assert "1 To check in" in page.words
    assert {"/check-in", f"/contacts/{contact.ref}/check-in"} <= set(page.links)
    desk.fill(f"/contacts/{contact.ref}/check-in")
    page = desk.open("/board")
    assert "To check in" not in page.words
    assert f"/contacts/{contact.ref}/screen" in page.links


def test_i_am_on_it_and_give_it_back_lead_back_to_the_part_that_was_open_and_all_read_it(desk):
    contact = desk.door.log("Ann", received="2009-03-24 09:00")
    (form,) = button(desk.open("/board?show=late"), "/on-it")
    page = desk.post(form.action, **form.values)
    assert desk.path == "/board"
    assert "You are on it since 10:00, until 10:30 at most" in page.words
    assert "/board?show=late" in page.links
    other = desk.sign_in(OFFICER).open("/board")
    assert "Duty Manager is on it since 10:00" in other.words
    assert not button(other, "/on-it")
    assert f"/contacts/{contact.ref}/screen" in other.links
    (form,) = button(desk.sign_in(MANAGER).open("/board"), "/on-it/back")
    assert "is on it" not in desk.post(form.action, **form.values).words.replace("nobody is on it now", "")
    assert "You were not on it any more" in desk.post(form.action, **form.values).words


def test_both_can_be_sent_twice_without_harm(desk):
    desk.door.log("Ann")
    (form,) = button(desk.open("/board"), "/on-it")
    for _ in range(2):
        page = desk.post(form.action, **form.values)
        assert (desk.status, "You are on it since 10:00" in page.words) == (200, True)
    with desk.door.database.read() as session:
        assert len(rows.everything(session, board.OnIt)) == 1


def test_of_two_at_once_the_second_reads_who_it_is(desk):
    contact = desk.door.log("Ann")
    (form,) = button(desk.open("/board"), "/on-it")
    board.take(desk.door, contact, by=OFFICER)
    page = desk.post(form.action, **form.values)
    assert desk.status == 409
    assert "That was not done Screening Officer is on it since 10:00, and until 10:30" in page.words
    assert contact.ref in page.words


def test_it_leads_nowhere_else(desk):
    contact = desk.door.log("Ann")
    for back in ("https://example.org/", "//example.org", "/settings", "/boardroom"):
        desk.post(f"/contacts/{contact.ref}/on-it", back=back)
        assert desk.path == "/board", back


def test_there_is_no_contact_of_which_nothing_is_known(desk):
    desk.post(f"/contacts/{quote('PW-NONE-HERE')}/on-it", back="/board")
    assert desk.status == 404


# -- the other first pages ----------------------------------------------------------------------------------------


def home(browser, role):
    return browser.sign_in(person_in(role) if isinstance(role, Role) else role).open("/")


def test_a_social_worker_reads_how_many_children_and_what_is_due_this_week(browser):
    door = browser.door
    worker, nia = hands.social_worker(door, "Nia Worker")
    (ann,) = door.referrals(door.log("Ann"))
    door.decide(ann, "strategy-discussion")
    door.allocate(ann, worker)
    page = home(browser, nia)
    assert browser.path == "/home"
    assert "1 My children" in page.words
    due = page.words[page.words.index("Due before Monday") :]
    number = int(re.search(r"(\d+) Due this week", page.words)[1])
    assert number == due.count("Ann Harlow") == 1
    assert "/my-children" in page.links
    with door.database.read() as session:
        look = session.exec(select(Access.id).where(Access.what == "home").order_by(Access.id.desc())).first()
        assert [one.person_id for one in session.exec(select(AccessChild).where(AccessChild.access_id == look))] == [
            ann.person_id
        ]


def test_the_week_ends_with_sunday_in_london(browser):
    assert home_view.end_of_week(london("2009-03-26 10:00")) == london("2009-03-30 00:00")  # the clocks go forward
    assert home_view.end_of_week(london("2009-03-30 00:00")) == london("2009-04-06 00:00")


def test_a_team_manager_reads_what_is_to_be_allocated_and_who_is_over_the_limit(browser):
    door = browser.door
    worker = door.add_worker(full_time_equivalent=0.05)
    for name in ("Ann", "Ben", "Cal"):
        (child,) = door.referrals(door.log(name))
        door.decide(child, "strategy-discussion")
        if name != "Cal":
            door.allocate(child, worker, override_reason="Nobody else is there.")
    page = home(browser, Role.TEAM_MANAGER)
    assert "1 To allocate in all teams" in page.words
    assert "Workers over the limit: 1 Sam Okoro, Assessment team: 2 children, the limit is 1" in page.words
    assert "Cal Harlow" in browser.open("/allocations").words
    assert "Ann Harlow" not in browser.open("/allocations").words


def test_a_service_manager_reads_the_front_door_and_what_has_climbed_to_the_top(browser):
    door = browser.door
    door.log("Ann", received="2009-03-24 09:00")
    door.watch_for(hours=5)
    page = home(browser, Role.SERVICE_MANAGER)
    assert "1 Families late" in page.words
    found = re.search(r"Alerts at the top of their ladder: (\d+)", page.words)
    assert int(found[1]) == len([link for link in page.links if link.startswith("/alerts#alert-")]) > 0
    assert "/reports/timeliness" in page.links
    assert {"/board", "/home"} <= set(page.links)


def test_an_auditor_and_an_administrator_are_led_to_their_pages_and_to_no_child(browser):
    browser.door.log("Ann")
    page = home(browser, Role.AUDITOR)
    assert {"/access-log", "/access-log?refused=yes", "/reports/timeliness"} <= set(page.links)
    assert "Ann" not in page.words
    page = home(browser, Role.ADMINISTRATOR)
    assert {"/people", "/settings", "/outbox?state=refused"} <= set(page.links)
    assert "0 E-mails refused by the mail server" in page.words

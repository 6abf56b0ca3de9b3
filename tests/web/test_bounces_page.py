"""Bounces: what waits for a person first, matched to a letter or dismissed with a note."""

from __future__ import annotations

import re

import pytest

from pathway.engine.children import restricting
from rules.vocabulary import Role
from storage.queries.children import restriction_rows
from support import bounced
from support.front_door import MANAGER, OFFICER, person_in

SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)


@pytest.fixture
def desk(either):
    return either.sign_in(MANAGER)


def sent(desk, **more):
    """A letter with the outcome that a mail server has taken."""
    contact = desk.door.log("Mia", **more)
    desk.door.decide(*desk.door.referrals(contact))
    desk.door.hand_over_letters()
    return desk.door.letters(contact, "outcome")[0]


def unmatched(desk, letter, **changes):
    message = bounced.message_of(desk.door, letter)
    told = {"message_id": "<other@example.org>"} | changes
    return bounced.take(desk.door, bounced.report(desk.door, message, **told))


def test_without_any_it_says_so(desk):
    words = desk.open("/bounces").words
    assert "To settle (0)" in words
    assert "Nothing waits for a person." in words
    assert "Nothing has come back yet." in words


def test_what_waits_stands_first_with_what_the_server_said(desk):
    letter = sent(desk)
    bounced.take(desk.door, bounced.away(desk.door, bounced.message_of(desk.door, letter)))
    waiting = unmatched(desk, letter)
    page = desk.open("/bounces")
    assert "To settle (1)" in page.words
    assert "550 5.1.1 No such person here" in page.words
    assert f"/bounces/{waiting.id}" in page.links
    assert "Without effect" in page.words


@pytest.mark.parametrize(
    ("query", "count"), [("kind=failed", 1), ("kind=unknown", 0), ("q=ada", 1), ("q=nobody", 0), ("kind=odd", 1)]
)
def test_filters(desk, query, count):
    unmatched(desk, sent(desk))
    assert f"To settle ({count})" in desk.open(f"/bounces?{query}").words


def test_those_settled_have_pages(browser):
    letter = sent(browser.sign_in(MANAGER))
    message = bounced.message_of(browser.door, letter)
    for number in range(26):
        bounced.take(browser.door, bounced.report(browser.door, message, action="delayed", number=number))
    first = browser.open("/bounces?kind=delayed")
    (after,) = [link for link in first.links if link.startswith("/bounces?kind=delayed&after=")]
    seen = [
        [link for link in page.links if re.fullmatch(r"/bounces/\d+", link)] for page in (first, browser.open(after))
    ]
    assert (len(seen[0]), len(seen[1]), len({*seen[0], *seen[1]})) == (25, 1, 26)


def test_it_is_matched_to_the_letter_with_its_address(desk):
    letter = sent(desk)
    waiting = unmatched(desk, letter)
    page = desk.open(f"/bounces/{waiting.id}")
    assert "Outcome for contact" in page.words
    done = desk.post(f"/bounces/{waiting.id}/returned", letter_id=letter.id, note="Same address", request_id="one")
    assert "the duty is owed again" in done.words
    assert "Came back: bounced" in desk.open(f"/letters/{letter.id}").words
    assert "Letter came back: letter" in desk.open("/bounces").words


def test_another_letter_is_found_by_its_contact(desk):
    letter = sent(desk)
    waiting = unmatched(desk, letter, recipient="somebody@example.org")
    assert "has this address" in desk.open(f"/bounces/{waiting.id}").words
    assert f'value="{letter.id}"' not in desk.html
    desk.open(f"/bounces/{waiting.id}?q=ada")
    assert f'value="{letter.id}"' in desk.html


def test_a_letter_that_is_not_on_its_way_by_email_is_not_offered(desk):
    letter = sent(desk)
    waiting = unmatched(desk, letter)
    desk.door.came_back(letter, "2009-03-26 10:00")
    desk.open(f"/bounces/{waiting.id}")
    assert f'value="{letter.id}"' not in desk.html
    desk.post(f"/bounces/{waiting.id}/returned", letter_id=letter.id, request_id="one")
    assert desk.status == 409


@pytest.mark.parametrize("chosen", ["", "x", "99999999999"])
def test_no_letter_chosen_is_said_and_the_note_kept(desk, chosen):
    waiting = unmatched(desk, sent(desk))
    page = desk.post(f"/bounces/{waiting.id}/returned", letter_id=chosen, note="Kept", request_id="one")
    assert desk.status == 422
    assert "No letter is chosen" in page.words
    assert "Kept" in desk.html


def test_it_is_dismissed_with_a_note(desk):
    waiting = unmatched(desk, sent(desk))
    assert "There is a problem" in desk.post(f"/bounces/{waiting.id}/dismiss", reason="", request_id="one").words
    desk.post(f"/bounces/{waiting.id}/dismiss", reason="An advertisement", request_id="one")
    words = desk.open("/bounces").words
    assert "To settle (0)" in words
    assert "Dismissed Duty Manager: An advertisement" in words


def test_what_was_settled_is_not_settled_twice(desk):
    waiting = unmatched(desk, sent(desk))
    desk.post(f"/bounces/{waiting.id}/dismiss", reason="An advertisement", request_id="one")
    page = desk.post(f"/bounces/{waiting.id}/dismiss", reason="Again", request_id="two")
    assert (desk.status, "settled already" in page.words) == (409, True)


# --- who sees what


def test_a_protected_referrer_is_named_nowhere(desk):
    letter = sent(desk, identity_protected=True)
    waiting = unmatched(desk, letter)
    matched = bounced.take(desk.door, bounced.report(desk.door, bounced.message_of(desk.door, letter)))
    desk.sign_in(OFFICER)
    for path in ("/bounces", f"/bounces/{waiting.id}", f"/bounces/{matched.id}", f"/letters/{letter.id}"):
        desk.open(path)
        assert desk.status == 200
        assert "ada@school" not in desk.html.casefold()
        assert "Ada Ferreira" not in desk.html


def test_a_protected_referrer_is_not_found_by_address(desk):
    letter = sent(desk, identity_protected=True)
    unmatched(desk, letter)
    bounced.take(desk.door, bounced.away(desk.door, bounced.message_of(desk.door, letter)))
    assert "To settle (1)" in desk.open("/bounces?q=ada").words
    words = desk.sign_in(OFFICER).open("/bounces?q=ada").words
    assert "To settle (0)" in words
    assert "None of those settled matches." in words


def test_whoever_may_see_protected_referrers_sees_them(desk):
    waiting = unmatched(desk, sent(desk, identity_protected=True))
    assert "ada@school.example.org" in desk.open(f"/bounces/{waiting.id}").words


def test_a_restricted_record_does_not_open(desk):
    letter = sent(desk)
    waiting = unmatched(
        desk, letter, message_id=bounced.message_of(desk.door, letter).message_id, recipient="b@x.example"
    )
    restrict(desk.door, letter)
    page = desk.sign_in(OFFICER).open("/bounces")
    assert "Restricted record" in page.words
    assert "b@x.example" not in desk.html
    desk.open(f"/bounces/{waiting.id}")
    assert desk.status == 403


def test_no_restricted_letter_is_offered_or_matched(desk):
    letter = sent(desk)
    waiting = unmatched(desk, letter)
    restrict(desk.door, letter)
    desk.sign_in(OFFICER).open(f"/bounces/{waiting.id}")
    assert f'value="{letter.id}"' not in desk.html
    desk.post(f"/bounces/{waiting.id}/returned", letter_id=letter.id, request_id="one")
    assert desk.status == 403


def restrict(door, letter):
    with door.acting(SERVICE_MANAGER) as act:
        (child,) = restriction_rows.children_of_contact(act.session, letter.contact_id)
        data = restricting.RestrictionInput(reason="Own family", usernames=())
        restricting.restrict(act, child, data)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.SOCIAL_WORKER])
def test_it_does_not_open_to_whoever_records_no_letters(browser, role):
    browser.sign_in(person_in(role)).open("/bounces")
    assert browser.status == 403


def test_what_is_not_there_is_not_found(desk):
    desk.open("/bounces/99999999999999999999")
    assert desk.status == 404


# --- the letter's own history


def test_a_letters_history_is_one_dated_list(desk):
    letter = sent(desk)
    desk.door.move_to("2009-03-26 12:00")
    bounced.take(desk.door, bounced.report(desk.door, bounced.message_of(desk.door, letter)))
    desk.door.move_to("2009-03-26 13:00")
    desk.door.post(letter, "2009-03-26 13:00")
    words = desk.sign_in(MANAGER).open(f"/letters/{letter.id}").words
    story = words[words.index("What happened") :]
    order = ["Written, to go by e-mail", "Handed over to", "250 queued", "Bounced: 550 5.1.1", "Posted by Screening"]
    assert [story.index(part) for part in order] == sorted(story.index(part) for part in order)


def test_who_decides_is_told_that_the_address_bounced_and_offered_another_way(desk):
    contact = desk.door.log("Mia")
    desk.door.hand_over_letters()
    (mia,) = desk.door.referrals(contact)
    desk.door.screen(mia)
    path = f"/referrals/{mia.ref}/decide"
    assert "came back from" not in desk.open(path).words
    (letter,) = desk.door.letters(contact)
    bounced.take(desk.door, bounced.report(desk.door, bounced.message_of(desk.door, letter)))
    page = desk.open(path)
    assert "A letter to this referrer came back from ada@school.example.org." in page.words
    assert f"/contacts/{contact.ref}/address" in page.links


def test_whoever_settles_one_comes_back_to_the_list_as_it_was_filtered(desk):
    waiting = unmatched(desk, sent(desk))
    desk.open("/bounces?kind=failed&size=50")
    answer = desk.client.post(
        f"/bounces/{waiting.id}/dismiss", data={"reason": "An advertisement", "request_id": "one"}
    )
    assert str(answer.url).endswith("/bounces?kind=failed&size=50&notice=bounce-dismissed")


def test_neither_page_nor_file_of_bounces_names_a_protected_referrer_or_a_restricted_child(desk):
    letter = sent(desk, identity_protected=True)
    unmatched(desk, letter)
    other = sent(desk)
    unmatched(
        desk, other, recipient="b@x.example", message_id=bounced.message_of(desk.door, other).message_id, number=2
    )
    restrict(desk.door, other)
    written = desk.sign_in(OFFICER).client.get("/bounces/export").text
    assert "ada@school" not in written.casefold()
    assert "b@x.example" not in written
    assert "1 restricted record is left out." in written


def test_failures_come_first_of_what_waits_and_what_is_settled_after_it(desk):
    letter = sent(desk)
    bounced.take(desk.door, bounced.person(desk.door))
    failed = unmatched(desk, letter)
    bounced.take(desk.door, bounced.away(desk.door, bounced.message_of(desk.door, letter)))
    links = [link for link in desk.open("/bounces").links if re.fullmatch(r"/bounces/\d+", link)]
    assert (len(links), links[0]) == (3, f"/bounces/{failed.id}")

"""The page behind a link to a letter: for outsiders, without a sign-in, and it shows nothing else."""

from __future__ import annotations

import pytest

from pathway.web import bodies
from rules.vocabulary import Role
from storage.tables import LetterLinkTry
from support import links, rows
from support.front_door import MANAGER, OFFICER, person_in

ANSWERS = {"surname": "Ferreira"}


@pytest.fixture
def sent(either):
    """Desk, contact, letter and where the link leads; nobody is signed in."""
    contact, letter = links.decided(links.few_secure(either.door))
    either.door.hand_over_letters()
    return either, contact, letter, f"/l/{links.token_in(links.message_with(either.door, letter))}"


def answer(desk, path, contact, **changes):
    return desk.fill(path, **{"reference": contact.ref, **ANSWERS, **changes})


def test_whoever_knows_reference_and_surname_reads_the_letter_without_a_sign_in(sent):
    desk, contact, _, path = sent
    page = answer(desk, path, contact)
    assert desk.status == 200
    assert "Mia Harlow" in page.words
    assert "Threshold not met." in page.words
    assert "You can open it until" in page.words


def test_the_page_shows_no_other_record_and_no_way_in(sent):
    desk, contact, _, path = sent
    for page in (desk.open(path), answer(desk, path, contact)):
        assert [link for link in page.links if link.startswith("/") and not link.startswith("#")] == []
        assert "Sign in" not in page.words
        assert "Menu" not in page.words


def test_the_question_tells_nothing(sent):
    desk, contact, _, path = sent
    desk.open(path)
    assert [word for word in ("Mia", "Harlow", "Ferreira", contact.ref) if word in desk.html] == []


def test_looking_at_the_question_opens_nothing_and_counts_as_no_try(sent):
    desk, _, letter, path = sent
    desk.open(path)
    assert links.tries(desk.door, letter) == []


def test_a_wrong_answer_an_expired_a_withdrawn_and_an_unknown_link_are_told_alike(sent):
    desk, contact, letter, path = sent
    wrong = {"surname": "Guess"}
    told = {answer(desk, path, contact, **wrong).words, answer(desk, path, contact, reference="PW-1").words}
    told.add(answer(desk, "/l/made-up", contact).words)
    links.revoke(desk.door, letter)
    told.add(answer(desk, path, contact, **wrong).words)
    desk.door.move_to("2009-06-01 10:00")
    told.add(answer(desk, path, contact, **wrong).words)
    assert len({words.replace(contact.ref, "") for words in _without_typed(told, contact)}) == 1
    assert desk.status == 422


def _without_typed(told, contact):
    return [words.replace(contact.ref, "").replace("PW-1", "") for words in told]


def test_right_answers_to_a_link_that_has_expired_say_so(sent):
    desk, contact, _, path = sent
    desk.door.move_to("2009-06-01 10:00")
    assert "This link has expired" in answer(desk, path, contact).words
    assert desk.status == 410
    assert "Mia" not in desk.html


def test_right_answers_to_a_link_that_was_withdrawn_say_whom_to_call(sent):
    desk, contact, letter, path = sent
    links.revoke(desk.door, letter)
    page = answer(desk, path, contact)
    assert "does not open the letter any more" in page.words
    assert "020 7946 0100" in page.words
    assert "wrong school" not in desk.html


@pytest.mark.parametrize("blank", ["reference", "surname"])
def test_an_answer_left_out_is_said_at_its_field_and_is_no_guess(sent, blank):
    desk, contact, letter, path = sent
    page = answer(desk, path, contact, **{blank: " "})
    assert desk.status == 422
    assert f"#{blank}" in page.links
    assert links.tries(desk.door, letter) == []


def test_what_was_typed_stays(sent):
    desk, contact, _, path = sent
    page = answer(desk, path, contact, surname="<b>Guess")
    assert page.form().values["surname"] == "<b>Guess"


# -- guessing ------------------------------------------------------------------------------------------------------


def test_after_five_wrong_answers_the_link_rests_for_an_hour(sent):
    desk, contact, _, path = sent
    for number in range(5):
        answer(desk, path, contact, surname=f"Guess{number}")
        assert desk.status == 422
    answer(desk, path, contact)
    assert desk.status == 429
    assert "Mia" not in desk.html
    desk.door.move_to("2009-03-26 10:59")
    answer(desk, path, contact)
    assert desk.status == 429
    desk.door.move_to("2009-03-26 11:00")
    answer(desk, path, contact)
    assert desk.status == 200


def test_after_twenty_wrong_answers_an_address_rests_whatever_the_link(sent):
    desk, contact, letter, path = sent
    for number in range(20):
        answer(desk, f"/l/made-up-{number}", contact)
    answer(desk, path, contact)
    assert desk.status == 429
    assert [row.result for row in links.tries(desk.door, letter)] == ["too many tries"]


def test_the_counts_stand_in_the_database_and_not_in_this_process(sent):
    desk, contact, _, path = sent
    links.guess(desk.door, path.removeprefix("/l/"), contact, 5)
    answer(desk, path, contact)
    assert desk.status == 429


def test_whoever_goes_on_guessing_writes_nothing(sent):
    desk, contact, _, path = sent
    for _ in range(12):
        answer(desk, path, contact, surname="Guess")
    with desk.door.database.read() as session:
        assert len(rows.everything(session, LetterLinkTry)) == 6


def test_the_address_of_the_visitor_is_kept_with_the_try(sent):
    desk, contact, letter, path = sent
    answer(desk, path, contact)
    assert [(row.address, row.result) for row in links.tries(desk.door, letter)] == [("testclient", "opened")]


# -- headers, forged posts, odd links ------------------------------------------------------------------------------


def test_nothing_of_the_page_is_kept_by_browsers_or_framed_elsewhere(sent):
    desk, contact, _, path = sent
    for act in (lambda: desk.open(path), lambda: answer(desk, path, contact)):
        act()
        assert desk.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in desk.headers["content-security-policy"]
        assert desk.headers["referrer-policy"] == "same-origin"
        assert "noindex" in desk.html


def test_a_post_from_another_site_opens_nothing(sent):
    desk, contact, letter, path = sent
    fields = {"reference": contact.ref, **ANSWERS}
    answered = desk.client.post(path, data=fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert answered.status_code == 403
    assert links.tries(desk.door, letter) == []


def test_a_request_that_is_too_large_is_refused(sent):
    desk, contact, letter, path = sent
    desk.post(path, reference=contact.ref, surname="x" * bodies.LARGEST)
    assert desk.status == 413
    assert links.tries(desk.door, letter) == []


@pytest.mark.parametrize("odd", ["/l/x", "/l/%C3%A9", "/l/a.b.c", "/l/" + "x" * 3000, "/l/%00"])
def test_an_odd_link_asks_like_any_other(sent, odd):
    desk, contact, _, _ = sent
    assert "We ask two questions" in desk.open(odd).words
    answer(desk, odd, contact)
    assert desk.status == 422


# -- officers ------------------------------------------------------------------------------------------------------


def test_officers_see_how_far_the_link_has_come(sent):
    desk, contact, letter, path = sent
    answer(desk, path, contact, surname="Guess")
    answer(desk, path, contact)
    desk.sign_in(OFFICER)
    page = desk.open(f"/letters/{letter.id}/link")
    assert "First opened" in page.words
    assert "Not opened: a wrong answer: from testclient" in page.words
    assert "Opened by the link: from testclient" in desk.open(f"/letters/{letter.id}").words


def test_an_officer_withdraws_the_link_with_a_reason(sent):
    desk, contact, letter, path = sent
    desk.sign_in(OFFICER)
    form = desk.open(f"/letters/{letter.id}/link")
    token = form.form().values["request_id"]
    desk.post(f"/letters/{letter.id}/link/revoke", request_id=token, reason="")
    assert desk.status == 422
    page = desk.post(f"/letters/{letter.id}/link/revoke", request_id=token, reason="Sent to the wrong school.")
    assert "it opens nothing any more" in page.words
    assert "Link withdrawn by Screening Officer: Sent to the wrong school." in page.words
    desk.client.cookies.clear()
    answer(desk, path, contact)
    assert desk.status == 410


def test_an_officer_sends_a_new_link_once_however_often_the_button_is_pressed(sent):
    desk, _, letter, _ = sent
    desk.sign_in(OFFICER)
    token = desk.open(f"/letters/{letter.id}/link").form().values["request_id"]
    for _ in range(2):
        desk.post(f"/letters/{letter.id}/link/renew", request_id=token)
    assert "A new link is on its way" in desk.post(f"/letters/{letter.id}/link/renew", request_id=token).words
    assert len([message for message in desk.door.messages(links.OUTSIDE) if message.letter_id == letter.id]) == 2


def test_a_letter_that_did_not_go_as_a_link_says_so(sent):
    desk, _, _, _ = sent
    _, letter = links.decided(desk.door, referrer_email="ada@school.example.org")
    desk.sign_in(MANAGER)
    assert "did not go as a link" in desk.open(f"/letters/{letter.id}/link").words


def test_a_protected_referrers_link_shows_no_address(sent):
    desk, _, _, _ = sent
    contact, letter = links.decided(desk.door, identity_protected=True)
    path = f"/l/{links.token_in(links.message_with(desk.door, letter))}"
    answer(desk, path, contact)
    desk.sign_in(OFFICER)
    for page in (f"/letters/{letter.id}/link", f"/letters/{letter.id}"):
        desk.open(page)
        assert links.OUTSIDE not in desk.html
        assert "testclient" not in desk.html


def test_a_letter_that_nobody_opened_can_be_recorded_as_posted(sent):
    desk, _, letter, _ = sent
    page = desk.sign_in(OFFICER).open(f"/letters/{letter.id}")
    assert "which nobody has opened" in page.words
    assert "Record how it left" in page.words


def test_the_contact_says_that_the_reference_must_be_given_where_the_address_is_not_secure(sent):
    desk, contact, _, _ = sent
    desk.sign_in(OFFICER)
    assert "Give the referrer the reference" in desk.open(f"/contacts/{contact.ref}").words
    secure, _ = links.decided(desk.door, referrer_email="ada@school.example.org")
    assert "Give the referrer the reference" not in desk.open(f"/contacts/{secure.ref}").words


def test_only_those_who_post_letters_come_to_the_link(sent):
    desk, _, letter, _ = sent
    desk.sign_in(person_in(Role.AUDITOR)).open(f"/letters/{letter.id}/link")
    assert desk.status == 403

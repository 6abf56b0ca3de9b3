"""Promise: to an e-mail domain that is not secure goes no personal data, but a link that only the reader can open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from rules.errors import InvalidInput, NotAllowed, Refused
from rules.messages import Delivery, LinkTry
from rules.vocabulary import Role
from storage.queries.letters import letter_list_rows
from storage.tables import Handover, Message
from support import letter_forms, links, rows
from support.front_door import MANAGER, FrontDoor, london, person_in
from support.links import ELSEWHERE, HOME, OUTSIDE, few_secure
from support.no_way_to_write import find_address, mark_unsafe

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"
PERSONAL = ("Mia", "Harlow", "Ferreira", "Park Lane", "Threshold", "No further action", "First Response")


@pytest.fixture
def door(open_door: Door) -> FrontDoor:
    """A Tuesday morning on which few domains are secure."""
    return few_secure(open_door(TUESDAY))


def events(door: FrontDoor, contact: Any, kind: str) -> list[str]:
    (referral,) = door.referrals(contact)
    return [event.summary for event in door.events(referral) if event.kind == kind]


# -- a list of domains that count as secure ------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["ada@school.example.org", "ada@office.school.example.org", "ada@haringey.gov.uk"])
def test_to_a_secure_domain_the_whole_letter_goes(door, address):
    _, letter = links.decided(door, referrer_email=address)
    message = links.message_with(door, letter)
    assert "Mia Harlow" in links.body_of(message)
    assert "/l/" not in links.body_of(message)


@pytest.mark.parametrize("address", [OUTSIDE, "ada@otherschool.example.org", "ada@notgov.uk"])
def test_to_any_other_domain_goes_a_link(door, address):
    _, letter = links.decided(door, referrer_email=address)
    assert links.token_in(links.message_with(door, letter))


def test_a_star_makes_every_domain_secure(door):
    few_secure(door, "*")
    _, letter = links.decided(door)
    assert "Mia Harlow" in links.body_of(links.message_with(door, letter))


def test_no_domain_is_secure_where_none_is_named(door):
    few_secure(door, "")
    _, letter = links.decided(door, referrer_email="ada@haringey.gov.uk")
    assert links.token_in(links.message_with(door, letter))


# -- the letter carries no personal data ---------------------------------------------------------------------------


@pytest.mark.parametrize("more", [{}, {"source_code": "1A", "referrer_agency": ""}], ids=["professional", "public"])
def test_no_e_mail_to_an_insecure_domain_holds_personal_data_or_the_reference(door, more):
    contact, _ = links.decided(door, **more)
    messages = door.messages(OUTSIDE)
    assert [message.kind for message in messages] == ["acknowledgement", "outcome"]
    for message in messages:
        told = links.everything_in(message).replace(OUTSIDE, "")
        assert [word for word in (*PERSONAL, contact.ref, contact.ref[3:]) if word.casefold() in told.casefold()] == []


def test_the_to_line_holds_the_bare_address(door):
    _, letter = links.decided(door)
    assert str(links.e_mail(links.message_with(door, letter))["To"]) == OUTSIDE


def test_the_kept_letter_is_the_exact_letter(door):
    contact, letter = links.decided(door)
    assert "Mia Harlow" in letter.text
    opened = links.open_link(door, links.token_in(links.message_with(door, letter)), contact)
    assert (opened.letter.text, opened.letter.sha256) == (letter.text, letter.sha256)


def test_the_e_mail_says_until_when_and_whom_to_call(door):
    _, letter = links.decided(door)
    words = links.body_of(links.message_with(door, letter))
    assert "Thursday 9 April 2009 at 10:00" in words
    assert "020 7946 0100" in words


def test_a_letter_to_parents_asks_for_their_own_surname(door):
    contact = door.log("Mia")
    (referral,) = door.referrals(contact)
    door.decide(referral)
    letter = letter_forms.write_to_parents(door, referral, email="petra@mail.example.net")
    token = links.token_in(links.message_with(door, letter))
    assert links.open_link(door, token, contact, surname="Ferreira").result is LinkTry.WRONG
    assert links.open_link(door, token, contact, surname="Parent").result is LinkTry.OPENED


def test_where_no_surname_is_known_the_letter_goes_by_post(door):
    _, letter = links.decided(door, referrer_name="", referrer_address="3 High Street, Northmoor, N17 6AA")
    assert letter.delivery == Delivery.POST
    assert door.messages(OUTSIDE) == []


# -- the duty ------------------------------------------------------------------------------------------------------


def test_the_duty_is_met_when_the_mail_server_has_accepted_the_link(door):
    contact, _ = links.decided(door)
    (referral,) = door.referrals(contact)
    assert door.clock(referral, "feedback").state == "running"
    door.move_to("2009-03-10 11:00")
    door.hand_over_letters()
    assert door.clock(referral, "feedback").stopped_at == london("2009-03-10 11:00")


def test_an_address_found_later_gets_a_link_where_it_is_not_secure(door):
    contact, letter = links.decided(door, referrer_email="")
    find_address(door, contact, email=OUTSIDE)
    token = links.token_in(links.message_with(door, letter))
    assert links.open_link(door, token, contact).result is LinkTry.OPENED


def test_a_secure_address_found_later_gets_the_letter_and_the_link_opens_nothing(door):
    contact, letter = links.decided(door)
    token = links.token_in(links.message_with(door, letter))
    find_address(door, contact, email="ada@school.example.org")
    assert "Mia Harlow" in links.body_of(links.message_with(door, letter))
    assert links.open_link(door, token, contact).result is LinkTry.REVOKED


def test_an_insecure_address_found_for_somebody_without_a_name_is_refused_with_the_remedy(door):
    contact, _ = links.decided(door, referrer_email="", referrer_name="", referrer_address="3 High St, Leeds, LS1 1AA")
    with pytest.raises(InvalidInput, match="secure domain, or send the letter by post"):
        find_address(door, contact, email=OUTSIDE)


# -- asks for what only the recipient knows ------------------------------------------------------------------------


@pytest.fixture
def sent(door):
    """Contact, letter and the token of the link, which the mail server has."""
    contact, letter = links.decided(door)
    door.hand_over_letters()
    return contact, letter, links.token_in(links.message_with(door, letter))


@pytest.mark.parametrize(
    ("name", "typed", "right"),
    [
        ("Ada Ferreira", "Ferreira", True),
        ("Ada Ferreira", " FERREIRA ", True),
        ("Ada Ferreira", "Ms Ferreira", True),
        ("Ada Ferreira", "Ada Ferreira", True),
        ("Ada Ferreira", "Ada", False),
        ("Ada Ferreira", "Ferreir", False),
        ("Ada Ferreira", "", False),
        ("Dr Ada Ferreira", "Dr", False),
        ("Seán O’Brien", "o'brien", True),
        ("Seán O’Brien", "OBrien", True),
        ("Zoë Müller-Lüdenscheidt", "muller ludenscheidt", True),
        ("Ada van der Berg", "van der Berg", True),
        ("Ada van der Berg", "Berg", True),
        ("Ferreira, Ada", "Ferreira", True),
        ("Ada Ferreira (deputy head)", "Ferreira", True),
    ],
)
def test_the_surname_is_compared_as_people_write_it(open_door, name, typed, right):
    door = few_secure(open_door(TUESDAY))
    contact, letter = links.decided(door, referrer_name=name)
    token = links.token_in(links.message_with(door, letter))
    assert (links.open_link(door, token, contact, surname=typed).result is LinkTry.OPENED) is right


@pytest.mark.parametrize("spelling", ["{}", "  {} ", "{lower}", "{bare}", "{short}"])
def test_the_reference_is_taken_as_people_write_it(door, sent, spelling):
    contact, _, token = sent
    typed = spelling.format(
        contact.ref, lower=contact.ref.lower(), bare=contact.ref.replace("-", " "), short=contact.ref[3:]
    )
    assert links.open_link(door, token, contact, reference=typed).result is LinkTry.OPENED


@pytest.mark.parametrize(
    "changes", [{"reference": ""}, {"reference": "PW-AAAA-BBBB"}, {"surname": "Smith"}, {"surname": "x" * 10_000}]
)
def test_one_wrong_answer_opens_nothing(door, sent, changes):
    contact, _, token = sent
    tried = links.open_link(door, token, contact, **changes)
    assert (tried.result, tried.letter) == (LinkTry.WRONG, None)


def test_the_reference_of_another_contact_opens_nothing(door, sent):
    _, _, token = sent
    assert links.open_link(door, token, door.log("Tom")).result is LinkTry.WRONG


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: t[1:], lambda t: t + "x", lambda _: "x.y", lambda _: "é.é"]
)
def test_what_we_did_not_sign_is_no_link(door, sent, change):
    contact, _, token = sent
    assert links.open_link(door, change(token), contact).result is LinkTry.UNKNOWN


# -- expires -------------------------------------------------------------------------------------------------------


def test_the_link_opens_until_the_moment_it_expires(door, sent):
    contact, _, token = sent
    door.move_to("2009-04-09 09:59")
    assert links.open_link(door, token, contact).result is LinkTry.OPENED
    door.move_to("2009-04-09 10:00")
    assert links.open_link(door, token, contact).result is LinkTry.EXPIRED


def test_how_long_a_link_opens_is_a_setting(door):
    contact, letter = links.decided(few_secure(door, days=2))
    door.frozen.move_to(door.now + timedelta(days=2))
    assert links.open_link(door, links.token_in(links.message_with(door, letter)), contact).result is LinkTry.EXPIRED


def test_a_letter_that_nobody_opened_before_its_link_expired_is_an_alert(door, sent):
    contact, letter, _ = sent
    door.move_to("2009-04-09 10:00")
    door.sweep()
    found = door.alert(f"letter:{letter.id}")
    assert found.headline == f"Letter not opened by its link: contact {contact.ref}"
    assert events(door, contact, "letter not opened") != []
    door.sweep()
    assert len(events(door, contact, "letter not opened")) == 2  # the acknowledgement's link has expired as well


def test_the_ladder_of_letters_goes_on_until_somebody_acts(door, sent):
    assert sent
    door.move_to("2009-04-09 10:00")
    door.sweep()
    door.move_to("2009-04-09 14:00")
    door.sweep()
    told = [notice.headline for notice in links.notices(door, Role.SERVICE_MANAGER)]
    assert any("not opened" in headline for headline in told)


def test_a_letter_that_was_opened_is_no_alert_when_its_link_expires(door, sent):
    contact, letter, token = sent
    links.open_link(door, token, contact)
    door.move_to("2009-04-09 10:00")
    door.sweep()
    assert door.alert(f"letter:{letter.id}") is None


def test_a_letter_never_opened_can_be_posted_too_which_closes_the_alert(door, sent):
    contact, letter, _ = sent
    (referral,) = door.referrals(contact)
    met = door.clock(referral, "feedback").stopped_at
    door.move_to("2009-04-09 10:00")
    door.sweep()
    door.post(letter, "2009-04-09 10:00")
    assert door.alert(f"letter:{letter.id}") is None
    assert door.clock(referral, "feedback").stopped_at == met


def test_a_letter_that_was_opened_has_left_for_good(door, sent):
    contact, letter, token = sent
    links.open_link(door, token, contact)
    with pytest.raises(Refused, match="left the building already"):
        door.post(letter, "2009-03-10 09:00")


# -- is logged -----------------------------------------------------------------------------------------------------


def test_every_opening_and_every_failed_try_is_kept_with_its_moment_and_address(door, sent):
    contact, letter, token = sent
    links.open_link(door, token, contact, surname="Smith")
    door.move_to("2009-03-10 09:30")
    links.open_link(door, token, contact, address=ELSEWHERE)
    links.open_link(door, token, contact, address=ELSEWHERE)
    assert [(row.result, row.address) for row in links.tries(door, letter)] == [
        ("wrong answers", HOME),
        ("opened", ELSEWHERE),
        ("opened", ELSEWHERE),
    ]


def test_the_first_opening_stands_in_the_history_once(door, sent):
    contact, _, token = sent
    links.open_link(door, token, contact)
    links.open_link(door, token, contact)
    assert events(door, contact, "letter opened") == ["Letter opened by its link (outcome)"]


# -- can be revoked ------------------------------------------------------------------------------------------------


def test_a_link_that_was_withdrawn_opens_nothing(door, sent):
    contact, letter, token = sent
    links.revoke(door, letter)
    assert links.open_link(door, token, contact).result is LinkTry.REVOKED


def test_withdrawn_before_anybody_opened_it_the_letter_is_owed_again(door, sent):
    contact, letter, _ = sent
    (referral,) = door.referrals(contact)
    links.revoke(door, letter)
    assert door.clock(referral, "feedback").state == "running"
    assert door.alert(f"letter:{letter.id}") is not None
    with door.database.read() as session:
        assert letter_list_rows.one(session, letter.id).is_owed


def test_withdrawn_after_it_was_opened_the_referrer_has_been_told(door, sent):
    contact, letter, token = sent
    (referral,) = door.referrals(contact)
    links.open_link(door, token, contact)
    links.revoke(door, letter)
    assert door.clock(referral, "feedback").state == "stopped"
    assert links.open_link(door, token, contact).result is LinkTry.REVOKED


def test_withdrawn_before_the_e_mail_left_it_does_not_leave(door):
    _, letter = links.decided(door)
    links.revoke(door, letter)
    assert links.message_with(door, letter).state == "cancelled"


def test_withdrawing_needs_a_reason_and_the_right_and_a_link_that_stands(door, sent):
    _, letter, _ = sent
    with pytest.raises(InvalidInput):
        links.revoke(door, letter, reason=" ")
    with pytest.raises(NotAllowed):
        links.revoke(door, letter, by=person_in(Role.AUDITOR))
    links.revoke(door, letter)
    with pytest.raises(Refused, match="withdrawn already"):
        links.revoke(door, letter)


def test_a_new_link_opens_and_the_old_one_does_not(door, sent):
    contact, letter, old = sent
    links.renew(door, letter)
    new = links.token_in(links.message_with(door, letter))
    assert new != old
    assert links.open_link(door, old, contact).result is LinkTry.REVOKED
    assert links.open_link(door, new, contact).result is LinkTry.OPENED


def test_a_new_link_after_nobody_opened_the_first_closes_the_alert_and_moves_no_clock(door, sent):
    contact, letter, _ = sent
    (referral,) = door.referrals(contact)
    met = door.clock(referral, "feedback").stopped_at
    door.move_to("2009-04-09 10:00")
    door.sweep()
    links.renew(door, letter)
    door.hand_over_letters()
    assert door.alert(f"letter:{letter.id}") is None
    assert door.clock(referral, "feedback").stopped_at == met
    with door.database.read() as session:
        left = [row for row in rows.everything(session, Handover) if row.letter_id == letter.id]
    assert len(left) == 1


def test_after_withdrawing_a_new_link_meets_the_new_round(door, sent):
    contact, letter, _ = sent
    (referral,) = door.referrals(contact)
    links.revoke(door, letter)
    links.renew(door, letter)
    door.move_to("2009-03-10 12:00")
    door.hand_over_letters()
    assert door.clock(referral, "feedback").stopped_at == london("2009-03-10 12:00")


def test_a_letter_that_did_not_go_as_a_link_has_none_to_withdraw_or_renew(door):
    _, letter = links.decided(door, referrer_email="ada@school.example.org")
    for act in (links.revoke, links.renew):
        with pytest.raises(Refused, match="did not go as a link"):
            act(door, letter)


def test_once_it_is_unsafe_to_write_to_somebody_the_link_opens_nothing(door, sent):
    contact, letter, token = sent
    mark_unsafe(door, contact)
    assert links.open_link(door, token, contact).result is LinkTry.REVOKED
    with pytest.raises(Refused, match="must not leave"):
        links.renew(door, letter, by=MANAGER)


# -- guessing is throttled -----------------------------------------------------------------------------------------


def test_after_five_wrong_answers_a_link_rests_for_an_hour_even_for_right_ones(door, sent):
    contact, _, token = sent
    assert set(links.guess(door, token, contact, 5)) == {LinkTry.WRONG}
    assert links.open_link(door, token, contact, address=ELSEWHERE).result is LinkTry.THROTTLED
    door.move_to("2009-03-10 09:59")
    assert links.open_link(door, token, contact).result is LinkTry.THROTTLED
    door.move_to("2009-03-10 10:00")
    assert links.open_link(door, token, contact).result is LinkTry.OPENED


def test_twenty_wrong_answers_from_one_address_are_enough_whatever_the_link(door, sent):
    contact, _, token = sent
    for number in range(20):
        links.open_link(door, f"made-up-{number}", contact)
    assert links.open_link(door, token, contact).result is LinkTry.THROTTLED
    assert links.open_link(door, token, contact, address=ELSEWHERE).result is LinkTry.OPENED


def test_addresses_of_one_ipv6_network_are_one_visitor(door, sent):
    contact, _, token = sent
    for number in range(20):
        links.open_link(door, "made-up", contact, address=f"2001:db8:1:2::{number:x}")
    assert links.open_link(door, token, contact, address="2001:db8:1:2:ffff::1").result is LinkTry.THROTTLED
    assert links.open_link(door, token, contact, address="2001:db8:1:3::1").result is LinkTry.OPENED


def test_tries_that_are_not_looked_at_are_kept_once_an_hour_so_that_nobody_fills_the_table(door, sent):
    contact, letter, token = sent
    links.guess(door, token, contact, 40)
    assert [row.result for row in links.tries(door, letter)].count("too many tries") == 1


def test_each_e_mail_has_a_link_of_its_own(door, sent):
    assert sent
    with door.database.read() as session:
        tokens = [links.token_in(row) for row in rows.everything(session, Message) if row.letter_id]
    assert len(set(tokens)) == len(tokens) == 2

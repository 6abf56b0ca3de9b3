"""Promise: GOV.UK Notify carries letters by e-mail and on paper, and what it could not deliver is owed again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pathway.web.views import letter_story_view, letter_words_view
from rules.messages import Delivery, MessageState, Returned
from rules.vocabulary import ClockState
from storage.queries.letters import letter_list_rows, letter_rows
from storage.tables import Contact, id_of
from support import no_way_to_write, notify_server, notifying, pdf, printed_letters
from support.front_door import OFFICER

MORNING = "2009-03-26 10:00"


@pytest.fixture
def door(open_door):
    return open_door(MORNING)


@pytest.fixture
def there():
    with notify_server.running() as (service, behaviour):
        yield service, behaviour


def emailed(door):
    """A decided contact, and the outcome letter that waits to go by e-mail."""
    contact = door.log("Mia")
    door.decide(*door.referrals(contact))
    return door.letters(contact, "outcome")[0]


def handover(door, letter):
    with door.database.read() as session:
        return letter_rows.handover(session, id_of(letter))


def rounds(door, letter):
    with door.database.read() as session:
        (referral,) = letter_rows.referrals_named(session, id_of(letter))
    return [clock.state for clock in door.rounds(referral, "feedback")]


def name_of(behaviour, letter, door):
    message = [message for message in door.messages() if message.letter_id == letter.id][-1]
    return next(one["id"] for one in behaviour.taken if one["reference"] == message.message_id)


def story(door, letter):
    with door.database.read() as session:
        line = letter_list_rows.one(session, id_of(letter))
        return [one.words for one in letter_story_view.of(session, line, sees=True)], letter_words_view.standing(
            line
        ).words


def test_a_letter_by_email_is_handed_over_and_meets_the_duty(door, there):
    letter = emailed(door)
    notifying.send(door, there[0])
    assert handover(door, letter).delivery == Delivery.EMAIL
    assert rounds(door, letter) == [ClockState.STOPPED]
    assert letter.text.splitlines()[0] in there[1].sent[-1][2]


@pytest.mark.parametrize("status", ["permanent-failure", "temporary-failure", "technical-failure"])
def test_an_email_that_failed_is_owed_again_and_somebody_is_told(door, there, status):
    letter = emailed(door)
    notifying.send(door, there[0])
    door.move_to("2009-03-26 13:00")
    assert notifying.say(door, name_of(there[1], letter, door), status)
    assert rounds(door, letter) == [ClockState.STOPPED, ClockState.RUNNING]
    assert door.alert(f"letter:{letter.id}") is not None


def test_what_was_delivered_is_on_record_and_never_goes_back(door, there):
    letter = emailed(door)
    notifying.send(door, there[0])
    name = name_of(there[1], letter, door)
    heard = [
        notifying.say(door, name, one) for one in ("sending", "sending", "delivered", "permanent-failure", "sending")
    ]
    assert heard == [True, False, True, False, False]
    assert notifying.said(door, letter) == ["sending", "delivered"]
    assert rounds(door, letter) == [ClockState.STOPPED]


def test_a_failure_said_twice_begins_one_round(door, there):
    letter = emailed(door)
    notifying.send(door, there[0])
    name = name_of(there[1], letter, door)
    assert [notifying.say(door, name, "permanent-failure") for _ in range(2)] == [True, False]
    assert len(rounds(door, letter)) == 2


def test_a_failure_of_a_letter_that_was_posted_since_begins_no_round(door, there):
    letter = emailed(door)
    notifying.send(door, there[0])
    door.move_to("2009-03-26 12:00")
    door.came_back(letter, "2009-03-26 11:00")
    door.post(letter, "2009-03-26 12:00")
    assert notifying.say(door, name_of(there[1], letter, door), "permanent-failure")
    assert rounds(door, letter) == [ClockState.STOPPED, ClockState.STOPPED]


def test_what_is_not_ours_is_ignored(door):
    assert not notifying.say(door, "740e5834-3a29-46b4-9a6f-16142fde533a", "delivered")


def test_the_worker_asks_until_there_is_a_final_status_and_no_longer(door, there):
    service, behaviour = there
    letter = emailed(door)
    notifying.send(door, service)
    asker = notifying.asker(door, service)
    assert asker.ask() == len(behaviour.taken)
    assert asker.ask() == 0
    for number in range(len(behaviour.taken)):
        behaviour.becomes(number, "delivered", "2009-03-26T10:05:00.000000Z")
    assert asker.ask() == len(behaviour.taken)
    behaviour.asked.clear()
    assert (asker.ask(), behaviour.asked) == (0, [])
    assert notifying.said(door, letter) == ["created", "delivered"]


def test_what_is_older_than_a_fortnight_is_not_asked_for(door, there):
    emailed(door)
    notifying.send(door, there[0])
    door.frozen.move_to(door.now + timedelta(days=15))
    there[1].asked.clear()
    assert (notifying.asker(door, there[0]).ask(), there[1].asked) == (0, [])


@pytest.mark.needs("pdf")
def test_a_letter_for_the_post_is_printed_by_notify_with_the_address_in_its_window(door, there):
    letter = printed_letters.letter(door, "Mia")
    assert notifying.put_letters(door) > 0
    assert letter.id not in printed_letters.waiting(door)
    notifying.send(door, there[0])
    texts = [" ".join(pdf.texts(content)) for content in there[1].letters]
    assert any(letter.recipient_name in text and "N17 6AA" in text for text in texts)
    assert (handover(door, letter).delivery, rounds(door, letter)) == (Delivery.POST, [ClockState.STOPPED])
    assert story(door, letter)[1] == "Handed over to GOV.UK Notify"


@pytest.mark.needs("pdf")
def test_a_letter_for_the_post_is_put_into_the_outbox_once(door):
    printed_letters.letter(door, "Mia")
    assert notifying.put_letters(door) > 0
    assert notifying.put_letters(door) == 0


@pytest.mark.parametrize(
    "address",
    [
        "Somewhere",
        "1 A Road, B, C, D, E, F, N17 6AA",
        "",
        "1 High Road, Łódź★, N17 6AA",
        "1 rue X, 75008 Paris, France",
    ],
)
def test_a_letter_whose_address_notify_would_refuse_stays_with_people(door, address):
    letter = printed_letters.letter(door, "Mia", referrer_address=address)
    notifying.put_letters(door)
    assert [message for message in door.messages() if message.letter_id == letter.id] == []


@pytest.mark.parametrize("name", ["(Ada) Moss", ": Ada Moss", "---"])
def test_a_name_that_notify_would_refuse_in_the_window_stays_with_people(door, name):
    letter = printed_letters.letter(door, "Mia", referrer_name=name)
    notifying.put_letters(door)
    assert [message for message in door.messages() if message.letter_id == letter.id] == []
    assert letter.id in printed_letters.waiting(door)


def test_a_letter_that_somebody_has_printed_is_theirs_to_post(door):
    letter = printed_letters.letter(door, "Mia")
    printed_letters.print_all(door, by=OFFICER)
    assert notifying.put_letters(door) == 0
    assert handover(door, letter) is None


@pytest.mark.needs("pdf")
def test_a_letter_is_cancelled_while_it_waits_for_notify(door, there):
    letter = printed_letters.letter(door, "Mia")
    notifying.put_letters(door)
    with door.database.read() as session:
        contact = session.get_one(Contact, letter.contact_id)
    no_way_to_write.mark_unsafe(door, contact)
    notifying.send(door, there[0])
    assert there[1].letters == []
    (message,) = [message for message in door.messages() if message.letter_id == letter.id]
    assert message.state == MessageState.CANCELLED


@pytest.mark.needs("pdf")
@pytest.mark.parametrize(
    "status", ["validation-failed", "permanent-failure", "technical-failure", "virus-scan-failed", "cancelled"]
)
def test_a_letter_that_could_not_be_printed_is_owed_again_and_goes_to_people(door, there, status):
    letter = printed_letters.letter(door, "Mia")
    notifying.put_letters(door)
    notifying.send(door, there[0])
    door.move_to("2009-03-26 15:00")
    assert notifying.say(door, name_of(there[1], letter, door), status)
    assert rounds(door, letter) == [ClockState.STOPPED, ClockState.RUNNING]
    assert notifying.put_letters(door) == 0
    assert letter.id in printed_letters.waiting(door)
    words, standing = story(door, letter)
    assert "Not printed by GOV.UK Notify" in words
    assert standing == f"Came back: {Returned.NOT_PRINTED}"


@pytest.mark.needs("pdf")
def test_the_story_of_a_letter_tells_what_notify_said(door, there):
    letter = printed_letters.letter(door, "Mia")
    notifying.put_letters(door)
    notifying.send(door, there[0])
    for status in ("accepted", "received"):
        notifying.say(door, name_of(there[1], letter, door), status)
    words, _ = story(door, letter)
    assert words == [
        "Written, to go by post",
        f"Handed over to {there[0]}",
        "GOV.UK Notify says accepted",
        "GOV.UK Notify says received",
    ]


@pytest.mark.needs("pdf")
def test_a_key_that_may_send_no_letters_leaves_emails_alone(door):
    with notify_server.running(notify_server.Behaviour({"letter": notify_server.NO_LETTERS})) as (service, _):
        letter, by_email = printed_letters.letter(door, "Mia"), emailed(door)
        notifying.put_letters(door)
        report = notifying.send(door, service)
    assert report.refused > 0
    assert not report.server_down
    assert handover(door, by_email) is not None
    assert door.alert(f"letter:{letter.id}") is not None


def test_a_message_to_staff_that_failed_is_an_alert_to_the_system_owner(door, there):
    letter = emailed(door)
    notifying.send(door, there[0])
    notifying.say(door, name_of(there[1], letter, door), "permanent-failure")
    door.sweep()
    notifying.send(door, there[0])
    to_staff = [message for message in door.messages() if message.letter_id is None]
    assert to_staff, "the alert about the letter is a message"
    name = next(one["id"] for one in there[1].taken if one["reference"] == to_staff[-1].message_id)
    assert notifying.say(door, name, "permanent-failure")
    assert door.alert(f"address:{to_staff[-1].recipient_address}") is not None

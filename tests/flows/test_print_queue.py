"""Promise: letters for the post are printed together, none is lost, none goes twice, none to the wrong person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from notifications.letters import paper
from pathway.engine.children import restricting
from pathway.engine.post import print_queue
from pathway.engine.post.print_queue import Posting
from rules.errors import InvalidInput, NotAllowed, NotFound, Refused
from rules.messages import MessageState
from rules.vocabulary import Role
from storage.queries import waiting_rows
from storage.queries.letters import letter_list_rows
from storage.tables import LetterPrint, Message, PrintBatch
from support import no_way_to_write, pdf, printed_letters, rows
from support.front_door import MANAGER, OFFICER, london, person_in
from support.printed_letters import BY_POST, letter

AT_FOUR, AT_FIVE, AT_SIX = "2009-03-26 16:00", "2009-03-26 17:00", "2009-03-26 18:00"


@pytest.fixture
def door(open_door):
    return open_door("2009-03-26 10:00")


def contact_of(door, one):
    with door.database.read() as session:
        return letter_list_rows.one(session, one.id).contact


def protect(door, one):
    no_way_to_write.protect(door, contact_of(door, one))


def restrict(door, one):
    (referral,) = door.referrals(contact_of(door, one))
    data = restricting.RestrictionInput(reason="Own family of a colleague.", usernames=())
    with door.acting(person_in(Role.SERVICE_MANAGER)) as act:
        restricting.restrict(act, referral.person_id, data)


def refuse_the_email(door, one):
    with door.database.write() as session:
        for message in rows.everything(session, Message):
            if message.letter_id == one.id:
                message.state, message.last_answer = MessageState.REFUSED, "550 No such mailbox"


def test_a_letter_for_the_post_waits_to_be_printed(door):
    one = letter(door)
    assert printed_letters.waiting(door) == [one.id]
    with door.database.read() as session:
        assert waiting_rows.counts(session)["/print-queue"] == 1


def test_an_email_that_was_refused_for_good_waits_where_a_postal_address_is_known(door):
    one = letter(door, referrer_email="ada@school.example.org")
    assert printed_letters.waiting(door) == []
    refuse_the_email(door, one)
    assert printed_letters.waiting(door) == [one.id]


def test_a_letter_abroad_is_printed_here(door):
    one = letter(door, referrer_address="1 rue de X\n75008 Paris\nFrance")
    (queued,) = printed_letters.queue(door).to_print
    assert (queued.number, queued.address.lines) == (one.id, ("1 rue de X", "75008 Paris", "FRANCE"))
    printed_letters.print_all(door, one)


def test_lines_that_were_typed_when_the_contact_was_logged_stay_lines(door):
    letter(door, referrer_address=" 12  High Road, Tottenham\r\nLondon\nn176aa")
    (queued,) = printed_letters.queue(door).to_print
    assert queued.address.lines == ("12 High Road, Tottenham", "London", "N17 6AA")


def test_a_letter_without_a_postal_address_is_owed_and_not_in_the_queue(door):
    letter(door, referrer_address="")
    queue = printed_letters.queue(door)
    assert (queue.to_print, queue.nowhere) == ([], 1)


def test_a_batch_keeps_which_letters_were_printed_when_by_whom_and_with_which_address(door):
    one, two = letter(door, "Mia"), letter(door, "Leo", referrer_address="The Lodge, BFPO 58")
    batch = printed_letters.print_all(door)
    assert (batch.printed_at, batch.printed_by) == (door.now, OFFICER.username)
    with door.database.read() as session:
        kept = {row.letter_id: row.address for row in session.exec(rows.select(LetterPrint))}
    assert kept == {one.id: "3 High Street\nNorthmoor\nN17 6AA", two.id: "The Lodge\nBFPO 58"}


def test_printing_meets_no_duty_and_posting_meets_it_at_its_moment(door):
    one = letter(door)
    (referral,) = door.referrals(contact_of(door, one))
    door.move_to(AT_FOUR)
    batch = printed_letters.print_all(door)
    assert door.clock(referral, "feedback").state == "running"
    door.move_to(AT_SIX)
    assert printed_letters.post(door, batch, AT_FIVE).done == [one.id]
    assert door.clock(referral, "feedback").stopped_at == london(AT_FIVE)
    assert printed_letters.queue(door).batches == []


def test_one_letter_that_is_refused_leaves_the_others(door):
    one, two = letter(door, "Mia"), letter(door, "Leo")
    batch = printed_letters.print_all(door)
    with door.database.read() as session:
        who = printed_letters.viewer(door, session)
        printed = print_queue.standing(session, batch.id, who)
    door.move_to(AT_FIVE)
    door.post(one, AT_FOUR)

    def change(work, token):
        with door.acting(OFFICER, token=token) as act:
            return work(act)

    posted = print_queue.post(change, printed, Posting(at=london(AT_FOUR)), now=door.now)
    assert posted.done == [two.id]
    (why,) = posted.refused
    assert "has left the building already" in why


def test_a_second_click_prints_and_posts_nothing_twice(door):
    one = letter(door)
    batch, same = (printed_letters.print_all(door, one, request_id="one form") for _ in range(2))
    assert same.id == batch.id
    door.move_to(AT_FIVE)
    printed_letters.post(door, batch, AT_FOUR, token="another")
    assert printed_letters.post(door, batch, AT_FOUR, token="another").done == []
    with door.database.read() as session:
        assert print_queue.posted_already(session, batch.id, "another")
        assert not print_queue.posted_already(session, batch.id, "a third")


def test_a_printed_letter_is_shown_as_such_and_can_be_printed_again(door):
    one = letter(door)
    first = printed_letters.print_all(door)
    assert (printed_letters.waiting(door), printed_letters.unposted(door, first)) == ([], [one.id])
    second = printed_letters.print_all(door, one)
    assert (printed_letters.unposted(door, first), printed_letters.unposted(door, second)) == ([], [one.id])


def test_a_letter_that_came_back_waits_to_be_printed_anew(door):
    one = letter(door)
    batch = printed_letters.print_all(door)
    door.move_to(AT_SIX)
    printed_letters.post(door, batch, AT_FOUR)
    door.came_back(one, AT_FIVE)
    assert printed_letters.waiting(door) == [one.id]
    assert printed_letters.unposted(door, batch) == []


def test_an_address_found_after_printing_takes_the_letter_out_of_the_batch(door):
    one = letter(door)
    batch = printed_letters.print_all(door)
    contact = contact_of(door, one)
    no_way_to_write.find_address(door, contact, address="9 New Road, Northmoor, N17 6AB")
    assert printed_letters.unposted(door, batch) == []
    assert printed_letters.waiting(door) == [one.id]


def test_unsafe_to_contact_takes_a_printed_letter_out_of_the_batch(door):
    one = letter(door)
    batch = printed_letters.print_all(door)
    no_way_to_write.mark_unsafe(door, contact_of(door, one))
    assert (printed_letters.waiting(door), printed_letters.unposted(door, batch)) == ([], [])


def test_a_letter_whose_address_cant_be_used_is_not_printed_and_says_what_is_wrong(door):
    one = letter(door, referrer_address="3 High Street")
    (queued,) = printed_letters.queue(door).to_print
    assert queued.address is None
    with pytest.raises(Refused, match=r"can't be printed.*at least 2"):
        printed_letters.print_all(door, one)
    with door.database.read() as session:
        assert rows.everything(session, PrintBatch) == []


def test_a_contact_is_logged_whatever_address_was_typed(door):
    assert door.log("Mia", **BY_POST | {"referrer_address": "somewhere in Leeds"}).referrer_address


def test_a_manager_may_excuse_a_letter_whose_address_cant_be_used(door):
    one = letter(door, referrer_address="somewhere in Leeds")
    no_way_to_write.excuse(door, one)
    assert printed_letters.waiting(door) == []


@pytest.mark.parametrize("hide", [protect, restrict])
def test_letters_that_somebody_may_not_see_are_in_no_batch_of_theirs_and_are_counted(door, hide):
    one = letter(door, "Zebedee")
    hide(door, one)
    by = person_in(Role.SCREENING_OFFICER)
    queue = printed_letters.queue(door, by)
    assert (queue.to_print, queue.count, queue.others) == ([], 0, 1)
    with pytest.raises(Refused, match="is not in your print queue"):
        printed_letters.print_all(door, one, by=by)


def test_a_protected_letter_of_somebody_elses_batch_is_neither_seen_nor_posted(door):
    one, two = letter(door, "Mia"), letter(door, "Leo")
    protect(door, one)
    batch = printed_letters.print_all(door, by=MANAGER)
    assert printed_letters.unposted(door, batch, MANAGER) == [one.id, two.id]
    assert printed_letters.unposted(door, batch, OFFICER) == [two.id]
    door.move_to(AT_FIVE)
    assert printed_letters.post(door, batch, AT_FOUR).done == [two.id]


@pytest.mark.parametrize(
    ("at", "problem"), [("2009-03-26 09:59", "before the batch was printed"), (AT_SIX, "in the future")]
)
def test_an_odd_moment_of_posting_is_refused_once_for_all(door, at, problem):
    letter(door)
    batch = printed_letters.print_all(door)
    door.move_to(AT_FOUR)
    with pytest.raises(InvalidInput, match=problem):
        printed_letters.post(door, batch, at)


def test_a_batch_posted_in_the_minute_in_which_it_was_printed_is_taken(door):
    letter(door)
    door.frozen.tick(timedelta(seconds=30))
    batch = printed_letters.print_all(door)
    assert printed_letters.post(door, batch, "2009-03-26 10:00").done


def test_only_those_whom_the_book_names_print(door):
    one = letter(door)
    with pytest.raises(NotAllowed):
        printed_letters.print_all(door, one, by=person_in(Role.AUDITOR))


def test_nothing_chosen_too_many_and_an_unknown_batch_are_refused(door):
    with door.database.read() as session:
        who = printed_letters.viewer(door, session)
        with pytest.raises(InvalidInput, match="No letter is chosen"):
            print_queue.chosen(session, [], who)
        with pytest.raises(InvalidInput, match="More than 100"):
            print_queue.chosen(session, range(1, 102), who)
        with pytest.raises(NotFound, match="no batch"):
            print_queue.standing(session, 99999999999, who)


@pytest.mark.needs("pdf")
def test_the_batch_as_pdf_has_each_letter_with_its_address(door):
    letter(door, "Mia")
    letter(door, "Leo", referrer_name="Bo Lund", referrer_address="9 New Road, Northmoor, N17 6AB")
    with door.database.read() as session:
        queued = print_queue.queue(session, printed_letters.viewer(door, session)).to_print
        letters = print_queue.on_paper(session, queued)
    pages = pdf.texts(paper.pdf_of_many(letters))
    assert len(pages) == 4
    assert "Ada Ferreira 3 High Street Northmoor N17 6AA" in " ".join(pages[0].split())
    assert "Bo Lund 9 New Road Northmoor N17 6AB" in " ".join(pages[2].split())

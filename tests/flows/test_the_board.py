"""Promise: each contact of which a child waits stands on the board once, and what is counted is what is listed."""

from __future__ import annotations

import importlib
from datetime import timedelta

import pytest
from sqlalchemy import delete, text

from pathway.engine.inputs import ReasonInput
from pathway.engine.intake import immediate_danger
from pathway.engine.referrers import asking_for_information
from pathway.engine.referrers.asking_for_information import AskingInput
from rules.errors import NotAllowed, Refused
from rules.vocabulary import Role
from storage.queries.board import family_rows, part_rows
from storage.queries.board.part_rows import Count, Families, Part
from storage.tables import BoardCard, Contact, id_of
from support import board, rows
from support.front_door import MANAGER, OFFICER, child_fields, person_in


@pytest.fixture
def door(open_door):
    return open_door("2009-03-26 10:00")


def contacts_on(door, part=Part.ALL):
    with door.database.read() as session:
        found = Families(part, door.now).page(session)
        return [session.get_one(Contact, card.contact_id).ref for card in found]


def family(door, contact):
    with door.database.read() as session:
        (found,) = family_rows.families(session, [part_rows.by_contact(session, id_of(contact))], now=door.now)
        return found


def ask(door, contact):
    with door.acting(OFFICER) as act:
        return asking_for_information.ask(act, id_of(contact), AskingInput(things=("The birth date",)))


def test_a_contact_stands_once_whatever_the_number_of_its_children(door):
    contact = door.log("Ann", "Ben", "Cal")
    assert contacts_on(door) == [contact.ref]
    assert len(family(door, contact).children) == 3


def test_immediate_danger_is_first_then_whatever_has_least_time_left(door):
    later = door.log("Later", received="2009-03-26 09:30")
    sooner = door.log("Sooner", received="2009-03-25 11:00")
    late = door.log("Late", received="2009-03-25 09:00")
    danger = door.log("Danger", immediate_danger=True)
    assert contacts_on(door) == [one.ref for one in (danger, late, sooner, later)]
    assert [contacts_on(door, part) for part in (Part.DANGER, Part.LATE, Part.SOON, Part.LATER)] == [
        [danger.ref],
        [late.ref],
        [danger.ref, sooner.ref],
        [later.ref],
    ]


def test_a_contact_leaves_when_its_last_child_is_allocated_or_closed_and_comes_back_when_one_is_taken_up_again(door):
    contact = door.log("Ann", "Ben")
    ann, ben = door.referrals(contact)
    worker = door.add_worker()
    door.decide(ann, "strategy-discussion")
    door.allocate(ann, worker)
    assert contacts_on(door) == [contact.ref]
    assert [person.forename for _, person in family(door, contact).children] == ["Ben"]
    assert len(family(door, contact).others) == 1
    door.decide(ben)
    door.hand_over_letters()
    assert contacts_on(door) == []
    door.reopen(door.fresh(ben))
    assert contacts_on(door) == [contact.ref]


def test_the_time_left_is_that_of_the_children_who_wait_and_of_nobody_else(door):
    contact = door.log("Ann", "Ben")
    ann, ben = door.referrals(contact)
    door.decide(ann, "strategy-discussion")
    assert family(door, contact).card.due_at < door.clock(ben).due_at
    assert family(door, contact).clock.referral_id == ann.id
    door.allocate(ann, door.add_worker())
    assert family(door, contact).card.due_at == door.clock(ben).due_at
    assert family(door, contact).clock.referral_id == ben.id


def test_marking_danger_and_withdrawing_it_moves_the_card(door):
    first, second = door.log("First"), door.log("Second")
    with door.acting(MANAGER) as act:
        immediate_danger.mark(act, id_of(second), ReasonInput(reason="The police say so."))
    assert contacts_on(door) == [second.ref, first.ref]
    with door.acting(MANAGER) as act:
        immediate_danger.withdraw(act, id_of(second), ReasonInput(reason="It was another child."))
    assert contacts_on(door) == [first.ref, second.ref]


def test_a_referrer_is_waited_for_until_something_comes_or_every_child_is_decided(door):
    answered, decided, silent = door.log("Answered"), door.log("Decided"), door.log("Silent")
    for contact in (answered, decided, silent):
        ask(door, contact)
    door.decide(*door.referrals(decided))
    assert contacts_on(door, Part.ASKED) == [answered.ref, silent.ref]
    door.frozen.tick(timedelta(minutes=5))
    with door.database.write() as session:
        told = {"from_whom": "Ada", "channel": "phone", "text": "12 May.", "recorded_at": door.now, "recorded_by": "x"}
        rows.insert(session, board.Information, contact_id=answered.id, given_at=door.now, from_referrer=True, **told)
    assert contacts_on(door, Part.ASKED) == [silent.ref]
    ask(door, answered)
    assert contacts_on(door, Part.ASKED) == [answered.ref, silent.ref]


def test_what_somebody_else_told_does_not_answer_for_the_referrer(door):
    contact = door.log("Silent")
    ask(door, contact)
    with door.database.write() as session:
        told = {
            "from_whom": "Police",
            "channel": "phone",
            "text": "Known.",
            "recorded_at": door.now,
            "recorded_by": "x",
        }
        rows.insert(session, board.Information, contact_id=contact.id, given_at=door.now, **told)
    assert contacts_on(door, Part.ASKED) == [contact.ref]


def test_pages_follow_one_another_without_a_gap_or_a_card_twice_also_where_due_moments_are_equal(door):
    for number in range(7):
        door.log(f"Child{number}", immediate_danger=number in {2, 5})
    with door.database.read() as session:
        everything = Families(Part.ALL, door.now).page(session, size=50)
        pages, after = [], None
        while some := Families(Part.ALL, door.now).page(session, after=after, size=2)[:2]:
            pages += some
            after = part_rows.place_of(some[-1])
    assert [one.contact_id for one in pages] == [one.contact_id for one in everything]
    assert len(pages) == 7


def test_a_count_says_that_there_are_more_than_it_counted(door):
    for name in ("One", "Two", "Three"):
        door.log(name)
    with door.database.read() as session:
        families = Families(Part.ALL, door.now)
        assert [str(families.count(session, most=most)) for most in (2, 3, 4)] == ["2+", "3", "3"]
    assert str(Count(number=1000, more=True)) == "1,000+"


def test_imported_history_does_not_stand_on_it(door):
    contact = door.log("Old")
    with door.database.write() as session:
        session.get_one(Contact, contact.id).imported = True
        for referral in door.referrals(contact):
            session.merge(referral).imported = True
    assert contacts_on(door) == []


def test_what_was_taken_back_leaves_the_card_as_it_was(door):
    contact = door.log("Ann")
    with door.database.rehearse() as session:
        session.get_one(Contact, contact.id).immediate_danger = True
        session.flush()
    with door.database.write() as session:
        savepoint = session.savepoint()
        session.get_one(Contact, contact.id).immediate_danger = True
        session.flush()
        savepoint.rollback()
    assert family(door, contact).card.rank == 1


def test_siblings_of_other_contacts_are_counted_once_and_those_of_this_one_are_not(door):
    ann = child_fields("Ann", birth_date="2001-02-03", nhs_number="4010232137")
    door.log(children=[ann, child_fields("Ben", birth_date="2003-02-03")])
    contact = door.log(children=[ann, child_fields("Cal", birth_date="2005-02-03")])
    found = family(door, contact)
    assert len(found.siblings) == 1
    assert found.siblings.isdisjoint(found.persons)


def test_the_step_that_brought_the_board_fills_it_as_it_is_kept_from_then_on(door):
    contact = door.log("Ann", "Ben", immediate_danger=True)
    ask(door, contact)
    decided = door.log("Cal")
    ask(door, decided)
    door.decide(*door.referrals(decided), "early-help")
    step = importlib.import_module("storage.migrations.versions.0026_the_board")
    with door.database.write() as session:
        kept = board.stored(session)
        session.connection().execute(delete(BoardCard))
        session.connection().execute(
            text(step.CARDS).bindparams(step.sa.bindparam("never", step.NEVER, type_=step.MOMENT))
        )
    with door.database.read() as session:
        assert board.stored(session) == kept == board.by_hand(session)
        assert len(kept) == 2


# -- who is on it -------------------------------------------------------------------------------------------------


def on_it(door, contact):
    found = family(door, contact).on_it
    return found and found.name


def test_whoever_says_so_is_on_it_for_all_to_read_for_half_an_hour(door):
    contact = door.log("Ann")
    board.take(door, contact)
    assert on_it(door, contact) == "Duty Manager"
    door.frozen.tick(timedelta(minutes=29, seconds=59))
    assert on_it(door, contact) == "Duty Manager"
    door.frozen.tick(timedelta(seconds=1))
    assert on_it(door, contact) is None


def test_said_again_it_counts_from_then_and_given_back_it_is_over_and_both_can_be_repeated(door):
    contact = door.log("Ann")
    board.take(door, contact)
    door.frozen.tick(timedelta(minutes=20))
    board.take(door, contact)
    door.frozen.tick(timedelta(minutes=20))
    assert on_it(door, contact) == "Duty Manager"
    assert [board.give_back(door, contact) for _ in range(2)] == [True, False]
    assert on_it(door, contact) is None


def test_of_two_the_second_reads_who_is_on_it_and_takes_it_when_that_has_lapsed(door):
    contact = door.log("Ann")
    board.take(door, contact, by=OFFICER)
    with pytest.raises(Refused) as refused:
        board.take(door, contact, by=MANAGER)
    assert str(refused.value) == (
        "Screening Officer is on it since 10:00, and until 10:30 unless it is given back before."
    )
    assert board.give_back(door, contact, by=MANAGER) is False
    assert on_it(door, contact) == "Screening Officer"
    door.frozen.tick(timedelta(minutes=30))
    board.take(door, contact, by=MANAGER)
    assert on_it(door, contact) == "Duty Manager"


def test_a_word_that_lies_ahead_because_the_clock_was_put_back_holds_nothing(door):
    contact = door.log("Ann", received="2009-03-26 08:00")
    board.take(door, contact)
    door.move_to("2009-03-26 09:00")
    assert on_it(door, contact) is None
    board.take(door, contact, by=OFFICER)
    assert on_it(door, contact) == "Screening Officer"


def test_it_hides_nothing_moves_no_clock_and_keeps_nobody_from_deciding(door):
    contact = door.log("Ann")
    (ann,) = door.referrals(contact)
    before = (door.clock(ann), door.events(ann), door.fresh(ann))
    board.take(door, contact, by=OFFICER)
    assert (door.clock(ann), door.events(ann), door.fresh(ann)) == before
    assert contacts_on(door) == [contact.ref]
    assert door.decide(ann, by=MANAGER).state == "decided"


def test_nobody_is_on_what_does_not_wait_and_nobody_who_may_neither_screen_nor_decide(door):
    contact = door.log("Ann")
    with pytest.raises(NotAllowed):
        board.take(door, contact, by=person_in(Role.AUDITOR))
    door.decide(*door.referrals(contact))
    door.hand_over_letters()
    with pytest.raises(Refused, match="Nothing of this contact waits"):
        board.take(door, contact)

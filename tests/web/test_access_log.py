"""The access log names the children of every look, keeps the words of a search, and is filtered by child."""

from __future__ import annotations

import pytest

from rules.vocabulary import Role
from storage.queries import keyset
from storage.queries.lists import access_page_rows
from storage.queries.lists.access_page_rows import LooksWanted
from storage.tables import Access, PersonMerge, ProposedMatch, id_of
from support import matching, printed_letters, rows, shut_out
from support.front_door import MANAGER, OFFICER, person_in

AUDITOR = person_in(Role.AUDITOR)


def last(desk, path):
    """The last look, after a page was opened."""
    desk.open(path)
    with desk.door.database.read() as session:
        return access_page_rows.page(session, LooksWanted(), keyset.Wanted(size=1)).rows[0]


def named(desk, path):
    return set(last(desk, path).children)


@pytest.fixture
def two(either):
    """A match between two children of one contact each, on either database."""
    mia, maya = matching.child(either.door, "Mia"), matching.child(either.door, "Miah")
    either.sign_in(MANAGER)
    return either, mia, maya


def first(desk, table):
    with desk.door.database.read() as session:
        return id_of(rows.everything(session, table)[0])


def test_a_possible_match_and_a_merge_name_both_children(two):
    desk, mia, maya = two
    both = {mia.person_id, maya.person_id}
    assert named(desk, f"/matches/{first(desk, ProposedMatch)}") == both
    matching.merge(desk.door, mia, maya)
    assert named(desk, f"/merges/{first(desk, PersonMerge)}") == both


def test_a_message_in_the_mailbox_names_the_children_of_its_contact(two, mailbox):
    desk, mia, _ = two
    shut_out.catch(desk.door, mailbox)
    (message, *_) = desk.door.messages()
    look = last(desk, f"/mailbox/{shut_out.caught_as(message)}")
    assert (look.contact_ref, set(look.children)) == (mia.ref.rpartition("-")[0], {mia.person_id})


@pytest.mark.parametrize("path", ["/referrals", "/matches", "/letters", "/outbox", "/mailbox"])
def test_a_list_names_the_children_whom_it_shows(two, mailbox, path):
    desk, mia, maya = two
    shut_out.catch(desk.door, mailbox)
    assert named(desk, path) == {mia.person_id, maya.person_id}


def test_a_batch_names_the_children_of_its_letters(browser):
    door = browser.door
    letter = printed_letters.letter(door, "Mia", "Leo")
    batch = printed_letters.print_all(door, letter)
    look = last(browser.sign_in(OFFICER), f"/print-queue/print?batch={batch.id}")
    children = {referral.person_id for referral in door.referrals(matching.contact_of_letter(door, letter))}
    assert (look.access.what, set(look.children)) == ("printed letter", children)


def test_a_list_does_not_say_that_it_showed_a_child_who_was_kept_from_the_reader(two):
    desk, mia, maya = two
    shut_out.restrict(desk.door, mia)
    assert named(desk.sign_in(OFFICER), "/referrals") == {maya.person_id}


def test_a_search_is_kept_with_its_words_and_found_by_them(two):
    desk, _, _ = two
    assert last(desk, "/referrals?q=+Mia+Harlow+").access.words == "Mia Harlow"
    page = desk.sign_in(AUDITOR).open("/access-log?q=Mia Harlow")
    assert "Screening list Searched for “Mia Harlow”" in page.words


def test_words_are_kept_only_where_somebody_searched(two):
    desk, mia, _ = two
    assert [last(desk, path).access.words for path in ("/referrals", f"/referrals/{mia.ref}")] == ["", ""]


def test_the_log_is_filtered_by_child_also_by_a_number_that_the_child_had_before_a_merge(two):
    desk, mia, _ = two
    leo = matching.child(desk.door, "Leo", "Marsh", birth_date="2008-01-02")
    for referral in (mia, leo):
        desk.open(f"/referrals/{referral.ref}/screen")
    assert looks_at(desk, mia.ref.lower()) == 1
    assert (looks_at(desk, "4711"), looks_at(desk, "PW-NONE-HERE-1")) == (0, 0)
    matching.merge(desk.door, mia, leo)
    assert looks_at(desk, str(leo.person_id)) == 2


def looks_at(desk, child):
    """How many looks at screening forms the page shows for a child."""
    return desk.sign_in(AUDITOR).open(f"/access-log?child={child}").words.count("Screen (form)")


def test_a_look_from_before_children_were_named_is_found_by_its_record(two):
    desk, mia, _ = two
    about = {"contact_id": mia.contact_id, "referral_id": mia.id}
    with desk.door.database.write() as session:
        session.add(Access(at=desk.door.now, username="duty.manager", what="screen (form)", allowed=True, **about))
    assert looks_at(desk, mia.ref) == 1

"""Two persons can be merged and the merge undone: referrals move, nothing else changes, and every lookup follows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rules.errors import NotAllowed, NotFound, Refused
from rules.vocabulary import EventKind, Role
from storage.queries.children import person_rows
from storage.queries.staff import staff_rows
from storage.tables import ProposedMatch, id_of
from support import matching, rows
from support.front_door import MANAGER, OFFICER, FrontDoor, child_fields, person_in
from support.matching import child, merge, merge_persons, person, undo

VALID = "943 476 5919"


@pytest.fixture
def door(open_door: Callable[..., FrontDoor]) -> FrontDoor:
    return open_door("2009-03-10 09:00")


@pytest.fixture
def both(door):
    return child(door, "Elizabeth"), child(door, "Liz")


def test_the_merged_persons_referrals_move_to_the_one_kept_and_each_is_recorded(door, both):
    elizabeth, liz = both
    again = child(door, "Liz")
    done = merge(door, elizabeth, liz)
    assert {door.fresh(one).person_id for one in (elizabeth, liz, again)} == {elizabeth.person_id}
    assert matching.moved(door, done) == [liz.ref, again.ref]
    assert person(door, liz.person_id).merged_into_id == elizabeth.person_id


def test_nothing_else_of_either_person_is_edited(door, both):
    before = [person(door, one.person_id).model_dump(exclude={"merged_into_id"}) for one in both]
    merge(door, *both)
    assert [person(door, one.person_id).model_dump(exclude={"merged_into_id"}) for one in both] == before


def test_undoing_puts_back_exactly_those_referrals(door, both):
    elizabeth, liz = both
    done = merge(door, elizabeth, liz)
    later = child(door, "Liz")
    undone = undo(door, done)
    assert [door.fresh(one).person_id for one in (elizabeth, liz, later)] == [
        elizabeth.person_id,
        liz.person_id,
        elizabeth.person_id,
    ]
    assert person(door, liz.person_id).merged_into_id is None
    assert (undone.undone_by, undone.undone_because) == (MANAGER.username, "Cousins, says the grandmother.")


def test_merging_and_undoing_stand_in_the_history_of_every_referral_of_both(door, both):
    undo(door, merge(door, *both))
    for referral in both:
        kinds = [event.kind for event in door.events(referral)]
        assert kinds[-2:] == [EventKind.PERSONS_MERGED, EventKind.MERGE_UNDONE]
        assert "Cousins, says the grandmother." in door.events(referral)[-1].summary


def test_a_merge_settles_the_proposal_and_undoing_it_declines_it(door, both):
    match = matching.proposal(door, both[0])
    done = merge(door, *both)
    assert matching.proposals(door, both[0]) == []
    undo(door, done)
    with door.database.read() as session:
        found = session.get_one(type(match), match.id)
    assert (found.same_child, found.note) == (False, "Cousins, says the grandmother.")


def test_a_merged_child_comes_back_as_the_one_kept_by_name_by_number_and_in_proposals(door):
    elizabeth = child(door, "Elizabeth", address="28 Muswell Hill Broadway, N17 9UD")
    liz = child(door, "Liz", nhs_number=VALID)
    merge(door, elizabeth, liz)
    assert child(door, "Liz").person_id == elizabeth.person_id
    assert child(door, "Liz", "Dent", nhs_number=VALID).person_id == elizabeth.person_id
    assert child(door, "Other", "Name", nhs_number=VALID).person_id != elizabeth.person_id
    ((_, other),) = matching.proposals(door, child(door, "Lizz"))
    assert other.id == elizabeth.person_id


def test_a_number_on_a_merged_persons_record_stays_there(door):
    elizabeth, liz = child(door, "Elizabeth"), child(door, "Liz", nhs_number=VALID)
    merge(door, elizabeth, liz)
    child(door, "Elizabeth", nhs_number=VALID)
    assert person(door, elizabeth.person_id).nhs_number is None
    assert person(door, liz.person_id).nhs_number == "9434765919"


def test_the_household_follows(door):
    elizabeth, (liz, leo) = child(door, "Elizabeth"), door.referrals(door.log("Liz", "Leo"))
    merge(door, elizabeth, liz)
    with door.database.read() as session:
        assert [one.id for one in person_rows.household(session, elizabeth.person_id)] == [leo.person_id]
        assert [one.id for one in person_rows.household(session, leo.person_id)] == [elizabeth.person_id]


def test_a_chain_of_merges_leads_to_the_last_and_is_undone_from_its_end(door):
    liz, beth, elizabeth = child(door, "Liz"), child(door, "Beth"), child(door, "Elizabeth")
    first = merge(door, beth, liz)
    second = merge(door, elizabeth, beth)
    assert child(door, "Liz").person_id == elizabeth.person_id
    with pytest.raises(Refused, match="undo that merge first"):
        undo(door, first)
    undo(door, second)
    undo(door, first)
    assert [door.fresh(one).person_id for one in (liz, beth)] == [liz.person_id, beth.person_id]


def test_a_caseload_counts_the_merged_child_once_and_twice_again_after_undoing(door, both):
    worker = door.add_worker()
    for referral in both:
        door.allocate(door.decide(referral, "assessment"), worker)
    counts = []
    done = merge(door, *both)
    for step in (lambda: None, lambda: undo(door, done)):
        step()
        with door.database.read() as session:
            counts.append(staff_rows.open_children(session, id_of(worker)))
    assert counts == [1, 2]


def test_the_alert_about_a_caseload_closes_when_the_merge_brings_it_down(door, both):
    worker = door.add_worker(full_time_equivalent=0.1)
    first, second = (door.decide(referral, "assessment") for referral in both)
    door.allocate(first, worker)
    door.allocate(second, worker, override_reason="Nobody else knows the family.")
    assert door.alert(f"worker:{worker.id}")
    merge(door, *both)
    assert door.alert(f"worker:{worker.id}") is None


def test_a_re_referral_is_marked_once_both_are_one_child_and_no_more_after_undoing(door, both):
    elizabeth, liz = both
    done = merge(door, elizabeth, liz)
    assert door.fresh(liz).re_referral_of_id == elizabeth.id
    undo(door, done)
    assert door.fresh(liz).re_referral_of_id is None


def test_a_page_opened_before_the_merge_is_stale(door, both):
    merge(door, *both)
    assert door.fresh(both[1]).version == both[1].version + 1


def test_two_children_of_one_contact_are_not_merged_until_one_referral_is_set_aside(door):
    contact = door.log(children=[child_fields("Liz"), child_fields("Elizabeth")])
    liz, elizabeth = door.referrals(contact)
    with pytest.raises(Refused, match=f"contact {contact.ref}: set one aside as logged twice first"):
        merge(door, elizabeth, liz)
    matching.set_aside(door, liz, right=elizabeth)
    merge(door, elizabeth, liz)
    assert door.fresh(liz).person_id == elizabeth.person_id


def test_a_merged_person_is_not_merged_again_and_nobody_with_themselves(door, both):
    elizabeth, liz = both
    other = child(door, "Kwame", "Okafor")
    ids = (elizabeth.person_id, liz.person_id, other.person_id)
    merge(door, elizabeth, liz)
    for kept, merged, reason in [(2, 1, "merged into child"), (1, 2, "merged into child"), (0, 0, "with itself")]:
        with pytest.raises(Refused, match=reason):
            merge_persons(door, ids[kept], ids[merged])


def declined(door):
    with door.database.read() as session:
        (match,) = [one for one in rows.everything(session, ProposedMatch) if one.same_child is False]
    return match


def test_a_merge_is_undone_once(door, both):
    done = merge(door, *both)
    undo(door, done)
    with pytest.raises(Refused, match="undone already"):
        undo(door, done)
    with pytest.raises(Refused, match="has said that they are two children"):
        merge(door, *both)
    matching.settle(door, declined(door), same=True, by=MANAGER)
    merge(door, *both)
    assert [bool(one.undone_at) for one in matching.merges_on_record(door)] == [True, False]


def test_a_second_click_merges_and_undoes_once(door, both):
    ids = [one.person_id for one in both]
    first, done = (merge_persons(door, *ids, request_id="one form") for _ in range(2))
    assert first.id == done.id
    assert undo(door, done, request_id="other").id == undo(door, done, request_id="other").id
    assert len(matching.merges_on_record(door)) == 1


@pytest.mark.parametrize("actor", [OFFICER, person_in(Role.AUDITOR)], ids=lambda actor: actor.username)
def test_only_those_whom_the_book_names_merge_and_undo(door, both, actor):
    with pytest.raises(NotAllowed, match="merge persons"):
        merge(door, *both, by=actor)
    done = merge(door, *both)
    with pytest.raises(NotAllowed, match="merge persons"):
        undo(door, done, by=actor)


def test_nobody_of_that_number_can_be_merged(door, both):
    with pytest.raises(NotFound, match="no child with the number 4711"):
        merge_persons(door, both[0].person_id, 4711)

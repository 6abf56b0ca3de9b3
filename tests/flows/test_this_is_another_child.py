"""A referral that is about another child goes off the record, with all that its contact filled in, and comes back."""

from __future__ import annotations

import pytest

from pathway.engine.children import restricting
from rules.errors import InvalidInput, NotAllowed, Refused
from rules.vocabulary import Role
from storage.queries.children import match_rows, person_rows, restriction_rows
from storage.queries.staff import staff_rows
from storage.tables import FilledField, Person, ProposedMatch, Query
from support import matching, rows
from support.front_door import MANAGER, OFFICER, child_fields, person_in
from support.matching import merge, person
from support.splitting import split, undo

NUMBER = "943 476 5919"
ELSEWHERE = "9 Station Road, London N22 7AA"


@pytest.fixture
def door(open_door):
    return open_door("2009-03-26 10:00")


def logged(door, *children, **more):
    return door.referrals(door.log(children=list(children), **more))


@pytest.fixture
def joined(door):
    """A child, and a contact that joined the record by name, date and sex and filled its blanks."""
    (first,) = logged(door, child_fields("Mia"))
    (second,) = logged(door, child_fields("Mia", address=ELSEWHERE, school="Park Lane", nhs_number=NUMBER))
    assert first.person_id == second.person_id
    return first, second


def test_what_the_contact_filled_in_is_taken_back(door, joined):
    first, second = joined
    split(door, second)
    old, new = person(door, first.person_id), person(door, door.fresh(second).person_id)
    assert (old.address, old.school, old.nhs_number) == ("", "", None)
    assert (new.address, new.school, new.nhs_number) == (ELSEWHERE, "Park Lane", "9434765919")
    with door.database.read() as session:
        assert all(one.taken_back_at for one in rows.everything(session, FilledField))


def test_a_blank_is_filled_by_the_next_contact_that_said_it(door, joined):
    first, second = joined
    (third,) = logged(door, child_fields("Mia", school="Rowan", nhs_number=NUMBER))
    split(door, second)
    assert person(door, third.person_id).school == "Rowan"
    assert door.fresh(third).person_id == first.person_id


def test_the_record_that_began_with_the_other_child_begins_with_the_next_contact(door, joined):
    first, second = joined
    split(door, first)
    old, new = person(door, second.person_id), person(door, door.fresh(first).person_id)
    assert (old.address, old.school, old.nhs_number) == (ELSEWHERE, "Park Lane", "9434765919")
    assert (new.forename, new.address, new.nhs_number) == ("Mia", "", None)


def test_whoever_was_named_first_has_a_number_that_both_bear(door):
    one, two = (logged(door, child_fields("Mia", nhs_number=NUMBER))[0] for _ in range(2))
    split(door, one)
    old, new = person(door, two.person_id), person(door, door.fresh(one).person_id)
    assert (new.nhs_number, old.nhs_number, old.nhs_number_unverified) == ("9434765919", None, NUMBER)


def test_what_the_two_said_otherwise_is_asked_no_longer(door):
    logged(door, child_fields("Mia", nhs_number=NUMBER, address="1 High Road, London N17 9AA"))
    again, _ = logged(
        door,
        child_fields("Mia", nhs_number=NUMBER, address=ELSEWHERE),
        child_fields("Leo", sex="M", nhs_number="943 476 5918"),
    )
    split(door, again)
    with door.database.read() as session:
        waiting = [one.place for one in rows.everything(session, Query) if one.settled_at is None]
    assert waiting == ["children.1.nhs_number"]


def test_re_referrals_are_counted_anew(door, joined):
    first, second = joined
    assert door.fresh(second).re_referral_of_id == first.id
    split(door, second)
    assert door.fresh(second).re_referral_of_id is None


def test_each_child_counts_in_the_caseload(door, joined):
    worker = door.add_worker()
    for referral in joined:
        door.allocate(door.decide(referral, "assessment"), worker)
    row = split(door, joined[1])
    with door.database.read() as session:
        assert staff_rows.open_children(session, worker.id) == 2
    undo(door, row)
    with door.database.read() as session:
        assert staff_rows.open_children(session, worker.id) == 1


def test_the_household_goes_with_the_contact_that_named_it(door):
    mia, leo = logged(door, child_fields("Mia"), child_fields("Leo", sex="M"))
    again, kit = logged(door, child_fields("Mia"), child_fields("Kit", sex="M"))
    split(door, again)
    with door.database.read() as session:
        assert [one.id for one in person_rows.household(session, mia.person_id)] == [leo.person_id]
        assert [one.id for one in person_rows.household(session, kit.person_id)] == [door.fresh(again).person_id]


def test_a_second_look_is_not_owed_for_a_third_contact_about_two_children(door):
    first, _, third = (logged(door, child_fields("Mia"))[0] for _ in range(3))
    door.decide(third)
    assert door.clock(third, "second_look").state == "running"
    row = split(door, first)
    assert door.clock(third, "second_look").state == "not applicable"
    undo(door, row)
    assert door.clock(third, "second_look").state == "running"


def test_both_histories_tell_of_it_and_of_the_way_back(door, joined):
    row = split(door, joined[1])
    undo(door, row)
    for referral in joined:
        told = [event.summary for event in door.events(referral) if event.kind in ("persons split", "split undone")]
        assert [words in one for words, one in zip(("Another mother.", "One child after all."), told, strict=True)]


def test_the_way_back_gives_back_what_was_filled_in(door, joined):
    first, second = joined
    before = person(door, first.person_id).model_dump()
    undo(door, split(door, second))
    assert person(door, first.person_id).model_dump() == before
    assert door.fresh(second).person_id == first.person_id
    assert door.fresh(second).re_referral_of_id == first.id


def test_the_two_are_never_joined_nor_proposed_again(door, joined):
    first, second = joined
    split(door, second)
    (again,) = logged(door, child_fields("Mia", address=ELSEWHERE, school="Park Lane", nhs_number=NUMBER))
    assert again.person_id != first.person_id
    assert {match.other_person_id for match, _ in matching.proposals(door, again)} <= {
        first.person_id,
        door.fresh(second).person_id,
    }
    with door.database.read() as session:
        between = match_rows.between(session, first.person_id, door.fresh(second).person_id)
    assert [match.same_child for match in between] == [False]


def test_they_can_not_be_merged_while_somebody_says_that_they_are_two(door, joined):
    split(door, joined[1])
    with pytest.raises(Refused, match="has said that they are two children"):
        merge(door, *map(door.fresh, joined))
    with door.database.read() as session:
        (match,) = rows.everything(session, ProposedMatch)
    with pytest.raises(Refused, match="put them together again instead"):
        matching.settle(door, match, same=True, by=matching.MANAGER)


def test_several_contacts_go_together_and_the_rest_stays(door):
    one, two, three = (logged(door, child_fields("Mia"))[0] for _ in range(3))
    row = split(door, one, three)
    assert door.fresh(one).person_id == door.fresh(three).person_id == row.to_id
    assert door.fresh(two).person_id == row.from_id
    assert door.fresh(three).re_referral_of_id == one.id


def test_one_contact_at_least_stays(door, joined):
    with pytest.raises(Refused, match="No referral would be left"):
        split(door, joined[0], joined[1])


def test_an_unknown_reference_names_the_field(door, joined):
    with pytest.raises(InvalidInput, match="no referral PW-NONE"):
        split(door, joined[1], also=("PW-NONE",))


def test_not_every_role_may(door, joined):
    with pytest.raises(NotAllowed):
        split(door, joined[1], by=OFFICER)


def test_of_a_merged_record_one_contact_goes_and_undoing_the_merge_leaves_it_gone(door):
    kept = matching.child(door, "Elizabeth")
    liz, again = matching.child(door, "Liz"), matching.child(door, "Liz")
    done = merge(door, kept, liz)
    row = split(door, again)
    matching.undo(door, done)
    assert [door.fresh(one).person_id for one in (kept, liz, again)] == [row.from_id, done.merged_id, row.to_id]


def test_where_all_of_a_merged_record_would_go_the_merge_is_undone_instead(door):
    kept, liz = matching.child(door, "Elizabeth"), matching.child(door, "Liz")
    done = merge(door, kept, liz)
    with pytest.raises(Refused, match=f"undo the merge with that child instead .merge {done.id}"):
        split(door, liz)


def test_a_record_that_was_put_together_again_is_found_by_nobody(door, joined):
    row = undo(door, split(door, joined[1]))
    with door.database.read() as session:
        gone = session.get_one(Person, row.to_id)
    assert (gone.forename, gone.nhs_number, gone.address, gone.merged_into_id) == ("", None, "", row.from_id)


def test_somebody_said_at_once_to_be_another_is_no_join_and_no_proposal(door):
    (mia,) = logged(door, child_fields("Mia"))
    (other,) = logged(door, child_fields("Mia", another_than=[mia.person_id]))
    assert other.person_id != mia.person_id
    assert matching.proposals(door, other) == []
    with pytest.raises(Refused, match="two children"):
        merge(door, mia, other)


def restricted(door, referral):
    data = restricting.RestrictionInput(reason="A colleague’s child.", usernames=(MANAGER.username,))
    with door.acting(person_in(Role.SERVICE_MANAGER)) as act:
        restricting.restrict(act, referral.person_id, data)


@pytest.mark.parametrize(("answer", "shut"), [("yes", True), ("no", False)])
def test_of_a_restricted_record_it_is_said_whether_the_other_is_restricted_too(door, joined, answer, shut):
    restricted(door, joined[0])
    with pytest.raises(InvalidInput, match="Say whether the other child’s record opens only to the same people"):
        split(door, joined[1])
    row = split(door, joined[1], restricted=answer)
    with door.database.read() as session:
        assert (restriction_rows.standing(session, row.to_id) is not None) is shut


def test_nobody_takes_apart_a_record_that_is_closed_to_them(door, joined):
    restricted(door, joined[0])
    with pytest.raises(NotAllowed):
        split(door, joined[1], by=person_in(Role.HEAD_OF_SERVICE), restricted="no")

"""Possible matches on pages: both records side by side, settled, merged, taken apart again."""

from __future__ import annotations

import re

import pytest

from pathway.engine import inputs
from pathway.engine.children import restricting
from pathway.engine.children.restricting import RestrictionInput
from rules.vocabulary import Role
from storage.tables import Person, ProposedMatch, id_of
from support import matching, rows
from support.front_door import MANAGER, OFFICER, person_in

AUDITOR = person_in(Role.AUDITOR)


@pytest.fixture
def pair(either):
    """Liz and Elizabeth, and the number of the match that was proposed."""
    elizabeth = matching.child(either.door, "Elizabeth", address="28 Muswell Hill Broadway, N17 9UD")
    liz = matching.child(either.door, "Liz", birth_date="2004-06-05")
    return elizabeth, liz, id_of(matching.proposal(either.door, liz))


@pytest.fixture
def confirmed(either, pair):
    *both, number = pair
    matching.settle(either.door, matching.proposal(either.door, both[1]), same=True)
    return *both, number


def settle(desk, number, actor=OFFICER, **typed):
    page = desk.sign_in(actor).open(f"/matches/{number}")
    token = page.form().values["request_id"]
    return desk.post(f"/matches/{number}", request_id=token, **typed)


def merge(desk, number, **typed):
    desk.sign_in(MANAGER)
    return desk.post(f"/matches/{number}/merge", **({"request_id": "token", "why": "One mother."} | typed))


def test_the_list_shows_both_children_with_the_reason_and_what_differs(either, pair):
    page = either.sign_in(OFFICER).open("/matches")
    for words in (
        "Another form of the first name; same surname; day and month of the birth date swapped.",
        "Elizabeth Harlow and Liz Harlow",
        "Birth date Differs 6 May 2004 5 June 2004",
        "28 Muswell Hill Broadway, N17 9UD Not known",
    ):
        assert words in page.words
    assert f"/matches/{pair[2]}" in page.links


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/matches", "Nothing waits to be settled"),
        ("/matches?tab=nonsense", "Nothing waits to be settled"),
        ("/matches?tab=confirmed", "No confirmed match waits"),
        ("/matches?tab=merged", "No records have been merged"),
        ("/matches?tab=declined", "No match has been declined"),
        ("/matches?q=nobody", "No match has this name"),
    ],
)
def test_an_empty_list_says_so(browser, path, words):
    assert words in browser.sign_in(OFFICER).open(path).words


def test_the_list_is_filtered_by_name_and_paged(browser):
    with browser.door.database.write() as session:
        for number in range(27):
            names = {"forename": f"Number{number}", "surname": "Harlow", "created_at": browser.door.now}
            one, other = (rows.insert(session, Person, **names) for _ in range(2))
            rows.insert(
                session, ProposedMatch, person_id=other.id, other_person_id=one.id, proposed_at=browser.door.now
            )
    browser.sign_in(OFFICER)
    page = browser.open("/matches")
    (onward,) = (link for link in page.links if "after=" in link)
    assert "27 matches" in page.words
    assert len([link for link in browser.open(onward).links if re.fullmatch(r"/matches/\d+", link)]) == 2
    assert "1 match" in browser.open("/matches?q=number13+harl").words


@pytest.mark.parametrize(
    ("answer", "words"), [("yes", "Confirmed as the same child"), ("no", "Declined: two children")]
)
def test_an_officer_settles_a_match_and_the_page_says_who_and_why(either, pair, answer, words):
    page = settle(either, pair[2], same_child=answer, reason="Rang the school.")
    assert either.path == f"/matches/{pair[2]}"
    for part in ("Match settled", words, "by Screening Officer", "Rang the school."):
        assert part in page.words
    tab = "confirmed" if answer == "yes" else "declined"
    assert f"/matches/{pair[2]}" in either.open(f"/matches?tab={tab}").links


@pytest.mark.parametrize(
    ("typed", "place"), [({"same_child": "", "reason": "Seen."}, "same_child"), ({"same_child": "no"}, "reason")]
)
def test_what_is_missing_is_said_at_its_field_and_what_was_typed_is_kept(either, pair, typed, place):
    page = settle(either, pair[2], **typed)
    assert either.status == 422
    assert f"#{place}" in page.links
    assert page.form().values["reason"] == typed.get("reason", "")


def test_a_match_that_somebody_else_settled_is_refused_with_their_reason(either, confirmed):
    either.sign_in(OFFICER)
    page = either.post(f"/matches/{confirmed[2]}", request_id="late", same_child="no", reason="Cousins.")
    assert either.status == 409
    assert "has been confirmed already" in page.words


def test_those_who_only_read_are_offered_no_form(either, pair):
    page = either.sign_in(AUDITOR).open(f"/matches/{pair[2]}")
    assert "your role does not allow that" in page.words
    assert either.post(f"/matches/{pair[2]}", same_child="yes", reason="x")
    assert either.status == 403


def test_confirming_offers_the_merge_to_those_who_may(either, confirmed):
    assert "A manager can now merge" in either.sign_in(OFFICER).open(f"/matches/{confirmed[2]}").words
    assert "Merge the two records" in either.sign_in(MANAGER).open(f"/matches/{confirmed[2]}").words


@pytest.mark.parametrize("newer_goes_on", [False, True])
def test_a_manager_merges_and_chooses_which_record_goes_on(either, confirmed, newer_goes_on):
    elizabeth, liz, number = confirmed
    keep = liz if newer_goes_on else elizabeth
    page = merge(either, number, keep=str(keep.person_id))
    assert "The two records are one child now" in page.words
    assert {either.door.fresh(one).person_id for one in (elizabeth, liz)} == {keep.person_id}
    assert f"/referrals/{elizabeth.ref}" in page.links
    path = either.path
    assert path in either.open(f"/matches/{number}").links
    assert path in either.open("/matches?tab=merged").links


def test_a_merge_is_undone_on_its_page(either, confirmed):
    _, liz, number = confirmed
    merge(either, number)
    page = either.post(either.path, request_id="undo", reason="Cousins.")
    for part in ("The merge is undone", "A merge that was undone", "Cousins."):
        assert part in page.words
    assert either.door.fresh(liz).person_id == liz.person_id


@pytest.mark.parametrize(("step", "place"), [("merge", "why"), ("undo", "reason")])
def test_a_reason_is_needed(either, confirmed, step, place):
    if step == "merge":
        page = merge(either, confirmed[2], why=" ")
    else:
        merge(either, confirmed[2])
        page = either.post(either.path, request_id="undo", reason="")
    assert either.status == 422
    assert f"#{place}" in page.links


def test_a_merge_that_is_refused_says_why(either):
    contact = either.door.log(children=[{"forename": name, "surname": "Harlow"} for name in ("Liz", "Kwame")])
    other = matching.child(either.door, "Elizabeth", birth_date="")
    liz, kwame = either.door.referrals(contact)
    matching.merge(either.door, kwame, other)
    number = id_of(matching.proposal(either.door, liz))
    matching.settle(either.door, matching.proposal(either.door, liz), same=True)
    page = merge(either, number)
    assert either.status == 409
    assert "merged into child" in page.words


def test_the_referral_leads_to_its_matches_and_merges(either, confirmed):
    elizabeth, liz, _ = confirmed
    third = matching.child(either.door, "Beth")
    page = either.sign_in(MANAGER).open(f"/referrals/{third.ref}")
    assert f"/matches/{id_of(matching.proposals(either.door, third)[0][0])}" in page.links
    done = matching.merge(either.door, elizabeth, liz)
    assert f"/merges/{done.id}" in either.open(f"/referrals/{liz.ref}").links


@pytest.mark.parametrize("path", ["/matches/4711", "/merges/4711", f"/matches/{10**30}", f"/merges/{10**30}"])
def test_an_unknown_number_is_not_found(browser, path):
    browser.sign_in(MANAGER).open(path)
    assert browser.status == 404


def test_a_restricted_record_is_not_named_in_the_list_and_its_match_opens_only_to_those_named(either, pair):
    head = person_in(Role.HEAD_OF_SERVICE)
    data = inputs.parse(RestrictionInput, {"reason": "A colleague's child.", "usernames": head.username})
    with either.door.acting(head) as act:
        restricting.restrict(act, pair[0].person_id, data)
    page = either.sign_in(OFFICER).open("/matches")
    assert "Restricted record" in page.words
    assert "Elizabeth" not in page.words
    either.open(f"/matches/{pair[2]}")
    assert either.status == 403
    settle_it = {"request_id": "x", "same_child": "no", "reason": "x"}
    either.post(f"/matches/{pair[2]}", **settle_it)
    assert either.status == 403
    assert "Elizabeth" in either.sign_in(head).open(f"/matches/{pair[2]}").words

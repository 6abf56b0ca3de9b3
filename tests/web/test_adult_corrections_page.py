"""Adults corrected on pages: from the household, what follows first, and what was typed is kept on an error."""

from __future__ import annotations

import pytest

from rules.vocabulary import Role
from support import corrections
from support.front_door import MANAGER, OFFICER, child_fields, person_in

ANN = {"forename": "An", "surname": "Reed", "relation": "mother", "phone": "020 7946 0123", "risk": "A large dog."}
UNBORN = child_fields("", surname="", birth_date=None, due_date="2009-06-20", sex="U")


@pytest.fixture
def named(either):
    contact = either.door.log(children=[UNBORN, child_fields("Leo", sex="M")], adults=[ANN])
    return contact, either.door.referrals(contact)[0], f"/adults/{corrections.adult_named(either.door, contact).number}"


def preview(desk, path, field, of="", **typed):
    page = desk.sign_in(MANAGER).open(f"{path}?field={field}&of={of}")
    return desk.send(page, path, do="preview", reason="As she spells it.", **typed)


def test_an_adult_is_corrected_from_the_household_after_what_follows_was_said(either, named):
    contact, baby, path = named
    page = either.sign_in(OFFICER).open(f"/referrals/{baby.ref}")
    assert path in page.links
    assert "Adult’s last name Reed Correct adult’s last name" in either.open(path).words
    page = preview(either, path, "forename", value="Ann")
    assert f"{baby.ref}: the mother on the child’s record is corrected with it." in page.words
    assert corrections.kept(either.door) == []
    page = either.send(page, path, do="save")
    assert (either.path, "Corrected: what stood there before stays" in page.words) == (path, True)
    assert "It read An It reads Ann" in page.words
    assert "Unborn baby of Ann Reed" in either.open(f"/referrals/{baby.ref}").words
    assert (
        "Adult’s first names, Ann Reed It read An It reads Ann" in either.open(f"/contacts/{contact.ref}/details").words
    )
    assert "Mother’s name It read An Reed It reads Ann Reed" in either.open(f"/referrals/{baby.ref}/details").words


def test_what_each_child_has_is_corrected_for_one(either, named):
    _, baby, path = named
    page = preview(either, path, "adult_lives_there", of=baby.ref, value="no")
    either.send(page, path, do="save")
    held = corrections.adult_named(either.door, named[0])
    assert [row.lives_there for _, row in sorted(held.relations.items())] == [False, None]
    assert f"Living with the child, {baby.ref} It read Nothing It reads No" in either.open(path).words


def test_who_was_named_by_mistake_goes_from_the_household_and_stays_in_the_history(either, named):
    _, baby, path = named
    page = preview(either, path, "mistake")
    either.send(page, path, do="save")
    page = either.open(f"/referrals/{baby.ref}")
    assert (path in page.links, "A large dog." in page.words) == (False, False)
    page = either.open(f"{path}?field=phone")
    assert "This adult stands in no household." in page.words
    assert "Adult named by mistake" in page.words


def test_whoever_types_something_else_after_the_preview_is_shown_again(either, named):
    page = preview(either, named[2], "phone", value="1")
    page = either.send(page, named[2], do="save", value="2")
    assert "Nothing has been kept yet." in page.words
    either.send(page, named[2], do="save")
    assert [one.new for one in corrections.kept(either.door)] == ["2"]


def test_a_second_click_corrects_once(either, named):
    page = preview(either, named[2], "phone", value="1")
    for _ in range(2):
        either.send(page, named[2], do="save")
    assert len(corrections.kept(either.door)) == 1


def test_nothing_typed_is_lost_on_an_error(either, named):
    page = preview(either, named[2], "birth_date", value="31 2 1980")
    assert (either.status, "What is right: This is not a date." in page.words) == (422, True)
    assert (page.form().values["value"], page.form().values["reason"]) == ("31 2 1980", "As she spells it.")


def test_the_second_of_two_at_once_is_told_and_keeps_what_they_typed(either, named):
    page = preview(either, named[2], "phone", value="1")
    corrections.adult(either.door, int(named[2].rsplit("/", 1)[1]), "phone", "2")
    page = either.send(page, named[2], do="save")
    assert (either.status, "It reads now: 2." in page.words) == (409, True)
    page = either.send(page, named[2], do="save")
    either.send(page, named[2], do="save")
    assert corrections.adult_named(either.door, named[0]).adult.phone == "1"


def test_whoever_may_not_sees_no_link_and_no_form(either, named):
    page = either.sign_in(person_in(Role.SOCIAL_WORKER)).open(f"/referrals/{named[1].ref}")
    assert named[2] not in page.links
    either.open(named[2])
    assert either.status == 403


def test_an_adult_who_is_the_protected_referrer_stands_on_no_page_of_an_officer(either):
    protected = {"identity_protected": True, "referrer_name": "Zoe Quill", "source_code": "1A"}
    contact = either.door.log("Mia", adults=[ANN | {"forename": "Zoe", "surname": "Quill"}], **protected)
    number = corrections.adult_named(either.door, contact).number
    corrections.adult(either.door, number, "surname", "Quillfeather")
    page = either.sign_in(OFFICER).open(f"/contacts/{contact.ref}/details")
    assert ("Quill" in page.words, f"/adults/{number}" in page.links) == (False, False)
    either.open(f"/adults/{number}")
    assert (either.status, "Quill" in either.html) == (403, False)
    page = either.sign_in(MANAGER).open(f"/contacts/{contact.ref}/details")
    assert f"/adults/{number}" in page.links
    assert "Adult’s last name, Zoe Quillfeather It read Quill It reads Quillfeather" in page.words

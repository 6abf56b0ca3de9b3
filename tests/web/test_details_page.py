"""Details corrected on pages: what follows is said before it is saved, and nothing typed is lost."""

from __future__ import annotations

import pytest

from rules.vocabulary import Role
from support import corrections
from support.front_door import MANAGER, OFFICER, child_fields, person_in


@pytest.fixture
def decided(either):
    contact = either.door.log("Mai")
    (mia,) = either.door.referrals(contact)
    either.door.decide(mia)
    return contact, mia


def preview(desk, path, field, actor=MANAGER, **typed):
    desk.sign_in(actor)
    page = desk.open(f"{path}/details?field={field}")
    return desk.send(page, f"{path}/details", do="preview", **typed)


def save(desk, page, path, **typed):
    return desk.send(page, f"{path}/details", do="save", **typed)


def test_the_page_lists_each_detail_as_it_stands(either, decided):
    contact, mia = decided
    page = either.sign_in(MANAGER).open(f"/referrals/{mia.ref}/details")
    assert "First names Mai Correct first names" in page.words
    assert "Birth date 6 May 2004 Correct birth date" in page.words
    assert "Nothing has been corrected." in page.words
    page = either.open(f"/contacts/{contact.ref}/details")
    assert "Referrer’s agency Park Lane School Correct referrer’s agency" in page.words


def test_what_follows_is_said_before_it_is_saved(either, decided):
    contact, mia = decided
    path = f"/referrals/{mia.ref}"
    page = preview(either, path, "forename", value="Mia", how="taken", reason="The school spelt it.")
    assert "has not left: it is stopped, and written anew as it is right." in page.words
    assert "Nothing has been kept yet." in page.words
    assert corrections.kept(either.door) == []
    page = save(either, page, path)
    assert (either.path, "Corrected: what stood there before stays" in page.words) == (path, True)
    assert len(either.door.letters(contact, "outcome")) == 2
    assert "It read Mai It reads Mia" in either.open(f"{path}/details").words


def test_whoever_types_something_else_after_the_preview_is_shown_again(either, decided):
    path = f"/referrals/{decided[1].ref}"
    page = preview(either, path, "forename", value="Mia", how="told", reason="The school spelt it.")
    assert "Nothing else: no letter, match, clock or figure changes." in page.words
    page = save(either, page, path, value="Mira")
    assert "Nothing has been kept yet." in page.words
    assert corrections.kept(either.door) == []
    save(either, page, path)
    assert corrections.person(either.door, decided[1]).forename == "Mira"


def test_how_it_came_to_be_wrong_must_be_said(either, decided):
    page = preview(either, f"/referrals/{decided[1].ref}", "forename", value="Mia", reason="Why.")
    assert "How it came to be wrong: Nothing is chosen." in page.words


def test_a_second_click_corrects_once(either, decided):
    path = f"/referrals/{decided[1].ref}"
    page = preview(either, path, "forename", value="Mia", how="taken", reason="The school spelt it.")
    for _ in range(2):
        save(either, page, path)
    assert len(corrections.kept(either.door)) == 1


def test_nothing_typed_is_lost_on_an_error(either, decided):
    page = preview(either, f"/referrals/{decided[1].ref}", "birth_date", value="31 2 2004", how="told", reason="Why.")
    assert either.status == 422
    assert "What is right: This is not a date." in page.words
    assert (page.form().values["value"], page.form().values["reason"]) == ("31 2 2004", "Why.")


def test_the_second_of_two_at_once_is_told_and_keeps_what_they_typed(either, decided):
    contact, _ = decided
    path = f"/contacts/{contact.ref}"
    page = preview(either, path, "referrer_agency", value="Hill School", reason="They said so.")
    corrections.contact(either.door, contact, "agency", "Park View School")
    page = save(either, page, path)
    assert (either.status, "It reads now: Park View School." in page.words) == (409, True)
    assert page.form().values["value"] == "Hill School"
    save(either, save(either, page, path), path)
    assert either.door.fresh_contact(contact).referrer_agency == "Hill School"


def test_a_protected_referrer_stands_on_no_page_of_an_officer(either):
    contact = either.door.log("Mia", identity_protected=True)
    page = either.sign_in(OFFICER).open(f"/contacts/{contact.ref}/details")
    assert "Ada Ferreira" not in page.words
    assert "agency" not in page.words
    either.open(f"/contacts/{contact.ref}/details?field=referrer_name")
    assert (either.status, "Ada Ferreira" in either.html) == (403, False)


def test_somebody_without_the_right_sees_no_form(either, decided):
    either.sign_in(person_in(Role.SOCIAL_WORKER)).open(f"/referrals/{decided[1].ref}/details")
    assert either.status == 403


def test_matches_are_named_before_they_are_proposed(either):
    either.door.log(children=[child_fields("Mia", surname="Okafor", birth_date="2004-03-09")])
    (zoe,) = either.door.referrals(
        either.door.log(children=[child_fields("Mia", surname="Okafor", birth_date="2001-11-20")])
    )
    page = preview(either, f"/referrals/{zoe.ref}", "birth_date", value="9 3 2004", how="told", reason="Read.")
    assert "Perhaps the same child as Mia Okafor: somebody is asked." in page.words


def test_a_letter_that_has_left_is_answered_once_and_stays(either, decided):
    contact, mia = decided
    either.door.hand_over_letters()
    corrections.child(either.door, mia, "forename", "Mia", taken_wrong=True)
    page = either.sign_in(OFFICER).open("/corrections")
    (path,) = (link for link in page.links if link.endswith("/corrected"))
    assert "What this letter says has been corrected since." in either.open(path.removesuffix("/corrected")).words
    page = either.open(path)
    assert "Why not: This is needed." in either.send(page, path, do="leave").words
    assert "The corrected letter is written" in either.send(page, path, do="write").words
    assert "No letter waits to be corrected." in either.open("/corrections").words
    assert "Mia Harlow" in either.door.letters(contact, "corrected outcome")[0].text
    assert "No corrected letter is offered" in either.open(path).words


def test_late_becomes_in_time_on_pages_only_by_two_persons(either):
    contact = either.door.log("Mia", received="2009-03-24 08:00")
    (mia,) = either.door.referrals(contact)
    path = f"/contacts/{contact.ref}"
    page = preview(either, path, "received_at", value="26 3 2009 08:00", reason="The fax bears the time.")
    assert "Late would become in time: saved, it waits for a second person" in page.words
    page = save(either, page, path)
    assert "Nothing has changed yet" in page.words
    assert f"{path}/receipt" in either.open("/corrections").links
    assert "You asked for it yourself" in either.open(f"{path}/receipt").words
    page = either.sign_in(person_in(Role.SERVICE_MANAGER)).open(f"{path}/receipt")
    assert "instead of" in page.words
    assert "This is needed" in either.send(page, f"{path}/receipt", do="confirm").words
    page = either.send(page, f"{path}/receipt", do="confirm", reason="I have seen it.")
    assert "Confirmed: the correction holds" in page.words
    assert either.door.clock(mia).breached_at is None


def test_a_judged_clock_shows_the_other_judgement_beside_its_own(either):
    contact = either.door.log("Mia")
    (mia,) = either.door.referrals(contact)
    either.door.decide(mia)
    corrections.contact(either.door, contact, "received_at", "20/3/2009 08:00")
    page = either.sign_in(MANAGER).open(f"/referrals/{mia.ref}")
    assert "Met in time" in page.words
    assert "By the corrected time of receipt, Fri 20 Mar 2009, 08:00, it was due" in page.words

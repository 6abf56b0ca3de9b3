"""People: an administrator adds them, changes them, lets them go, and sees no child's record."""

from __future__ import annotations

import pytest

from pathway.web import passwords
from rules.vocabulary import Role
from storage.queries.staff import staff_rows
from support import hands
from support.front_door import OFFICER, person_in

ADMINISTRATOR = person_in(Role.ADMINISTRATOR)
NEW = {"username": "jo.smith", "name": "Jo Smith", "email": "jo@council.example.org", "password": "three words here"}


@pytest.fixture
def office(browser):
    return browser.sign_in(ADMINISTRATOR)


def user(office, username):
    with office.door.database.read() as session:
        found = staff_rows.user(session, username)
        return found, staff_rows.roles(session, found.id) if found else frozenset()


def save(office, found, **changes):
    typed = {"name": found.name, "email": found.email, "active": "yes"} | changes
    return office.post(f"/people/{found.id}", **typed)


def test_somebody_new_can_sign_in_with_the_roles_chosen(office):
    page = office.fill("/people/new", roles="duty manager", **NEW)
    assert "Added" in page.words
    found, roles = user(office, "jo.smith")
    assert (roles, passwords.is_right("three words here", found.password_hash)) == ({Role.DUTY_MANAGER}, True)
    assert "Jo Smith (jo.smith) added: duty manager" in office.open("/people").words


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"email": "nowhere"}, "can't be written to"),
        ({"password": "short"}, "shorter than 12"),
        ({"username": "screening.officer"}, "already"),
        ({"name": ""}, "needed"),
        ({"roles": ""}, "at least one"),
    ],
)
def test_what_is_wrong_with_a_new_person_is_named_and_what_was_typed_is_kept(office, typed, told):
    page = office.fill("/people/new", **({"roles": "auditor"} | NEW | typed))
    assert (office.status, told.casefold() in page.words.casefold()) == (422, True)
    assert "jo@council.example.org" in office.html or "nowhere" in office.html


def test_roles_are_changed_and_the_history_says_so(office):
    found, _ = user(office, OFFICER.username)
    save(office, found, roles="auditor")
    assert user(office, OFFICER.username)[1] == {Role.AUDITOR}
    assert "auditor" in office.open("/people").words


def test_who_no_longer_works_here_is_signed_out_at_once(office):
    found, _ = user(office, OFFICER.username)
    office.sign_in(OFFICER).open("/referrals")
    kept = dict(office.client.cookies)
    save(office.sign_in(ADMINISTRATOR), found, active="", roles="screening officer")
    office.client.cookies.update(kept)
    office.open("/referrals")
    assert office.path == "/sign-in"


def test_who_leaves_hands_over_on_one_form_and_the_last_administrator_is_warned(office):
    sam, signs = hands.social_worker(office.door, "Sam Okoro")
    mia, leo = (office.door.allocate(one, sam) for one in hands.awaiting(office.door, "Mia", "Leo"))
    ruth, _ = hands.social_worker(office.door, "Ruth Ames")
    path = f"/people/{user(office, signs.username)[0].id}/leave"
    assert "Sam Okoro holds 2 children." in office.open(path).words
    page = office.fill(path, everything=f"worker:{ruth.id}", **{f"child:{leo.ref}": "worker:4711"})
    assert "The sign-in has ended." in page.words
    assert (office.door.fresh(mia).worker_id, office.door.fresh(leo).state) == (ruth.id, "awaiting allocation")
    assert not user(office, signs.username)[0].active
    found, _ = user(office, ADMINISTRATOR.username)
    assert "Nobody else is an administrator." in office.open(f"/people/{found.id}/leave").words
    office.fill(f"/people/{found.id}/leave")
    assert not user(office, ADMINISTRATOR.username)[0].active


def test_a_new_password_signs_out_everywhere_and_the_old_one_is_worth_nothing(office):
    found, _ = user(office, OFFICER.username)
    office.post(f"/people/{found.id}", do="password", password="another three words")
    assert passwords.is_right("another three words", user(office, OFFICER.username)[0].password_hash)
    assert "shorter than" in office.post(f"/people/{found.id}", do="password", password="short").words


def test_the_last_administrator_can_not_leave(office):
    found, _ = user(office, ADMINISTRATOR.username)
    page = save(office, found, roles="auditor")
    assert (office.status, "Make somebody else one first" in page.words) == (409, True)
    assert user(office, ADMINISTRATOR.username)[1] == {Role.ADMINISTRATOR}


def test_a_person_who_is_not_there_is_said_to_be_missing(office):
    for number in (4711, 2**40):
        assert "no such user" in office.open(f"/people/{number}").words
        assert office.status == 404

"""Guessing a password: refused by name and address, slowed by name, and never a way to lock a colleague out."""

from __future__ import annotations

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import select

from pathway.engine.staff import account_changes
from pathway.engine.staff.account_changes import UserInput
from pathway.web import guessing, password_strength
from pathway.web.guessing import Try
from rules.errors import InvalidInput
from rules.vocabulary import Role
from storage.queries.staff import staff_rows
from storage.queries.staff.sign_in_rows import Failures
from storage.tables import KnownDevice, SignInFailure, id_of
from support import rows
from support.front_door import OFFICER, person_in

QUICK = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)).hash("tea and biscuits")
ADMINISTRATOR = person_in(Role.ADMINISTRATOR)


@pytest.fixture
def desk(browser):
    with browser.door.database.write() as session:
        staff_rows.user(session, OFFICER.username).password_hash = QUICK
    return browser


def sign_in(desk, password="tea and biscuits", username=OFFICER.username, address="10.0.0.1"):
    """A try from somewhere; the client is the one that the browser says it is."""
    desk.client._transport.client = (address, 50_000)
    answer = desk.client.post("/sign-in", data={"username": username, "password": password}, follow_redirects=False)
    return answer.status_code


def signs_out(desk):
    desk.client.cookies.delete("pathway_session")


def test_ten_failures_under_a_name_from_one_address_are_enough_there(desk):
    for _ in range(10):
        assert sign_in(desk, "coffee") == 422
    assert sign_in(desk) == 429
    assert sign_in(desk, address="10.0.0.2") == 303


def test_a_colleague_is_not_locked_out_by_somebody_elsewhere(desk):
    for number in range(30):
        sign_in(desk, "coffee", address=f"10.9.0.{number}")
    assert sign_in(desk) == 303


def test_from_a_device_known_to_that_person_the_right_password_is_never_refused(desk):
    assert sign_in(desk) == 303
    signs_out(desk)
    device = desk.client.cookies.get(guessing.COOKIE)
    desk.client.cookies.delete(guessing.COOKIE)
    for _ in range(10):
        sign_in(desk, "coffee")
    assert sign_in(desk) == 429
    desk.client.cookies.set(guessing.COOKIE, device)
    assert sign_in(desk) == 303


def test_a_device_of_somebody_else_opens_no_other_door(desk):
    sign_in(desk)
    signs_out(desk)
    for _ in range(10):
        sign_in(desk, "coffee", username="duty.manager")
    assert sign_in(desk, username="duty.manager") == 429


def test_sixty_failures_from_one_address_are_enough_under_whatever_names(desk):
    for number in range(60):
        sign_in(desk, "coffee", username=f"name{number}")
    assert sign_in(desk) == 429


def test_after_a_quarter_of_an_hour_it_opens_again_and_a_day_later_nothing_is_kept(desk):
    for _ in range(10):
        sign_in(desk, "coffee")
    desk.door.move_to("2009-03-26 10:16")
    assert sign_in(desk) == 303
    desk.door.move_to("2009-03-27 10:30")
    sign_in(desk, "coffee", username="nobody")
    with desk.door.database.read() as session:
        assert len(rows.everything(session, SignInFailure)) == 1


def test_what_is_kept_names_nobody(desk):
    sign_in(desk, "coffee")
    sign_in(desk)
    with desk.door.database.read() as session:
        (failure,) = rows.everything(session, SignInFailure)
        (device,) = session.exec(select(KnownDevice)).all()
    assert OFFICER.username not in failure.name_sha256
    assert desk.client.cookies.get(guessing.COOKIE) not in device.token_sha256


@pytest.mark.parametrize("name", [9, 10, 100_000])
def test_by_name_alone_it_is_only_slowed(name):
    found = Failures(both=0, address=0, name=name)
    assert guessing.slow_down(found, seconds=0.001)
    assert not guessing.is_refused(found)


def test_a_name_is_counted_whatever_its_letters():
    assert Try(name="Jo", address="a").name_sha256 == Try(name="jo", address="b").name_sha256


@pytest.mark.parametrize(
    "password",
    [
        "t3a", "aaaaaaaaaaaaaa", "abcabcabcabc", "abcdefghijklmn", "123456789012", "qwertyuiopasdf", "1qaz2wsx3edc",
        "password1234", "iloveyou1234", "screening officer", "screening.officer1", "haringeycouncil", "P@ssw0rd12345",
    ],
)  # fmt: skip
def test_a_weak_password_is_refused_with_its_reason(password):
    with pytest.raises(InvalidInput, match="three words") as refused:
        password_strength.require(password, about=("screening.officer", "Screening Officer", "Haringey Council"))
    assert [fault.place for fault in refused.value.faults] == ["password"]
    assert password not in str(refused.value)


@pytest.mark.parametrize("password", ["blue kettle seventy", "wombat teapot lamp", "x9$kLm2!pQz8", "w" + "ö9k#Lq" * 40])
def test_a_password_that_nobody_guesses_is_taken(password):
    password_strength.require(password, about=("screening.officer",))


def test_an_administrator_who_takes_a_role_herself_is_told_of(desk):
    with desk.door.acting(ADMINISTRATOR) as act:
        user = staff_rows.user(act.session, ADMINISTRATOR.username)
        both = frozenset({Role.ADMINISTRATOR, Role.DUTY_MANAGER})
        data = UserInput(name=user.name, email=user.email, roles=both)
        account_changes.change(act, id_of(user), data)
    desk.door.sweep()
    (message,) = desk.door.messages(Role.SERVICE_MANAGER)
    assert "Administrator has given themselves the role duty manager" in message.subject

"""Signing in and out."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import select
from starlette.testclient import TestClient

from pathway.web import passwords, sessions
from pathway.web.app import create_app
from pathway.web.kept.way_back import own_path
from pathway.web.services import DemoUser
from storage.queries.staff import staff_rows
from storage.tables import User, WebSession
from support import desk, rows
from support.front_door import OFFICER

QUICK = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)).hash("tea and biscuits")


@pytest.fixture
def known(browser):
    with browser.door.database.write() as session:
        staff_rows.user(session, OFFICER.username).password_hash = QUICK
    return browser


def sign_in(browser, password="tea and biscuits", **more):
    return browser.fill("/sign-in", username=OFFICER.username, password=password, **more)


def test_the_right_password_leads_to_the_board(known):
    page = sign_in(known)
    assert (known.status, known.path) == (200, "/board")
    assert "Signed in as Screening Officer, screening officer" in page.words


def test_whoever_is_not_signed_in_is_led_to_the_page_wanted(known):
    page = known.open("/letters?owed=yes")
    assert known.path == "/sign-in"
    known.send(page, "/sign-in", username=OFFICER.username, password="tea and biscuits")
    assert known.path == "/letters"


def test_a_wrong_password_says_neither_which_was_wrong_nor_repeats_it(known):
    page = sign_in(known, password="coffee")
    assert known.status == 422
    assert "The user name or the password is wrong" in page.words
    assert page.form().values["username"] == OFFICER.username
    assert "coffee" not in known.html


def test_an_unknown_name_gets_the_same_answer_as_a_wrong_password(known):
    page = known.fill("/sign-in", username="nobody", password="x")
    assert known.status == 422
    assert "The user name or the password is wrong" in page.words


def test_somebody_who_has_left_can_neither_sign_in_nor_go_on(known):
    known.sign_in(OFFICER)
    known.door.leave(OFFICER)
    known.open("/referrals")
    assert known.path == "/sign-in"
    sign_in(known)
    assert known.status == 422


def test_the_eleventh_guess_waits(sqlite_database):
    with sqlite_database.write() as session:
        rows.insert(session, User, username="grace", password_hash=QUICK)
    client = TestClient(create_app(desk.services(sqlite_database)))
    guesses = [client.post("/sign-in", data={"username": "Grace", "password": "guess"}) for _ in range(10)]
    last = client.post("/sign-in", data={"username": "grace", "password": "tea and biscuits"})
    assert {guess.status_code for guess in guesses} == {422}
    assert last.status_code == 429
    assert "Wait 15 minutes" in last.text


def test_the_cookie_is_out_of_scripts_reach_and_of_other_sites(known):
    known.client.follow_redirects = False
    sign_in(known)
    cookie = known.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_only_a_hash_of_the_token_is_kept(known):
    sign_in(known)
    token = known.client.cookies[sessions.COOKIE].rsplit(".", 1)[0]
    with known.door.database.read() as session:
        kept = session.exec(select(WebSession)).one()
    assert kept.token_sha256 == hashlib.sha256(token.encode()).hexdigest()


def test_signing_out_ends_the_session_in_the_database_too(known):
    sign_in(known)
    cookie = known.client.cookies[sessions.COOKIE]
    page = known.post("/sign-out")
    assert "You have signed out" in page.words
    known.client.cookies.set(sessions.COOKIE, cookie)
    known.open("/referrals")
    assert known.path == "/sign-in"


def test_a_session_ends_after_twelve_hours(known):
    sign_in(known)
    known.door.frozen.tick(timedelta(hours=12, seconds=1))
    known.open("/referrals")
    assert known.path == "/sign-in"


def test_a_cookie_with_a_wrong_signature_is_nobody(known):
    sign_in(known)
    value = known.client.cookies[sessions.COOKIE]
    known.client.cookies.clear()
    known.client.cookies.set(sessions.COOKIE, "x" + value)
    known.open("/referrals")
    assert known.path == "/sign-in"


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/letters?owed=yes", "/letters?owed=yes"),
        ("https://example.org/", "/"),
        ("//example.org/", "/"),
        ("/\\example.org", "/"),
        ("letters", "/"),
        ("/a\nb", "/"),
        ("", "/"),
    ],
)
def test_signing_in_never_leads_to_another_site(wanted, led_to):
    assert own_path(wanted) == led_to


def test_the_demonstration_prints_its_users(door):
    user = DemoUser(username="grace", password="for-show", name="Grace", roles=("duty manager",))
    page = desk.at(door, demo_users=[user], banner="Invented people").open("/sign-in")
    assert "grace" in page.words
    assert "for-show" in page.words
    assert "Invented people" in page.words


def test_outside_the_demonstration_no_user_is_printed(browser):
    assert "demonstration" not in browser.open("/sign-in").words


def test_a_hash_that_nobody_made_lets_nobody_in():
    assert not passwords.is_right("none", "none")

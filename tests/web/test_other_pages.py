"""Rulebook, timeliness, access log and health."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from pathway.engine.watch import heartbeats
from pathway.web import rendering
from rules.vocabulary import Role, State
from support import desk
from support.front_door import MANAGER, OFFICER, person_in

AUDITOR = person_in(Role.AUDITOR)


def test_the_rulebook_stands_in_words_with_picture_and_sources(browser):
    page = browser.sign_in(OFFICER).open("/rulebook")
    for words in (
        "Limit: 24 hours",
        "Action plan 2.1.1",
        "15 children",
        "Strategy discussion",
        "Service manager (local)",
    ):
        assert words in page.words
    assert all(f">{state}</text>" in browser.html for state in State)


def test_another_book_shows_its_own_clocks(open_door):
    browser = desk.at(open_door("2026-03-26 10:00", book="working-together-2023")).sign_in(OFFICER)
    assert "working day" in browser.open("/rulebook").words


@pytest.fixture
def reader(either):
    met, missed = either.door.log("Mia"), either.door.log("Noah", source_code="6", received="2009-03-25 08:00")
    for contact in (met, missed):
        either.door.decide(*either.door.referrals(contact))
    either.door.log("Zoe", source_code="9")
    either.door.hand_over_letters()
    return either.sign_in(MANAGER)


def test_timeliness_counts_children_by_week_and_source(reader):
    words = reader.open("/reports/timeliness?start=23+3+2009&end=29+3+2009").words
    assert "3 contacts about 3 children" in words
    assert "50.0 % decided within 24 hours: 1 of 2. 1 not yet due." in words
    assert "100.0 % told in writing within 48 hours: 2 of 2. 1 not applicable." in words
    assert "23 Mar 2009 3 1 1 50.0 % 2 0 100.0 %" in words
    assert "6 POLICE 1 0 1 0.0 % 1 0 100.0 %" in words


def test_the_chart_says_in_words_what_it_draws(reader):
    reader.open("/reports/timeliness?start=23+3+2009&end=29+3+2009")
    assert "Week of 23 Mar 2009: decided in 24 hours 50.0 percent, told in 48 hours 100.0 percent." in reader.html


def test_timeliness_as_things_stood_earlier(reader):
    words = reader.open("/reports/timeliness?start=23+3+2009&end=29+3+2009&as_at=25+3+2009").words
    assert "1 contact about 1 child" in words
    assert "as things stood on Wed 25 Mar 2009, 23:59" in words


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("start=x&end=29+3+2009", "From: This is not a date"),
        ("start=29+3+2009&end=1+3+2009", "ends before it begins"),
        ("start=1+1+1950&end=1+3+2009", "longer than three years"),
        ("start=1+3+2009&end=1+3+2009&as_at=x", "This is not a date"),
    ],
)
def test_an_odd_period_is_said(browser, query, words):
    assert words in browser.sign_in(MANAGER).open(f"/reports/timeliness?{query}").words
    assert browser.status == 422


def test_without_a_period_the_last_weeks_are_shown(browser):
    words = browser.sign_in(MANAGER).open("/reports/timeliness").words
    assert "from 2 March 2009 to 26 March 2009" in words
    assert "0 contacts about 0 children" in words


def test_the_access_log_tells_who_looked_and_who_was_refused(either):
    (mia,) = either.door.referrals(either.door.log("Mia"))
    either.sign_in(MANAGER).open(f"/referrals/{mia.ref}")
    either.sign_in(person_in(Role.ADMINISTRATOR)).open(f"/referrals/{mia.ref}")
    words = either.sign_in(AUDITOR).open("/access-log").words
    at_mia = rf"Referral {mia.ref} {mia.ref}, all looks at child \d"
    assert re.search(rf"Duty Manager duty.manager {at_mia} Yes", words)
    assert re.search(rf"Administrator administrator {at_mia} Refused Your role", words)
    only = either.open(f"/access-log?refused=yes&q={mia.ref}").words
    assert "1 look, the newest first" in only
    assert "Nothing matches" in either.open("/access-log?q=nobody").words


@pytest.fixture
def beating(browser):
    with browser.door.database.write() as session:
        for name in ("sweep", "dispatch"):
            heartbeats.beat(session, name, now=browser.door.now)
    return browser


def health(desk):
    answer = desk.client.get("/health")
    return answer.status_code, answer.json()


def test_health_tells_of_database_migrations_and_heartbeats(beating):
    beating.door.frozen.tick(timedelta(seconds=7))
    status, found = health(beating)
    assert status == 200
    assert found["status"] == "ok"
    assert found["database"] == "ok"
    assert found["migrations"] == "up to date"
    assert found["heartbeats"] == {"sweep": 7.0, "dispatch": 7.0}


def test_a_heartbeat_that_is_too_old_is_degraded(beating):
    beating.door.frozen.tick(timedelta(minutes=3))
    status, found = health(beating)
    assert (status, found["status"]) == (503, "degraded")


def test_a_watch_that_never_began_is_degraded(browser):
    status, found = health(browser)
    assert (status, found["heartbeats"]) == (503, {"sweep": None, "dispatch": None})


def test_a_database_that_can_not_be_read_is_told_without_its_address(open_impatient, tmp_path):
    from starlette.testclient import TestClient

    from pathway.web.app import create_app

    database = open_impatient(f"sqlite:///{tmp_path / 'secret-place.db'}")
    (tmp_path / "secret-place.db").write_bytes(b"this is no database" * 100)
    answer = TestClient(create_app(desk.services(database))).get("/health")
    assert answer.status_code == 503
    assert answer.json()["database"] == "unavailable"
    assert "secret-place" not in answer.text


def test_which_styles_are_used_is_told(beating):
    told = health(beating)[1]["styles"]
    assert told.startswith("GOV.UK Frontend" if rendering.has_vendor() else "plain")

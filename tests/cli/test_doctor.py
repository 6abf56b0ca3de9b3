"""``pathway doctor``: what is in order, what is not, and what to do about it."""

from __future__ import annotations

import io
from contextlib import closing

import pytest

from notifications.smtp.catcher import Catcher
from pathway.settings import Settings
from pathway.wiring import pages_key
from rules.vocabulary import Role
from storage.clock import utc_now
from storage.sessions import Database
from storage.tables import Heartbeat


def findings(ended):
    """What was looked at -> OK, NOTE or FAULT."""
    rows = [row for row in ended.out.splitlines() if row[:5].strip() in ("OK", "NOTE", "FAULT")]
    return {row[7:19].strip(): row[:6].strip() for row in rows}


def add(pathway, monkeypatch, *roles):
    monkeypatch.setattr("sys.stdin", io.StringIO("three plain words\n"))
    held = [word for role in roles for word in ("--role", role)]
    pathway("user", "add", "jo", "--name", "Jo", "--email", "jo@example.org", *held, "--password-stdin")


def test_without_a_database_it_says_how_to_make_one_and_makes_none(newcomer, tmp_path):
    ended = newcomer("doctor")
    assert ended.code == 1
    assert findings(ended)["database"] == "FAULT"
    assert "pathway migrate" in ended.out
    assert not (tmp_path / "pathway-data").exists()


def test_on_a_new_database_nobody_can_sign_in_and_nobody_watches(pathway):
    pathway("migrate")
    found = findings(pathway("doctor"))
    assert [what for what, health in found.items() if health == "FAULT"] == ["people", "sweep", "dispatch"]
    assert {found[what] for what in ("settings", "database", "migrations", "rulebook", "calendar")} == {"OK"}


def test_all_is_in_order_when_everybody_is_there_and_the_work_runs(pathway, monkeypatch, tmp_path):
    add(pathway, monkeypatch, *Role)
    with Database(f"sqlite:///{tmp_path}/pathway-data/pathway.db").write() as session:
        session.add_all([Heartbeat(name=name, beat_at=utc_now()) for name in ("sweep", "dispatch")])
    ended = pathway("doctor")
    assert ended.code == 0
    assert "All is in order." in ended.out


def test_a_role_that_nobody_holds_is_named(pathway, monkeypatch):
    add(pathway, monkeypatch, Role.DUTY_MANAGER)
    assert "Nobody holds the role head of service, screening officer" in pathway("doctor").out


@pytest.mark.parametrize(("url", "health"), [("smtp://127.0.0.1:1", "FAULT"), ("http://mail", "FAULT")])
def test_a_mail_server_that_cannot_be_used_is_a_fault(pathway, monkeypatch, url, health):
    monkeypatch.setenv("PATHWAY_SMTP_URL", url)
    assert findings(pathway("doctor"))["mail server"] == health


def test_a_mail_server_that_answers_is_in_order(pathway, monkeypatch, tmp_path):
    server = Catcher(tmp_path / "caught")
    server.start()
    monkeypatch.setenv("PATHWAY_SMTP_URL", server.url)
    try:
        assert findings(pathway("doctor"))["mail server"] == "OK"
    finally:
        server.stop()


def test_a_real_mail_server_with_an_example_council_is_a_fault(pathway, monkeypatch):
    pathway("migrate")
    monkeypatch.setenv("PATHWAY_SMTP_URL", "smtp://127.0.0.1:1")
    assert findings(pathway("doctor"))["council"] == "FAULT"


def test_a_misspelt_setting_is_a_fault(pathway, monkeypatch):
    monkeypatch.setenv("PATHWAY_SMPT_URL", "smtp://localhost")
    assert findings(pathway("doctor"))["settings"] == "FAULT"


def test_pages_that_sign_with_another_key_are_noticed_and_looking_makes_no_key(pathway, tmp_path):
    pathway("migrate")
    with closing(Database(f"sqlite:///{tmp_path}/pathway-data/pathway.db")) as database:
        for key in ("one key", "another key"):
            pages_key.keep(database, Settings(home=tmp_path / "pathway-data", secret_key=key), now=utc_now())
    ended = pathway("doctor")
    assert findings(ended)["key"] == "NOTE"
    assert "Set the same PATHWAY_SECRET_KEY" in ended.out
    assert not (tmp_path / "pathway-data" / "secret-key").exists()

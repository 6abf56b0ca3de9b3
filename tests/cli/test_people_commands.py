"""Commands about who works here, and about records that open only to people named."""

from __future__ import annotations

import io

import pytest

from pathway.web import passwords
from rules.vocabulary import Role
from storage.queries.staff import staff_rows
from storage.sessions import Database
from support.old_system import line, written

ADD = ("--email", "x@example.org", "--password-stdin")


@pytest.fixture
def house(pathway, laid, monkeypatch):
    """A council with two people."""
    laid("two people", lambda: _employ(pathway, monkeypatch))
    return pathway


def _employ(pathway, monkeypatch):
    for username, role in (("jo.smith", "screening officer"), ("ann.lee", "service manager")):
        monkeypatch.setattr("sys.stdin", io.StringIO("three plain words\n"))
        assert pathway("user", "add", username, "--name", username.title(), "--role", role, *ADD).code == 0


def user(tmp_path, username):
    with Database(f"sqlite:///{tmp_path}/pathway-data/pathway.db").read() as session:
        found = staff_rows.user(session, username)
        return found, staff_rows.roles(session, found.id)


def test_everybody_is_listed_with_their_roles(house):
    assert house("user", "list").out.splitlines() == [
        "ann.lee                  Ann.Lee: service manager",
        "jo.smith                 Jo.Smith: screening officer",
    ]


def test_roles_change_and_what_is_left_out_stays(house, tmp_path):
    ended = house("user", "change", "jo.smith", "--role", "auditor")
    found, roles = user(tmp_path, "jo.smith")
    assert (ended.code, roles, found.email) == (0, {Role.AUDITOR}, "x@example.org")
    assert "Jo.Smith (jo.smith): auditor." in ended.out


def test_who_leaves_is_listed_as_left_and_may_come_back(house):
    house("user", "change", "jo.smith", "--left")
    assert "Jo.Smith (left)" in house("user", "list").out
    house("user", "change", "jo.smith", "--back")
    assert "(left)" not in house("user", "list").out


def test_a_new_password_takes_the_place_of_the_old(house, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("quite another secret\n"))
    assert "signed out everywhere" in house("user", "password", "jo.smith", "--password-stdin").out
    assert passwords.is_right("quite another secret", user(tmp_path, "jo.smith")[0].password_hash)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("user", "change", "nobody", "--left"), "There is no user nobody"),
        (("user", "change", "jo.smith", "--team", "Nowhere"), "There is no team Nowhere"),
        (("user", "change", "jo.smith", "--left", "--by", "ann.lee"), "It is for: administrator, system owner"),
        (("restrict", "record", "PW-NONE-1", "--reason", "Family"), "There is no referral PW-NONE-1"),
    ],
)
def test_what_can_not_be_done_is_a_sentence_and_exit_code_2(house, command, told):
    ended = house(*command)
    assert (ended.code, told in ended.err) == (2, True), ended.err


def test_a_restricted_record_is_printed_only_for_those_named_until_it_is_lifted(house, tmp_path):
    house("import", "contacts", written(tmp_path, line()))
    assert house("restrict", "record", "OLD-1-1", "--reason", "Own family", "--by", "ann.lee").code == 0
    refused = house("referral", "OLD-1-1")
    assert (refused.code, "only to people named" in refused.err) == (2, True)
    assert (
        "opens to jo.smith"
        in house("restrict", "name", "OLD-1-1", "--to", "jo.smith", "--reason", "Screens", "--by", "ann.lee").out
    )
    assert house("restrict", "lift", "OLD-1-1", "--reason", "Left", "--by", "ann.lee").code == 0
    assert house("referral", "OLD-1-1").code == 0


def test_who_searches_for_a_restricted_child_in_full_is_told_what_to_do_in_danger(house, tmp_path, monkeypatch):
    house("import", "contacts", written(tmp_path, line(child_nhs_number="9434765919")))
    house("restrict", "record", "OLD-1-1", "--reason", "Own family", "--by", "ann.lee")
    officer = house("find", "9434765919", "--by", "jo.smith").out
    assert ("They have been told" in officer, "break the glass" in officer) == (True, False)
    monkeypatch.setattr("sys.stdin", io.StringIO("three plain words\n"))
    house("user", "change", "jo.smith", "--role", "duty manager")
    manager = house("find", "9434765919", "--by", "jo.smith").out
    assert "break the glass (`pathway restrict break-glass 1`) or ring" in manager
    broken = house("restrict", "break-glass", 1, "--reason", "He is on his way", "--by", "jo.smith")
    assert "The record of child 1 is open to jo.smith until" in broken.out
    assert "Mia Harlow (child 1)" in house("find", "9434765919", "--by", "jo.smith").out

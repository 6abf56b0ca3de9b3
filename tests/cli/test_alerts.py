"""``pathway alerts``: what is open, "I have it", and the acknowledgement."""

from __future__ import annotations

import pytest

from rules.vocabulary import Role
from support import danger, hands
from support.front_door import MANAGER, OFFICER, person_in

SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)


@pytest.fixture
def place(newcomer, open_door, monkeypatch):
    """Mia, whose record is restricted to the service manager, and Leo, each logged in danger."""
    door = open_door("2009-03-26 10:00")
    mia, leo = door.log("Mia", immediate_danger=True), door.log("Leo", immediate_danger=True)
    hands.restrict(door, door.referrals(mia)[0], by=SERVICE_MANAGER)
    monkeypatch.setenv("PATHWAY_DATABASE_URL", door.database.url)
    return newcomer, danger.open_alert(door, mia), danger.open_alert(door, leo), (mia.ref, leo.ref)


def test_what_is_open_is_listed_and_a_restricted_record_is_not_named(place):
    pathway, mia, leo, (mias, leos) = place
    ended = pathway("alerts", "list", "--by", OFFICER.username)
    assert f"{leo.id}: immediate danger, IMMEDIATE DANGER: contact {leos}, due " in ended.out
    assert f"{mia.id}: immediate danger, restricted record, due " in ended.out
    assert mias not in ended.out
    assert "more with --most" in pathway("alerts", "list", "--most", "1", "--by", OFFICER.username).out


def test_one_command_takes_danger_on_and_all_read_the_name(place):
    pathway, _, leo, _ = place
    ended = pathway("alerts", "have-it", leo.id, "--by", MANAGER.username)
    assert ended.out.startswith(f"Duty Manager has alert {leo.id} until Thu 26 Mar 2009, 10:10.")
    assert "Duty Manager has it until Thu 26 Mar 2009, 10:10." in pathway("alerts", "list").out
    ended = pathway("alerts", "have-it", leo.id, "--by", OFFICER.username)
    assert (ended.code, "Duty Manager has it until 10:10." in ended.err) == (2, True)


def test_a_note_acknowledges(place):
    pathway, _, leo, _ = place
    pathway("alerts", "have-it", leo.id, "--by", MANAGER.username)
    ended = pathway("alerts", "acknowledge", leo.id, "--note", "Police are there.", "--by", MANAGER.username)
    assert ended.out == f"Acknowledged: alert {leo.id}, at rest until Thu 26 Mar 2009, 10:30.\n"
    assert "acknowledged, at rest until" in pathway("alerts", "list").out


@pytest.mark.parametrize("words", [("have-it",), ("acknowledge", "--note", "x")])
def test_what_is_not_ones_own_or_not_there_is_refused_with_a_remedy(place, words):
    pathway, mia, leo, _ = place
    command, *more = words
    ended = pathway("alerts", command, mia.id, *more, "--by", MANAGER.username)
    assert (ended.code, "This record is restricted" in ended.err) == (2, True)
    ended = pathway("alerts", command, leo.id, *more, "--by", "social.worker")
    assert (ended.code, "somebody else's to acknowledge" in ended.err) == (2, True)
    assert "There is no alert 4711" in pathway("alerts", command, 4711, *more).err


def test_whoever_reads_no_alerts_is_refused(place):
    pathway = place[0]
    ended = pathway("alerts", "list", "--by", "administrator")
    assert (ended.code, "Your role does not allow you to read record" in ended.err) == (2, True)

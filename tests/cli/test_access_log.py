"""``pathway access-log``: who looked at one child, as text and as CSV."""

from __future__ import annotations

import pytest

from pathway.engine import record_access
from rules.vocabulary import Role
from storage.queries.shown_rows import Shown
from support import hands, matching
from support.front_door import MANAGER, person_in

SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)


@pytest.fixture
def place(newcomer, open_door, monkeypatch):
    """Mia, whom somebody looked for and looked at on the command line."""
    door = open_door("2009-03-26 10:00")
    mia = matching.child(door, "Mia")
    monkeypatch.setenv("PATHWAY_DATABASE_URL", door.database.url)
    newcomer("find", "Mia", "--by", MANAGER.username)
    newcomer("referral", mia.ref)
    return newcomer, door, mia


def test_it_says_who_looked_by_which_command_and_that_it_was_read_itself(place):
    pathway, _, mia = place
    for child in (mia.ref.lower(), mia.person_id):
        first, *others = pathway("access-log", child, "--by", "auditor").out.splitlines()
        assert first.startswith("Thu 26 Mar 2009, 10:00  Auditor (auditor)  Page: access log of a child")
        assert "on the command line" in first
        assert any(
            "Duty Manager (duty.manager)  Search: find, on the command line, searched for “Mia”" in o for o in others
        )
        assert any(f"Page: referral {mia.ref}, on the command line" in one for one in others)


def test_it_is_narrowed_by_days_and_person(place):
    pathway, _, mia = place
    assert len(pathway("access-log", mia.ref, "--who", "duty").out.splitlines()) == 1
    assert pathway("access-log", mia.ref, "--until", "25 3 2009").out == "Nobody has looked at this child so.\n"
    ended = pathway("access-log", mia.ref, "--since", "31 2 2009")
    assert (ended.code, "since: This is not a date" in ended.err) == (2, True)


def test_of_more_than_a_hundred_it_says_how_to_read_the_rest(place):
    pathway, door, mia = place
    shown = Shown(children=frozenset({mia.person_id}))
    for _ in range(100):
        record_access.open_record(door.database, MANAGER, "referral", shown, now=door.now)
    *lines, last = pathway("access-log", mia.ref).out.splitlines()
    assert (len(lines), last) == (100, "There are older looks: give --until, or --csv for all.")


def test_as_csv_it_says_that_it_was_exported(place):
    pathway, _, mia = place
    heading, first, *_ = pathway("access-log", mia.ref, "--csv", "--by", "auditor").out.splitlines()
    assert heading.startswith("When,Name,User name,What was shown,")
    assert '"Export: export of the access log of a child, on the command line"' in first


def test_who_may_not_read_it_and_a_child_who_is_closed_or_unknown_are_refused(place):
    pathway, door, mia = place
    ended = pathway("access-log", mia.ref, "--by", MANAGER.username)
    assert (ended.code, "Your role does not allow you to read access log" in ended.err) == (2, True)
    hands.restrict(door, mia, by=SERVICE_MANAGER)
    ended = pathway("access-log", mia.ref, "--by", "auditor")
    assert (ended.code, "This record is restricted" in ended.err) == (2, True)
    assert "REFUSED" in pathway("access-log", mia.ref, "--by", SERVICE_MANAGER.username).out
    for child in ("4711", "PW-NONE"):
        assert f"There is no child or referral {child}" in pathway("access-log", child).err

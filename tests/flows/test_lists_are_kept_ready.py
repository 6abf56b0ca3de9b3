"""Promise: what the lists stand on is what the records say, whatever was done, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect, text
from sqlmodel import select

from rules.messages import Delivery, Returned
from storage import list_counts, listing
from storage.queries.lists import list_count_rows
from storage.tables import (
    Handover,
    Letter,
    LetterExcuse,
    LetterReturn,
    ListCount,
    ListedLetter,
    Message,
    Referral,
)
from support import hands, rows
from support.lists_kept import compared, counts
from support.old_system import imported, line, written
from support.rows import everything


@pytest.fixture
def door(open_door):
    return open_door("2009-03-26 10:00")


def test_while_a_child_goes_through_the_front_door(door):
    said = []
    mia, noah = door.referrals(door.log("Mia", "Noah", immediate_danger=True, referrer_email=""))
    said.append(compared(door.database))
    door.screen(mia)
    door.decide(mia, "assessment")
    said.append(compared(door.database))
    worker, _ = hands.social_worker(door, "Sam Okoro")
    door.allocate(mia, worker)
    door.decide(noah, "early-help")
    said.append(compared(door.database))
    door.watch_for(hours=72)
    said.append(compared(door.database))
    (ben,) = door.referrals(door.log("Ben"))
    door.decide(ben)
    door.watch_for(hours=30)
    said.append(compared(door.database))
    assert said == [True] * 5


def test_of_what_was_imported_and_of_the_alarm_about_it(door, tmp_path):
    imported(
        door.database, written(tmp_path, line(immediate_danger="Y"), line(contact_ref="OLD-2", child_forename="Ben"))
    )
    assert compared(door.database)


def test_letters_that_left_came_back_and_were_stopped(database):
    for stage in ("queued", "handed over", "refused"):
        with database.write() as session:
            letter = rows.insert(session, Letter, kind="outcome", delivery=Delivery.EMAIL)
            told = {"letter_id": letter.id, "kind": "outcome", "delivery": Delivery.EMAIL}
            rows.insert(session, Message, state=stage, dedup_key=stage, message_id=stage, **told)
        assert compared(database)
    with database.write() as session:
        handover = rows.insert(session, Handover, letter_id=letter.id, delivery=Delivery.POST)
        assert session.get_one(ListedLetter, letter.id, populate_existing=True).stage == "left"
        rows.insert(session, LetterReturn, letter_id=letter.id, handover_id=handover.id, how=Returned.BY_POST)
        assert session.get_one(ListedLetter, letter.id, populate_existing=True).stage == "owed"
        rows.insert(session, LetterExcuse, letter_id=letter.id)
    assert compared(database)


def test_a_child_who_was_merged_stands_under_its_one_number(door):
    (one,), (other,) = (door.referrals(door.log(name)) for name in ("Mia", "Noah"))
    with door.database.write() as session:
        session.get_one(Referral, other.id).person_id = one.person_id
    assert compared(door.database)


def test_the_database_holds_each_of_the_triggers(database):
    with database.read() as session:
        named = {
            "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
            "postgresql": "SELECT tgname FROM pg_trigger",
        }[database.dialect]
        there = set(session.connection().execute(text(named)).scalars())
    assert listing.names() | list_counts.names() <= there


def test_the_sweep_makes_one_row_of_many_changes_and_no_count_differs(door):
    mia, noah = door.referrals(door.log("Mia", "Noah"))
    door.decide(mia)
    with door.database.write() as session:
        before, rows_before = counts(session), len(everything(session, ListCount))
        assert list_count_rows.fold(session, loose=rows_before) == 0
        assert list_count_rows.fold(session, loose=rows_before - 1) == rows_before
        assert counts(session) == before
        assert len(everything(session, ListCount)) == len(before)
        assert list_count_rows.fold(session, loose=0) == 0
    door.decide(noah)
    assert compared(door.database)


def test_a_change_that_is_not_yet_committed_while_others_are_folded_is_counted(door):
    if door.database.dialect == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    door.log("Mia")
    with door.database.write() as slow:
        slow.exec(select(Referral)).one().state = "screening"
        slow.flush()
        with door.database.write() as session:
            assert list_count_rows.fold(session, loose=0)
    assert compared(door.database)


def test_all_rows_can_be_worked_out_anew(door):
    door.log("Mia", "Noah")
    with door.database.write() as session:
        session.connection().execute(text("DELETE FROM listed_letter"))
        session.connection().execute(text("UPDATE listed_referral SET part = 3, state = 'closed'"))
        for statement in listing.filling(door.database.dialect):
            session.connection().execute(text(statement))
        session.connection().execute(text("DELETE FROM list_count"))
        for statement in list_counts.filling():
            session.connection().execute(text(statement))
    assert compared(door.database)
    assert inspect(door.database.engine).has_table("listed_referral")

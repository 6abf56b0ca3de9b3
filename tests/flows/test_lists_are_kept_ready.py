"""Promise: what the lists stand on is what the records say, whatever was done, on both databases."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import inspect, text
from sqlmodel import select

from rules.messages import Delivery, Returned
from rules.vocabulary import AlertKind, ClockState
from storage import list_counts, listing
from storage.queries.lists import list_count_rows
from storage.tables import (
    Alert,
    Clock,
    Contact,
    Handover,
    Letter,
    LetterCancellation,
    LetterExcuse,
    LetterReturn,
    ListCount,
    ListedLetter,
    ListedReferral,
    Message,
    Referral,
)
from support import hands, rows
from support.old_system import imported, line, written
from support.rows import everything

NEVER = datetime(9000, 1, 1, tzinfo=UTC)


def by_the_records(session):
    """Each referral's row, worked out here from the records alone."""
    contacts = {contact.id: contact for contact in session.exec(select(Contact))}
    running = [clock for clock in session.exec(select(Clock)) if clock.state == ClockState.RUNNING]
    told = {
        alert.contact_id
        for alert in session.exec(select(Alert))
        if alert.kind == AlertKind.DANGER and alert.closed_at is None
    }
    for referral in session.exec(select(Referral)):
        contact = contacts[referral.contact_id]
        mine = [clock for clock in running if clock.referral_id == referral.id]
        yield {
            "referral_id": referral.id,
            "contact_id": contact.id,
            "person_id": referral.person_id,
            "part": part(referral, contact, mine, told),
            "due_at": min((clock.due_at for clock in mine), default=NEVER),
            "allocation_due_at": min((clock.due_at for clock in mine if clock.duty == "allocation"), default=NEVER),
            "received_at": contact.received_at,
            "state": referral.state,
            "team_id": referral.team_id,
            "worker_id": referral.worker_id,
            "source_code": contact.source_code,
            "kind": contact.kind,
            "recorded_by": contact.recorded_by,
        }


def part(referral, contact, running, told):
    if referral.state in {"closed", "set aside"}:
        return 3
    alarming = contact.immediate_danger and referral.state != "allocated"
    if alarming and (not referral.imported or contact.id in told):
        return 0
    return 2 if referral.imported and not any(clock.watched for clock in running) else 1


def letters_by_the_records(session):
    back = {gone.handover_id for gone in session.exec(select(LetterReturn))}
    left = {one.letter_id for one in session.exec(select(Handover)) if one.id not in back}
    cancelled = {one.letter_id for one in session.exec(select(LetterCancellation))}
    excused = {one.letter_id for one in session.exec(select(LetterExcuse))}
    last = {}
    for message in session.exec(select(Message).order_by(Message.id)):
        last[message.letter_id] = message.state
    for letter in session.exec(select(Letter)):
        stage = "underway" if last.get(letter.id) in {"queued", "sending"} else "owed"
        for name, some in (("left", left), ("excused", excused), ("cancelled", cancelled)):
            stage = name if letter.id in some else stage
        address = letter.recipient_address[:200].lower()
        told = {"letter_id": letter.id, "contact_id": letter.contact_id, "kind": letter.kind}
        yield told | {"stage": stage, "address": address}


def compared(database):
    with database.read() as session:
        for table, truth, key in (
            (ListedReferral, by_the_records, "referral_id"),
            (ListedLetter, letters_by_the_records, "letter_id"),
        ):
            kept = sorted((row.model_dump() for row in session.exec(select(table))), key=lambda row: row[key])
            assert kept == sorted(truth(session), key=lambda row: row[key])
        assert counts(session) == counted(session)
    return True


def counts(session):
    """The stored counts, those of nothing left out."""
    found = Counter()
    for row in session.exec(select(ListCount)):
        found[row.list, row.part, row.state, row.team_id, row.worker_id, row.source_code, row.kind] += row.change
    return +found


def counted(session):
    """The same, counted here row by row."""
    letters = (("letters", 0, row.stage, None, None, "", row.kind) for row in session.exec(select(ListedLetter)))
    children = (
        ("referrals", row.part, row.state, row.team_id, row.worker_id, row.source_code, row.kind)
        for row in session.exec(select(ListedReferral))
    )
    return Counter([*letters, *children])


def test_after_an_imported_month(sample_month):
    assert compared(sample_month[0])


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

from __future__ import annotations

import re

import pytest
from sqlalchemy import CheckConstraint, inspect
from sqlalchemy.types import DateTime
from sqlmodel.sql.sqltypes import UTCDateTime

from rules import file_words, messages, relations, vocabulary
from storage import tables
from storage.sessions import Conflict
from storage.tables import Alert, Clock, Contact, Event, Person
from storage.tables.lists.listed import Stage
from support import rows

CHECKS = [
    ("adult_relation", "relation", relations.Relation),
    ("alert", "kind", vocabulary.AlertKind),
    ("clock", "started_on", vocabulary.EventKind),
    ("clock", "state", vocabulary.ClockState),
    ("contact", "referrer_kind", vocabulary.ReferrerKind),
    ("event", "kind", vocabulary.EventKind),
    ("handover", "delivery", messages.Delivery),
    ("letter", "delivery", messages.Delivery),
    ("letter", "kind", messages.MessageKind),
    ("listed_letter", "stage", Stage),
    ("letter_link_try", "result", messages.LinkTry),
    ("letter_return", "how", messages.Returned),
    ("message", "kind", messages.MessageKind),
    ("notice", "kind", messages.MessageKind),
    ("message", "state", messages.MessageState),
    ("attached_file", "kind", file_words.FileKind),
    ("bounce", "kind", messages.BounceKind),
    ("bounce_settlement", "how", messages.Settlement),
    ("message", "delivery", messages.Delivery),
    ("milestone", "kind", vocabulary.MilestoneKind),
    ("referral", "mark", vocabulary.Mark),
    ("referral", "state", vocabulary.State),
    ("referral_check", "kind", vocabulary.CheckKind),
    ("rung_taken", "result", vocabulary.RungResult),
    ("rung_taken", "role", vocabulary.Role),
    ("user_role", "role", vocabulary.Role),
]
PARTIAL = sorted(
    (index for table in tables.metadata.sorted_tables for index in table.indexes if index.dialect_kwargs),
    key=lambda index: str(index.name),
)


def test_each_column_with_a_vocabulary_is_listed_here():
    found = {
        (table.name, str(rule.sqltext).partition(" IN ")[0])
        for table in tables.metadata.sorted_tables
        for rule in table.constraints
        if isinstance(rule, CheckConstraint)
    }
    assert found == {(table, column) for table, column, _ in CHECKS}


@pytest.mark.parametrize(("table", "column", "words"), CHECKS, ids=[f"{table}.{column}" for table, column, _ in CHECKS])
def test_a_migrated_column_takes_the_words_of_its_vocabulary_and_no_others(database, table, column, words):
    with database.read() as session:
        checks = {
            check["name"]: check["sqltext"] for check in inspect(session.connection()).get_check_constraints(table)
        }
    # Where a column may be empty the empty string stands for none.
    assert rows.words_allowed(checks[f"ck_{table}_{column}"]) - {""} == {word.value for word in words}


def test_a_word_outside_the_vocabulary_is_refused(database):
    with pytest.raises(Conflict), database.write() as session:
        rows.insert(session, Event, kind="forgotten")


@pytest.mark.parametrize("index", PARTIAL, ids=lambda index: index.name)
def test_a_partial_index_is_partial_in_the_migrated_database(database, index):
    option = f"{database.dialect}_where"
    with database.read() as session:
        found = {entry["name"]: entry for entry in inspect(session.connection()).get_indexes(index.table.name)}[
            index.name
        ]
    assert plain(found["dialect_options"][option]) == plain(index.dialect_kwargs[option])
    assert bool(found["unique"]) == bool(index.unique)


def plain(condition):
    return re.sub(r"::[a-z ]+|[() ]", "", str(condition)).lower()


@pytest.mark.parametrize(
    ("table", "shared", "apart"),
    [
        (Clock, {"referral_id": 1, "kind": "decision", "state": "running"}, {"state": "stopped"}),
        (Alert, {"subject_key": "clock:1"}, {"closed_at": rows.MOMENT}),
        (Contact, {"request_id": "a form's token"}, {"request_id": None}),
        (Event, {"request_id": "a form's token"}, {"request_id": None}),
        (Person, {"nhs_number": "9434765919"}, {"nhs_number": None}),
    ],
    ids=lambda value: getattr(value, "__tablename__", None),
)
def test_one_at_a_time_where_it_counts_and_many_where_it_does_not(database, table, shared, apart):
    with database.write() as session:
        first = rows.insert(session, tables.Referral)
        extra = [{"round": number} if table is Clock else {} for number in range(4)]
        rows.insert(session, table, **(shared | apart | extra[0]))
        rows.insert(session, table, **(shared | apart | extra[1]))
        rows.insert(session, table, **(shared | extra[2]))
        with pytest.raises(Conflict), session.savepoint():
            rows.insert(session, table, **(shared | extra[3]))
    assert first.id == 1


def test_every_moment_is_kept_in_utc():
    moments = [
        column
        for table in tables.metadata.sorted_tables
        for column in table.columns
        if isinstance(getattr(column.type, "impl_instance", column.type), DateTime)
    ]
    assert len(moments) > 40
    assert [str(column) for column in moments if not isinstance(column.type, UTCDateTime)] == []

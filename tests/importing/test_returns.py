"""A month in which children come back, some at another address, some with a fact taken down wrong: who is joined."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from storage.sessions import Database
from storage.tables import Contact, NamedChild, ProposedMatch, Referral
from support import databases, old_system
from support.rows import everything

DATA = Path(__file__).parent / "data"
RETURNS, TRUTH = DATA / "returns-2009-03.csv", DATA / "returns-2009-03.truth.csv"
RETURNED, MOST_PROPOSALS = 76, 15
Line = tuple[str, str, str]


@pytest.fixture(scope="module")  # ten seconds, once and on SQLite alone: 774 children are each held against all others
def returns(_migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("returns") / "pathway.db"
    with databases.sqlite_copy(_migrated_file, path) as database:
        old_system.sample_month(database, RETURNS)
        yield database


@pytest.fixture(scope="module")
def joined(returns: Database) -> Mapping[Line, int]:
    """The record that each line became part of."""
    with returns.read() as session:
        contacts = {one.id: one.ref for one in everything(session, Contact)}
        referrals = {one.id: one for one in everything(session, Referral)}
        return {
            (contacts[referrals[one.referral_id].contact_id], one.forename, one.surname): referrals[
                one.referral_id
            ].person_id
            for one in everything(session, NamedChild)
        }


@pytest.fixture(scope="module")
def truth() -> Mapping[Line, str]:
    """The child that each line is truly about; lines of whom nobody can know are left out."""
    with TRUTH.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.DictReader(file)
        return {
            (one["contact_ref"], one["forename"], one["surname"]): one["true_child"]
            for one in lines
            if one["true_child"]
        }


def test_nobody_is_joined_with_another_child(joined, truth):
    children: dict[int, set[str]] = {}
    for line in truth.keys() & joined.keys():
        children.setdefault(joined[line], set()).add(truth[line])
    assert [found for found in children.values() if len(found) > 1] == []


def test_every_child_that_comes_back_is_joined(joined, truth):
    records: dict[str, set[int]] = {}
    for line in truth.keys() & joined.keys():
        records.setdefault(truth[line], set()).add(joined[line])
    assert [child for child, found in records.items() if len(found) > 1] == []
    assert len(joined) - len(set(joined.values())) == RETURNED


def test_few_are_left_for_people_to_settle(returns):
    with returns.read() as session:
        assert len(everything(session, ProposedMatch)) <= MOST_PROPOSALS

"""Random groups of children: joined and taken apart, everything is as if the two had been logged apart.

``PATHWAY_DAYS`` asks for more groups.
"""

from __future__ import annotations

import os
import random
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from sqlmodel import select

from pathway.engine.children import candidates, re_referrals
from rules.likeness import joining
from storage.queries.children import named_rows, told_rows
from storage.queries.staff import staff_rows
from storage.tables import Clock, HouseholdLink, MatchKey, Person, ProposedMatch, Referral, Worker, id_of
from support import databases, rows
from support.front_door import FrontDoor, child_fields
from support.splitting import split, undo

SEEDS = range(2 * int(os.environ.get("PATHWAY_DAYS", "3")))
CONTACTS = 6
NUMBERS = ("943 476 5919", "401 023 2137", "123 456 7890", "")
ADDRESSES = ("9 Station Road, London N22 7AA", "1 High Road, London N17 9AA", "")
KNOWN = {
    "forename": ("Mia", "Maya", "Elizabeth", "Liz", "Unknown", "Twin 1", ""),
    "surname": ("Harlow", "Dent", ""),
    "birth_date": ("2005-02-01", "2005-01-02", "2005-02-02", "2005-01-01", None),
    "sex": ("F", "M", "U"),
    "nhs_number": NUMBERS,
    "address": ADDRESSES,
    "school": ("", "Park Lane", "Rowan"),
    "ethnicity": ("", "WBRI"),
}
TRUE = (
    {"forename": "Mia", "surname": "Harlow", "birth_date": "2005-02-01", "nhs_number": NUMBERS[0]},
    {"forename": "Elizabeth", "surname": "Dent", "birth_date": "2006-04-05", "address": ADDRESSES[0]},
    {"forename": "Maya", "surname": "Harlow", "birth_date": "2005-02-01", "nhs_number": NUMBERS[1]},
)
FIELDS = (
    "forename", "surname", "name_key", "birth_date", "sex", "ethnicity", "nhs_number", "nhs_number_unverified",
    "address", "school", "sought",
)  # fmt: skip


def child(rng):
    """One child as somebody might type it: mostly right, and now and then anything."""
    typed = dict(rng.choice(TRUE))
    typed |= {name: rng.choice(values) for name, values in KNOWN.items() if name not in typed or rng.random() < 0.15}
    return child_fields(typed.pop("forename"), typed.pop("surname") or "Harlow", **typed)


def contacts(rng):
    """Some contacts, each about one or two children who are told apart by name or date."""
    made = [[child(rng) for _ in range(rng.choice((1, 1, 2)))] for _ in range(CONTACTS)]
    for children in made:
        if len(children) > 1:
            children[1] |= {"forename": f"{children[0]['forename']}na", "birth_date": "2008-04-03"}
    return made


def log_all(door, made, apart=None):
    """Logs the contacts; ``apart`` is the place of a child, and the places of those who it is not."""
    placed = {}
    for number, children in enumerate(made):
        typed = [dict(one) for one in children]
        if apart and apart[0][0] == number:
            others = sorted({placed[place].person_id for place in apart[1]})
            typed[apart[0][1]]["another_than"] = others
        for place, referral in enumerate(door.referrals(door.log(children=typed))):
            placed[number, place] = referral
    return placed


def groups(door, placed):
    """Which children stand under one record, by their places."""
    found = {}
    for place, referral in placed.items():
        found.setdefault(door.fresh(referral).person_id, []).append(place)
    return found


@dataclass
class Council:
    """Everything that must be alike, told by places instead of numbers."""

    records: object
    repeats: object
    proposed: object
    households: object
    clocks: object
    loads: object
    keys: object


def council(door, placed):
    """The state of one council."""
    found = groups(door, placed)
    name = {number: tuple(places) for number, places in found.items()}
    place_of = {referral.id: place for place, referral in placed.items()}
    with door.database.read() as session:
        standing = {row.id: row for row in rows.everything(session, Referral)}
        persons = {name[row.id]: row for row in rows.everything(session, Person) if row.merged_into_id is None}
        open_ones = [row for row in rows.everything(session, ProposedMatch) if row.settled_at is None]
        return Council(
            records={who: {field: getattr(row, field) for field in FIELDS} for who, row in persons.items()},
            repeats={
                place: (
                    place_of.get(standing[referral.id].re_referral_of_id),
                    re_referrals.contacts_in_a_year(session, standing[referral.id]),
                )
                for place, referral in placed.items()
            },
            proposed={frozenset((name[row.person_id], name[row.other_person_id])) for row in open_ones},
            households={
                frozenset((name[row.person_id], name[row.other_person_id]))
                for row in rows.everything(session, HouseholdLink)
            },
            clocks=sorted(
                (place_of[row.referral_id], row.kind, row.round, row.state, row.due_at)
                for row in rows.everything(session, Clock)
                if row.kind != "second_look"
            ),
            loads=[staff_rows.open_children(session, id_of(worker)) for worker in rows.everything(session, Worker)],
            keys=sorted((name[row.person_id], row.key) for row in session.exec(select(MatchKey))),
        )


def work(door, placed, rng):
    """Some are decided and allocated."""
    worker = door.add_worker()
    for place in sorted(placed):
        if rng.random() < 0.4:
            door.allocate(door.decide(placed[place], "assessment"), worker, override_reason="Nobody else.")


@pytest.fixture
def another_door(_migrated_file, tmp_path):
    """A second council, under the clock of the first."""
    opened = ExitStack()
    with opened:
        yield lambda: FrontDoor.opened(
            opened.enter_context(databases.sqlite_copy(_migrated_file, tmp_path / "other.db")),
            Still(),
            "2009-03-26 10:00",
        )


class Still:
    """The hand of the first council's clock moves both."""

    def move_to(self, _):
        """It stands there already."""


@pytest.mark.parametrize("seed", SEEDS)
def test_taken_apart_everything_is_as_if_logged_apart(open_sqlite_door, another_door, seed):
    rng = random.Random(seed)
    made = contacts(rng)
    door = open_sqlite_door("2009-03-26 10:00")
    placed = log_all(door, made)
    assert not forbidden(door)
    shared = [places for places in groups(door, placed).values() if len(places) > 1]
    if not shared:
        return
    chosen = rng.choice(rng.choice(shared))
    work(door, placed, random.Random(seed))
    before = council(door, placed)
    row = split(door, placed[chosen])
    apart = council(door, placed)
    undo(door, row)
    assert council(door, placed) == before
    other = another_door()
    others = [place for places in shared if chosen in places for place in places if place < chosen]
    logged = log_all(other, made, apart=(chosen, others))
    work(other, logged, random.Random(seed))
    if sorted(groups(other, logged).values()) == sorted(map(list, apart.records)):
        assert council(other, logged) == apart


def forbidden(door):
    """Records under which something stands that the rule keeps apart."""
    with door.database.read() as session:
        found = []
        for number in named_rows.with_several(session):
            told = [one.named for one in told_rows.by_record(session, number)[number]]
            for place, named in enumerate(told):
                found += joining.against(candidates.read(named), [candidates.read(one) for one in told[:place]])
        return found

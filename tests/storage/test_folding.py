"""A column is made plain in SQL as a name is folded: the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest
from sqlmodel import func, literal, select

from rules.likeness import names, plain_letters
from storage.folding import plain

NAMES = (
    "Łukasz",
    "O’Brien",
    "O'Brien",
    "O`Brien",
    "Siân",
    "Sia\u0302n",
    "Ørsted",
    "Großmann",
    "Ægir",
    "Ağa",
    "Nguyễn",
    "Zoë",
    "Mia",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_made_plain_as_it_is_folded(database, name):
    with database.read() as session:
        assert session.exec(select(plain(literal(name)))).one() == names.fold(name)
    assert plain_letters.plain(name) == names.fold(name)


def test_every_letter_that_is_known_is_made_the_same_plain(database):
    text = "".join(plain_letters.table())
    with database.read() as session:
        assert session.exec(select(plain(literal(text)))).one() == plain_letters.plain(text)


def test_nothing_stays_nothing_to_look_in(database):
    with database.read() as session:
        assert session.exec(select(func.coalesce(plain(literal(None)), ""))).one() == ""

"""``pathway rules publish`` shows what speaks for looking twice, and asks; ``rules check`` gives notices."""

from __future__ import annotations

import io
import json
from itertools import count
from pathlib import Path

import pytest

from pathway.engine.rulebooks import shipped
from storage.tables import RulebookVersion
from support import rows
from support.front_door import FrontDoor

BY = ("--by", "Ada Okafor")


@pytest.fixture
def here(pathway, database, monkeypatch):
    """Runs commands on the test's database."""
    monkeypatch.setenv("PATHWAY_DATABASE_URL", database.url)
    return pathway


@pytest.fixture
def typed(monkeypatch):
    """Has somebody sit at a terminal and type this."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    return lambda text: monkeypatch.setattr("sys.stdin", Terminal(text))


@pytest.fixture
def own_book(tmp_path):
    """Writes the council's own book, version 1: a file of its own each time, as a process reads a file once."""
    folders = (tmp_path / f"edition {number}" for number in count(1))

    def write(*changes: tuple[str, str]) -> Path:
        text = shipped.book_text("haringey-2009")
        for old, new in (('version           = "1.1"', 'version = "1"'), *changes):
            assert old in text
            text = text.replace(old, new, 1)
        folder = next(folders)
        folder.mkdir()
        (folder / "our-council.toml").write_text(text, encoding="utf-8")
        return folder / "our-council.toml"

    return write


QUICKER = (
    ('limit     = "24 hours"', 'limit = "12 hours"'),
    ('title     = "Decision within 24 hours"', 'title = "Decision within half a day"'),
)


def published(database) -> list[str]:
    with database.read() as session:
        return [row.version for row in rows.everything(session, RulebookVersion) if row.name == "our-council"]


def test_publishing_shows_notices_the_difference_and_the_last_month_and_asks(here, open_door, typed, own_book):
    door: FrontDoor = open_door("2009-03-10 09:00")
    door.log("Mia")
    book = own_book(QUICKER[0])
    typed("y\n")
    ended = here("rules", "publish", book, *BY)
    assert (ended.code, ended.out.strip()) == (0, "Published our-council 1, in force from 1 January 2009.")
    shown = ended.err.splitlines()
    assert shown[0].startswith("notice: clocks.decision.title: it says '24 hours', and the limit is 12 hours. Write")
    assert "Against haringey-2009 1.1, the book in force:" in shown
    assert "  Clock decision: the limit: 24 hours -> 12 hours." in shown
    assert "  1 referrals replayed; 1 would have gone another way. Nothing was written." in shown
    assert published(door.database) == ["1"]


def test_who_says_no_publishes_nothing(here, database, typed, own_book):
    book = own_book()
    typed("n\n")
    ended = here("rules", "publish", book, *BY)
    assert (ended.code, ended.out.strip()) == (1, "")
    assert "Nothing was published." in ended.err
    assert published(database) == []


def test_without_a_terminal_and_without_yes_nothing_is_published(here, database, own_book):
    book = own_book(*QUICKER)
    ended = here("rules", "publish", book, *BY)
    assert (ended.code, ended.out) == (2, "")
    assert "the limit: 24 hours -> 12 hours" in ended.err
    assert (
        "error: --yes: There is no terminal to ask on, so nothing was published. "
        "Read what is said above, then give --yes." in ended.err
    )
    assert published(database) == []


def test_what_is_published_already_is_not_asked_about_again(here, own_book, monkeypatch):
    book = own_book()
    assert here("rules", "publish", book, *BY, "--yes").code == 0
    again = here("rules", "publish", book, *BY)
    assert again.code == 0
    assert "Nothing changes" in again.out
    assert again.err.startswith("The council runs by haringey-2009, not by this book. Set PATHWAY_RULEBOOK=our-council")
    monkeypatch.setenv("PATHWAY_RULEBOOK", "our-council")
    assert "names this one: start every process again" in here("rules", "publish", book, *BY).err


def test_check_says_where_a_clock_differs_from_the_book_in_force(here, own_book):
    book = own_book(*QUICKER)
    here("migrate")
    told = here("rules", "check", book)
    assert told.code == 0
    assert (
        "notice: clocks.decision: it differs from haringey-2009 1.1, the book in force. "
        "The limit: 24 hours -> 12 hours." in told.out
    )
    assert here("rules", "check", "haringey-2009").out.count("\n") == 1
    here("rules", "publish", book, *BY, "--yes")
    assert "notice" not in here("rules", "check", book).out


def test_check_makes_no_database_and_goes_on_where_it_cannot_be_used(newcomer, tmp_path, monkeypatch, own_book):
    book = own_book()
    assert newcomer("rules", "check", book).err == ""
    assert [path.name for path in tmp_path.iterdir()] == ["edition 1"]
    monkeypatch.setenv("PATHWAY_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    ended = newcomer("rules", "check", book)
    assert (ended.code, ended.out.count("no faults")) == (0, 1)
    assert "note: Not compared with the book in force." in ended.err


def test_check_for_programs_is_one_line_of_json(newcomer, own_book):
    book = own_book(QUICKER[0])
    ended = newcomer("rules", "check", book, "--json")
    told = json.loads(ended.out)
    assert (ended.code, told["faults"], [one["place"] for one in told["notices"]]) == (0, [], ["clocks.decision.title"])
    book = own_book(('stops_on  = "decided"', 'stops_on = "decidet"'))
    ended = newcomer("rules", "check", book, "--json")
    told = json.loads(ended.out)
    assert (ended.code, [one["place"] for one in told["faults"]]) == (2, ["clocks.decision.stops_on"])
    assert "did you mean 'decided'" in told["faults"][0]["remedy"]

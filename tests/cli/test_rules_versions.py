"""``pathway rules publish``, ``list``, ``show`` and ``diff``: a council's own book in versions, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathway.engine.rulebooks import shipped
from storage.tables import CalendarVersion, Clock, RulebookVersion
from support import rows
from support.front_door import FrontDoor

BY = ("--by", "Ada Okafor", "--yes")


def own_book(version: str = "1", limit: str = "24 hours", calendar: str = "england") -> Path:
    """The council's own book, written into the folder of the test."""
    text = (
        shipped.book_text("haringey-2009")
        .replace('version           = "1.1"', f'version = "{version}"')
        .replace('limit     = "24 hours"', f'limit = "{limit}"', 1)
        .replace('calendar          = "england"', f'calendar = "{calendar}"')
    )
    folder = Path(f"edition-{version}-{limit[:2]}")
    folder.mkdir(exist_ok=True)
    (folder / "our-council.toml").write_text(text, encoding="utf-8")
    return folder / "our-council.toml"


@pytest.fixture
def pathway_here(pathway, database, monkeypatch):
    """Runs commands on the test's database."""
    monkeypatch.setenv("PATHWAY_DATABASE_URL", database.url)
    return pathway


def published(database) -> list[tuple[str, str, str]]:
    with database.read() as session:
        found = rows.everything(session, RulebookVersion)
    return [(row.name, row.version, row.published_by) for row in found if row.name == "our-council"]


def test_a_book_is_published_in_somebodys_name_and_twice_changes_nothing(pathway_here, database):
    first = pathway_here("rules", "publish", own_book(), *BY)
    assert (first.code, first.out) == (0, "Published our-council 1, in force from 1 January 2009.\n")
    assert "published already" in pathway_here("rules", "publish", own_book(), *BY).out
    assert published(database) == [("our-council", "1", "Ada Okafor")]


def test_the_same_version_with_another_text_is_refused(pathway_here, database):
    pathway_here("rules", "publish", own_book(), *BY)
    refused = pathway_here("rules", "publish", own_book(limit="12 hours"), *BY)
    assert (refused.code, refused.out) == (2, "")
    assert "error: version: our-council 1 was published on" in refused.err
    assert "Give the edited book a new version" in refused.err
    assert len(published(database)) == 1


def test_a_calendar_beside_the_book_is_published_with_it(pathway_here, database):
    book = own_book(calendar="our-hours")
    (book.parent / "our-hours.toml").write_text(shipped.calendar_text("england"), encoding="utf-8")
    assert pathway_here("rules", "publish", book, *BY).code == 0
    with database.read() as session:
        assert "our-hours" in {row.name for row in rows.everything(session, CalendarVersion)}


@pytest.mark.parametrize(
    ("by", "version", "told"),
    [(" ", "1", "error: --by: Nobody is named"), ("Ada Okafor", "1@b", "error: version: '1@b' can be no version")],
)
def test_nobodys_name_and_an_odd_version_are_refused(pathway_here, by, version, told):
    refused = pathway_here("rules", "publish", own_book(version), "--by", by, "--yes")
    assert refused.code == 2
    assert told in refused.err


def test_two_published_versions_are_told_apart_in_words(pathway_here):
    pathway_here("rules", "publish", own_book(), *BY)
    pathway_here("rules", "publish", own_book("2", "12 hours"), *BY)
    found = pathway_here("rules", "diff", "our-council@1", "our-council@2")
    assert (found.code, found.out) == (0, "Clock decision: the limit: 24 hours -> 12 hours.\n")
    assert pathway_here("rules", "diff", "our-council@1", "haringey-2009").out == "No difference.\n"
    assert pathway_here("rules", "diff", "our-council@1", own_book("2", "12 hours"), "--json").out == (
        '{"differences": [{"place": "clocks.decision.limit", "before": "24 hours", "after": "12 hours", '
        '"words": "Clock decision: the limit: 24 hours -> 12 hours."}]}\n'
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("our-council@2", "There is no version '2' of the rulebook our-council; published are: 1."),
        ("nobody@1", "There is no rulebook 'nobody'; published are:"),
        ("nobody", "No book and no file is called 'nobody'"),
    ],
)
def test_a_version_that_was_never_published_is_told(pathway_here, name, told):
    pathway_here("rules", "publish", own_book(), *BY)
    found = pathway_here("rules", "diff", "haringey-2009", name)
    assert found.code == 2
    assert told in found.err


def test_comparing_makes_no_database(newcomer, tmp_path):
    assert "There is no database yet" in newcomer("rules", "diff", "haringey-2009", "ours@1").err
    assert list(tmp_path.iterdir()) == []


def test_publishing_a_new_version_moves_nothing_that_is_open(pathway_here, open_door):
    door: FrontDoor = open_door("2009-03-10 09:00")
    (referral,) = door.referrals(door.log("Mia"))
    before = door.clock(referral)
    text = own_book("2", "12 hours").read_text(encoding="utf-8")
    Path("haringey-2009.toml").write_text(text, encoding="utf-8")
    assert pathway_here("rules", "publish", "haringey-2009.toml", *BY).code == 0
    assert door.clock(referral) == before
    (later,) = door.referrals(door.log("Noah"))
    assert (door.clock(later).limit_amount, door.fresh(referral).rulebook_version_id) == (12, 1)
    with door.database.read() as session:
        assert len(rows.everything(session, Clock)) == 4


def test_published_books_are_listed_and_shown(pathway_here):
    assert "haringey-2009  shipped with Pathway" in pathway_here("rules", "list").out
    pathway_here("rules", "publish", own_book(), *BY)
    listed = pathway_here("rules", "list").out
    assert "our-council@1  in force from 01 January 2009; published" in listed
    assert "haringey-2009@1.1  in force from 01 January 2009, in use; published" in listed
    shown = pathway_here("rules", "show", "our-council@1")
    assert (shown.code, "## our-council" in shown.out) == (0, True)
    assert "There is no version '9'" in pathway_here("rules", "show", "our-council@9").err

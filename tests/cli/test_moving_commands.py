"""``pathway rules move``, ``pathway rules replay`` and ``pathway calendar``, as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pathway.engine.rulebooks import shipped
from support import untouched, whole
from support.front_door import FrontDoor

BECAUSE = ("--reason", "Cabinet, 3 March", "--by", "Ada Okafor")
MOVE = ("rules", "move", "--book", "haringey-2009", "--to", "2", *BECAUSE)
DAYS = ("--from", "2009-03-10", "--to", "2009-03-10")


@pytest.fixture
def door(open_door) -> FrontDoor:
    """A Tuesday in March 2009, with two children undecided."""
    door: FrontDoor = open_door("2009-03-10 09:00")
    door.log("Mia", "Noah")
    return door


@pytest.fixture
def here(pathway, door, monkeypatch):
    """Runs commands on the front door's database."""
    monkeypatch.setenv("PATHWAY_DATABASE_URL", door.database.url)
    return pathway


@pytest.fixture
def second_version(here) -> Path:
    """Version 2 of the council's book, with twelve hours to decide."""
    text = shipped.book_text("haringey-2009").replace('version           = "1.1"', 'version = "2"')
    path = Path("haringey-2009.toml")
    path.write_text(text.replace('limit     = "24 hours"', 'limit = "12 hours"'), encoding="utf-8")
    assert here("rules", "publish", path, "--by", "Ada Okafor", "--yes").code == 0
    return path


@pytest.mark.usefixtures("second_version")
def test_a_dry_run_and_the_move_tell_the_same(here, door) -> None:
    before = whole.contents(door.database)
    trial = here(*MOVE, "--dry-run", "--json")
    assert whole.contents(door.database) == before
    moved = here(*MOVE, "--json")
    assert (trial.code, moved.code) == (0, 0)
    assert json.loads(trial.out)["referrals"] == json.loads(moved.out)["referrals"]
    assert [one["clocks"][0]["new_due"] for one in json.loads(moved.out)["referrals"]] == ["2009-03-10T21:00:00Z"] * 2


@pytest.mark.usefixtures("second_version")
def test_a_move_is_told_in_words_with_progress_beside_it(here) -> None:
    ended = here(*MOVE)
    assert "  Decision within 24 hours: due Wed 11 Mar 2009 09:00 -> Tue 10 Mar 2009 21:00." in ended.out
    assert ended.out.endswith("2 referrals moved; 2 deadlines become other ones, 2 stay the same.\n")
    assert ended.err == "1 of 1 contacts\n"
    assert here(*MOVE).out == "0 referrals moved; 0 deadlines become other ones, 0 stay the same.\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("rules", "move", "--book", "haringey-2009", "--to", "7", *BECAUSE), "published are: 1."),
        (("rules", "move", "--book", "haringey-2009", "--to", "1.1", "--reason", " ", "--by", "Ada"), "--reason"),
        (("rules", "move", "--book", "haringey-2009", "--to", "1.1", "--reason", "So", "--by", ""), "--by"),
        (("calendar", "move", "--reason", "", "--by", "Ada"), "--reason: The reason is blank"),
        (("calendar", "publish", *BECAUSE), "--close: Nothing or too much is asked"),
        (("calendar", "publish", "--close", "Monday", *BECAUSE), "'Monday' is not a day"),
        (("calendar", "publish", "--close", "2009-04-10", *BECAUSE), "Friday 10 April 2009 is closed already"),
        (("calendar", "publish", "--file", "none.toml", *BECAUSE), "There is no file 'none.toml'"),
        (("calendar", "show", "--year", "1850"), "The calendar knows 2000 to 2100 only"),
        (("calendar", "preview", "--calendar", "mars"), "There is no calendar 'mars'"),
        (("rules", "replay", "--book", "nobody", *DAYS), "No book and no file is called 'nobody'"),
        (("rules", "replay", "--book", "haringey-2009", "--from", "March", "--to", "April"), "'March' is not a day"),
        (("rules", "replay", "--book", "haringey-2009", "--from", "2009-03-02", "--to", "2009-03-01"), "Exchange"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(here, door, arguments, told) -> None:
    before = whole.contents(door.database)
    ended = here(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert whole.contents(door.database) == before


def test_a_day_off_is_published_previewed_and_moved(here, door) -> None:
    door.decide(door.referrals(door.log("Leah"))[0], "assessment", level_of_need="3")
    published = here("calendar", "publish", "--close", "2009-03-11=Day of mourning", *BECAUSE)
    assert published.out == "Holidays, new: Wed 11 Mar 2009 (Day of mourning).\nPublished england, version 2.\n"
    foreseen = json.loads(here("calendar", "preview", "--json").out)
    assert (
        foreseen["referrals"] == json.loads(here("calendar", "move", *BECAUSE, "--dry-run", "--json").out)["referrals"]
    )
    moved = here("calendar", "move", *BECAUSE)
    assert "Allocation within one working day: due Wed 11 Mar 2009 17:00 -> Thu 12 Mar 2009 17:00." in moved.out
    assert "0 referrals would move" in here("calendar", "preview").out


def test_a_trial_of_a_calendar_publishes_nothing(here, door) -> None:
    before = whole.contents(door.database)
    ended = here("calendar", "publish", "--open", "2009-04-10", *BECAUSE, "--dry-run")
    assert ended.out == "Open all the same on, new: Fri 10 Apr 2009 (Good Friday).\nA trial: nothing was written.\n"
    assert whole.contents(door.database) == before


def test_a_whole_calendar_comes_from_a_file(here) -> None:
    text = shipped.calendar_text("england").replace('"16:45"', '"16:00"')
    Path("ours.toml").write_text(text, encoding="utf-8")
    assert (
        "Hours on Friday: 08:45 to 16:45 -> 08:45 to 16:00."
        in here("calendar", "publish", "--file", "ours.toml", *BECAUSE).out
    )
    assert "No difference" in here("calendar", "publish", "--file", "ours.toml", *BECAUSE).out
    shown = here("calendar", "show", "--year", "2009").out
    assert "Calendar england, version 2, published 10 March 2009 by Ada Okafor." in shown
    assert "Why: Cabinet, 3 March." in shown
    assert "Fri 10 Apr 2009: Good Friday" in shown
    assert "08:45 to 16:00" in shown


@pytest.mark.usefixtures("socket_disabled")
def test_a_replay_command_writes_no_row_and_no_file(here, door, second_version) -> None:
    here("rules", "replay", "--book", second_version, *DAYS)  # whatever is imported or cached is there now
    before, here_before = whole.contents(door.database), untouched.snapshot(Path())
    with untouched.files() as written:
        ended = here("rules", "replay", "--book", "haringey-2009@2", *DAYS, "--json")
    opened = Path(door.database.place)  # SQLite's own file is opened; what stands in it is compared below
    assert ended.code == 0
    assert [one for one in written if one.split()[1] not in {str(opened), str(opened.parent)}] == []
    assert whole.contents(door.database) == before
    assert untouched.snapshot(Path()) == here_before
    found = json.loads(ended.out)
    assert (found["referrals"], len(found["differ"])) == (2, 2)
    assert [clock["new"]["due"] for clock in found["differ"][0]["clocks"]] == ["2009-03-10T21:00:00Z"]


def test_a_replay_is_told_in_words_with_totals_a_week_and_a_role(here, door, second_version) -> None:
    door.watch_for(hours=30)
    told = here("rules", "replay", "--book", second_version, *DAYS).out.splitlines()
    assert told[0] == "haringey-2009 2 on what was received from 2009-03-10 to 2009-03-10."
    assert told[1] == "2 referrals replayed; 2 would have gone another way. Nothing was written."
    assert told[3].split("  ")[0] == "week of"
    # At night the emergency duty team hears as well as the duty manager.
    assert told[4].split() == ["2009-03-09", "2", "2", "2", "2", "6", "8"]
    assert "  decision: due Wed 11 Mar 2009 09:00, late, 3 warnings, 3 alerts" in "\n".join(told)


def test_a_replay_counts_by_another_calendar_when_it_is_given_one(here) -> None:
    text = shipped.calendar_text("england").replace('closed = ["england"]', 'closed = ["england", "2009-03-11"]')
    Path("ours.toml").write_text(text, encoding="utf-8")
    assert here("rules", "replay", "--book", "haringey-2009", *DAYS).out.endswith("No difference.\n")
    ended = here("rules", "replay", "--book", "haringey-2009", *DAYS, "--calendar", "ours.toml")
    assert ended.code == 0

"""``pathway clock`` as a stranger meets it."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest

from pathway.engine.watch.clock_watch import ClockWatch
from storage.clock import Clocks, utc_now
from storage.sessions import Database


@pytest.fixture
def doubted(pathway, tmp_path):
    """A database whose clock is in doubt: a process saw it jump by a day."""
    moments = iter([utc_now() - timedelta(days=1)])
    clocks = Clocks(wall=lambda: next(moments, utc_now()), counted=lambda: timedelta(days=1))
    with closing(Database(f"sqlite:///{tmp_path}/pathway-data/pathway.db")) as database:
        ClockWatch(database, clocks).look()
    return pathway


def test_a_clock_without_doubt_is_shown_and_accepting_it_changes_nothing(pathway):
    assert "The clock is not in doubt." in pathway("clock", "show").out
    assert pathway("clock", "accept").out == "The clock is not in doubt; nothing is changed.\n"


def test_a_clock_in_doubt_is_shown_judges_nothing_and_is_accepted(doubted):
    shown = doubted("clock", "show").out
    assert "The clock is in doubt. The clock of" in shown
    assert "pathway clock accept" in shown
    swept = doubted("sweep")
    assert (swept.code, swept.err) == (2, "error: Nothing is judged: the clock is in doubt. Run `pathway doctor`.\n")
    assert "FAULT  clock" in doubted("doctor").out
    assert "The clock counts as right" in doubted("clock", "accept").out
    assert "OK     clock" in doubted("doctor").out
    assert doubted("sweep").code == 0


def test_accepting_by_somebody_unknown_is_refused(doubted):
    assert doubted("clock", "accept", "--by", "nobody").code == 2

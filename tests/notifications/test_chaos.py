"""A short form of ``make chaos``: ten kills, and every letter arrives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support import chaos

SEED = 20090302


@pytest.fixture
def quiet_week(sqlite_database):
    return chaos.week(sqlite_database, seed=SEED, kills=1, told=lambda *_: None)


def test_with_ten_kills_every_letter_owed_arrives_and_twins_are_flagged(database):
    found = chaos.week(database, seed=SEED, kills=10, told=lambda *_: None)
    verdict = chaos.judge(found)
    assert verdict.broken == ()
    assert verdict.owed == verdict.handed_over + verdict.refused > 100
    assert found.kills == 10
    assert any(found.held_at_kill)
    assert found.behaviour.drawn.total() > 5


def test_a_letter_that_never_arrived_would_be_seen(quiet_week):
    lost = quiet_week.takes.pop()
    message_id = lost.got.message["Message-ID"]
    quiet_week.takes = [take for take in quiet_week.takes if take.got.message["Message-ID"] != message_id]
    assert [fault.partition(": ")[2] for fault in chaos.judge(quiet_week).broken] == ["it was taken 0 times"]


def test_a_letter_to_the_wrong_person_would_be_seen(quiet_week):
    take = quiet_week.takes[-1]
    wrong = replace(take, got=replace(take.got, recipients=["somebody@else.example.org"]))
    quiet_week.takes.append(wrong)
    assert chaos.judge(quiet_week).broken == (
        "Something was taken for ['somebody@else.example.org'] that is not owed to them",
    )


def test_a_twin_without_a_lost_answer_would_be_seen(quiet_week):
    quiet_week.takes.append(quiet_week.takes[-1])
    quiet_week.held_at_kill = [set() for _ in quiet_week.held_at_kill]
    assert "it was sent again although the server's answer was not lost" in "".join(chaos.judge(quiet_week).broken)

"""An absence note is put aside only where every word of it is a word of such notes; all else waits for a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from notifications.returned import absence

SUBJECT = "Automatic reply: Our decision on your contact"


def said(name: str) -> list[str]:
    """What stands in a file of ``returned/absence``, one a line, with a stroke where a line ends."""
    lines = (Path(__file__).parent / "returned" / "absence" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line.replace(" | ", "\n") for line in lines]


@pytest.mark.parametrize("words", said("notes"))
def test_a_note_that_somebody_is_away_is_plain(words):
    assert absence.is_plain(SUBJECT, words)


@pytest.mark.parametrize("words", said("not-read"))
def test_words_that_say_that_nobody_reads_it_wait_for_a_person(words):
    assert not absence.is_plain(SUBJECT, words)


@pytest.mark.parametrize("words", said("of-a-child"))
def test_what_somebody_says_waits_for_a_person_beside_whatever_note(words):
    found = [absence.is_plain(SUBJECT, note + words) for note in ("I am away until Monday. ", "I am on leave, ")]
    assert [*found, absence.is_plain("Out of office: Our decision", words)] == [False, False, False]


def test_an_empty_reply_says_nothing_more():
    assert absence.is_plain(SUBJECT, "\n> I am here.\n")

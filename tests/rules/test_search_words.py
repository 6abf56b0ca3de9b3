"""Promise: a text has what was typed, as typed or as everybody reads it."""

from __future__ import annotations

import pytest

from rules.likeness import search_words


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("", "Mia Harlow", True),
        ("harl mia", "Mia Harlow", True),
        ("Lukasz", "Łukasz Los", True),
        ("łukasz", "Lukasz Los", True),
        ("OBrien", "Siân O’Brien-Łoś", True),
        ("O'Brien-Los", "Siân O’Brien-Łoś", True),
        ("PW-7F3K-22QD", "pw-7f3k-22qd-1", True),
        ("Mia Okafor", "Mia Harlow", False),
        ("’", "Mia Harlow", False),
        ("\x00", "Mia Harlow", False),
    ],
)
def test_each_word_must_be_there(typed, text, found):
    assert search_words.are_in(typed, text) is found

"""Typed text made safe for headers, subjects and plain letters."""

from __future__ import annotations

import pytest

from notifications import plain


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("O'Brien", "O'Brien"),
        ("  two \t words ", "two words"),
        ("x\r\nBcc: y@example.org", "x Bcc: y@example.org"),
        ("x\u2028y\u2029z\u0085", "x y z"),
        ("bell\a and null\0", "bell and null"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("lone \ud800 half", "lone \N{REPLACEMENT CHARACTER} half"),
        ("Ren\u00e9e \u0141ukasz", "Ren\u00e9e \u0141ukasz"),
    ],
)
def test_one_line_has_no_breaks_and_no_control_characters(typed, line):
    assert plain.one_line(typed) == line


def test_a_block_keeps_its_lines():
    assert plain.block("one\r\ntwo\rthree\n\n") == "one\ntwo\nthree"


def test_an_indented_text_can_not_pass_for_the_letters_own():
    assert plain.indented("Fine.\r\n\r\nDecision: none") == "    Fine.\n\n    Decision: none"


def test_long_lines_are_wrapped_and_keep_their_margin():
    wrapped = plain.wrapped("    " + "word " * 40).split("\n")
    assert len(wrapped) > 2
    assert all(line.startswith("    word") and len(line) <= plain.WIDTH for line in wrapped)


def test_items_hang():
    assert plain.wrapped("1. " + "word " * 20).split("\n")[1].startswith("   word")


def test_a_long_word_is_left_whole():
    assert plain.wrapped("see " + "x" * 200).split("\n") == ["see", "x" * 200]


def test_a_telephone_number_is_not_broken():
    text = plain.wrapped("x " * 33 + plain.tied("020 7946 0000") + " now")
    assert "020 7946 0000" in text.split("\n")[1]


def test_typed_text_can_not_bring_ties():
    assert plain.one_line("a\ue000b") == "ab"


def test_bullets_pasted_from_word_stay_bullets():
    pasted = "\uf0b7\tNo food at home\n\uf0a7\tCold\n\u2022\tDirty\n\u00b7 Wet\n\to\tEven upstairs"
    assert plain.block(pasted).split("\n") == [
        "\u2022   No food at home",
        "\u2022   Cold",
        "\u2022   Dirty",
        "\u00b7 Wet",
        "    - Even upstairs",
    ]
    assert plain.block("to\tthe school") == "to  the school"

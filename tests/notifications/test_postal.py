"""Postal addresses as they are typed, made into the lines of an envelope."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.letters import postal
from rules.errors import InvalidInput

FORMS = [
    "M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "W1A 0AX", "EC1A 1BB", "SW1A 2AA", "GIR 0AA", "BX1 1LT", "BT1 5GS",
    "JE2 3AB", "GY1 1AA", "IM1 1AA", "BF1 2AU", "BFPO 1", "BFPO 5712",
]  # fmt: skip
NONE = [
    "N17", "N17 6A", "N17 6AAA", "N17 OAA", "N17 6CA", "N17 6AO", "QQ1 1AA", "NB1 1AA", "N177 6AA", "17 6AA",
    "GIR 1AA", "W1I 0AX", "BFPO", "BFPO 12345", "75008", "France",
]  # fmt: skip


def faults(typed, **options):
    with pytest.raises(InvalidInput) as refused:
        postal.parse(typed, **options)
    assert {fault.place for fault in refused.value.faults} == {"address"}
    assert all(fault.remedy for fault in refused.value.faults)
    return [fault.problem for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("Rowan School\n1 High Road\nLondon\nN17 6AA", ["Rowan School", "1 High Road", "London", "N17 6AA"]),
        ("Rowan School, 1 High Road, London, N17 6AA", ["Rowan School", "1 High Road", "London", "N17 6AA"]),
        ("Rowan School,\r\n 1  High Road ,London\rN17 6AA", ["Rowan School", "1 High Road", "London", "N17 6AA"]),
        ("1 High Road, London N17 6AA", ["1 High Road", "London", "N17 6AA"]),
        ("1 High Road, London n176aa.", ["1 High Road", "London", "N17 6AA"]),
        ("12, High Road, N17 6AA", ["12 High Road", "N17 6AA"]),
        ("Flat 2, 12b, High Road, N17 6AA", ["Flat 2", "12b High Road", "N17 6AA"]),
        (",,\n1 High Road,\n\n, N17 6AA,\n", ["1 High Road", "N17 6AA"]),
        ("1 High Road, London, N17 6AA, England, UK", ["1 High Road", "London", "N17 6AA"]),
        ("O'Brien's, Straße 1, Łódź House, N17 6AA", ["O'Brien's", "Straße 1", "Łódź House", "N17 6AA"]),
        ("c/o St. John's (Annexe), 1-3 Mill Row, N17 6AA", ["c/o St. John's (Annexe)", "1-3 Mill Row", "N17 6AA"]),
        ("1\u00a0High\u2028London\u0085N17\u00a06AA", ["1 High", "London", "N17 6AA"]),
        ("Pte A Smith, B Company, BFPO58", ["Pte A Smith", "B Company", "BFPO 58"]),
        ("Pte A Smith, BF1 2AU, bfpo 58", ["Pte A Smith", "BF1 2AU", "BFPO 58"]),
        ("Pte A Smith, BFPO 58, BF1 2AU", ["Pte A Smith", "BFPO 58", "BF1 2AU"]),
        ("1, 2, 3, N17 6AA", ["1 2", "3", "N17 6AA"]),
    ],
)
def test_typed_addresses_become_lines_with_the_postcode_last(typed, lines):
    address = postal.parse(typed)
    assert list(address.lines) == lines
    assert address.postcode == lines[-1]
    assert str(address) == "\n".join(lines)


@pytest.mark.parametrize("postcode", FORMS)
def test_every_form_of_a_postcode_is_taken(postcode):
    assert postal.parse(f"1 High Road, {postcode.replace(' ', '').lower()}").postcode == postcode


@pytest.mark.parametrize("postcode", NONE)
def test_what_is_no_postcode_is_named(postcode):
    (problem,) = faults(f"1 High Road, {postcode}")
    assert problem == f"The last line, “{postcode}”, is not a UK postcode"


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        ("", ["No address is given"]),
        (" ,\n, ", ["No address is given"]),
        ("N17 6AA", ["The address has one line and needs at least 2"]),
        ("a, b, c, d, e, f, g, N17 6AA", ["The address has 8 lines and can have at most 7"]),
        ("1 High Road, N17 6AA, London", ["“London” stands below the postcode N17 6AA"]),
        ("1 High Road, N17 6AA, N17 6AB", ["The address has two postcodes, N17 6AA and N17 6AB"]),
        ("No fixed abode, N17 6AA", ["No letter reaches “no fixed abode”"]),
        ("NFA, London, N17 6AA", ["No letter reaches “no fixed abode”"]),
        ("1\a High Road, N17 6AA", ["The address has a control character (U+0007) in it"]),
        ("😀 House, N17 6AA", ["The address has “😀” (Grinning face, U+1F600) in it"]),
        ("1\u200b High, N17 6AA", ["The address has (Zero width space, U+200B) in it"]),
        ("Ж, N17 6AA", ["The address has “Ж” (Cyrillic capital letter zhe, U+0416) in it"]),
        ("x" * 61 + ", N17 6AA", ["The line “xxxxxxxxxxxxxxxxxxxx…” has 61 characters, 60 fit an envelope"]),
        ("\ud800, N17 6AA", ["The address has (No character, U+D800) in it"]),
    ],
)
def test_what_is_wrong_is_said(typed, problems):
    assert faults(typed) == problems


@pytest.mark.parametrize("sign", list('[]@()\\/<>"=~'))
def test_signs_that_a_line_must_not_begin_with_are_named(sign):
    assert faults(f"{sign}Rowan School, N17 6AA") == [f"The line “{sign}Rowan School” begins with {sign}"]


def test_everything_that_is_wrong_is_said_at_once():
    problems = faults("[a, b😀, c, d, e, f, g, N17")
    assert len(problems) == 4
    assert "is not a UK postcode" in problems[3]


def test_many_odd_characters_are_counted():
    assert faults("Москва, N17 6AA")[0].endswith("and 3 more odd characters in it")


def test_seven_lines_are_taken_and_a_caller_can_ask_for_fewer():
    typed = "a, b, c, d, e, f, N17 6AA"
    assert len(postal.parse(typed).lines) == 7
    assert faults(typed, most=6) == ["The address has 7 lines and can have at most 6"]


@given(st.text())
def test_whatever_is_typed_is_taken_or_refused_with_reasons(typed):
    try:
        address = postal.parse(f"{typed}, N17 6AA")
    except InvalidInput:
        return
    assert 2 <= len(address.lines) <= 7
    assert all(line == " ".join(line.split()) != "" for line in address.lines)
    assert postal.parse(str(address)) == address

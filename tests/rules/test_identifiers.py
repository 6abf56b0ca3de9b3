"""NHS numbers and unique pupil numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.likeness import identifiers


@pytest.mark.parametrize("text", ["9434765919", "943 476 5919", "943-476-5919", " 9876543210 ", "4010232137"])
def test_valid_nhs_numbers(text):
    assert identifiers.is_nhs_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9434765918",
        "943476591",
        "94347659190",
        "0000000000",
        "9999999999",
        "943476591X",
        "\uff19434765919",
        "unknown",
    ],
)
def test_what_is_no_nhs_number(text):
    """Repeated digits pass the arithmetic, and are refused all the same."""
    assert not identifiers.is_nhs_number(text)


def test_a_check_of_ten_is_refused():
    nine = next(f"{n:09}" for n in range(100_000_000, 200_000_000) if check_digit(f"{n:09}") == 10)
    assert not any(identifiers.is_nhs_number(f"{nine}{last}") for last in range(10))


def check_digit(nine: str) -> int:
    return (11 - sum(int(digit) * (10 - at) for at, digit in enumerate(nine)) % 11) % 11


@given(st.integers(0, 999_999_999).map(lambda number: f"{number:09}"), st.integers(0, 9))
def test_one_wrong_digit_is_always_found(nine, last):
    right = check_digit(nine)
    assert identifiers.is_nhs_number(f"{nine}{last}") == (last == right and len({*nine, str(last)}) > 1)


def test_an_nhs_number_is_kept_without_and_shown_with_spaces():
    assert identifiers.normalise_nhs_number("943 476-5919") == "9434765919"
    assert identifiers.show_nhs_number("9434765919") == "943 476 5919"
    assert identifiers.show_nhs_number("12") == "12"


@pytest.mark.parametrize("text", ["W309200000742", "K309200001113", "w309 2000 00742", "P207000016049"])
def test_valid_pupil_numbers(text):
    assert identifiers.is_upn(text)


@pytest.mark.parametrize(
    "text", ["", "W309200000743", "B207000016049", "Q207000016049", "I309200000742", "W30920000074S", "W30920000074"]
)
def test_what_is_no_pupil_number(text):
    assert not identifiers.is_upn(text)


def test_a_temporary_pupil_number_ends_in_a_letter():
    found = [f"{first}30920000074A" for first in identifiers.UPN_LETTERS if identifiers.is_upn(f"{first}30920000074A")]
    assert len(found) == 1

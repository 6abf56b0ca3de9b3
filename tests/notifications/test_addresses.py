"""Which e-mail addresses can be written to."""

from __future__ import annotations

import pytest

from notifications import addresses


@pytest.mark.parametrize(
    "address",
    ["isla.0@agency3.example.org", "o'brien@example.org", "a+b@example.com", " a@example.org ", "ada@m\u00fcnchen.de"],
)
def test_an_address_that_mail_can_be_sent_to_is_usable(address):
    assert addresses.usable(address)
    assert addresses.fault(address) == ""


@pytest.mark.parametrize(
    "address",
    [
        "", "   ", "isla", "isla@", "@example.org", "isla@example", "isla@@example.org", "isla at example.org",
        "isla@example.org, b@example.org", "isla@example..org", "jos\u00e9@example.org", "a@[127.0.0.1]",
        "a@example.org\r\nBcc: b@example.org", "Isla <isla@example.org>", "x" * 65 + "@example.org", "a" * 60_000,
    ],
)  # fmt: skip
def test_an_odd_address_is_not_and_the_fault_says_why(address):
    assert not addresses.usable(address)
    assert addresses.fault(address).endswith(".")
    assert "\n" not in addresses.fault(address)

"""Which e-mail addresses can be written to."""

from __future__ import annotations

import pytest

from notifications import addresses

NOBODY = (
    *("no-reply", "NoReply", "no_reply", "noreply2", "noreply+17", "noreplyhousing", "housing-noreply"),
    *(
        "donotreply",
        "do-not-reply",
        "do.not.reply",
        "don-t-reply",
        "do_not_answer",
        "auto-reply",
        "auto-notify",
        "automated",
    ),
    *("not.monitored", "unattended", "mail-daemon"),
    *("mailer-daemon", "MAILER-DAEMON", "postmaster", "bounces+4711"),
)


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
        "a@example.org\r\nBcc: b@example.org", "Isla <isla@example.org>, Bo <b@example.org>",
        "x" * 65 + "@example.org", "a" * 60_000,
    ],
)  # fmt: skip
def test_an_odd_address_is_not_and_the_fault_says_why(address):
    assert not addresses.usable(address)
    assert addresses.fault(address).endswith(".")
    assert "\n" not in addresses.fault(address)


@pytest.mark.parametrize(
    "local",
    NOBODY,
)
def test_an_address_from_which_machines_write_is_read_by_nobody(local):
    assert addresses.read_by_nobody(f"Housing <{local}@example.org>")
    assert not addresses.usable(f"{local}@example.org")


@pytest.mark.parametrize("local", ["juno.reply", "nora.plyer", "bouncer", "r.postmaster", "replies", "notifications"])
def test_a_name_that_only_looks_like_one_is_somebody(local):
    assert not addresses.read_by_nobody(f"{local}@example.org")


@pytest.mark.parametrize(
    "pasted",
    [
        "\u200bisla@example.org",
        "isla@example.org\u200b",
        "isla\u200c@exam\u2060ple.org",
        "\u00a0isla@example.org\u202f",
        "\ufeffisla@example.org",
        "isl\u00ada@example.org",
        "mailto:isla@example.org",
        "MAILTO:isla@example.org?subject=Hello%20there",
        "Isla Ward <isla@example.org>",
        '"Ward, Isla" <isla@example.org>',
        "<isla@example.org>",
        "Isla <mailto:isla@example.org>",
        "isla@example.org.",
        "isla@example.org;",
        "isla@example.org,",
        "'isla@example.org'",
        " isla@example.org \r\n",
    ],
)
def test_an_address_is_freed_of_what_it_was_pasted_with(pasted):
    assert addresses.freed(pasted) == "isla@example.org"
    assert addresses.wire_form(pasted, place="email") == "isla@example.org"


@pytest.mark.parametrize(
    ("address", "remedy"),
    [
        ("isla", "with an @"),
        ("isla@example.org, bo@example.org", "one address only"),
        ("isla@@example.org", "one address only"),
        ("isla ward@example.org", "Take the blanks out"),
        ("@example.org", "before the @"),
        ("isla@example", "whole domain"),
        ("jos\u00e9@example.org", "without accents"),
        ("isla@example..org", "Correct it"),
    ],
)
def test_a_refusal_says_how_to_mend_the_address(address, remedy):
    assert remedy in addresses.mend(address)

"""What came back by e-mail: reports, automatic replies, and what a person has to look at."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.returned import bounce_reports
from notifications.returned.bounce_reports import Action, AutoReply, Bounce, Fate, Unknown

RETURNED = Path(__file__).with_name("returned")
SAMPLES = sorted(RETURNED.glob("*.eml"))
LETTER = "<0a1b2c3d@northbridge.example.org>"
ISLA = "isla.obrien@rowan.example.org"


def sample(name, old="", new=""):
    content = (RETURNED / f"{name}.eml").read_bytes()
    assert old.encode() in content
    return bounce_reports.read(content.replace(old.encode(), new.encode()))


def failed(address=ISLA, **more):
    return Fate(action=Action.FAILED, address=address, **more)


@pytest.mark.parametrize(
    ("name", "fates"),
    [
        (
            "postfix",
            [
                failed(
                    original="isla.obrien@rowan.example.org", status="5.1.1", diagnostic="550 5.1.1 No such person here"
                )
            ],
        ),
        (
            "exim",
            [
                failed(status="5.0.0", diagnostic="550 Mailbox unavailable"),
                failed("office@rowan.example.org", status="5.0.0"),
            ],
        ),
        (
            "exchange",
            [failed(original=ISLA, status="5.2.2", diagnostic="554 5.2.2 mailbox full; STOREDRV.Deliver.Exception")],
        ),
        (
            "gmail",
            [failed(status="4.4.1", diagnostic="The recipient server did not accept our requests to connect.")],
        ),
        (
            "international",
            [
                failed(
                    "björn@müller.example.org",
                    original="bjoern@xn--mller-kva.example.org",
                    status="5.1.1",
                    diagnostic="550 5.1.1 Empfänger unbekannt",
                )
            ],
        ),
        ("encoded", [failed(status="5.1.1")]),
        ("no-original", [failed(status="5.7.1")]),
    ],
)
def test_failures_are_read(name, fates):
    found = sample(name)
    assert isinstance(found, Bounce)
    assert list(found.failed) == list(found.fates) == fates


@pytest.mark.parametrize(
    "name", ["postfix", "exim", "old-exim", "exchange", "gmail", "international", "encoded", "delayed"]
)
def test_the_letter_that_came_back_is_named_first(name):
    assert sample(name).message_ids[0] == LETTER


def test_what_a_letter_quotes_is_not_taken_for_its_own_message_id():
    assert sample("postfix").message_ids == (LETTER,)
    assert sample("postfix", f"Message-ID: {LETTER}", "X-Lost: yes").message_ids == ()


def test_the_second_way_to_the_letter_are_the_references():
    found = sample("gmail", f"Message-ID: {LETTER}\nFrom: front", "X-Lost: yes\nFrom: front")
    assert found.message_ids == (LETTER, "<other@northbridge.example.org>")
    assert sample("no-original").message_ids == ()


def test_the_senders_own_mark_and_the_reporting_server_are_read():
    found = sample("postfix")
    assert found.envelope_id == "letter+12"
    assert found.reporter == "mx.northbridge.example.org"


def test_a_delay_is_no_failure():
    found = sample("delayed")
    assert [fate.action for fate in found.fates] == [Action.DELAYED]
    assert found.failed == ()


def test_each_recipient_has_a_fate_of_its_own():
    found = sample("several")
    assert [(fate.address, fate.action, fate.status) for fate in found.fates] == [
        ("one@rowan.example.org", Action.FAILED, ""),
        ("two@rowan.example.org", Action.RELAYED, "2.0.0"),
        ("three@rowan.example.org", Action.DELIVERED, "2.0.0"),
        ("four", Action.FAILED, "5.2.1"),
    ]
    assert [fate.address for fate in found.failed] == ["one@rowan.example.org", "four"]


def test_the_older_form_of_exim_is_read_from_its_header():
    (fate,) = sample("old-exim").failed
    assert (fate.address, fate.status) == (ISLA, "5.1.1")
    assert "550 5.1.1 unknown person" in fate.diagnostic


def test_an_absence_note_is_an_automatic_reply():
    found = sample("out-of-office")
    assert found == AutoReply(
        message_ids=(LETTER,),
        sender=ISLA,
        subject="Automatic reply: Our decision on your contact: FD-0012",
        because="Auto-Submitted says that it is a reply",
    )


def test_a_receipt_is_an_automatic_reply():
    assert isinstance(sample("read-receipt"), AutoReply)


@pytest.mark.parametrize(
    "headers",
    [
        "Auto-Submitted: auto-replied",
        f"Auto-Submitted: auto-generated\nIn-Reply-To: {LETTER}",
        "X-Autoreply: yes",
        "X-Autorespond: Re: your letter",
        "Precedence: auto_reply",
        "Subject: Automatic reply: Our decision",
        "Subject: Out of office",
        "Subject: =?utf-8?q?R=C3=A9ponse_automatique?= : Our decision",
        "Subject: Abwesenheitsnotiz: Our decision",
    ],
)
def test_signs_of_an_automatic_reply(headers):
    assert isinstance(bounce_reports.read(f"From: {ISLA}\n{headers}\n\nAway.\n".encode()), AutoReply)


@pytest.mark.parametrize(
    "headers",
    [
        "Subject: Our decision",
        "Auto-Submitted: no",
        "Auto-Submitted: auto-generated",
        "Precedence: bulk",
        f"Precedence: list\nIn-Reply-To: {LETTER}",
        "Subject: Out of office on Friday, please call before",
        "Subject: Undeliverable: Our decision",
        "X-Autoreply: no",
        f"Precedence: bulk\nReferences: {LETTER}",
        f"Precedence: junk\nIn-Reply-To: {LETTER}",
        "Subject: Re: Automatic reply: Our decision",
        "Subject: RE: Out of Office: Our decision",
    ],
)
def test_what_is_no_automatic_reply_is_shown_to_a_person(headers):
    assert isinstance(bounce_reports.read(f"From: {ISLA}\n{headers}\n\nHello.\n".encode()), Unknown)


ABSENT = [
    "I am away until Monday.",
    "I'm on annual leave, back on 3 April. If it is urgent ring the office; if a child is in danger call 999.",
    "The school is closed for half-term.",
    "I do not work on Fridays.",
    "Out of office.\n\n> The mailbox is closed, you wrote",
    "",
]
MORE = [
    "This mailbox is closed and your message will not be read. Please write to safeguarding@surgery.example.net.",
    "This inbox is no longer monitored.",
    "Ruth Pembury has left the practice.",
    "Your message was quarantined.",
    "Your message could not be delivered to Ruth.",
    "Ticket 4711 has been opened.",
    "I no longer work here.",
    "I am away until Monday. The child was hit again last night, please ring me.",
    "Thank you, I will look into it.",
    "I am away. " + "And there is more to say about this. " * 60,
]


@pytest.mark.parametrize("words", ABSENT)
def test_a_plain_absence_note_is_put_aside(words):
    content = f"From: {ISLA}\nAuto-Submitted: auto-replied\n\n{words}\n"
    assert isinstance(bounce_reports.read(content.encode()), AutoReply)


@pytest.mark.parametrize("words", MORE)
def test_an_automatic_reply_that_says_more_than_that_somebody_is_away_waits_for_a_person(words):
    content = f"From: {ISLA}\nSubject: Automatic reply: Our decision\nAuto-Submitted: auto-replied\n\n{words}\n"
    found = bounce_reports.read(content.encode())
    assert isinstance(found, Unknown)
    assert found.because == "It looks automatic, and says more than that somebody is away"


@pytest.mark.parametrize("sign", ["Auto-Submitted: auto-replied", "X-Autoreply: yes", "Subject: Auto reply"])
def test_a_mail_servers_words_are_never_put_aside_as_an_automatic_reply(sign):
    content = f"From: MAILER-DAEMON@old.example.net\n{sign}\n\nSorry. (#5.1.1)\n"
    assert isinstance(bounce_reports.read(content.encode()), Unknown)


def test_a_report_in_no_known_form_names_the_letter_that_it_may_be_about():
    found = sample("qmail")
    assert isinstance(found, Unknown)
    assert found.message_ids == (LETTER,)
    assert found.because == "A mail server wrote it, in no form that can be read"


def test_a_persons_answer_is_shown_to_a_person():
    found = sample("person")
    assert isinstance(found, Unknown)
    assert (found.sender, found.message_ids) == (ISLA, (LETTER,))


def test_a_report_that_somebody_forwards_is_shown_to_a_person():
    assert isinstance(sample("forwarded"), Unknown)


def test_a_report_without_recipients_is_shown_to_a_person():
    assert isinstance(sample("no-original", "Final-Recipient", "Final-Nobody"), Unknown)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00" * 100,
        b"\n\nno headers",
        b"Subject: =?utf-8?b?@@@?=\r\nFrom: \xff\xff\r\n\r\n\xff",
        b"Subject: =?no-such-charset?q?x?=\r\n\r\n",
        b"From: <<<<>>>>,,;;\n\n",
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n",
        b"Content-Type: multipart/report\n\n",
        b"Content-Type: message/delivery-status\n\nStatus: \xff\n\nFinal-Recipient: ;;;\nAction: failed",
        b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n@@@",
        b"Content-Type: text/plain; charset=idna\nX-Failed-Recipients: a@b\n\n" + b"\xff." * 400,
        b"X-Failed-Recipients: " + b"," * 100_000 + b"\n\n",
    ],
)
def test_broken_mail_raises_nothing(content):
    assert isinstance(bounce_reports.read(content), Bounce | AutoReply | Unknown)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_line_ends_of_the_network_make_no_difference(path):
    content = path.read_bytes()
    assert bounce_reports.read(content.replace(b"\n", b"\r\n")) == bounce_reports.read(content)


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_raise_nothing(content):
    bounce_reports.read(content)


@given(st.sampled_from(SAMPLES), st.data())
def test_a_report_with_any_piece_torn_out_or_put_in_raises_nothing(path, data):
    content = path.read_bytes()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 200)))
    found = bounce_reports.read(content[:start] + data.draw(st.binary(max_size=20)) + content[end:])
    assert all("\n" not in fate.diagnostic for fate in getattr(found, "fates", ()))


@pytest.mark.parametrize(
    "content",
    [
        b"Subject: x\n\n" + b"x" * 10_000_000,
        b"A: b\n" * 2_000_000,
        b"> " * 5_000_000,
        b"\n \t" * 3_000_000,
        b"Content-Type: message/rfc822\n\n" * 300_000,
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(100_000)),
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 1_000_000,
        b"Content-Type: message/delivery-status\n\n" + b"Final-Recipient: x;y\nAction: failed\n\n" * 200_000,
        b"References: " + b"<a@b> " * 1_500_000 + b"\n\n",
        b"From: " + b"(" * 10_000_000,
    ],
    ids=["body", "headers", "quotes", "blanks", "nested", "deep", "parts", "recipients", "references", "comments"],
)
def test_ten_megabytes_made_to_keep_a_reader_busy_do_not(content):
    start = time.perf_counter()
    bounce_reports.read(content)
    assert time.perf_counter() - start < 30

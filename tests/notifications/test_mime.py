"""Messages as bytes: nobody can bring a header of their own, and any name comes through."""

from __future__ import annotations

from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications import plain
from notifications.outbox import mime
from support.letters import NOW

HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "Reply-To",
    "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
]  # fmt: skip
NAMES = [
    "Isla O'Brien",
    'Łukasz "Q" Zając, MBE <x@example.org>',
    "x\r\nBcc: y@example.org",
    "x\nSubject: another\n\nBody",
    "=?utf-8?q?x=0D=0ABcc:_y=40example.org?=",
    "Dr. A; B (c) \\ @ :",
    "é" * 300,
    "名前 " * 40,
    "word " * 100,
    "x" * 2000,
    "a, b" * 40,
    "",
]


def build(name="", subject="Your contact", text="Hello", html=None):
    return mime.build(
        sender=(name, "front.door@northbridge.example.org"),
        recipient=(name, "isla@agency.example.org"),
        reply_to="duty@northbridge.example.org",
        subject=subject,
        text=text,
        html=html,
        message_id=mime.new_message_id("front.door@northbridge.example.org"),
        now=NOW,
    )


def decoded(value):
    return str(make_header(decode_header(value.replace("\r\n", "").replace("\n", ""))))


def check(content, name, subject):
    content.decode("ascii")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 998
    message = message_from_bytes(content)
    assert sorted(message.keys()) == sorted(HEADERS)
    for header, address in [("From", "front.door@northbridge.example.org"), ("To", "isla@agency.example.org")]:
        shown, found = parseaddr(message[header].replace("\r\n", ""))
        assert (decoded(shown), found) == (plain.one_line(name), address)
    assert decoded(message["Subject"] or "") == plain.one_line(subject)
    assert mime.sender_of(content) == "front.door@northbridge.example.org"


@pytest.mark.parametrize("name", NAMES)
def test_a_name_or_subject_can_not_bring_a_header(name):
    check(build(name, subject=f"Contact {name}"), name, f"Contact {name}")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120), st.text(min_size=1, max_size=120))
def test_any_name_and_any_subject_come_through(name, subject):
    check(build(name, subject=f"S {subject}"), name, f"S {subject}")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.text(max_size=400))
def test_any_text_and_any_html_come_through(text, html):
    content = build(text=text, html=html)
    assert max(map(len, content.split(b"\r\n"))) <= 78
    parts = [part for part in message_from_bytes(content).walk() if not part.is_multipart()]
    got = [part.get_payload(decode=True).decode().replace("\r\n", "\n") for part in parts]
    assert got == [plain.block(text) + "\n", plain.block(html) + "\n"]


@pytest.mark.parametrize(
    "text", ["Hello\n\nBcc: x@example.org", "\nSubject: x\n\nHello", "--===\nContent-Type: text/html"]
)
def test_text_stays_in_the_body(text):
    message = message_from_bytes(build(text=text))
    assert sorted(message.keys()) == sorted(HEADERS)
    body = message.get_payload(decode=True).decode().replace("\r\n", "\n")
    assert body == plain.block(text) + "\n"


def test_typed_text_can_not_end_a_part_of_the_message():
    first = message_from_bytes(build(text="x", html="x"))
    forged = f"--{first.get_boundary()}--\n--{first.get_boundary()}\nContent-Type: text/html\n\n<b>forged</b>"
    message = message_from_bytes(build(text=forged, html="<p>true</p>"))
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_a_message_id_tells_neither_host_nor_time():
    local, _, domain = mime.new_message_id("front.door@northbridge.example.org").strip("<>").partition("@")
    assert domain == "northbridge.example.org"
    assert len(local) == 32

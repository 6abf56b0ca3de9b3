"""The embedded catcher and its mailbox."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from datetime import timedelta

import pytest

from notifications.dispatch import dispatcher
from notifications.smtp import catcher
from notifications.smtp.catcher import Catcher
from notifications.smtp.servers import MailServer
from rules.errors import NotFound
from support import outbox as hand
from support.letters import NOW
from support.outbox import Settled


@contextmanager
def catching(directory, now=NOW):
    running = Catcher(directory, now=lambda: now)
    running.start()
    try:
        yield running
    finally:
        running.stop()


def send(database, running):
    report = dispatcher.run_once(database, MailServer.from_url(running.url), Settled(), now=lambda: NOW)
    assert not report.server_down, report


def test_what_is_sent_is_caught_and_can_be_read(sqlite_database, tmp_path):
    hand.put(
        sqlite_database,
        recipient_name="Zoë O'Brien",
        subject="Your contact: Łukasz & co",
        text="Dear Zoë\n\nThank you.",
        html="<p>Dear Zoë</p>",
    )
    with catching(tmp_path / "mail") as running:
        send(sqlite_database, running)
    (caught,) = catcher.mailbox(tmp_path / "mail")
    assert caught.caught_at == NOW
    assert caught.sender == "Children's Front Door <front.door@northbridge.example.org>"
    assert caught.to == "Zoë O'Brien <recipient1@agency.example.org>"
    assert caught.subject == "Your contact: Łukasz & co"
    message = catcher.read(tmp_path / "mail", caught.name)
    assert message.text.splitlines() == ["Dear Zoë", "", "Thank you."]
    assert message.html.strip() == "<p>Dear Zoë</p>"
    assert ("X-Original-To", "recipient1@agency.example.org") in message.headers
    assert ("Return-Path", "<front.door@northbridge.example.org>") in message.headers
    assert "Message-ID: <" in message.raw


def test_the_mailbox_is_newest_first_and_survives_a_restart(sqlite_database, tmp_path):
    for minute, subject in enumerate(["first", "second", "third"]):
        hand.put(sqlite_database, dedup_key=subject, subject=subject)
        with catching(tmp_path, NOW + timedelta(minutes=minute)) as running:
            send(sqlite_database, running)
    assert [message.subject for message in catcher.mailbox(tmp_path)] == ["third", "second", "first"]
    assert [message.subject for message in catcher.mailbox(tmp_path, limit=1)] == ["third"]


def test_messages_of_one_moment_stay_apart(sqlite_database, tmp_path):
    hand.put(sqlite_database, 5)
    with catching(tmp_path / "mail") as running:
        send(sqlite_database, running)
    names = [message.name for message in catcher.mailbox(tmp_path / "mail")]
    assert names == [f"20090306T164000.000000Z-{number:06}.eml" for number in (5, 4, 3, 2, 1)]
    assert sorted(path.name for path in (tmp_path / "mail").iterdir()) == sorted(names)


def test_a_message_is_whole_or_not_there(tmp_path):
    (tmp_path / "20090306T164000.000000Z-000001.partial").write_bytes(b"Subject: half")
    assert catcher.mailbox(tmp_path) == []


def test_a_message_that_can_not_be_kept_stays_in_the_outbox(sqlite_database, tmp_path):
    (message_id,) = hand.put(sqlite_database)
    with catching(tmp_path / "mail") as running:
        (tmp_path / "mail").rmdir()
        send(sqlite_database, running)
    row = hand.message(sqlite_database, message_id)
    assert row.state == "queued"
    assert "could not be kept" in row.last_answer


@pytest.mark.parametrize(
    "name",
    ["../secret.eml", "/etc/passwd", "", "..", "x.eml", "20090306T164000.000000Z-000001.eml/../../x", "a\0b"],
)
def test_a_name_that_is_not_a_message_is_not_there(tmp_path, name):
    (tmp_path / "secret.eml").write_text("Subject: secret")
    with pytest.raises(NotFound):
        catcher.read(tmp_path / "mail", name)


def test_a_message_that_is_gone_is_not_there(tmp_path):
    with pytest.raises(NotFound):
        catcher.read(tmp_path, "20090306T164000.000000Z-000001.eml")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00 no headers",
        b"Subject: =?utf-8?b?@@@?=\r\nFrom: \xff\xff\r\n\r\n\xff",
        b"Subject: =?no-such-charset?q?x?=\r\nContent-Type: text/plain; charset=no-such\r\n\r\nhi",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
        b"Content-Transfer-Encoding: base64\r\n\r\n@@@@",
        b"From: " + b"x" * 100_000,
    ],
)
def test_a_broken_file_is_shown_as_far_as_it_goes(tmp_path, content):
    name = "20090306T164000.000000Z-000001.eml"
    (tmp_path / name).write_bytes(content)
    (listed,) = catcher.mailbox(tmp_path)
    assert listed.name == catcher.read(tmp_path, name).name == name


def test_a_file_with_an_impossible_time_is_listed(tmp_path):
    (tmp_path / "20091399T164000.000000Z-000001.eml").write_bytes(b"Subject: odd\r\n\r\n")
    assert [message.subject for message in catcher.mailbox(tmp_path)] == ["odd"]


def test_a_mailbox_that_was_never_used_is_empty(tmp_path):
    assert catcher.mailbox(tmp_path / "nowhere") == []


def test_it_listens_on_loopback_only_and_on_the_port_it_was_given(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = Catcher(tmp_path, port)
    running.start()
    assert running.url == f"smtp://127.0.0.1:{port}"
    running.stop()


def test_it_stops_under_an_open_connection(tmp_path):
    with catching(tmp_path) as running:
        host, port = running.url.removeprefix("smtp://").split(":")
        connection = socket.create_connection((host, int(port)))
        connection.recv(100)
    connection.close()


def test_what_is_caught_is_for_this_account_alone(sqlite_database, tmp_path):
    hand.put(sqlite_database)
    with catching(tmp_path / "mail") as running:
        send(sqlite_database, running)
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "mail").iterdir()] == [0o600]

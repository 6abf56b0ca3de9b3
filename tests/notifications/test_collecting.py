"""Collecting what came back: nothing is lost, whoever is killed when."""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import quote

import pytest

from notifications.returned import bounce_reports, collecting, imap
from notifications.returned.collecting import DropFolder
from notifications.returned.imap import ImapMailbox
from notifications.returned.received import CannotCollect, Received
from notifications.smtp.servers import Security
from rules.errors import InvalidInput
from support import imap as server
from support.imap import Mailbox

ONE, TWO, THREE = (f"Subject: {word}\r\n\r\nHello.\r\n".encode() for word in ("one", "two", "three"))


def all_of(source):
    return [received.content for received in source.waiting()]


# --- a folder of files


@pytest.fixture
def folder(tmp_path):
    for name, content in {"1.eml": ONE, "2.eml": TWO}.items():
        (tmp_path / name).write_bytes(content)
    return DropFolder(tmp_path)


def test_files_wait_until_they_are_done(folder):
    for received in folder.waiting():
        folder.done(received)
    assert all_of(folder) == []
    assert [path.read_bytes() for path in sorted((folder.path / "done").iterdir())] == [ONE, TWO]


def test_a_file_that_was_not_done_waits_again_with_the_same_key(folder):
    first = next(folder.waiting())
    assert next(folder.waiting()) == first
    assert all_of(folder) == [ONE, TWO]


def test_only_message_files_are_taken(folder):
    (folder.path / "3.eml.part").write_bytes(b"half")
    (folder.path / "notes.txt").write_bytes(b"x")
    assert all_of(folder) == [ONE, TWO]


def test_saying_done_twice_does_no_harm(folder):
    first = next(folder.waiting())
    folder.done(first)
    folder.done(first)
    assert all_of(folder) == [TWO]


def test_a_file_that_took_the_place_of_a_recorded_one_is_not_moved_away_unread(folder):
    first = next(folder.waiting())
    (folder.path / "1.eml").write_bytes(THREE)
    folder.done(first)
    assert all_of(folder) == [THREE, TWO]


def test_nothing_that_was_done_is_written_over(folder):
    folder.done(next(folder.waiting()))
    (folder.path / "1.eml").write_bytes(THREE)
    folder.done(next(folder.waiting()))
    assert {path.read_bytes() for path in (folder.path / "done").iterdir()} == {ONE, THREE}


def test_a_file_that_another_process_took_is_passed_over(folder):
    waiting = folder.waiting()
    next(waiting)
    (folder.path / "2.eml").unlink()
    assert list(waiting) == []


@pytest.mark.parametrize("make", [lambda path: path.symlink_to("/etc/hostname"), lambda path: path.mkdir(), os.mkfifo])
def test_what_is_no_ordinary_file_is_named_after_all_others_were_given(folder, make):
    make(folder.path / "0.eml")
    waiting = folder.waiting()
    assert [next(waiting).content, next(waiting).content] == [ONE, TWO]
    with pytest.raises(CannotCollect, match=r"0\.eml"):
        next(waiting)


def test_of_a_huge_file_the_start_is_read_and_all_of_it_is_kept(folder):
    (folder.path / "1.eml").write_bytes(ONE + b"x" * 3_000_000)
    first = next(folder.waiting())
    assert len(first.content) == bounce_reports.MOST
    folder.done(first)
    assert (folder.path / "done/1.eml").stat().st_size == len(ONE) + 3_000_000


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CannotCollect, match="There is no folder"), DropFolder(tmp_path / "nowhere").opened():
        pass


# --- a mailbox


def box(*contents, **options):
    mailbox = Mailbox(**options)
    for content in contents:
        mailbox.put(content)
    return mailbox


def url(port, mailbox, scheme="imap", rest="INBOX"):
    return f"{scheme}://{quote(mailbox.username)}:{quote(mailbox.secret)}@127.0.0.1:{port}/{rest}"


@contextmanager
def opened(mailbox, us="", **changes):
    with server.running(mailbox) as port:
        named = replace(ImapMailbox.from_url(url(port, mailbox)), **changes)
        with named.opened(us) as source:
            yield source


ABILITIES = ["MOVE UIDPLUS AUTH=PLAIN", "UIDPLUS", "", "MOVE"]


@pytest.mark.parametrize("abilities", ABILITIES)
def test_messages_wait_until_they_are_done_whatever_the_server_can(abilities):
    mailbox = box(ONE, TWO, THREE, abilities=abilities, secret='grey "7')
    with opened(mailbox) as source:
        for received in source.waiting():
            if received.content != TWO:
                source.done(received)
        assert all_of(source) == [TWO]
    assert mailbox.contents("Done") == [ONE, THREE]
    assert all(r"\Seen" in mail.flags for mail in mailbox.folders["Done"])
    with opened(mailbox) as source:
        assert all_of(source) == [TWO]


def test_reading_changes_nothing():
    mailbox = box(ONE, TWO)
    with opened(mailbox) as source:
        assert all_of(source) == [ONE, TWO]
    assert [mail.flags for mail in mailbox.folders["INBOX"]] == [set(), set()]
    assert mailbox.commands[-1] == "LOGOUT"


def test_what_is_left_stays_unread_where_it_is_and_waits_for_every_other_installation():
    mailbox = box(ONE, TWO)
    with opened(mailbox, us="a") as source:
        source.leave(next(source.waiting()))
        assert all_of(source) == [TWO]
    assert mailbox.contents() == [ONE, TWO]
    assert r"\Seen" not in mailbox.folders["INBOX"][0].flags
    with opened(mailbox, us="b") as source:
        assert all_of(source) == [ONE, TWO]


def test_a_server_that_keeps_no_keywords_is_no_trouble():
    mailbox = box(ONE, faults={"UID STORE": "NO no keywords here"})
    with opened(mailbox) as source:
        source.leave(next(source.waiting()))
        assert all_of(source) == [ONE]


def test_a_message_that_a_person_has_read_still_waits():
    mailbox = box(ONE)
    mailbox.folders["INBOX"][0].flags.add(r"\Seen")
    with opened(mailbox) as source:
        assert all_of(source) == [ONE]


@pytest.mark.parametrize("command", ["UID STORE", "UID MOVE"])
def test_a_connection_that_ends_before_it_is_done_leaves_the_message_waiting(command):
    mailbox = box(ONE, faults={command: server.DROP})
    with opened(mailbox) as source:
        first = next(source.waiting())
        with pytest.raises(CannotCollect):
            source.done(first)
    mailbox.faults.clear()
    with opened(mailbox) as source:
        assert next(source.waiting()).key == first.key


def test_a_server_that_fails_to_expunge_is_said_and_the_copy_is_kept():
    mailbox = box(ONE, abilities="UIDPLUS", secret="grey")
    with opened(mailbox) as source:
        first = next(source.waiting())
        mailbox.faults["UID EXPUNGE"] = server.DROP
        with pytest.raises(CannotCollect):
            source.done(first)
    assert mailbox.contents("Done") == [ONE]


def test_a_message_that_somebody_took_away_is_passed_over():
    mailbox = box(ONE, TWO)
    with opened(mailbox) as source:
        waiting = source.waiting()
        next(waiting)
        mailbox.folders["INBOX"].pop()
        assert list(waiting) == []


def test_a_message_that_can_not_be_read_does_not_keep_the_others_back():
    mailbox = box(ONE, TWO, faults={"UID FETCH 101": "NO damaged"})
    with opened(mailbox) as source:
        waiting = source.waiting()
        assert next(waiting).content == TWO
        with pytest.raises(CannotCollect, match="damaged"):
            next(waiting)


def test_many_messages_and_an_empty_mailbox():
    with opened(box(*(b"%d" % number for number in range(2001)))) as source:
        assert len(all_of(source)) == 2001
    with opened(box()) as source:
        assert all_of(source) == []


def test_of_a_huge_message_the_start_is_read():
    with opened(box(ONE + b"x" * 3_000_000)) as source:
        assert [len(content) for content in all_of(source)] == [bounce_reports.MOST]


def test_other_folders_can_be_named():
    mailbox = box(folders={"Front door": [], "INBOX": []})
    mailbox.put(ONE, "Front door")
    with server.running(mailbox) as port:
        named = url(port, mailbox, rest="Front%20door?done=Front%20door/Read")
        with collecting.opened(named) as source:
            source.done(next(source.waiting()))
    assert mailbox.contents("Front door/Read") == [ONE]


@pytest.mark.parametrize("scheme", ["imaps", "imap"])
def test_tls_from_the_first_byte_and_after_starttls(authority, scheme):
    mailbox = box(ONE, starttls=scheme == "imap")
    with server.running(mailbox, authority.context) as port:
        named = ImapMailbox.from_url(url(port, mailbox, scheme, f"INBOX?ca={authority.file}"))
        security = Security.TLS if scheme == "imaps" else Security.STARTTLS
        with replace(named, tls=security).opened() as source:
            assert all_of(source) == [ONE]


def refused(mailbox, context=None, scheme="imap", **changes):
    with server.running(mailbox, context) as port:
        named = replace(ImapMailbox.from_url(url(port, mailbox, scheme)), **changes)
        with pytest.raises(CannotCollect) as caught, named.opened() as source:
            list(source.waiting())
    said = str(caught.value)
    assert named.secret not in said
    assert "127.0.0.1" in said
    return said


def test_an_untrusted_certificate_is_refused(authority):
    assert "?ca=FILE" in refused(box(), authority.context, "imaps")


def test_a_server_without_starttls_gets_no_secret():
    mailbox = box()
    assert "TLS not supported" in refused(mailbox, tls=Security.STARTTLS)
    assert not {"LOGIN", "AUTHENTICATE"} & set(mailbox.commands)


@pytest.mark.parametrize("abilities", ABILITIES[:2])
def test_a_wrong_secret_is_said_without_the_secret(abilities):
    assert "Check user, secret and folder" in refused(box(abilities=abilities), secret="wrong-secret")


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("SELECT", "NO no such folder"),
        ("SELECT", server.DROP),
        ("UID SEARCH", "BAD what"),
        ("UID SEARCH", "nonsense"),
        ("UID FETCH", server.DROP),
        ("CAPABILITY", "NO"),
    ],
)
def test_a_server_that_misbehaves_is_said(command, fault):
    assert "can't be read" in refused(box(ONE, faults={command: fault}))


def test_a_silent_server_is_not_waited_for():
    assert "timed out" in refused(box(ONE, faults={"SELECT": server.SILENCE}), seconds=0.3)


def test_a_server_that_is_down_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        named = ImapMailbox.from_url(url(taken.getsockname()[1], Mailbox()))
        with pytest.raises(CannotCollect, match="refused"), named.opened():
            pass


# --- settings


@pytest.mark.parametrize(
    ("setting", "host", "port", "tls", "folder"),
    [
        ("imaps://u:s@mail.example.org", "mail.example.org", 993, Security.TLS, "INBOX"),
        ("imaps://u:s@mail.example.org:994/Post%20in", "mail.example.org", 994, Security.TLS, "Post in"),
        ("imap://u:s@mail.example.org/INBOX", "mail.example.org", 143, Security.STARTTLS, "INBOX"),
        ("imap://u:s@127.0.0.1:1143", "127.0.0.1", 1143, Security.NONE, "INBOX"),
        ("imaps://u:s@localhost", "localhost", 993, Security.TLS, "INBOX"),
    ],
)
def test_a_setting_names_a_mailbox(setting, host, port, tls, folder):
    named = collecting.named(setting)
    assert (named.host, named.port, named.tls, named.folder) == (host, port, tls, folder)
    assert str(named) == f"{folder} on {host}:{port}"


def test_user_and_secret_may_have_odd_signs_and_are_never_shown():
    named = collecting.named("imaps://front%40door:p%2Fw%3F@mail.example.org")
    assert (named.username, named.secret) == ("front@door", "p/w?")
    assert "p/w?" not in repr(named) + str(named)


@pytest.mark.parametrize("setting", ["/var/spool/returned", "file:///var/spool/returned"])
def test_a_setting_names_a_folder(setting):
    assert str(collecting.named(setting)) == "/var/spool/returned"


@pytest.mark.parametrize(
    "setting",
    [
        "",
        "returned",
        "https://u:secret@mail.example.org",
        "imaps://mail.example.org",
        "imaps://u@mail.example.org",
        "imaps://u:sec%0Aret@mail.example.org",
        "imaps://u:secret@",
        "imaps://u:secret@mail.example.org:99999",
        "imaps://u:secret@mail.example.org?tls=none",
        "imaps://u:secret@mail.example.org/INBOX?done=inbox",
        "imaps://u:secret@mail.example.org/Gr%C3%BCn",
        "imaps://u:secret@mail.example.org?ca=/nowhere.pem",
        "imaps://u:secret@mail.example.org/#x",
    ],
)
def test_a_setting_that_can_not_be_used_is_refused_without_its_secret(setting):
    with pytest.raises(InvalidInput) as refused_setting:
        collecting.named(setting)
    (fault,) = refused_setting.value.faults
    assert fault.place == imap.FIELD
    assert fault.remedy
    assert "secret@" not in str(refused_setting.value)


def test_the_key_is_that_of_the_content():
    assert Received.of(ONE, "a").key == Received.of(ONE, "b").key != Received.of(TWO, "a").key

"""Every fault of a mail server, at a real one that misbehaves on loopback."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import replace
from datetime import timedelta

import pytest

from notifications.outbox import mime
from notifications.outbox.queue import Claimed
from notifications.smtp import mailer
from notifications.smtp.mailer import Answer, Connection
from notifications.smtp.servers import MailServer, Security
from support import mail_servers
from support.letters import NOW
from support.mail_servers import DROP, ENDLESS, NONSENSE, SILENCE, Behaviour

SENDER = "front.door@northbridge.example.org"


def claimed(number: int = 1) -> Claimed:
    recipient = f"recipient{number}@agency.example.org"
    message_id = f"<{number}@northbridge.example.org>"
    content = mime.build(
        sender=("Front Door", SENDER),
        recipient=("", recipient),
        reply_to="",
        subject="Your contact",
        text=".\nA line.\n.",
        html=None,
        message_id=message_id,
        now=NOW,
    )
    return Claimed(
        id=number,
        message_id=message_id,
        sender=SENDER,
        recipient_address=recipient,
        content=content,
        lease_until=NOW + timedelta(minutes=5),
    )


def sent(server: MailServer, *messages: Claimed) -> list[Answer]:
    """The answers to messages sent one after another over one connection."""

    async def send() -> list[Answer]:
        connection = Connection(server, server.trust())
        answers = [await connection.send(message) for message in messages]
        await connection.quit()
        return answers

    return asyncio.run(send())


def test_a_message_arrives_as_it_was_written():
    with mail_servers.running() as (server, behaviour):
        (answer,) = sent(server, claimed())
    assert answer.accepted
    assert answer.code == 250
    assert str(answer) == f"250 2.0.0 Queued as 1A2B ({server})"
    (got,) = behaviour.received
    assert (got.sender, got.recipients) == (SENDER, ["recipient1@agency.example.org"])
    assert got.content == claimed().content
    assert got.message.get_content().splitlines() == [".", "A line.", "."]


def test_one_connection_carries_many_messages():
    with mail_servers.running() as (server, behaviour):
        answers = sent(server, *map(claimed, range(5)))
    assert [answer.accepted for answer in answers] == [True] * 5
    assert behaviour.connections == 1


@pytest.mark.parametrize(
    ("faults", "final", "code", "server_down"),
    [
        pytest.param({"banner": "421 4.3.2 Closing"}, False, 421, True, id="421 banner"),
        pytest.param({"banner": "554 5.7.1 No"}, True, 554, True, id="554 banner"),
        pytest.param({"banner": SILENCE}, False, None, True, id="silent server"),
        pytest.param({"banner": DROP}, False, None, True, id="drop before the banner"),
        pytest.param({"banner": NONSENSE}, False, None, True, id="nonsense banner"),
        pytest.param({"ehlo": "500 What", "helo": "550 No"}, True, 550, True, id="no greeting"),
        pytest.param({"ehlo": NONSENSE, "helo": NONSENSE}, False, None, True, id="nonsense at the greeting"),
        pytest.param({"ehlo": DROP}, False, None, True, id="drop at the greeting"),
        pytest.param({"ehlo": SILENCE}, False, None, True, id="no answer to the greeting"),
        pytest.param({"banner": ENDLESS}, False, None, True, id="a banner without end"),
        pytest.param({"mail": "421 4.3.2 Closing"}, False, 421, False, id="421 at MAIL"),
        pytest.param({"mail": "452 4.3.1 Full"}, False, 452, False, id="452 at MAIL"),
        pytest.param({"mail": "552 5.3.4 Too big"}, True, 552, False, id="552 at MAIL"),
        pytest.param({"mail": "530 5.7.0 TLS first"}, True, 530, True, id="530 at MAIL"),
        pytest.param({"mail": DROP}, False, None, False, id="drop at MAIL"),
        pytest.param({"mail": NONSENSE}, False, None, False, id="nonsense at MAIL"),
        pytest.param({"mail": SILENCE}, False, None, False, id="no answer to MAIL"),
        pytest.param({"rcpt": "450 4.2.1 Busy"}, False, 450, False, id="450 at RCPT"),
        pytest.param({"rcpt": "550 5.1.1 Unknown"}, True, 550, False, id="550 at RCPT"),
        pytest.param({"rcpt": "421 4.3.2 Closing"}, False, 421, False, id="421 at RCPT"),
        pytest.param({"data-command": "451 4.3.0 Later"}, False, 451, False, id="451 at DATA"),
        pytest.param({"data-command": "554 5.5.1 No"}, True, 554, False, id="554 at DATA"),
        pytest.param({"data-command": DROP}, False, None, False, id="drop at DATA"),
        pytest.param({"data": "421 4.3.2 Closing"}, False, 421, False, id="421 at the end of DATA"),
        pytest.param({"data": "451 4.3.0 Later"}, False, 451, False, id="451 at the end of DATA"),
        pytest.param({"data": "554 5.6.0 Spam"}, True, 554, False, id="554 at the end of DATA"),
        pytest.param({"rcpt": DROP}, False, None, False, id="drop at RCPT"),
        pytest.param({"mid-data": DROP}, False, None, False, id="drop in mid-DATA"),
        pytest.param({"data": DROP}, False, None, False, id="drop after the dot"),
        pytest.param({"data": SILENCE}, False, None, False, id="no answer after the dot"),
        pytest.param({"rcpt": SILENCE}, False, None, False, id="no answer to RCPT"),
        pytest.param({"rcpt": NONSENSE}, False, None, False, id="nonsense at RCPT"),
        pytest.param({"rcpt": ENDLESS}, False, None, False, id="a reply without end"),
        pytest.param({"mid-data": SILENCE}, False, None, False, id="silence in mid-DATA"),
        pytest.param({"mid-data": NONSENSE}, False, None, False, id="nonsense after the dot"),
    ],
)
def test_each_fault_is_an_answer(faults, final, code, server_down):
    with mail_servers.running(Behaviour(faults)) as (server, _):
        (answer,) = sent(server, claimed())
    assert (answer.accepted, answer.final, answer.code, answer.server_down) == (False, final, code, server_down)
    assert answer.text


@pytest.mark.parametrize(("place", "perhaps"), [("mail", False), ("rcpt", False), ("mid-data", True), ("data", True)])
@pytest.mark.parametrize("fault", [DROP, SILENCE, NONSENSE])
def test_a_broken_connection_says_whether_the_server_may_have_the_message(place, perhaps, fault):
    with mail_servers.running(Behaviour({place: fault})) as (server, _):
        (answer,) = sent(server, claimed())
    assert answer.perhaps_taken is perhaps
    assert ("may arrive twice" in answer.text) is perhaps


def test_a_port_where_nothing_listens_is_a_server_that_is_down():
    with mail_servers.nobody() as server:
        (answer,) = sent(server, claimed())
    assert (answer.server_down, answer.final) == (True, False)


def test_a_host_that_does_not_exist_is_a_server_that_is_down():
    server = MailServer(host="no-such-host.invalid", port=25, security=Security.STARTTLS, patience=mail_servers.PATIENT)
    (answer,) = sent(server, claimed())
    assert (answer.server_down, answer.final) == (True, False)


@pytest.mark.parametrize("reply", ["550 5.1.1 Unknown", "450 4.2.1 Busy", "421 4.3.2 Closing", DROP])
def test_a_refused_recipient_does_not_keep_the_next_one_waiting(reply):
    odd = Behaviour({"rcpt": reply}, only_for="recipient1@agency.example.org")
    with mail_servers.running(odd) as (server, behaviour):
        answers = sent(server, claimed(1), claimed(2))
    assert [answer.accepted for answer in answers] == [False, True]
    assert [got.recipients for got in behaviour.received] == [["recipient2@agency.example.org"]]


def test_a_connection_that_has_carried_enough_is_opened_again():
    with mail_servers.running(Behaviour(most_messages=2)) as (server, behaviour):
        answers = sent(server, *map(claimed, range(5)))
    assert [answer.accepted for answer in answers] == [True] * 5
    assert behaviour.connections == 3


def test_a_connection_that_the_server_closed_meanwhile_is_opened_again():
    with mail_servers.running(timeout=0.2) as (server, behaviour):

        async def send_with_a_rest() -> list[Answer]:
            connection = Connection(server, None)
            first = await connection.send(claimed(1))
            await asyncio.sleep(0.4)
            second = await connection.send(claimed(2))
            await connection.quit()
            return [first, second]

        answers = asyncio.run(send_with_a_rest())
    assert [answer.accepted for answer in answers] == [True, True]
    assert behaviour.connections == 2


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_message_goes_over_tls_after_signing_in(authority, security):
    with mail_servers.running(security=security, tls=authority.context, secret="s3cret") as (found, behaviour):
        server = replace(found, username="front", secret="s3cret", ca=authority.file)
        (answer,) = sent(server, claimed())
        assert (
            mailer.probe(server).text == f"Ready over TLS{' (STARTTLS)' * (security is Security.STARTTLS)}, signed in"
        )
    assert answer.accepted
    assert len(behaviour.received) == 1


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_certificate_that_is_not_trusted_needs_a_person(authority, security):
    with mail_servers.running(security=security, tls=authority.context) as (server, behaviour):
        (answer,) = sent(server, claimed())
    assert (answer.server_down, answer.final) == (True, True)
    assert "certificate is not trusted" in answer.text
    assert behaviour.received == []


def test_a_certificate_for_another_host_is_not_trusted(authority):
    with mail_servers.running(security=Security.TLS, tls=authority.for_another_host) as (server, behaviour):
        (answer,) = sent(replace(server, ca=authority.file), claimed())
    assert (answer.server_down, answer.final) == (True, True)
    assert "certificate is not trusted" in answer.text
    assert behaviour.received == []


def test_a_server_that_signs_nobody_in_without_tls_needs_a_person():
    with mail_servers.running(secret="right", auth_require_tls=True) as (server, behaviour):
        (answer,) = sent(replace(server, username="front", secret="right"), claimed())
    assert (answer.server_down, answer.final) == (True, True)
    assert behaviour.received == []


def test_a_server_without_tls_gets_nothing_when_tls_is_required():
    with mail_servers.running() as (server, behaviour):
        (answer,) = sent(replace(server, security=Security.STARTTLS), claimed())
    assert (answer.server_down, answer.final) == (True, True)
    assert behaviour.received == []


def test_tls_spoken_to_a_server_without_it_is_a_server_that_is_down():
    with mail_servers.running() as (server, _):
        (answer,) = sent(replace(server, security=Security.TLS), claimed())
    assert answer.server_down


def test_a_wrong_secret_needs_a_person():
    with mail_servers.running(secret="right") as (server, behaviour):
        (answer,) = sent(replace(server, username="front", secret="wr0ng"), claimed())
    assert (answer.server_down, answer.final, answer.code) == (True, True, 535)
    assert "PATHWAY_SMTP_URL" in answer.text
    assert behaviour.received == []


def test_a_server_that_offers_no_sign_in_needs_a_person():
    with mail_servers.running() as (server, _):
        (answer,) = sent(replace(server, username="front", secret="s3cret"), claimed())
    assert (answer.server_down, answer.final) == (True, True)


def test_a_server_that_wants_a_sign_in_we_have_not_needs_a_person():
    with mail_servers.running(secret="right") as (server, _):
        (answer,) = sent(server, claimed())
    assert (answer.server_down, answer.final, answer.code) == (True, True, 530)


def test_a_server_that_repeats_the_secret_does_not_get_it_into_the_answer():
    with mail_servers.running(Behaviour({"mail": "451 s3cret czNjcmV0 AGZyb250AHMzY3JldA=="}), secret="s3cret") as (
        server,
        _,
    ):
        (answer,) = sent(replace(server, username="front", secret="s3cret"), claimed())
    assert answer.text == "*** *** ***"


def test_a_reply_is_kept_on_one_line_and_short():
    with mail_servers.running(Behaviour({"rcpt": "550 " + "no " * 160})) as (server, _):
        (answer,) = sent(server, claimed())
    assert len(answer.text) <= mailer.LONGEST_REPLY


def test_an_address_that_can_not_be_spelled_is_final():
    with mail_servers.running() as (server, _):
        answers = sent(server, replace(claimed(1), recipient_address="é@agency.example.org"), claimed(2))
    assert [(answer.accepted, answer.final) for answer in answers] == [(False, True), (True, True)]


def test_a_message_that_takes_too_long_ends_before_its_lease():
    with mail_servers.running(Behaviour({"rcpt": SILENCE})) as (server, _):
        slow = replace(server.patience, command=30, message=0.3)
        (answer,) = sent(replace(server, patience=slow), claimed())
    assert (answer.accepted, answer.final) == (False, False)


@pytest.mark.parametrize(("faults", "accepted"), [({}, True), ({"banner": "421 Closing"}, False)])
def test_a_probe_sends_nothing(faults, accepted):
    with mail_servers.running(Behaviour(faults)) as (server, behaviour):
        assert mailer.probe(server).accepted is accepted
    assert behaviour.received == []


def test_the_context_checks_host_names(authority):
    server = MailServer(host="mail.example.org", port=465, security=Security.TLS, ca=authority.file)
    assert server.trust().verify_mode is ssl.CERT_REQUIRED
    assert server.trust().check_hostname

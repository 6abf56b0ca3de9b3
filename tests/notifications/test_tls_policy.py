"""TLS required or not by domain: on the way to our mail server, and where it is asked for on the whole way."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from notifications import domains
from notifications.smtp import mailer
from notifications.smtp.mailer import Answer, Connection
from notifications.smtp.servers import MailServer, Security
from notifications.smtp.tls_policy import TlsPolicy
from rules.errors import InvalidInput
from support import mail_servers, tls_servers

PLAIN = "smtp://mail.example.org:2525?tls=none"
WHOLE_WAY = TlsPolicy(whole_way_domains=("agency.example.org",))
ADDRESS = "ada@agency.example.org"


def sent(server: MailServer, address: str = ADDRESS) -> Answer:
    async def send() -> Answer:
        connection = Connection(server, server.trust())
        answer = await connection.send(tls_servers.message_to(address))
        await connection.quit()
        return answer

    return asyncio.run(send())


def test_a_server_without_tls_elsewhere_is_not_used_and_the_remedy_is_told():
    answer = sent(MailServer.from_url(PLAIN))
    assert (answer.accepted, answer.final, answer.server_down) == (False, True, True)
    assert "tls=required" in answer.text
    assert "PATHWAY_TLS=optional" in answer.text


def test_a_server_without_tls_on_this_machine_is_used():
    with mail_servers.running() as (server, behaviour):
        assert sent(server).accepted
    assert len(behaviour.received) == 1


def test_a_probe_says_what_keeps_a_server_from_being_used():
    assert "PATHWAY_TLS asks for it" in mailer.probe(MailServer.from_url(PLAIN)).text


@pytest.mark.parametrize(
    ("policy", "refused"),
    [
        (TlsPolicy(), "needs it"),
        (TlsPolicy(plain_domains=("example.net",)), "mail to agency.example.org needs it"),
        (TlsPolicy(plain_domains=("example.org",)), ""),
        (TlsPolicy(plain_domains=("*",)), ""),
        (TlsPolicy(required=False), ""),
        (TlsPolicy(required=False, whole_way_domains=("example.org",)), "REQUIRETLS"),
    ],
)
def test_what_may_go_to_a_server_without_tls(policy, refused):
    why = policy.against_message(MailServer.from_url(PLAIN).way, ADDRESS, promised=False)
    assert refused in why
    assert bool(why) is bool(refused)


def test_with_domains_that_need_no_tls_the_server_is_used_for_these_alone():
    policy = TlsPolicy(plain_domains=("example.net",))
    assert policy.against_server(MailServer.from_url(PLAIN).way) == ""


def test_a_server_that_offers_no_starttls_where_it_is_required_needs_a_person():
    with mail_servers.running() as (server, behaviour):
        answer = sent(replace(server, security=Security.STARTTLS))
    assert (answer.final, answer.server_down, behaviour.received) == (True, True, [])


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_tls_on_the_whole_way_is_asked_for_where_the_server_offers_it(authority, security):
    with tls_servers.promising(security, tls=authority.context) as (server, asked):
        assert sent(replace(server, ca=authority.file, policy=WHOLE_WAY)).accepted
    assert asked == ["REQUIRETLS"]


def test_tls_on_the_whole_way_is_not_asked_for_to_other_domains(authority):
    with tls_servers.promising(Security.TLS, tls=authority.context) as (server, asked):
        assert sent(replace(server, ca=authority.file, policy=WHOLE_WAY), "ada@school.example.org").accepted
    assert asked == [""]


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_where_the_server_does_not_offer_it_the_message_is_refused_with_the_reason(authority, security):
    with mail_servers.running(security=security, tls=authority.context) as (server, behaviour):
        answer = sent(replace(server, ca=authority.file, policy=WHOLE_WAY))
    assert (answer.accepted, answer.final, answer.server_down) == (False, True, False)
    assert "does not promise it (REQUIRETLS, RFC 8689)" in answer.text
    assert behaviour.received == []


def test_an_offer_on_a_connection_without_tls_counts_for_nothing():
    with tls_servers.promising(Security.NONE) as (server, asked):
        assert "does not promise it" in sent(replace(server, policy=WHOLE_WAY)).text
    assert asked == []


def test_after_a_refusal_of_ours_the_connection_carries_the_next_message():
    async def both(server: MailServer) -> list[bool]:
        connection = Connection(server, server.trust())
        addresses = (ADDRESS, "ada@school.example.org")
        answers = [await connection.send(tls_servers.message_to(address)) for address in addresses]
        await connection.quit()
        return [answer.accepted for answer in answers]

    with mail_servers.running() as (server, behaviour):
        assert asyncio.run(both(replace(server, policy=WHOLE_WAY))) == [False, True]
    assert behaviour.connections == 1


# -- lists of domains --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("gov.uk, nhs.net", ("gov.uk", "nhs.net")),
        ("GOV.UK;@nhs.net  *.police.uk.", ("gov.uk", "nhs.net", "police.uk")),
        ("gov.uk, *", ("*",)),
        ("none", ()),
        ("  ", ()),
        ("bücher.example", ("xn--bcher-kva.example",)),
    ],
)
def test_a_list_of_domains_is_read_as_people_write_it(text, found):
    assert domains.parse(text, place="PATHWAY_SECURE_DOMAINS") == found


def test_every_word_that_is_no_domain_is_named():
    with pytest.raises(InvalidInput) as caught:
        domains.parse("gov.uk, a@b.org, -x.org", place="PATHWAY_SECURE_DOMAINS")
    assert [fault.place for fault in caught.value.faults] == ["PATHWAY_SECURE_DOMAINS"] * 2


@pytest.mark.parametrize(
    ("address", "covered"),
    [
        ("a@gov.uk", True),
        ("a@haringey.gov.uk", True),
        ("a@HARINGEY.GOV.UK", True),
        ("a@notgov.uk", False),
        ("a@gov.uk.example.org", False),
        ("gov.uk", False),
        ("", False),
    ],
)
def test_a_domain_in_a_list_stands_for_its_sub_domains(address, covered):
    assert domains.covers(("gov.uk",), address) is covered

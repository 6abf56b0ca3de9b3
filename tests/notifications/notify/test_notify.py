"""GOV.UK Notify as a channel: what it takes, what it refuses, and what happens when it does not answer."""

from __future__ import annotations

import logging
import socket
from datetime import timedelta

import pytest

from notifications.dispatch import dispatcher
from notifications.dispatch.dispatcher import DispatchReport
from notifications.notify import notify_channel, statuses
from notifications.notify.notify_channel import Inquiry, Notify
from notifications.notify.notify_service import NotifyService
from notifications.outbox import mime, queue
from notifications.outbox.mime import Parts
from rules.errors import InvalidInput, Unavailable
from rules.messages import MessageState
from storage.clock import utc_now
from storage.tables import Message
from support import mail_servers, notify_server
from support import outbox as hand
from support.letters import NOW
from support.notify_server import KEY, TEMPLATE, Behaviour

LATER = NOW + timedelta(hours=2)
FIRST = "recipient1@agency.example.org"


def nothing_more(_session, _message, _answer, *, now):
    """Nothing follows from an answer."""


def run(database, service, *, now=NOW, **options):
    return dispatcher.run_once(database, Notify(service=service), nothing_more, now=lambda: now, **options)


def test_an_email_goes_with_subject_text_and_message_id_and_its_name_is_kept(database):
    (message_id,) = hand.put(database)
    with notify_server.running(reply_to=notify_server.REPLY_TO) as (service, there):
        assert run(database, service) == DispatchReport(handed_over=1)
    row, (attempt,) = hand.message(database, message_id), hand.attempts(database, message_id)
    assert there.sent == [(FIRST, "We have received your contact", "Thank you.")]
    assert there.taken[0]["reference"] == row.message_id
    assert there.taken[0]["given"]["email_reply_to_id"] == notify_server.REPLY_TO
    assert (attempt.provider_id, attempt.server) == (there.taken[0]["id"], str(service))


def test_several_connections_send_at_once(sqlite_database):
    hand.put(sqlite_database, 12)
    with notify_server.running() as (service, there):
        assert run(sqlite_database, service, connections=3) == DispatchReport(handed_over=12)
    assert len(there.sent) == len(set(there.sent)) == 12


@pytest.mark.parametrize("subject", ["Our decision", "“Ünïcode” " + "and long " * 20 + "x", "=?utf-8?q?x?= typed", ""])
@pytest.mark.parametrize("html", [None, "<p>Another text</p>"])
def test_the_words_of_a_message_are_those_that_were_given(subject, html):
    address, text = ("Ada", "ada@example.org"), "Dear Ada,\n\n.a dot\nañ = sign " + "y" * 200
    content = mime.build(
        sender=address, recipient=address, reply_to="", subject=subject, text=text, html=html, message_id="<1>", now=NOW
    )
    assert mime.parts_of(content) == Parts(sender=address[1], subject=subject, text=text, html=html)


REFUSED = [notify_server.TEAM_ONLY, (400, "ValidationError", "email_address is not a valid email address")]


@pytest.mark.parametrize("fault", REFUSED)
def test_a_refusal_of_one_message_is_final_and_holds_up_no_other(database, fault):
    ids = hand.put(database, 3)
    with notify_server.running(Behaviour({"email": fault}, only_for=FIRST)) as (service, _):
        assert run(database, service) == DispatchReport(handed_over=2, refused=1)
    row = hand.message(database, ids[0])
    assert (row.state, row.perhaps_twice) == (MessageState.REFUSED, False)
    assert fault[2] in row.last_answer


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        (Behaviour({"template": (403, "AuthError", "Invalid token: API key not found")}), "API key not found"),
        (Behaviour({"email": (403, "AuthError", "Error: Your system clock must be accurate")}), "system clock"),
        (Behaviour({"template": (404, "NoResultFound", "No result found")}), "No result found"),
        (Behaviour(template={"type": "email", "subject": "((subject))", "body": "Hello"}), "lacks ((body))"),
        (Behaviour(template={"type": "sms", "body": "((body))"}), "none for e-mail"),
    ],
)
def test_what_is_set_up_wrongly_is_one_fault_for_a_person_and_no_attempt(database, behaviour, said):
    (first, *_) = hand.put(database, 5)
    with notify_server.running(behaviour) as (service, there):
        report = run(database, service, connections=1)
    assert (report.given_back, report.needs_person, report.refused) == (5, True, 0)
    assert said in report.server_down
    assert (hand.message(database, first).attempts, there.taken) == (0, [])


def test_another_key_is_not_known(sqlite_database):
    hand.put(sqlite_database)
    with notify_server.running(key=KEY.replace("3d8", "3d9")) as (service, _):
        report = run(sqlite_database, service)
    assert report.needs_person
    assert "3d9" not in report.server_down


@pytest.mark.parametrize("place", ["template", "email"])
def test_too_many_at_once_waits_without_an_attempt(database, place):
    (message_id,) = hand.put(database)
    with notify_server.running(Behaviour({place: notify_server.BUSY}, times=1)) as (service, there):
        report = run(database, service)
        assert (report.given_back, report.needs_person) == (1, False)
        assert run(database, service) == DispatchReport(handed_over=1)
    assert len(there.taken) == len(hand.attempts(database, message_id)) == 1


@pytest.mark.parametrize("status", [500, 503])
def test_a_fault_of_the_service_is_tried_again_later(database, status):
    (message_id,) = hand.put(database)
    behaviour = Behaviour({"email": (status, "Exception", "Internal server error")}, times=1)
    with notify_server.running(behaviour) as (service, there):
        assert run(database, service) == DispatchReport(put_off=1)
        assert run(database, service) == DispatchReport()
        assert run(database, service, now=LATER) == DispatchReport(handed_over=1)
    assert len(there.taken) == 1
    assert not hand.message(database, message_id).perhaps_twice


LOST = [notify_server.TAKE_AND_DROP, notify_server.TAKE_AND_SAY_NOTHING]


@pytest.mark.parametrize("fault", LOST)
def test_what_was_taken_without_an_answer_is_found_by_its_reference_and_makes_no_twin(database, fault):
    (message_id,) = hand.put(database)
    with notify_server.running(Behaviour({"email": fault}, times=1)) as (service, there):
        assert run(database, service) == DispatchReport(put_off=1)
        assert hand.message(database, message_id).perhaps_twice
        assert run(database, service, now=LATER) == DispatchReport(handed_over=1)
    assert len(there.taken) == 1
    assert hand.attempts(database, message_id)[-1].provider_id == there.taken[0]["id"]


@pytest.mark.parametrize("fault", [notify_server.DROP, notify_server.NONSENSE, (502, "", "Bad gateway")])
def test_what_was_not_taken_goes_after_asking_for_it(database, fault):
    (message_id,) = hand.put(database)
    with notify_server.running(Behaviour({"email": fault}, times=1)) as (service, there):
        assert run(database, service) == DispatchReport(put_off=1)
        assert hand.message(database, message_id).perhaps_twice
        assert run(database, service, now=LATER) == DispatchReport(handed_over=1)
    assert len(there.taken) == 1
    assert any("reference=" in path for path in there.asked)


def test_as_long_as_nobody_can_say_whether_it_was_taken_it_is_not_sent_again(sqlite_database):
    hand.put(sqlite_database)
    behaviour = Behaviour({"email": notify_server.TAKE_AND_DROP, "list": notify_server.BROKEN}, times=2)
    with notify_server.running(behaviour) as (service, there):
        run(sqlite_database, service)
        assert run(sqlite_database, service, now=LATER).server_down
        assert run(sqlite_database, service, now=LATER) == DispatchReport(handed_over=1)
    assert len(there.taken) == 1


def test_a_message_whose_sender_was_killed_is_asked_for_first(database):
    """Accepted, and killed before the answer was recorded: the lease runs out."""
    (message_id,) = hand.put(database)
    with notify_server.running() as (service, there):
        there.take("email", {"reference": hand.message(database, message_id).message_id})
        with database.write() as session:
            queue.claim(session, now=NOW, lease=timedelta(minutes=5), limit=1, by="the one that is killed")
        assert run(database, service, now=LATER) == DispatchReport(handed_over=1)
    assert len(there.taken) == 1


def test_nobody_there_is_a_server_that_is_down(database):
    hand.put(database, 3)
    with socket.create_server(("127.0.0.1", 0)) as gone:
        url = f"http://127.0.0.1:{gone.getsockname()[1]}"
    report = run(database, NotifyService(key=KEY, template=TEMPLATE, url=url))
    assert (report.given_back, report.needs_person) == (3, False)
    assert "can't be reached" in report.server_down


def test_neither_key_nor_address_is_in_a_log_or_a_repr(sqlite_database, caplog):
    hand.put(sqlite_database)
    fault = (400, "ValidationError", f"email_address {FIRST} is not valid")
    with caplog.at_level(logging.DEBUG), notify_server.running(Behaviour({"email": fault})) as (service, _):
        run(sqlite_database, service)
    assert notify_server.SECRET not in caplog.text + repr(service)
    assert FIRST not in caplog.text


def test_a_mail_server_refuses_a_letter_on_paper_for_a_person_to_print(sqlite_database):
    (message_id,) = hand.put(sqlite_database)
    with sqlite_database.write() as session:
        session.get_one(Message, message_id).delivery = "post"
    with mail_servers.running() as (server, there):
        assert dispatcher.run_once(sqlite_database, server, nothing_more, now=lambda: NOW).refused == 1
    assert there.received == []


ODD = [
    ({"key": "secret"}, "PATHWAY_NOTIFY_API_KEY"),
    ({"template": ""}, "PATHWAY_NOTIFY_EMAIL_TEMPLATE"),
    ({"template": "the pass-through one"}, "PATHWAY_NOTIFY_EMAIL_TEMPLATE"),
    ({"reply_to": "team@example.org"}, "PATHWAY_NOTIFY_REPLY_TO"),
    ({"url": "http://notify.example.org"}, "PATHWAY_NOTIFY_URL"),
    ({"url": "https://notify.example.org/v2"}, "PATHWAY_NOTIFY_URL"),
    ({"url": "https://[notify"}, "PATHWAY_NOTIFY_URL"),
]


@pytest.mark.parametrize(("given", "place"), ODD, ids=str)
def test_an_odd_setting_is_named_and_the_key_never_repeated(given, place):
    with pytest.raises(InvalidInput) as refused:
        NotifyService.of(**{"key": KEY, "template": TEMPLATE} | given)
    assert [fault.place for fault in refused.value.faults] == [place]
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "name"), [("", "GOV.UK Notify"), ("http://127.0.0.1:9", "GOV.UK Notify at 127.0.0.1:9")]
)
def test_it_is_called_by_its_name(url, name):
    service = NotifyService.of(key=KEY, template=TEMPLATE, **({"url": url} if url else {}))
    assert str(Notify(service=service)) == name


def test_a_probe_asks_for_the_template_and_sends_nothing():
    with notify_server.running() as (service, there):
        assert notify_channel.probe(service).accepted
    assert (there.taken, there.asked) == ([], [f"/v2/template/{TEMPLATE}"])


def test_a_status_is_asked_for_by_its_name():
    with notify_server.running() as (service, there):
        name = there.take("email", {})["id"]
        there.becomes(0, "permanent-failure", "2026-11-20T10:00:00.000000Z")
        inquiry = Inquiry(service)
        report = inquiry.status_of(name)
        assert inquiry.status_of("00000000-0000-0000-0000-000000000000") is None
        inquiry.close()
    assert (report.status, report.has_failed, report.is_final) == ("permanent-failure", True, True)
    assert report.said_at.isoformat() == "2026-11-20T10:00:00+00:00"


def test_where_it_cannot_be_asked_that_is_said():
    with notify_server.running(Behaviour({"status": notify_server.BROKEN})) as (service, _):
        inquiry = Inquiry(service)
        with pytest.raises(Unavailable, match="Internal server error"):
            inquiry.status_of("00000000-0000-0000-0000-000000000000")
        inquiry.close()


@pytest.mark.parametrize(
    ("status", "final", "failed"),
    [
        ("created", False, False),
        ("sending", False, False),
        ("accepted", False, False),
        ("pending-virus-check", False, False),
        ("delivered", True, False),
        ("received", True, False),
        *((status, True, True) for status in statuses.FAILED),
    ],
)
def test_every_documented_status_is_understood(status, final, failed):
    report = statuses.Report(provider_id="1", status=status, said_at=utc_now())
    assert (report.is_final, report.has_failed) == (final, failed)


@pytest.mark.parametrize("given", [{}, {"id": 1, "status": "x"}, {"id": "1"}, {"id": "", "status": "sending"}])
def test_nonsense_is_no_report(given):
    assert statuses.report(given) is None


@pytest.mark.parametrize("moment", [None, "", "yesterday", "2026-11-20T10:00:00"])
def test_a_moment_that_is_none_is_left_out(moment):
    assert statuses.report({"id": "1", "status": "sending", "completed_at": moment}).said_at is None

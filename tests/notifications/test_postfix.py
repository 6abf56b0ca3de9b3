"""From the outbox into Debian's Postfix, a mail server that councils run."""

from __future__ import annotations

import pytest

from notifications.dispatch import dispatcher
from notifications.smtp.servers import MailServer
from rules.messages import MessageState
from support import outbox as hand
from support import postfix
from support.letters import NOW
from support.outbox import Settled

pytestmark = pytest.mark.needs("postfix")


def test_postfix_takes_what_is_owed_over_tls_and_delivers_it_as_it_was_written(sqlite_database, authority):
    sent = hand.put(sqlite_database, 30, recipient_address="isla@agency.example.org", text="Café.\n.\nFrom here on.\n")
    (busy,) = hand.put(sqlite_database, dedup_key="busy", recipient_address="busy@agency.example.org")
    (gone,) = hand.put(sqlite_database, dedup_key="gone", recipient_address="gone@agency.example.org")
    with postfix.running(authority.certificate) as server:
        known = MailServer.from_url(f"smtp://127.0.0.1:{server.port}?tls=required&ca={authority.file}")
        report = dispatcher.run_once(sqlite_database, known, Settled(), now=lambda: NOW)
        arrived = {message["Message-ID"]: message for message in server.arrived(30)}
    assert (report.handed_over, report.put_off, report.refused, report.faults) == (30, 1, 1, ())
    for row in (hand.message(sqlite_database, message_id) for message_id in sent):
        assert arrived[row.message_id].get_content() == "Café.\n.\nFrom here on.\n"
        assert arrived[row.message_id]["Auto-Submitted"] == "auto-generated"
        assert row.last_answer.startswith("250 2.0.0 Ok: queued as ")
        assert row.state == MessageState.HANDED_OVER
    assert hand.message(sqlite_database, busy).last_answer.startswith("450 4.2.1 ")
    assert hand.message(sqlite_database, gone).last_answer.startswith("550 5.1.1 ")

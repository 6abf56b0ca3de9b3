"""Promise: a mail server that is down is one alert, however many messages wait, and nothing is lost meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from notifications.dispatch import dispatcher
from pathway.engine.post import handing_over
from pathway.wiring.mail_alert import SUBJECT, Watch
from rules.vocabulary import Role
from support import mail_servers, notices
from support.front_door import FrontDoor

Door = Callable[..., FrontDoor]


@pytest.fixture
def door(open_door: Door) -> FrontDoor:
    """A front door with five letters to send."""
    found = open_door("2009-03-26 10:00")
    for child in ("Mia", "Noor", "Tom", "Ella", "Sam"):
        found.log(child)
    return found


def watch(door):
    return Watch(database=door.database, server="mail.example.org:25", clock=lambda: door.now)


def send(door, server, watching):
    report = dispatcher.run_once(door.database, server, handing_over.settle_message, now=lambda: door.now)
    watching.heard(report)
    return report


def test_however_many_messages_wait_one_alert_says_so_and_closes_when_they_go(door):
    watching = watch(door)
    with mail_servers.nobody() as server:
        for _ in range(4):
            send(door, server, watching)
    assert "can't be used" in door.alert(SUBJECT).headline
    door.sweep()
    assert len(door.messages(Role.ADMINISTRATOR, "alert")) == 1
    with mail_servers.running() as (server, _):
        assert send(door, server, watching).handed_over == 6
    assert door.alert(SUBJECT) is None


def test_two_senders_who_both_find_it_down_open_one_alert(door):
    with mail_servers.nobody() as server:
        for watching in (watch(door), watch(door)):
            for _ in range(2):
                send(door, server, watching)
    assert len(notices.told(door, Role.ADMINISTRATOR, "alert")) == 1


def test_a_stumble_is_no_alert(door):
    with mail_servers.nobody() as server:
        send(door, server, watch(door))
    assert door.alert(SUBJECT) is None


def test_what_only_a_person_can_mend_is_told_at_once(door):
    with mail_servers.running(secret="right") as (server, _):
        send(door, replace(server, username="front", secret="wr0ng"), watch(door))
    alert = door.alert(SUBJECT)
    assert "PATHWAY_SMTP_URL" in alert.next_step
    assert "wr0ng" not in alert.next_step

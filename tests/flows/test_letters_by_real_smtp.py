"""Promise: what the outbox holds reaches a real mail server, once, and the clock stops on its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from notifications.dispatch import dispatcher
from notifications.smtp import catcher
from notifications.smtp.catcher import Catcher
from notifications.smtp.servers import MailServer
from pathway.engine.post import handing_over
from storage.clock import utc_now
from support.front_door import FrontDoor

Door = Callable[..., FrontDoor]


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Catcher]:
    """A running mail catcher."""
    caught = Catcher(tmp_path / "mail")
    caught.start()
    yield caught
    caught.stop()


def send(door: FrontDoor, mailbox: Catcher) -> dispatcher.DispatchReport:
    server = MailServer.from_url(mailbox.url)
    return dispatcher.run_once(door.database, server, handing_over.settle_message, now=utc_now)


def test_a_referrer_finds_acknowledgement_and_outcome_in_the_mailbox(
    open_door: Door, mailbox: Catcher, tmp_path: Path
) -> None:
    door = open_door("2009-03-27 16:40")
    (referral,) = door.referrals(door.log("Mia"))
    door.decide(referral, reasons="The school can help; O'Brien & Sons will ring.")
    door.move_to("2009-03-27 17:00")
    assert send(door, mailbox).handed_over == 2
    newest, _ = catcher.mailbox(tmp_path / "mail")
    text = catcher.read(tmp_path / "mail", newest.name).text
    assert "The school can help; O'Brien & Sons will ring." in text
    assert door.clock(referral, "feedback").stopped_at == door.now


def test_nothing_is_sent_twice(open_door: Door, mailbox: Catcher, tmp_path: Path) -> None:
    door = open_door("2009-03-27 16:40")
    door.log("Mia")
    assert (send(door, mailbox).handed_over, send(door, mailbox).handed_over) == (1, 0)
    assert len(catcher.mailbox(tmp_path / "mail")) == 1

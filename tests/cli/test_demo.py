"""The demonstration: a story that is true of the engine, and a database in which every stage can be seen."""

from __future__ import annotations

import contextlib
import io
from collections import Counter

import pytest

from pathway import settings
from pathway.demo import desk, people, seed, story
from pathway.demo.desk import london
from rules.vocabulary import AlertKind, Role, State
from storage.tables import Alert, Message, OnwardReferral, Query, Referral, WatchGap
from support.rows import everything


@pytest.fixture(scope="module")
def told():
    """The lines of `pathway demo`."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        story.play()
    return out.getvalue().splitlines()


@pytest.fixture(scope="module")
def seeded(tmp_path_factory):
    """The rows of the demonstration's database."""
    home = settings.load(home=tmp_path_factory.mktemp("demo"), database_url="", smtp_url="")
    until = london("2026-11-23 09:00")
    with desk.opened(home, at=until - seed.LENGTH) as door:
        seed.fill(door, until=until)
        with door.database.read() as session:
            yield {
                table: everything(session, table)
                for table in (Referral, OnwardReferral, Alert, Message, Query, WatchGap)
            }


@pytest.mark.parametrize(
    "words",
    [
        "mail to Miriam Stone: Our decision on your contact",
        "Refused: Sam Okoro would hold 16 open children; the limit is 15",
        "mail to Frank Doyle: We have considered what you told us",
        "mail to Ola Berg, Daniel Price: Alert: Overdue: decision within 24 hours",
        "mail to Grace Mensah: Alert: Overdue: decision within 24 hours",
        "mail to Leila Haddad: Our decision on your contact",
        "Decided within 24 hours: 21 of 23 (91.3 %)",
        "Told in writing within 48 hours: 21 of 22 (95.5 %); 1 not applicable",
        "mail to Early Help Hub: Referral PW-",
        "mail to Sam Okoro: New information for the worker of an open child",
        "mail to Tom Bailey: New information for the team manager of an open child",
        "clock: feedback not applicable: not named by the referrer",
    ],
)
def test_the_story_tells_of(told, words):
    assert any(words in line for line in told)


def test_the_story_leaves_nothing_behind_and_names_no_child(told):
    assert told[-1].endswith("Nothing was kept.")
    assert not any("mail to" in line and name in line for line in told for name in ("Maya", "Nell", "Ruby", "Jude"))


def test_every_stage_of_the_pathway_can_be_seen(seeded):
    assert {referral.state for referral in seeded[Referral]} == set(State)


def test_late_ones_have_alerts_and_one_is_acknowledged(seeded):
    open_ones = [alert for alert in seeded[Alert] if alert.closed_at is None]
    kinds = {AlertKind.CLOCK: 4, AlertKind.CASELOAD: 1, AlertKind.DANGER: 1, AlertKind.NEW_INFORMATION: 1}
    assert Counter(alert.kind for alert in open_ones) == kinds
    assert [alert.acknowledged_by for alert in open_ones if alert.acknowledged_by] == ["daniel"]


def test_one_child_waits_for_its_receiver_and_one_was_named_by_nobody(seeded):
    assert [one.receiver for one in seeded[OnwardReferral] if one.answered_at is None] == ["Early Help Hub"]
    assert len([referral for referral in seeded[Referral] if not referral.named_by_referrer]) == 1


def test_every_message_was_handed_over_and_nobody_looked_away(seeded):
    assert {message.state for message in seeded[Message]} == {"handed over"}
    assert seeded[WatchGap] == []


def test_a_wrong_digit_is_a_query(seeded):
    assert any("943 476 5918" in query.problem for query in seeded[Query])


def test_each_role_has_somebody():
    assert {member.role for member in people.EVERYBODY} == set(Role)

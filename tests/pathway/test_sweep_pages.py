"""The sweep goes through what is due by key: every row once, at the same cost, whatever others hold meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import text

from pathway.engine.post import link_renewal
from pathway.engine.watch import sweep
from rules.vocabulary import AlertKind
from storage.queries import clock_rows, contact_rows
from storage.tables import Alert, Clock, Referral, id_of
from support import links, rows
from support.front_door import FrontDoor, london
from support.listening import listening, statements

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"
LATE = "2009-03-11 09:00"


def only_decisions(door: FrontDoor) -> None:
    """Nothing but the decisions is watched for from now on."""
    with door.database.write() as session:
        for clock in rows.everything(session, Clock):
            if clock.kind != "decision":
                clock.attention_at = None


def late_children(door: FrontDoor, *names: str) -> list[Referral]:
    """Each of a contact of its own, all due at the same moment, which is now."""
    found = [referral for name in names for referral in door.referrals(door.log(name))]
    only_decisions(door)
    door.move_to(LATE)
    return found


@pytest.mark.parametrize("batch", [2, 5])
def test_rows_due_at_the_same_moment_are_each_looked_at_once_in_pages_of_any_length(
    open_door: Door, batch: int
) -> None:
    door = open_door(TUESDAY)
    children = late_children(door, "Mia", "Leo", "Eve", "Ann", "Tom")
    report = sweep.run_once(door.database, now=door.now, batch=batch)
    assert (report.clocks, report.faults, report.left_alone) == (5, 0, 0)
    assert all(door.alert_of(child) for child in children)
    door.move_to("2009-03-11 13:00")
    assert sweep.run_once(door.database, now=door.now, batch=batch).alerts == 5


def finding(found: Sequence[tuple[str, Any]]) -> list[tuple[str, int]]:
    """The statements that look for what is due, with how many parameters each has."""
    looked_for = [one for one in found if "attention_at <=" in one[0] or "next_at <=" in one[0]]
    return [(statement, len(parameters)) for statement, parameters in looked_for if "LIMIT" in statement]


def test_however_many_were_seen_the_next_page_is_asked_for_in_the_same_words(open_door: Door) -> None:
    """PostgreSQL takes 65,535 parameters in a statement: naming the rows seen stopped the sweep at as many due."""
    door = open_door(TUESDAY)
    late_children(door, "Mia", "Leo", "Eve", "Ann", "Tom")
    with statements(door.database) as found:
        sweep.run_once(door.database, now=door.now, batch=1)
    looked_for = finding(found)
    assert len(looked_for) > 5
    assert len(set(looked_for)) == 2  # one for clocks, one for alerts


def test_a_row_that_comes_due_again_behind_the_page_is_looked_at_once_in_the_same_run(open_door: Door) -> None:
    door = open_door(TUESDAY)
    mia, leo = (door.clock(child) for child in late_children(door, "Mia", "Leo"))
    again = text(
        "UPDATE clock SET attention_at = :at WHERE id = :leo"
        " AND EXISTS (SELECT 1 FROM clock WHERE id = :mia AND breach_recorded_at IS NOT NULL)"
    ).bindparams(at=london(TUESDAY), leo=leo.id, mia=mia.id)
    with door.database.write() as session:
        clock_rows.fresh(session, id_of(leo)).attention_at = None
    # Whenever a page is done in which Mia was seen to, Leo is due, at a moment earlier than hers.
    with listening(door.database, "commit", lambda connection: connection.execute(again)):
        report = sweep.run_once(door.database, now=door.now, batch=1)
    assert report.clocks == 2


# SQLite has one writer: there nobody holds a row while the sweep runs, for the sweep itself waits for its turn.
two_writers = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@two_writers
@pytest.mark.parametrize("batch", [1, 100])
def test_a_row_that_another_session_holds_is_left_for_the_next_run_and_the_sweep_ends(
    open_door: Door, batch: int
) -> None:
    door = open_door(TUESDAY)
    mia, leo, eve = late_children(door, "Mia", "Leo", "Eve")
    with door.database.write() as other:
        contact_rows.lock(other, mia.contact_id)
        report = sweep.run_once(door.database, now=door.now, batch=batch)
    assert (report.clocks, report.left_alone, report.faults) == (2, 1, 0)
    assert door.alert_of(leo)
    assert door.alert_of(eve)
    assert door.clock(mia).breach_recorded_at is None
    report = sweep.run_once(door.database, now=door.now, batch=batch)
    assert (report.clocks, report.left_alone) == (1, 0)
    assert door.alert_of(mia)


@two_writers
def test_an_alert_whose_contact_another_session_holds_is_left_for_the_next_run(open_door: Door) -> None:
    door = open_door(TUESDAY)
    mia, _ = late_children(door, "Mia", "Leo")
    door.sweep()
    door.move_to("2009-03-11 13:00")
    with door.database.write() as other:
        contact_rows.lock(other, mia.contact_id)
        report = sweep.run_once(door.database, now=door.now, batch=1)
    assert (report.alerts, report.left_alone) == (1, 1)
    assert sweep.run_once(door.database, now=door.now, batch=1).alerts == 1


@two_writers
def test_a_link_whose_contact_another_session_holds_stands_in_no_other_links_way(open_door: Door) -> None:
    door = links.few_secure(open_door(TUESDAY))
    held, free = (links.decided(door, referrer_email=f"{name}@mail.example.net")[0] for name in ("ada", "ben"))
    door.hand_over_letters()
    door.move_to("2009-04-10 09:00")
    with door.database.write() as other:
        contact_rows.lock(other, id_of(held))
        link_renewal.tell_unopened(door.database, now=door.now, batch=1)
    assert told_of_letters(door) == {free.id}
    link_renewal.tell_unopened(door.database, now=door.now, batch=1)
    assert told_of_letters(door) == {held.id, free.id}


def told_of_letters(door: FrontDoor) -> set[int | None]:
    """The contacts about which an alert of letters is open."""
    with door.database.read() as session:
        return {alert.contact_id for alert in rows.everything(session, Alert) if alert.kind == AlertKind.LETTER}

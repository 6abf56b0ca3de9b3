"""The week's figures by e-mail: to who asked, once a week, on the first working morning, and no child named."""

from __future__ import annotations

import pytest

from pathway.engine.watch import weekly_figures
from rules.errors import NotAllowed
from rules.vocabulary import Role
from storage.queries.figures import weekly_rows
from support import notices, weeks
from support.front_door import MANAGER, OFFICER, london


@pytest.fixture
def door(open_door):
    return open_door("2009-03-05 12:00")


def choose(door, by=MANAGER, *, wants=True):
    with door.acting(by) as act:
        weekly_figures.choose(act, weekly_figures.WeeklyInput(wants=wants))


def mails(door):
    return door.messages(Role.DUTY_MANAGER, "weekly figures")


def sweep_at(door, *moments):
    for moment in moments:
        door.move_to(moment)
        door.sweep()


def test_nobody_gets_it_who_did_not_ask(door):
    sweep_at(door, "2009-03-09 09:00")
    assert not mails(door)


def test_it_comes_on_monday_morning_once_however_often_the_sweep_looks(door):
    choose(door)
    sweep_at(door, "2009-03-09 08:29", "2009-03-09 08:30", "2009-03-09 08:31", "2009-03-10 09:00", "2009-03-15 09:00")
    assert len(mails(door)) == 1
    sweep_at(door, "2009-03-16 08:30")
    assert len(mails(door)) == 2


def test_where_monday_is_a_bank_holiday_it_comes_on_tuesday(door):
    choose(door)
    sweep_at(door, "2009-03-30 09:00", "2009-04-06 09:00")  # then comes Easter Monday, 13 April 2009
    before = len(mails(door))
    sweep_at(door, "2009-04-13 12:00")
    assert len(mails(door)) == before
    sweep_at(door, "2009-04-14 08:30")
    assert len(mails(door)) == before + 1


def test_after_a_downtime_it_comes_late_and_only_that_of_the_last_week(door):
    choose(door)
    sweep_at(door, "2009-03-25 15:00")
    (mail,) = mails(door)
    assert "16 March 2009 to 22 March 2009" in mail.subject


def test_the_morning_is_that_on_the_wall_in_summer_too(door):
    choose(door)
    sweep_at(door, "2009-06-08 08:29")
    assert not mails(door)
    sweep_at(door, "2009-06-08 08:30")
    assert [one.created_at for one in mails(door)] == [london("2009-06-08 08:30")]


def test_asked_for_after_the_morning_it_comes_from_next_week_on(door):
    door.move_to("2009-03-09 12:00")
    choose(door)
    sweep_at(door, "2009-03-09 12:01")
    assert not mails(door)
    sweep_at(door, "2009-03-16 08:30")
    assert len(mails(door)) == 1


def test_it_names_no_child_and_leads_to_the_children(open_door):
    door = open_door("2009-03-02 09:00")
    choose(door)
    weeks.one_week(door)
    (mail,) = mails(door)
    text = notices.text(mail)
    assert "Contacts received: 5" in text
    assert "/reports?start=2009-03-02&end=2009-03-08" in text
    assert not [name for name in ("Mia", "Leo", "Tardy", "Zebedee", "Harlow") if name in text + mail.subject]


def test_who_asked_and_has_left_or_may_not_read_reports_gets_none(door):
    choose(door)
    door.leave(MANAGER)
    sweep_at(door, "2009-03-09 09:00")
    assert not mails(door)


def test_it_is_ended_by_who_asked(door):
    choose(door)
    choose(door, wants=False)
    sweep_at(door, "2009-03-09 09:00")
    assert not mails(door)


def test_whoever_may_not_read_reports_can_not_ask(door):
    with pytest.raises(NotAllowed):
        choose(door, by=OFFICER)


def test_killed_between_the_message_and_the_commit_it_is_sent_once(door):
    choose(door)
    door.move_to("2009-03-09 09:00")
    with door.database.read() as session:
        (asked,) = weekly_rows.wanting(session)
    with door.database.rehearse() as session:  # all is written, and nothing of it stays
        weekly_figures._send(session, asked.user_id, weekly_figures._monday(door.now.date()), now=door.now)
    assert not mails(door)
    sweep_at(door, "2009-03-09 09:01", "2009-03-09 09:02")
    assert len(mails(door)) == 1


def test_two_processes_that_sweep_at_once_send_one(door):
    choose(door)
    door.move_to("2009-03-09 09:00")
    with door.database.read() as session:
        (asked,) = weekly_rows.wanting(session)
    monday = weekly_figures._monday(door.now.date())
    written = [weekly_figures._guarded(door.database, asked.user_id, monday, now=door.now) for _ in range(2)]
    assert (written, len(mails(door))) == ([1, 0], 1)

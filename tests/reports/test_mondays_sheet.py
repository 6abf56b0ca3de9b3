"""Monday's sheet: every number is that of its rows, whoever looks, and that of a plain script over the events."""

from __future__ import annotations

from datetime import date

import pytest
from reports import plain_figures
from sqlmodel import delete, select

from pathway.engine.figures import counting, figure_list, mondays_sheet
from pathway.engine.rulebooks import published_books
from rules.errors import InvalidInput
from rules.figures import periods
from rules.figures.periods import Period
from rules.vocabulary import Role
from storage.figures import figure_folding
from storage.queries.children import restriction_rows
from storage.queries.figures import figure_rows
from storage.tables import Contact, Event, FigureCount, FigureRow, FigureTouch, Person, Referral
from support import figures, hands, rows, second_thoughts, weeks
from support.front_door import MANAGER, person_in

SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)
BACK = {"letters back"}  # none came back in that week; the letter that came back has a test of its own
WEEK = Period(start=date(2009, 3, 2), end=date(2009, 3, 9))
PERIODS = {
    "the week": WEEK,
    "one day": Period(start=date(2009, 3, 3), end=date(2009, 3, 4)),
    "with today": Period(start=date(2009, 3, 1), end=date(2009, 3, 12)),
    "before anything": Period(start=date(2008, 1, 1), end=date(2008, 2, 1)),
    "the year": periods.preset("year", date(2009, 3, 9)),
}


@pytest.fixture
def door(open_door):
    found = open_door("2009-03-02 09:00")
    weeks.one_week(found)
    return found


def measured(door, period=WEEK):
    with counting.counted(door.database) as session:
        book = published_books.current(session, now=door.now).book
        return mondays_sheet.measure(session, book, period, now=door.now)


def waiting(door):
    with door.database.read() as session:
        return figure_rows.waiting(session)


def parts(door, key, period=WEEK):
    return {line.part: line.count for line in measured(door, period).table(key).lines if line.count}


def lines(sheet):
    yield from [one for one in sheet.days if one.count] or sheet.days[:1]
    for table in sheet.tables.values():
        yield table.total
        yield from table.lines


@pytest.mark.parametrize("who", [None, MANAGER, SERVICE_MANAGER], ids=["nobody is shut out", "shut out", "named"])
@pytest.mark.parametrize("period", PERIODS.values(), ids=list(PERIODS))
def test_rows_shown_and_hidden_add_up_to_every_figure(door, period, who):
    if who is not None:
        zebedee = next(one for one in referrals(door) if named(door, one) == "Zebedee")
        hands.restrict(door, zebedee, SERVICE_MANAGER)
    with door.database.read() as session:
        closed = restriction_rows.closed_to(session, (who or MANAGER).username, now=door.now)
        for line in lines(measured(door, period)):
            shown = figure_rows.page(session, line.wanted, closed=closed, limit=1000)
            hidden = figure_rows.hidden(session, line.wanted, closed=closed)
            assert len(shown) + hidden == line.count == figure_rows.count(session, line.wanted), line
            assert not any(person.id in closed for one in shown for _, person in one.children), line


def referrals(door):
    with door.database.read() as session:
        return rows.everything(session, Referral)


def named(door, referral):
    with door.database.read() as session:
        return session.get_one(Person, referral.person_id).forename


def test_who_is_shut_out_is_told_how_many_there_are(door):
    zebedee = next(one for one in referrals(door) if named(door, one) == "Zebedee")
    hands.restrict(door, zebedee, SERVICE_MANAGER)
    with door.database.read() as session:
        closed = restriction_rows.closed_to(session, MANAGER.username, now=door.now)
        assert figure_rows.hidden(session, measured(door).table("children").total.wanted, closed=closed) == 1


@pytest.mark.parametrize("period", PERIODS.values(), ids=list(PERIODS))
def test_the_figures_are_those_of_a_plain_script_over_the_events(door, period):
    with door.database.read() as session:
        plain = plain_figures.count(
            [one.model_dump() for one in rows.everything(session, Event)], period.start, period.end, door.now
        )
    found = {
        key: {line.part: line.count for line in table.lines if line.count}
        for key, table in measured(door, period).tables.items()
    }
    found = {key: found.get(key, {}) for key in plain}
    assert found == plain


@pytest.mark.parametrize("period", PERIODS.values(), ids=list(PERIODS))
def test_figures_whose_parts_no_event_names_are_in_all_as_many_as_a_plain_script_counts(door, period):
    with door.database.read() as session:
        events = [one.model_dump() for one in rows.everything(session, Event)]
    plain = plain_figures.totals(events, period.start, period.end, door.now)
    sheet = measured(door, period)
    assert set(plain) == set(sheet.tables) - set(plain_figures.count(events, period.start, period.end, door.now)) - BACK
    assert {figure: sheet.table(figure).total.count for figure in plain} == plain


def test_the_week_in_numbers(door):
    sheet = measured(door)
    assert [sheet.table(key).total.count for key in ("contacts", "children", "re-referrals")] == [5, 6, 2]
    assert parts(door, "conversion") == {"accepted": 2, "not accepted": 3, "undecided": 1}
    assert parts(door, "repeats") == {"again": 1, "first": 5}
    assert parts(door, "re-referrals") == {"again": 1, "first": 1}
    assert parts(door, "clock:decision") == {"in time": 4, "late": 1, "not done": 1}
    assert parts(door, "clock:danger") == {"late": 1}
    assert parts(door, "reasons") == {"staff-away": 1, "": 1}


def test_a_letter_that_came_back_counts_and_its_duty_is_not_met(open_door):
    door = open_door("2009-03-02 09:00")
    contact = door.log("Mia")
    door.decide(*door.referrals(contact))
    door.hand_over_letters()
    assert parts(door, "letters out") == {"email": 2}
    (outcome,) = door.letters(contact, "outcome")
    door.came_back(outcome, at="2009-03-02 09:00")
    door.move_to("2009-03-09 09:00")
    assert parts(door, "letters out") == {"email": 2}
    assert parts(door, "letters back") == {"bounced": 1}
    assert parts(door, "clock:feedback") == {"not done": 1}


def test_what_is_set_aside_counts_in_no_figure(door):
    leo = next(one for one in referrals(door) if named(door, one) == "Leo")
    second_thoughts.set_aside(door, leo)
    assert measured(door).table("children").total.count == 5


def test_what_falls_due_today_is_judged_tomorrow(door):
    door.log("Today")
    with_today = Period(start=WEEK.start, end=date(2009, 3, 11))
    before = measured(door, with_today).table("clock:decision").total.count
    door.move_to("2009-03-11 00:00")
    assert measured(door, with_today).table("clock:decision").total.count == before + 1


def test_a_day_ends_at_midnight_on_the_wall_in_summer_too(open_door):
    door = open_door("2009-06-30 22:00")
    door.move_to("2009-07-01 00:30")
    door.log("After", received="2009-07-01 00:00")
    door.log("Before", received="2009-06-30 23:59")
    july = Period(start=date(2009, 7, 1), end=date(2009, 7, 2))
    june = Period(start=date(2009, 6, 30), end=date(2009, 7, 1))
    assert [measured(door, one).table("contacts").total.count for one in (june, july)] == [1, 1]


def test_counted_again_from_nothing_the_week_is_the_same(door):
    with door.database.read() as session:
        assert not figures.wrong(session)


def test_a_caseload_is_that_of_now_whatever_the_period(door):
    assert measured(door).table("caseloads").total.count == 1
    assert measured(door, PERIODS["before anything"]).table("caseloads").total.count == 1


def test_the_sweep_folds_a_days_changes_and_no_figure_differs(door):
    before = [line.count for line in lines(measured(door))]
    door.log("Now")
    door.sweep()
    with door.database.read() as session:
        assert not figure_folding.any_unfolded(session)
        assert not figures.wrong(session)
    assert [line.count for line in lines(measured(door))] == before


def test_what_changed_is_counted_before_anybody_reads_a_figure(door):
    door.log("Now")
    assert waiting(door) == 1
    assert measured(door).uncounted == waiting(door) == 0


def test_what_was_there_before_the_figures_is_counted_a_step_by_whoever_reads_and_the_rest_by_the_sweep(door):
    before = [line.count for line in lines(measured(door))]
    with door.database.write() as session:
        session.execute(delete(FigureRow))
        session.execute(delete(FigureCount))
        contacts = [one.id for one in rows.everything(session, Contact)]
        session.add_all(FigureTouch(contact_id=contacts[number % 4]) for number in range(counting.CHANGES))
        session.flush()
        session.add_all(FigureTouch(contact_id=number) for number in contacts)
    assert measured(door).uncounted == 5
    door.sweep()
    assert waiting(door) == 0
    assert [line.count for line in lines(measured(door))] == before


def test_every_figure_says_what_it_counts_and_where_that_comes_from(door):
    for one in measured(door).definitions:
        assert one.words.endswith("."), one.key
        assert one.source, one.key


def test_a_figure_that_there_is_not_is_refused_with_those_that_there_are(door):
    with door.database.read() as session:
        book = published_books.current(session, now=door.now).book
    with pytest.raises(InvalidInput) as refused:
        figure_list.find(book, "happiness")
    assert "contacts" in refused.value.faults[0].remedy


def test_a_contact_that_another_is_changing_is_left_for_the_next_time_and_nobody_waits(open_door):
    door = open_door("2009-03-02 09:00")
    if door.database.dialect == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    contact = door.log("Mia")
    with door.database.write() as holder:
        holder.exec(select(Contact).where(Contact.id == contact.id).with_for_update()).one()
        assert measured(door).uncounted == 1
    assert measured(door).uncounted == 0
    with door.database.read() as session:
        assert figures.wrong(session) == []


def test_a_change_that_is_not_yet_committed_while_its_contact_is_counted_is_counted_after_it(open_door):
    door = open_door("2009-03-02 09:00")
    if door.database.dialect == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    door.log("Mia")
    with door.database.write() as slow:
        slow.exec(select(Referral)).one().outcome = "assessment"
        slow.flush()
        assert measured(door).uncounted == 0
    assert waiting(door) == 1
    with counting.counted(door.database) as session:
        assert figures.wrong(session) == []

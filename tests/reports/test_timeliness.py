"""The timeliness report: counted by child, judged by the facts."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from reports import plain_count

from pathway.reports import timeliness, timeliness_out
from pathway.reports.timeliness import Score
from support.front_door import london
from support.old_system import AUTUMN, SAMPLE, UNDECIDED, UNTOLD, imported, line, sibling, written

VERDICTS = ("met", "missed", "not yet due", "not applicable")
MOMENTS = [AUTUMN, datetime(2009, 3, 16, 12, tzinfo=UTC), datetime(2009, 4, 1, 8, tzinfo=UTC)]


@pytest.fixture
def office(open_door):
    return open_door("2009-04-06 09:00")


def measured(database, *, start=date(2009, 3, 1), end=date(2009, 3, 31), as_at=AUTUMN):
    with database.read() as session:
        return timeliness.measure(session, start=start, end=end, as_at=as_at)


def figures(report):
    """The report's figures under the plain script's names."""
    rows = [("", report.total), *((row.week.isoformat(), row) for row in report.by_week)]
    rows += [(row.source_code, row) for row in report.by_source]
    found = {("backlog", "", "undecided"): len(report.backlog)}
    for group, row in rows:
        for duty, score in (("decided", row.decided), ("told", row.told)):
            found |= {(duty, group, verdict): getattr(score, verdict.replace(" ", "_")) for verdict in VERDICTS}
    return {key: number for key, number in found.items() if number}


@pytest.mark.parametrize("as_at", MOMENTS, ids=str)
def test_the_sample_month_agrees_with_a_plain_script_over_the_file(sample_month, as_at):
    database, report = sample_month
    held_back = {fault.contact_ref for fault in report.faults if fault.held_back}
    plain = plain_count.count(SAMPLE, held_back, as_at)
    assert figures(measured(database, as_at=as_at)) == {key: number for key, number in plain.items() if number}


def test_decided_and_told_in_time_and_late(office, tmp_path):
    late = sibling("Leo", decided="11/03/2009 09:01", feedback_sent="12/03/2009 09:01")
    imported(office.database, written(tmp_path, line(), late, sibling("Zoe", **UNTOLD)))
    total = measured(office.database).total
    assert (total.children, total.decided, total.told) == (3, Score(met=2, missed=1), Score(met=1, missed=2))


def test_to_the_minute_of_the_limit_is_in_time(office, tmp_path):
    imported(office.database, written(tmp_path, line(decided="11/03/2009 09:00", feedback_sent="12/03/2009 09:00")))
    total = measured(office.database).total
    assert (total.decided, total.told) == (Score(met=1), Score(met=1))


def test_over_the_clock_change_24_hours_are_24_hours(office, tmp_path):
    times = {"received": "28/03/2009 10:00", "decided": "29/03/2009 11:00", "feedback_sent": "30/03/2009 11:01"}
    imported(office.database, written(tmp_path, line(**times)))
    total = measured(office.database).total
    assert (total.decided, total.told) == (Score(met=1), Score(missed=1))


def test_anonymous_counts_on_neither_side(office, tmp_path):
    imported(office.database, written(tmp_path, line(source_code="9", anonymous="Y", referrer_email="", **UNTOLD)))
    assert measured(office.database).total.told == Score(not_applicable=1)
    assert measured(office.database).total.told.percent is None


def test_what_was_decided_later_was_undecided_then(office, tmp_path):
    imported(office.database, written(tmp_path, line(decided="13/03/2009 09:00", feedback_sent="14/03/2009 09:00")))
    then = measured(office.database, as_at=london("2009-03-10 12:00"))
    assert (then.total.decided, len(then.backlog)) == (Score(not_yet_due=1), 1)
    later = measured(office.database, as_at=london("2009-03-12 12:00"))
    assert (later.total.decided, len(later.backlog)) == (Score(missed=1), 1)
    assert measured(office.database).backlog == ()


def test_what_had_not_come_in_yet_is_not_counted(office, tmp_path):
    imported(office.database, written(tmp_path, line()))
    assert measured(office.database, as_at=london("2009-03-10 08:59")).contacts == 0


@pytest.mark.parametrize(
    ("received", "counted"),
    [("01/03/2009 00:00", True), ("28/02/2009 23:59", False), ("31/03/2009 23:59", True), ("01/04/2009 00:00", False)],
)
def test_days_are_london_days(office, tmp_path, received, counted):
    imported(office.database, written(tmp_path, line(received=received, **UNDECIDED)))
    assert measured(office.database).contacts == int(counted)


def test_weeks_begin_on_monday_in_london(office, tmp_path):
    monday_at_night = line(received="30/03/2009 00:30", **UNDECIDED)
    imported(office.database, written(tmp_path, monday_at_night))
    assert [row.week for row in measured(office.database).by_week] == [date(2009, 3, 30)]


def test_an_outcome_without_a_time_is_not_judged_and_says_why(office, tmp_path):
    imported(office.database, written(tmp_path, line(decided="")))
    report = measured(office.database)
    assert report.total.decided == report.total.told == Score(not_judged=1)
    assert {row.why for row in report.not_judged} == {
        "An outcome without a usable time of decision; the child is taken as undecided"
    }
    assert len(report.backlog) == 1


def test_a_contact_older_than_the_book_is_not_judged(office, tmp_path):
    imported(office.database, written(tmp_path, line(received="10/03/2008 09:00", **UNDECIDED)))
    report = measured(office.database, start=date(2008, 3, 1), end=date(2008, 3, 31))
    assert [(row.duty, row.why) for row in report.not_judged] == [
        ("decided", timeliness.NO_CLOCK),
        ("told", timeliness.NO_CLOCK),
    ]


def test_contacts_logged_here_are_judged_by_the_letter_that_left(office):
    (referral,) = office.referrals(office.log())
    office.decide(referral)
    april = {"start": date(2009, 4, 1), "end": date(2009, 4, 30)}
    assert measured(office.database, as_at=office.now, **april).total.told == Score(not_yet_due=1)
    office.hand_over_letters()
    assert measured(office.database, as_at=office.now, **april).total.told == Score(met=1)


def test_the_json_holds_plain_values_only(office, tmp_path):
    imported(office.database, written(tmp_path, line(), line(contact_ref="OLD-2", **UNDECIDED)))
    found = json.loads(json.dumps(timeliness_out.as_json(measured(office.database))))
    assert (found["from"], found["to"], found["contacts"]) == ("2009-03-01", "2009-03-31", 2)
    assert found["decided_in_24_hours"]["percent"] == 50.0
    assert found["by_week_and_source"][0]["week_beginning"] == "2009-03-09"
    assert found["backlog"] == {
        "undecided": 1,
        "oldest_received": "2009-03-10T09:00:00Z",
        "referrals": ["OLD-2-1"],
    }


def test_the_text_fits_a_terminal(sample_month):
    database, _ = sample_month
    lines = list(timeliness_out.as_text(measured(database)))
    assert max(map(len, lines)) <= 110
    assert "Decided within 24 hours: 328 of 764 (42.9 %)" in lines

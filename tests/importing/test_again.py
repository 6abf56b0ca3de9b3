"""Running an import again: nothing twice, nothing overwritten, nothing lost in between."""

from __future__ import annotations

import pytest

from pathway.importing import terms
from pathway.importing.undoing import Undoing
from storage.tables import Alert, Contact, Event, Message, Person, Referral
from support import pictures
from support.old_system import IMPORTER, UNDECIDED, imported, line, sibling, written
from support.rows import everything


def count(office, *tables):
    with office.database.read() as session:
        return [len(everything(session, table)) for table in tables]


def interrupt_at(wanted):
    def progress(done, of):
        if done == wanted:
            raise KeyboardInterrupt

    return progress


def test_the_same_file_again_writes_not_one_row(office, tmp_path):
    path = written(tmp_path, line(), sibling("Leo"), line(contact_ref="OLD-2", **UNDECIDED))
    imported(office.database, path)
    before = count(office, Contact, Referral, Person, Event, Alert, Message)
    report = imported(office.database, path)
    assert (report.contacts_taken, report.contacts_already_there) == (0, 2)
    assert count(office, Contact, Referral, Person, Event, Alert, Message) == before


def test_lines_in_another_order_and_spaces_are_the_same_content(office, tmp_path):
    imported(office.database, written(tmp_path, line(), sibling("Leo")))
    report = imported(office.database, written(tmp_path, sibling("Leo", referrer_name=" Ada Ferreira "), line()))
    assert report.contacts_already_there == 1


def test_a_later_file_completes_what_nobody_has_touched_and_what_stood_there_is_in_the_history(office, tmp_path):
    imported(office.database, written(tmp_path, line(), sibling("Leo", child_dob="")))
    path = written(tmp_path, line(outcome="CAF"), sibling("Leo"))
    foreseen = imported(office.database, path, dry=True)
    report = imported(office.database, path)
    assert foreseen.as_json() | {"run": 2} == report.as_json()
    assert (report.contacts_completed, report.contacts_held_back, report.contacts_taken) == (1, 0, 0)
    assert [(one.line, one.column, one.held_back) for one in report.faults] == [
        (2, "outcome", False),
        (3, "child_dob", False),
    ]
    assert "with 'NFA' here (imported on 06/04/2009 09:00)" in report.faults[0].problem
    said = {event.summary for event in everything_of(office, Event)}
    assert "Completed from a later file: outcome: NFA → CAF; child_dob: nothing → 01/02/2006" in said


def test_a_later_file_makes_the_record_that_it_alone_would_have_made(office, tmp_path):
    home = {"child_address": "4 Elm Road, N17 0AA"}
    mended = [
        line(**home),
        line(contact_ref="OLD-2", **home, **UNDECIDED),
        line(contact_ref="OLD-3", child_forename="Ivy", **UNDECIDED),
    ]
    alone = imported(office.database, written(tmp_path, *mended))
    picture = pictures.of_record(office.database)
    undone(office, alone.run_id)
    bad = written(tmp_path, *(one | {"child_dob": "01/01/2004", "decided_by": ""} for one in mended), name="bad.csv")
    imported(office.database, bad)
    report = imported(office.database, written(tmp_path, *mended))
    assert (report.contacts_completed, report.contacts_held_back) == (3, 0)
    assert pictures.of_record(office.database) == picture
    again = imported(office.database, bad)
    assert (again.contacts_already_there, again.contacts_completed) == (3, 0)
    assert pictures.of_record(office.database) == picture


def test_what_somebody_has_worked_on_is_left_and_each_difference_is_listed(office, tmp_path):
    imported(office.database, written(tmp_path, line(**UNDECIDED)))
    office.screen(everything_of(office, Referral)[0])
    report = imported(office.database, written(tmp_path, line(child_address="4 Elm Road", **UNDECIDED)))
    (fault,) = report.faults
    assert (report.contacts_held_back, fault.column, fault.value) == (1, "child_address", "4 Elm Road")
    assert "nothing stands there (imported on 06/04/2009 09:00; screening begun by" in fault.problem


@pytest.mark.parametrize(
    "values",
    [
        {"child_surname": "HARLOW"},
        {"concern_facts": "No\u00a0food  at\u200b home."},
        {"child_dob": "2004-05-06"},
        {"received": "2009-03-10T09:00:00Z"},
    ],
)
def test_what_nobody_can_see_is_no_difference(office, tmp_path, values):
    imported(office.database, written(tmp_path, line()))
    report = imported(office.database, written(tmp_path, line(**values)))
    assert (report.contacts_already_there, report.faults) == (1, [])


def test_taking_the_later_run_back_brings_back_what_the_earlier_file_said(office, tmp_path):
    imported(office.database, written(tmp_path, line(), line(contact_ref="OLD-2", child_forename="Ivy")))
    picture = pictures.of_record(office.database)
    later = imported(office.database, written(tmp_path, line(outcome="CAF")))
    undone(office, later.run_id)
    assert pictures.of_record(office.database) == picture


def test_a_reference_that_was_logged_here_is_not_overwritten(office, tmp_path):
    contact = office.log()
    report = imported(office.database, written(tmp_path, line(contact_ref=contact.ref)))
    assert "logged here" in report.faults[0].problem
    assert report.contacts_taken == 0


def test_an_interrupted_import_goes_on_where_it_was(office, tmp_path):
    path = written(tmp_path, *(line(contact_ref=f"OLD-{number}", **UNDECIDED) for number in range(1, 5)))
    with pytest.raises(KeyboardInterrupt):
        imported(office.database, path, progress=interrupt_at(2))
    assert count(office, Contact, Alert) == [2, 0]
    report = imported(office.database, path)
    assert (report.contacts_taken, report.contacts_already_there) == (2, 2)
    assert "4 children" in everything_open(office)[0].headline


def everything_of(office, table):
    with office.database.read() as session:
        return everything(session, table)


def undone(office, run_id):
    return Undoing(database=office.database, actor=IMPORTER, terms=in_force(office), now=office.now).carry_out(run_id)


def in_force(office):
    with office.database.read() as session:
        return terms.published(session, None, now=office.now)


def everything_open(office):
    with office.database.read() as session:
        return everything(session, Alert)


def test_a_trial_says_what_would_happen_and_writes_nothing(office, tmp_path):
    path = written(tmp_path, line(), line(contact_ref="OLD-2", received=""))
    report = imported(office.database, path, dry=True)
    assert (report.contacts_taken, report.contacts_held_back) == (1, 1)
    assert count(office, Contact, Person, Event, Alert) == [0, 0, 0, 0]


def test_a_later_month_with_undecided_children_is_told_of_too(office, tmp_path):
    imported(office.database, written(tmp_path, line(**UNDECIDED)))
    office.move_to("2009-05-04 09:00")
    imported(office.database, written(tmp_path, line(contact_ref="OLD-2", **UNDECIDED)), now=office.now)
    assert [alert.headline.split(",")[0] for alert in everything_open(office)] == [
        "Imported and undecided: 1 child",
        "Imported and undecided: 2 children",
    ]

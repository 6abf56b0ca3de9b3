"""Running an import again: nothing twice, nothing overwritten, nothing lost in between."""

from __future__ import annotations

import pytest

from storage.tables import Alert, Contact, Event, Message, Person, Referral
from support.old_system import UNDECIDED, imported, line, sibling, written
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


def test_the_same_reference_with_other_content_is_reported_and_not_overwritten(office, tmp_path):
    imported(office.database, written(tmp_path, line()))
    report = imported(office.database, written(tmp_path, line(outcome="CAF")))
    (fault,) = report.faults
    assert (report.contacts_held_back, fault.contact_ref, fault.held_back) == (1, "OLD-1", True)
    assert "imported on 06/04/2009 09:00" in fault.problem
    with office.database.read() as session:
        assert everything(session, Referral)[0].outcome == "no-further-action"


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

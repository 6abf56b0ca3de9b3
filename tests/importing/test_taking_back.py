"""Taking an import back: the record is as if it had never been, but for what somebody has worked on."""

from __future__ import annotations

import pytest

from pathway.importing import undoing
from rules.errors import NotFound, Refused
from storage.tables import Alert, Contact, Event, FilledField, ImportRun, Person, Referral
from support import front_door, old_system, pictures, second_thoughts
from support.old_system import UNDECIDED, imported, line, sibling, written
from support.rows import everything

MONTH = (
    line(child_address="4 Elm Road, N17 0AA"),
    sibling("Leo"),
    line(contact_ref="OLD-2", received="20/03/2009 09:00", child_address="4 Elm Road, N17 0AA", **UNDECIDED),
    line(contact_ref="OLD-3", child_forename="Ivy", child_surname="Marsh", child_nhs_number="9434765919", **UNDECIDED),
)


def undone(office, run_id, because=""):
    return old_system.taken_back(office.database, run_id, now=office.now, because=because)


def rows(office, table):
    with office.database.read() as session:
        return everything(session, table)


@pytest.mark.parametrize("live", [False, True])
def test_what_was_taken_back_has_left_no_trace_on_the_record(office, tmp_path, live):
    mia = front_door.child_fields("Mia", address="4 Elm Road, N17 0AA", sex="U")
    office.log(received="2009-03-01 09:00", children=[mia])
    before = pictures.of_record(office.database)
    report = imported(office.database, written(tmp_path, *MONTH), live=live)
    assert [one.field for one in rows(office, FilledField)] == ["ethnicity", "sex"]
    found = undone(office, report.run_id)
    assert (found.gone, found.kept) == (["OLD-1", "OLD-2", "OLD-3"], [])
    assert pictures.of_record(office.database) == before
    assert {one.contact_id for one in rows(office, Alert) if one.closed_at is None and one.contact_id} == {1}


def test_the_mended_file_makes_the_record_that_it_alone_would_have_made(office, tmp_path):
    bad = written(tmp_path, *(one | {"child_dob": "", "child_address": "1 Wrong Way"} for one in MONTH), name="bad.csv")
    mended = written(tmp_path, *MONTH, name="mended.csv")
    alone = imported(office.database, mended)
    picture = pictures.of_record(office.database)
    undone(office, alone.run_id)
    undone(office, imported(office.database, bad).run_id)
    again = imported(office.database, mended)
    assert (again.contacts_taken, again.contacts_held_back) == (3, 0)
    assert pictures.of_record(office.database) == picture


def test_what_somebody_has_worked_on_stays_and_is_named(office, tmp_path):
    report = imported(office.database, written(tmp_path, *MONTH))
    ivy = next(one for one in rows(office, Referral) if one.ref == "OLD-3-1")
    office.screen(ivy)
    foreseen = undoing.foresee(office.database, report.run_id)
    found = undone(office, report.run_id, because="No birth dates")
    assert found == foreseen
    (kept,) = found.kept
    assert kept.ref == "OLD-3"
    assert "checked by screening.officer on 06/04/2009" in kept.reasons
    assert "OLD-3" in {one.ref for one in rows(office, Contact)}
    (run,) = rows(office, ImportRun)
    assert (run.taken_back_by, run.taken_back_because) == ("importer", "No birth dates")
    assert any(one.summary == f"Taken back with import {run.id}: No birth dates" for one in rows(office, Event))


def test_what_a_later_contact_stands_on_stays(office, tmp_path):
    home = {"child_address": "4 Elm Road, N17 0AA"} | UNDECIDED
    first = imported(office.database, written(tmp_path, line(**home)))
    second = imported(office.database, written(tmp_path, line(contact_ref="OLD-2", **home)))
    (kept,) = undone(office, first.run_id).kept
    assert kept.reasons == ("OLD-2 came later and is about the same child",)
    assert undone(office, second.run_id).kept == undone(office, first.run_id).kept == []


def test_nobody_is_found_by_what_was_taken_back(office, tmp_path):
    undone(office, imported(office.database, written(tmp_path, *MONTH)).run_id)
    assert {(one.forename, one.surname, one.sought.strip()) for one in rows(office, Person)} == {("", "", "")}
    assert {one.concern_facts for one in rows(office, Contact)} == {""}


def test_it_is_not_restored_by_hand(office, tmp_path):
    undone(office, imported(office.database, written(tmp_path, line())).run_id)
    (referral,) = rows(office, Referral)
    with pytest.raises(Refused, match="import the file again"):
        second_thoughts.restore(office, referral)


def test_a_run_that_never_was_is_not_found(office):
    with pytest.raises(NotFound, match="pathway import runs"):
        undoing.foresee(office.database, 7)


def test_a_second_undo_changes_nothing(office, tmp_path):
    run_id = imported(office.database, written(tmp_path, line())).run_id
    undone(office, run_id)
    before = len(rows(office, Event))
    assert undone(office, run_id).gone == []
    assert len(rows(office, Event)) == before

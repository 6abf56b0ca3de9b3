"""A file that is wrong as a whole is refused by column, and what changed since a trial is asked again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pathway.importing import terms
from pathway.importing.failing import Limits
from pathway.importing.run import Run
from storage.tables import Contact, Person
from support.front_door import child_fields
from support.old_system import IMPORTER, UNDECIDED, line, written
from support.rows import everything

LIMITS = Limits(values=3, percent=90, children=4, on_record=3)
HOME = {"child_address": "4 Elm Road, N17 0AA"}


@pytest.fixture
def run(office):
    with office.database.read() as session:
        found = terms.published(session, None, now=office.now)
    return Run(database=office.database, terms=found, actor=IMPORTER, limits=LIMITS)


def carried_out(run, path, **how):
    return replace(run, **how).carry_out(path, progress=lambda done, of: None)


def count(office, table):
    with office.database.read() as session:
        return len(everything(session, table))


def month(*forenames, **values):
    return [
        line(contact_ref=f"OLD-{number}", child_forename=name, **UNDECIDED | values)
        for number, name in enumerate(forenames)
    ]


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("child_dob", "05/06/04", "All 3 values of child_dob have the shape 99/99/99, such as '05/06/04'"),
        ("received", "03/10/09 18:56", "All 3 values of received have the shape 99/99/99 99:99"),
        ("child_sex", "Girl", "All 3 values of child_sex have the shape Aaaa"),
    ],
)
def test_a_column_that_fails_as_a_whole_is_told_once_and_nothing_is_taken(office, run, tmp_path, column, value, told):
    path = written(tmp_path, *month("Mia", "Leo", "Ivy", **{column: value}))
    for dry in (True, False):
        report = carried_out(run, path, dry=dry)
        (refusal,) = report.refused
        assert (refusal.column, report.contacts_taken, report.contacts_held_back) == (column, 0, 3)
        assert refusal.problem.startswith(told)
        assert count(office, Contact) == 0


def test_it_is_taken_all_the_same_when_somebody_says_so(run, tmp_path):
    path = written(tmp_path, *month("Mia", "Leo", "Ivy", child_dob="05/06/04"))
    report = carried_out(run, path, yes=True)
    assert (report.contacts_taken, report.refused) == (3, ())
    assert any("Taken all the same. All 3 values of child_dob" in note for note in report.notes)


def test_a_column_that_fails_here_and_there_is_told_line_by_line(run, tmp_path):
    lines = month("Mia", "Leo", "Ivy")
    lines[0]["child_dob"] = lines[1]["child_dob"] = "05/06/04"
    report = carried_out(run, written(tmp_path, *lines))
    assert (report.contacts_taken, len(report.faults), report.refused) == (3, 2, [])


def test_a_large_file_in_which_nobody_is_known_is_refused_where_many_are_on_record(run, tmp_path):
    here = month("Mia", "Leo", "Ivy", **HOME)
    assert carried_out(run, written(tmp_path, *here)).contacts_taken == 3
    strangers = [one | {"contact_ref": f"NEW-{one['contact_ref']}"} for one in month("Ada", "Ben", "Cal", "Dee")]
    report = carried_out(run, written(tmp_path, *strangers))
    assert report.refused[0].problem == "None of the 4 children is known here, although 3 are on record"
    with_mia = [*strangers, line(contact_ref="NEW", **HOME, **UNDECIDED)]
    assert carried_out(run, written(tmp_path, *with_mia)).contacts_taken == 5


def test_what_changed_since_the_trial_is_held_and_the_rest_is_taken(office, run, tmp_path):
    path = written(tmp_path, *month("Mia", "Leo", **HOME))
    carried_out(run, path, dry=True)
    office.log(received="2009-03-01 09:00", children=[child_fields("Mia", address=HOME["child_address"])])
    report = carried_out(run, path)
    (fault,) = [one for one in report.faults if one.held_back]
    assert (report.contacts_taken, report.contacts_held_back, fault.contact_ref) == (1, 1, "OLD-0")
    assert "then a child of its own; now child 1 on record" in fault.problem
    assert carried_out(run, path).contacts_held_back == 1
    assert carried_out(run, path, ask=lambda _: True).contacts_taken == 1
    assert count(office, Person) == 2


def test_without_a_trial_and_after_a_trial_that_foresaw_it_nothing_is_asked(office, run, tmp_path):
    path = written(tmp_path, *month("Mia", "Leo", **HOME))
    office.log(received="2009-03-01 09:00", children=[child_fields("Mia", address=HOME["child_address"])])
    carried_out(run, path, dry=True)
    assert carried_out(run, path).contacts_taken == 2
    assert carried_out(run, path).contacts_already_there == 2

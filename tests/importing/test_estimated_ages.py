"""An age in a file is an estimate said on the day of receipt, where the birth date should stand or in its column."""

from __future__ import annotations

from datetime import date

import pytest

from pathway.importing import grouping, reading
from pathway.importing.layout import COLUMNS
from storage.tables import NamedChild, Person, Query
from support.old_system import UNDECIDED, imported, line, taken_back, written
from support.rows import everything

UNKNOWN = {"child_dob": ""}
# As this line was known before there was a column for the age.
FINGERPRINT = "8c2e584d003d4f0221f4255c237bdc130fdaa3557c3d2ef3f7f9ca1b8d068bf8"


def people(office, table=Person):
    with office.database.read() as session:
        return everything(session, table)


def problems(office):
    return [(query.place, query.problem) for query in people(office, Query)]


@pytest.mark.parametrize(
    ("typed", "words", "first", "last"),
    [
        ("about 4", "about 4, said 10 Mar 2009", date(2003, 3, 11), date(2006, 3, 10)),
        ("4 yrs", "4 yrs, said 10 Mar 2009", date(2003, 3, 11), date(2006, 3, 10)),
        ("4", "4, said 10 Mar 2009", date(2003, 3, 11), date(2006, 3, 10)),
        ("18 months", "18 months, said 10 Mar 2009", date(2007, 5, 11), date(2007, 12, 10)),
    ],
)
@pytest.mark.parametrize("column", ["child_dob", "child_age"])
def test_an_age_is_taken_as_said_on_the_day_of_receipt(office, tmp_path, column, typed, words, first, last):
    imported(office.database, written(tmp_path, line(**UNKNOWN | {column: typed})))
    for (child,) in (people(office), people(office, NamedChild)):
        assert (child.about_age, child.born_from, child.born_to, child.birth_date) == (words, first, last, None)
    assert problems(office) == []


@pytest.mark.parametrize("typed", ["38384", "45", "100", "03/10/09", "old"])
def test_what_is_no_age_stays_a_date_that_cannot_be_read(office, tmp_path, typed):
    imported(office.database, written(tmp_path, line(child_dob=typed)))
    assert people(office)[0].about_age == ""
    assert [place for place, _ in problems(office)] == ["child_dob"]


def test_an_age_that_is_none_is_a_query_in_its_own_column(office, tmp_path):
    imported(office.database, written(tmp_path, line(child_dob="", child_age="toddler")))
    assert problems(office) == [("child_age", "This is no age of a child; it is kept here only")]


def test_a_birth_date_counts_and_the_estimate_stands_beside_it(office, tmp_path):
    imported(office.database, written(tmp_path, line(child_age="4")))
    (mia,) = people(office)
    assert (mia.birth_date, mia.about_age) == (date(2004, 5, 6), "4, said 10 Mar 2009")


def test_a_file_may_lack_the_column_and_a_contact_without_an_age_is_known_again(office, tmp_path):
    path = written(tmp_path, line())
    assert imported(office.database, path).run_id
    (group,) = grouping.group(reading.read(path).lines)
    assert group.sha256 == FINGERPRINT
    kept = [name for name in COLUMNS if name != "child_age"]
    bare = tmp_path / "bare.csv"
    bare.write_text(",".join(kept) + "\n" + ",".join(line().get(name, "") for name in kept) + "\n", encoding="utf-8")
    again = imported(office.database, bare)
    assert again.run_id is None
    assert not [note for note in reading.read(bare).notes if "child_age" in note]


def test_an_estimate_goes_with_the_import_that_is_taken_back(office, tmp_path):
    office.log(
        received="2009-03-01 09:00", children=[{"forename": "Ivy", "surname": "Marsh", "nhs_number": "9434765919"}]
    )
    ivy = {"child_forename": "Ivy", "child_surname": "Marsh", "child_nhs_number": "9434765919"}
    lines = line(**UNKNOWN | {"child_age": "4"}), line(contact_ref="OLD-2", child_age="about 4", child_dob="", **ivy)
    report = imported(office.database, written(tmp_path, *(one | UNDECIDED for one in lines)))
    assert all(child.about_age for child in people(office))
    taken_back(office.database, report.run_id, now=office.now)
    assert not [child for child in people(office) if child.about_age or child.born_from or child.born_to]

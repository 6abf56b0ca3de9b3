"""Excel workbooks: the right sheet, typed cells, errors named, and nothing that unpacks without end."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time

import pytest

from pathway.importing import checking, grouping, problems, reading, terms, workbook
from pathway.importing.layout import COLUMNS
from rules.errors import InvalidInput
from support.old_system import NOW, UNDECIDED, line

pytestmark = pytest.mark.needs("workbooks")
TERMS = terms.as_shipped("haringey-2009", now=NOW)


def new_book():
    import openpyxl

    return openpyxl.Workbook()


def saved(folder, *rows, sheets=("Export",), above=()):
    book = new_book()
    book.active.title = "Notes"
    book.active.append(["Made by the old system"])
    for name in sheets:
        sheet = book.create_sheet(name)
        for values in above:
            sheet.append(values)
        sheet.append(COLUMNS)
        for row in rows:
            sheet.append([row.get(column) or None for column in COLUMNS])
    path = folder / "contacts.xlsx"
    book.save(path)
    return path


def contacts(path):
    return [checking.check(group, TERMS) for group in grouping.group(reading.read(path).lines)]


def test_the_sheet_with_our_columns_is_read_and_typed_cells_are_taken_as_they_are(tmp_path):
    row = line(**UNDECIDED) | {
        "received": datetime(2009, 3, 10, 18, 56),
        "child_dob": date(2004, 5, 6),
        "child_nhs_number": 9434765919,
        "immediate_danger": True,
    }
    path = saved(tmp_path, row, above=(["Contacts of March", None], []))
    (checked,) = contacts(path)
    (child,) = checked.contact.children
    assert checked.faults == ()
    assert checked.contact.received_at.isoformat() == "2009-03-10T18:56:00+00:00"
    assert (child.birth_date, child.nhs_number, child.line) == (date(2004, 5, 6), "9434765919", 4)
    assert checked.contact.immediate_danger
    assert "The sheet Export was read." in reading.read(path).notes


def test_a_day_without_a_time_is_no_moment(tmp_path):
    (checked,) = contacts(saved(tmp_path, line(**UNDECIDED) | {"received": date(2009, 3, 10)}))
    assert [one.problem for one in checked.faults] == [problems.IMPOSSIBLE_RECEIPT.text]


@pytest.mark.parametrize(
    ("value", "told"), [("#REF!", "#REF!"), ("#N/A", "#N/A"), ("=A1&A2", "a formula that was never worked out")]
)
def test_a_cell_with_an_error_holds_its_contact_back(tmp_path, value, told):
    (checked,) = contacts(saved(tmp_path, line(**UNDECIDED) | {"child_surname": value}))
    assert checked.contact is None
    assert (checked.faults[0].column, checked.faults[0].problem) == (
        "child_surname",
        f"The cell of the workbook has no value but {told}",
    )


def test_two_sheets_that_could_be_meant_are_named(tmp_path):
    with pytest.raises(InvalidInput, match="Several sheets name the columns: March, April"):
        reading.read(saved(tmp_path, line(), sheets=("March", "April")))


def test_a_workbook_that_unpacks_without_end_is_not_unpacked(tmp_path):
    path = saved(tmp_path, line())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts, parts.open("xl/media/nothing.bin", "w") as part:
        part.write(bytes(1_000_000))
    with pytest.raises(InvalidInput, match="bytes large when it is unpacked"):
        workbook.read(path, largest=1_000_000)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04 and nothing more", "The workbook can't be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "under a password, or older"),
    ],
)
def test_what_is_no_workbook_of_today_says_so(tmp_path, content, told):
    path = tmp_path / "contacts.xlsx"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=told):
        reading.read(path)


def test_a_workbook_without_our_columns_says_so(tmp_path):
    with pytest.raises(InvalidInput, match="names the columns"):
        reading.read(saved(tmp_path, sheets=()))


def test_a_time_is_not_cut_by_the_fraction_of_a_day_that_it_is(tmp_path):
    book = new_book()
    book.active.append([*COLUMNS])
    book.active.append([39882.7888888888, "x"])
    cell = book.active.cell(2, COLUMNS.index("received") + 1, 39882.7888888888)
    cell.number_format = "dd/mm/yyyy hh:mm"
    book.active.cell(2, COLUMNS.index("child_dob") + 1, time(9, 30))
    book.save(tmp_path / "fraction.xlsx")
    (found,) = reading.read(tmp_path / "fraction.xlsx").lines
    assert found.values["received"] == "2009-03-10 18:56:00"

"""Reading: whatever the old system did to encoding, quotes and line ends."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pathway.importing import checking, grouping, problems, reading, terms
from pathway.importing.checking import Checked
from pathway.importing.layout import COLUMNS
from rules.errors import InvalidInput
from support import old_system
from support.old_system import line, written

HEADER = ",".join(COLUMNS)


def lines_of(path: Path) -> list[reading.Line]:
    return list(reading.read(path).lines)


def test_the_sample_is_read_to_its_last_line():
    found = lines_of(old_system.SAMPLE)
    assert len(found) == 774
    assert found[0].values["contact_ref"] == "FWI-0903-00001"
    assert found[1].values["child_forename"] == "Łukasz"


def test_a_line_is_numbered_by_where_it_starts_in_the_file(tmp_path):
    path = written(tmp_path, line(concern_facts="one\ntwo\r\nthree"), line(contact_ref="OLD-2"))
    assert [found.number for found in lines_of(path)] == [2, 5]


def test_blank_lines_are_no_records_but_count(tmp_path):
    path = written(tmp_path, line())
    path.write_text(path.read_text().replace("OLD-1", "\n\nOLD-1", 1))
    assert [found.number for found in lines_of(path)] == [4]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_accents_come_through_with_or_without_a_byte_order_mark(tmp_path, encoding):
    path = written(tmp_path, line(child_forename="Łukasz"), encoding=encoding)
    assert lines_of(path)[0].values["child_forename"] == "Łukasz"
    assert reading.read(path).notes == ()


def test_a_file_in_windows_1252_is_read_with_a_note_and_without_a_query_for_each_line(tmp_path):
    read = reading.read(written(tmp_path, *[line(child_forename="Renée")] * 21, encoding="cp1252"))
    assert read.notes[0].startswith("The file is not UTF-8; it was read as Windows-1252.")
    assert {(found.values["child_forename"], found.misread) for found in read.lines} == {("Renée", frozenset())}


@pytest.mark.parametrize(
    ("typed", "meant"), [(b"Ren\xe9e", "Renée"), (b"\xff\xfe", "ÿþ"), (b"Jo\x81", "Jo�"), (b"\xed\xa0\x80", "í\xa0€")]
)
def test_bytes_that_are_not_utf_8_are_named_at_their_line_and_the_next_is_read_as_ever(tmp_path, typed, meant):
    path = written(tmp_path, line(child_forename="HERE"), line(child_forename="Łukasz"))
    path.write_bytes(path.read_bytes().replace(b"HERE", typed))
    read = reading.read(path)
    assert "the first of them line 2" in read.notes[0]
    found = [(one.number, one.values["child_forename"], sorted(one.misread)) for one in read.lines]
    assert found == [(2, meant, ["child_forename"]), (3, "Łukasz", [])]
    assert problems.NOT_UTF_8.text in [fault.problem for fault in checked_all(path)[0].faults]


def test_a_faulty_quotation_mark_holds_its_contact_back_and_the_next_line_is_read(tmp_path):
    path = written(tmp_path, line(child_forename="HERE"), line(contact_ref="OLD-2"))
    path.write_text(path.read_text().replace("HERE", '"Mia" (Mimi)'))
    broken, whole = checked_all(path)
    assert (broken.ref, broken.contact, broken.faults[0].line) == ("OLD-1", None, 2)
    assert "quotation mark" in broken.faults[0].problem
    assert whole.contact


def checked_all(path: Path) -> list[Checked]:
    at = datetime(2009, 4, 6, tzinfo=UTC)
    known = terms.as_shipped("haringey-2009", now=at)
    return [checking.check(group, known) for group in grouping.group(reading.read(path).lines)]


def test_columns_may_stand_in_any_order_and_more_of_them_are_noted(tmp_path):
    path = tmp_path / "contacts.csv"
    path.write_text(",".join([*reversed(COLUMNS), "Case_Worker"]) + "\n" + "," * 28 + "10/03/2009,OLD-9,Jo\n")
    read = reading.read(path)
    assert read.notes == ("Columns that are not used: case_worker.",)
    assert next(read.lines).values["contact_ref"] == "OLD-9"


def test_too_many_and_too_few_values_are_counted(tmp_path):
    path = tmp_path / "contacts.csv"
    path.write_text(f"{HEADER}\nOLD-1,10/03/2009 09:00\n{',' * 30}x\n")
    assert [found.length for found in lines_of(path)] == [2, 31]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"contact_ref;received\nOLD-1;10/03/2009", "names the columns"),
        (HEADER.replace(",child_dob,", ",").encode(), "the column child_dob is missing"),
        (f"{HEADER},outcome".encode(), "the column outcome stands twice"),
        (HEADER.encode("utf-16"), "not text"),
        (b"\x81\x8d\x8f", "not text"),
        (f'"{HEADER}"x'.encode(), "names the columns"),
        (f'{HEADER}\nOLD-1,"a"b,"never closed\nOLD-2,,'.encode(), "line 2: The record can't be read"),
        (f'{HEADER}\nOLD-1,"never closed\n'.encode(), "line 2: The record can't be read"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, content, words):
    path = tmp_path / "contacts.csv"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=words) as raised:
        lines_of(path)
    assert all(fault.remedy for fault in raised.value.faults)


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(InvalidInput, match="can't be read: No such file"):
        reading.read(tmp_path / "nowhere.csv")


DELIMITED = [(";", "semicolons"), ("\t", "tabs")]


@pytest.mark.parametrize(("sign", "words"), DELIMITED)
def test_values_may_be_parted_by_semicolons_or_tabs(tmp_path, sign, words):
    path = tmp_path / "contacts.csv"
    path.write_text(f"{HEADER.replace(',', sign)}\nOLD-1{sign}10/03/2009 09:00{sign}a, b\n")
    read = reading.read(path)
    assert read.notes == (f"Values are parted by {words}.",)
    (line,) = read.lines
    assert (line.number, line.values["received"], line.values["channel"]) == (2, "10/03/2009 09:00", "a, b")


@pytest.mark.parametrize("above", ["sep=,\n", "Contacts of March 2009\n\n", "Exported by,Jo\nOn,1 April\n"])
def test_what_stands_above_the_names_of_the_columns_is_passed_over_and_said(tmp_path, above):
    path = tmp_path / "contacts.csv"
    path.write_text(f"{above}{HEADER}\nOLD-1,10/03/2009 09:00\n")
    read = reading.read(path)
    assert read.notes == ("Lines before the one that names the columns were passed over.",)
    assert [line.values["contact_ref"] for line in read.lines] == ["OLD-1"]


def test_columns_are_known_in_capitals_with_spaces_and_with_hyphens(tmp_path):
    path = tmp_path / "contacts.csv"
    path.write_text(HEADER.upper().replace("_", " ").replace("CHILD DOB", " Child-DOB ") + "\nOLD-1,10/03/2009 09:00\n")
    assert [line.values["contact_ref"] for line in lines_of(path)] == ["OLD-1"]


def test_a_column_that_can_be_blank_can_be_absent(tmp_path):
    path = tmp_path / "contacts.csv"
    path.write_text(HEADER.replace(",child_school", "").replace(",consent", "") + "\nOLD-1,10/03/2009 09:00\n")
    read = reading.read(path)
    assert read.notes == ("Columns that the file does not have, taken as blank: consent, child_school.",)
    assert next(read.lines).values["consent"] == ""


@pytest.mark.parametrize("typed", ["'9434765919", '"=""9434765919"""', "9434765919.0", "9434765919"])
def test_a_number_that_was_guarded_against_a_spreadsheet_is_read(tmp_path, typed):
    path = tmp_path / "contacts.csv"
    path.write_text(f"{HEADER}\n" + ",".join(typed if name == "child_nhs_number" else "" for name in COLUMNS) + "\n")
    assert [line.values["child_nhs_number"] for line in lines_of(path)] == ["9434765919"]

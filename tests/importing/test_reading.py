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
    path.write_text(",".join([*reversed(COLUMNS), "Case_Worker"]) + "\n" + "," * 27 + "10/03/2009,OLD-9,Jo\n")
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
        (b"contact_ref;received\nOLD-1;10/03/2009", "does not name the columns"),
        (HEADER.replace(",outcome,", ",").encode(), "the column outcome is missing"),
        (f"{HEADER},outcome".encode(), "the column outcome stands twice"),
        (HEADER.encode("utf-16"), "not text"),
        (b"\x81\x8d\x8f", "not text"),
        (f'"{HEADER}"x'.encode(), "line 1: The record can't be read"),
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

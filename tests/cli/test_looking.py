"""``pathway referral``, ``sweep`` and ``report timeliness``: what is on record, as text."""

from __future__ import annotations

import json

import pytest

from storage.sessions import Database
from storage.tables import Access
from support.old_system import UNDECIDED, line, sibling, written
from support.rows import everything


@pytest.fixture
def month(imported):
    imported(line(), sibling("Leo", **UNDECIDED))


def test_a_referral_is_printed_with_its_clocks_and_what_happened(pathway, month):
    ended = pathway("referral", "OLD-1-1")
    assert "Mia Harlow, born 06 May 2004" in ended.out
    assert "Decision within 24 hours: due Wed 11 Mar 2009, 09:00. Met in time, with 18 h to spare" in ended.out
    assert "Tue 10 Mar 2009, 15:00 Decided: No further action" in ended.out


def test_a_contact_lists_its_referrals(pathway, month):
    ended = pathway("referral", "OLD-1")
    assert [row.split(":")[0].strip() for row in ended.out.splitlines()[1:]] == [
        "OLD-1-1  Mia Harlow, born 06 May 2004",
        "OLD-1-2  Leo Harlow, born 01 February 2006",
    ]


def test_that_somebody_looked_is_kept(pathway, month, tmp_path):
    pathway("referral", "OLD-1-1")
    with Database(f"sqlite:///{tmp_path}/pathway-data/pathway.db").read() as session:
        (look,) = everything(session, Access)
    assert look.username.endswith("(command line)")
    assert (look.what, look.allowed) == ("referral OLD-1-1", True)


def test_an_unknown_reference_is_an_error(pathway, month):
    ended = pathway("referral", "OLD-9")
    assert (ended.code, ended.err) == (2, "error: There is no referral or contact OLD-9; check the reference.\n")


def test_a_sweep_says_what_it_did_and_a_second_finds_nothing_more(pathway, tmp_path):
    pathway("import", "contacts", written(tmp_path, line(**UNDECIDED)), "--live")
    assert "Looked at 2 clocks" in pathway("sweep").out
    assert "Looked at 0 clocks" in pathway("sweep").out


def test_the_report_counts_children(pathway, month):
    ended = pathway("report", "timeliness", "--from", "2009-03-01", "--to", "2009-03-31")
    assert "Decided within 24 hours: 1 of 2 (50.0 %)" in ended.out


def test_the_report_as_json_at_a_moment(pathway, month):
    asked = (
        "report",
        "timeliness",
        "--from",
        "2009-03-01",
        "--to",
        "2009-03-31",
        "--as-at",
        "2009-03-10T12:00",
        "--json",
    )
    found = json.loads(pathway(*asked).out)
    assert (found["as_at"], found["backlog"]["undecided"]) == ("2009-03-10T12:00:00Z", 2)


@pytest.mark.parametrize(
    ("option", "value"), [("--from", "1 March"), ("--to", "2009-02-30"), ("--to", "2009-02-01"), ("--as-at", "now")]
)
def test_an_odd_day_or_moment_is_an_error_that_names_the_option(pathway, option, value):
    asked = {"--from": "2009-03-01", "--to": "2009-03-31"} | {option: value}
    ended = pathway("report", "timeliness", *(word for pair in asked.items() for word in pair))
    assert ended.code == 2
    assert ended.err.startswith(f"error: {option}")

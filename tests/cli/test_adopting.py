"""``pathway adopt`` as a stranger meets it: a folder was copied, and is to take the original's place."""

from __future__ import annotations

import pytest

from storage import mark_file


@pytest.fixture
def copied(pathway, tmp_path):
    """A database whose file was put back without what lay beside it."""
    assert pathway("team", "add", "Duty team").code == 0
    (tmp_path / "pathway-data" / f"pathway.db{mark_file.SUFFIX}").unlink()
    return pathway


def test_a_database_that_is_no_copy_is_left_as_it_is(pathway):
    assert pathway("adopt", "--council", "whoever").out == "This is no copy; nothing is changed.\n"
    assert "OK     installation" in pathway("doctor").out


def test_a_copy_says_so_sends_nothing_and_is_adopted_with_the_name_of_the_council(copied):
    swept = copied("sweep")
    assert (swept.code, swept.err) == (2, "error: Nothing is judged: the database is a copy. Run `pathway doctor`.\n")
    assert "FAULT  installation" in copied("doctor").out
    assert copied("team", "add", "Another team").code == 0
    adopted = copied("adopt", "--council", "example council")
    assert adopted.out == "Adopted: this database is Example Council's from now on.\n"
    assert "Stop it first." in adopted.err
    assert copied("sweep").code == 0


@pytest.mark.parametrize("arguments", [(), ("--council", "Another Council")])
def test_without_the_right_name_nothing_is_changed(copied, arguments):
    refused = copied("adopt", *arguments)
    assert (refused.code, refused.out) == (2, "")
    assert "error: --council" in refused.err
    assert copied("sweep").code == 2

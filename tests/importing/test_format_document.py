"""The document that explains the file says all that the importer knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pathway.importing import problems
from pathway.importing.layout import COLUMNS

TEXT = (Path(__file__).parents[2] / "docs" / "import-format.md").read_text(encoding="utf-8")


def row(problem):
    return re.sub(r"\{\w+\}", "…", f"| {problem.text} | {problem.remedy} |")


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_is_explained(column):
    assert f"`{column}`" in TEXT.partition("## The columns")[2]


@pytest.mark.parametrize("problem", problems.ALL, ids=lambda problem: problem.text[:40])
def test_every_problem_stands_under_what_it_does(problem):
    held_back, _, queried = TEXT.partition("## What becomes a query")
    assert row(problem) in (held_back if problem.holds_back else queried)

"""Each architecture decision record has its number, its state and its four parts."""

from __future__ import annotations

import re

from support import source

RECORDS = sorted((source.ROOT / "docs/adr").glob("[0-9]*.md"))


def test_records_are_numbered_without_a_gap():
    assert [record.name[:4] for record in RECORDS] == [f"{number:04}" for number in range(1, len(RECORDS) + 1)]


def test_a_record_has_its_number_and_its_parts():
    texts = {record.name: record.read_text() for record in RECORDS}
    assert [name for name, text in texts.items() if not text.startswith(f"# {int(name[:4])}. ")] == []
    parts = ("## Status", "## Context", "## Decision", "## Consequences")
    assert [(name, part) for name, text in texts.items() for part in parts if part not in text] == []


def test_every_record_is_listed_and_the_list_is_in_order():
    index = (source.ROOT / "docs/README.md").read_text()
    assert re.findall(r"\(adr/(\d{4}-[\w-]+\.md)\)", index) == [record.name for record in RECORDS]

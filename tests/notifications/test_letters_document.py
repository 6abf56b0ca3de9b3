"""``docs/letters.md`` says who may learn what exactly as the program has it."""

from __future__ import annotations

import re

from notifications.letters import letters
from rules.messages import MessageKind
from support import source

TEXT = (source.ROOT / "docs/letters.md").read_text()
ROW = re.compile(r"^\| ([a-z ]+) \| ([a-z ]+) \| (`.+`) \|$", flags=re.MULTILINE)


def test_the_table_is_that_of_the_program():
    told = {(kind, reader): tuple(re.findall(r"`(\w+)`", facts)) for kind, reader, facts in ROW.findall(TEXT)}
    assert told == dict(letters.MAY_LEARN)


def test_every_kind_of_letter_is_explained():
    explained = re.findall(r"^\| ([a-z ]+) \| (?:the|a) ", TEXT, flags=re.MULTILINE)
    assert set(explained) == {kind for kind in MessageKind if kind.is_letter}

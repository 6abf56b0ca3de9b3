"""One word a concept: every word of the vocabulary stands in the glossary, under the name of its kind."""

from __future__ import annotations

import re
from enum import StrEnum

import pytest

from rules import messages, vocabulary
from support import source

WORDS = {**vars(vocabulary), **vars(messages)}
KINDS = [kind for kind in WORDS.values() if isinstance(kind, type) and issubclass(kind, StrEnum)]
KINDS.remove(StrEnum)


def words_under(heading: str, text: str) -> set[str]:
    """The bold words that begin the list items of one section."""
    section = re.search(rf"^### {heading}\b.*?\n(.*?)(?=^#|\Z)", text, flags=re.MULTILINE | re.DOTALL)
    return set(re.findall(r"^- \*\*(.+?)\*\*", section.group(1), flags=re.MULTILINE)) if section else set()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_glossary_has_exactly_the_words_of(kind):
    text = (source.ROOT / "docs/glossary.md").read_text()
    assert words_under(kind.__name__, text) == {word.value for word in kind}


def test_a_missing_word_is_seen():
    assert words_under("State", "### State\n\n- **received**: x\n\n### Trigger\n\n- **decide**: x\n") == {"received"}

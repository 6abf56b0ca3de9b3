"""The fields that a book's letter paragraphs may name in braces, and how they are filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping

# No field names a child: one letter may be about several, and each is told apart by the letter itself.
LETTER_FIELDS = frozenset({"reference", "received", "council", "telephone"})
FIELD = re.compile(r"\{([^{}]*)\}")


def unknown_fields(text: str) -> tuple[str, ...]:
    """The fields of a paragraph that no letter can fill in, and any lone brace."""
    unknown = [name for name in FIELD.findall(text) if name not in LETTER_FIELDS]
    return tuple(unknown + re.findall(r"[{}]", FIELD.sub("", text)))


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """A paragraph with its fields filled in; raises KeyError for a field without a value."""
    return FIELD.sub(lambda match: values[match[1]], text)

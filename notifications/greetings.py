"""How a letter greets its reader: a title and the surname alone, a whole name, or a word for a stranger.

A title by itself is nobody's name: "Dear Mrs" is what people get from machines.
"""

from __future__ import annotations

import re

from notifications import plain

# Titles that stand before a surname; *Sir*, *Lady* and ranks stand before other names and are left as they were typed.
TITLES = {
    "dr": "Dr",
    "doctor": "Dr",
    "miss": "Miss",
    "mr": "Mr",
    "mrs": "Mrs",
    "ms": "Ms",
    "mx": "Mx",
    "prof": "Professor",
    "professor": "Professor",
}
ALONE = frozenset({*TITLES, "and", "lady", "lord", "madam", "rev", "reverend", "sir"})
# Small words that belong to the surname after them.
PARTICLES = frozenset(
    {"al", "bin", "da", "de", "del", "della", "den", "der", "di", "dos", "du", "el", "la",
     "le", "st", "ten", "van", "von"}
)  # fmt: skip
# Who is called by one of these after a title is not greeted by a surname: "Mr and Mrs Reed", "Dr Shah's surgery".
OTHERS = re.compile(r"[&/]|['\u2019]s\b|\d|\b(and|or|team|surgery|practice|school|office)\b", re.IGNORECASE)
_ASIDE = re.compile(r"\([^)]*\)")


def greeted(name: str) -> str:
    """Whom to greet: ``Mrs Reed`` for Mrs Ann Reed, the name as typed without a title, nothing for a title alone."""
    typed = plain.one_line(name)
    if not _is_somebody(typed):
        return ""
    words = _ASIDE.sub(" ", typed).partition(",")[0].split()
    title = TITLES.get(_folded(words[0])) if words else None
    if title is None or OTHERS.search(" ".join(words)):
        return typed
    return f"{title} {_surname(words[1:])}" if len(words) > 1 else typed


def _is_somebody(typed: str) -> bool:
    words = re.findall(r"[^\W_]+", typed)
    return any(_folded(word) not in ALONE for word in words)


def _surname(words: list[str]) -> str:
    """The last word, with the small words before it: van der Berg."""
    start = len(words) - 1
    while start and _folded(words[start - 1]) in PARTICLES:
        start -= 1
    return " ".join(words[start:])


def _folded(word: str) -> str:
    return word.casefold().rstrip(".")

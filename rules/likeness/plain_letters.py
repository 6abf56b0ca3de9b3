"""Each letter with a mark, and what it folds to, one by one: for a database that can't fold a text itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from rules.likeness import names

_LATIN = (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
_MARKS = range(0x300, 0x370)
_APOSTROPHES = "'`\u00b4\u02bb\u02bc\u2018\u2019\u201b"


@cache
def table() -> Mapping[str, str]:
    """By sign what ``names.fold`` makes of it; nothing for apostrophes and marks that stand by themselves."""
    letters = {chr(code): names.fold(names.fold(chr(code))) for code in _LATIN if chr(code).isalpha()}
    return letters | dict.fromkeys((*_APOSTROPHES, *map(chr, _MARKS)), "")


def plain(text: str) -> str:
    """Small letters without marks and apostrophes; what else stands there stays."""
    return text.translate(_codes()).lower()


@cache
def _codes() -> Mapping[int, str]:
    return {ord(sign): to for sign, to in table().items()}

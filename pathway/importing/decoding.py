"""Which text the bytes of a file are; bytes that are none are guessed and named, whatever the locale."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

# Up to so many lines in the wrong encoding each get a query; more of them are what the whole file is written in.
LINES_NAMED = 20
UTF_8, WINDOWS = "utf-8-sig", "cp1252"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
NOT_UTF_8 = "The file is not UTF-8; it was read as Windows-1252. Look at a name with an accent before you rely on it."
SOME_LINES = (
    "Some lines are not UTF-8, the first of them line {first}; there they were read as Windows-1252, and each is named."
)
# What the decoder leaves of a byte that is no text.
_ESCAPED = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]")
_MEANT = {0xDC00 + byte: bytes([byte]).decode(WINDOWS, "replace") for byte in range(0x80, 0x100)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoding:
    """How a file is to be read. ``notes``: what the reader should know about it."""

    encoding: str
    notes: tuple[str, ...] = ()

    def open(self, path: Path) -> TextIO:
        """The file as text in which each byte that is none is still to be guessed."""
        return path.open(encoding=self.encoding, errors="surrogateescape", newline="")

    def names(self, text: str) -> bool:
        """True for text with bytes that are none in the file's encoding."""
        return _ESCAPED.search(text) is not None


def of(path: Path) -> Decoding | None:
    """The encoding of a file, or None where its first line is no text. Raises OSError."""
    with path.open("rb") as file:
        if file.read(2) in UTF_16:
            return None
    with path.open(encoding=UTF_8, errors="surrogateescape") as text:
        first = next(text, "")
        if "\0" in first or "\N{REPLACEMENT CHARACTER}" in guessed(first):
            return None
        text.seek(0)
        return _of_lines(text)


def guessed(text: str) -> str:
    """``text`` with each byte that is none read as Windows-1252; what is nothing there either is U+FFFD."""
    return text.translate(_MEANT) if _ESCAPED.search(text) else text


def _of_lines(text: TextIO) -> Decoding:
    odd, first, utf_8 = 0, 0, False
    for number, line in enumerate(text, start=1):
        utf_8 = utf_8 or _BEYOND_ASCII.search(line) is not None
        if _ESCAPED.search(line):
            odd += 1
            first = first or number
    if not odd:
        return Decoding(encoding=UTF_8)
    if utf_8 or odd <= LINES_NAMED:
        return Decoding(encoding=UTF_8, notes=(SOME_LINES.format(first=first),))
    return Decoding(encoding=WINDOWS, notes=(NOT_UTF_8,))

"""The HTML of a letter as Markdown for GOV.UK Notify."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from notifications.notify import neutral

BULLET, HEADING, SUBHEADING = "* ", "# ", "## "
# Notify knows two levels: the first for the title and the sections of a letter, the second for what is below them.
_HEADINGS = {"h1": HEADING, "h2": HEADING} | dict.fromkeys(("h3", "h4", "h5", "h6"), SUBHEADING)
_LISTS = {"ul": None, "ol": 0}  # the number of the last item, where items have one
_INLINE = frozenset(("abbr", "b", "em", "i", "small", "span", "strong", "sub", "sup", "u"))
_UNSEEN = frozenset(("head", "script", "style", "title"))
_LINK = "\0"  # stands for one in a text: no text has this sign
_ADDRESS = re.compile(r"https?://[^\s()]+")


def body_of(html: str, *, own: str) -> str:
    """Headings, paragraphs and lists with a blank line between them; ``own`` is the council's domain."""
    reader = _Reader(own)
    reader.feed(html)
    reader.close()
    return reader.body()


class _Reader(HTMLParser):
    """Gathers one block after another as (mark, text): the mark is what it opens with, such as ``# `` or ``* ``."""

    def __init__(self, own: str) -> None:
        super().__init__()
        self._own = own
        self._blocks: list[tuple[str, str]] = []
        self._mark = self._text = ""
        self._address, self._link_begins = "", 0
        self._links: list[str] = []
        self._lists: list[int | None] = []
        self._unseen = 0

    def body(self) -> str:
        """What was read. The items of a list stand under each other without a blank line."""
        self._end_block()
        marks = ["", *(mark for mark, _ in self._blocks)]
        parts = zip(marks, self._blocks, strict=False)
        return "".join(f"{_gap(before, mark)}{mark}{text}" for before, (mark, text) in parts).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A line's end, or the beginning of a link or of a block."""
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "br":
            self._text += "\n"
        elif tag == "a":
            self._address, self._link_begins = dict(attrs).get("href") or "", len(self._text)
        elif tag not in _INLINE:
            self._begin_block(tag)

    def handle_endtag(self, tag: str) -> None:
        """The end of a link or of a block."""
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "a":
            self._end_link()
        elif tag not in _INLINE:
            self._end_block()
            if tag in _LISTS and self._lists:
                self._lists.pop()

    def handle_data(self, data: str) -> None:
        """Text of the block that is open."""
        if not self._unseen:
            self._text += re.sub(r"\s+", " ", data)

    def _begin_block(self, tag: str) -> None:
        self._end_block()
        if tag in _LISTS:
            self._lists.append(_LISTS[tag])
        self._mark = self._item() if tag == "li" else _HEADINGS.get(tag, self._mark)

    def _item(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return BULLET
        self._lists[-1] = number + 1
        return f"{number + 1}. "

    def _end_link(self) -> None:
        words = self._text[self._link_begins :].strip()
        if _ADDRESS.fullmatch(self._address):
            self._text = self._text[: self._link_begins] + _LINK
            self._links.append(_link(words, self._address))
        self._address = ""

    def _end_block(self) -> None:
        lines = (neutral.line(line, own=self._own) for line in self._text.split("\n"))
        between = " " if self._mark.startswith("#") else "\n"
        text = re.sub(_LINK, lambda _: self._links.pop(0), between.join(lines).strip())
        if text:
            self._blocks.append((self._mark, text))
            self._mark = ""
        self._text = ""


def _link(words: str, address: str) -> str:
    return address if words == address else f"[{neutral.line(words)}]({address})"


def _gap(before: str, mark: str) -> str:
    return "\n" if _is_item(before) and _is_item(mark) else "\n\n"


def _is_item(mark: str) -> bool:
    return mark == BULLET or mark[:1].isdigit()

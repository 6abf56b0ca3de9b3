"""A message that is plain text only, to colleagues or to staff, as Markdown for GOV.UK Notify.

What was done to it for a plain e-mail is undone: its width, the lines under headings, and the indent of what people
typed. Where a line ends so late that the next word could not have stood on it, the two are taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from notifications import plain
from notifications.notify import neutral
from notifications.notify.from_html import BULLET, HEADING

_TYPED = "    "  # stands before what somebody typed
_ADDRESS = re.compile(r" {0,3}https?://\S+")
_ITEM = re.compile(r"(- |\d+\. )(.+)")
_MARGIN = re.compile(r" *(?:- |\d+\. )?")
# What a line was not broken in: a day with its time, a telephone number, any other word.
_UNIT = re.compile(r" *(\w+day \d+ \w+ \d{4}(?: at \d\d:\d\d)?\S*|\d[\d ]{5,}\d\S*|\S+)?")
_LABEL = re.compile(r"[A-Z][A-Za-z ]{1,40}:")
_LABELLED = re.compile(rf" *{_LABEL.pattern} \S")


def body_of(text: str, *, own: str) -> str:
    """Headings, paragraphs and lists with a blank line between them; ``own`` is the council's domain."""
    lines = ["", *_unwrapped(text.split("\n")), ""]
    around = zip(lines, lines[1:], lines[2:], strict=False)
    marked = [_marked(above, line, below, own) for above, line, below in around if not _is_under(line, above)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(marked)).strip()


def _marked(above: str, line: str, below: str, own: str) -> str:
    if _is_under(below, line):
        return f"\n{HEADING}{neutral.line(line, own=own)}\n"
    if _is_link(line, above):
        return line
    if item := _ITEM.fullmatch(line):
        return f"{item[1].replace('- ', BULLET)}{neutral.line(item[2], own=own)}"
    inside_item = "" if line.startswith(_TYPED) else " " * (len(line) - len(line.lstrip()))
    return inside_item + neutral.line(line, own=own)


def _unwrapped(lines: list[str]) -> Iterator[str]:
    whole = last = ""
    for line in lines:
        if _goes_on(whole, last, line):
            whole = f"{whole} {line.strip()}"
        else:
            yield whole
            whole = line
        last = line
    yield whole


def _goes_on(whole: str, last: str, line: str) -> bool:
    """True where ``line`` is what the width broke off from ``whole``, of which ``last`` is the last line so far."""
    margin = len(_MARGIN.match(whole)[0])  # type: ignore[index]  # it matches anything
    word = _UNIT.match(line)[1] or ""  # type: ignore[index]  # likewise
    if not (word and last.strip()) or _LABELLED.match(line) or _is_link(line, last) or not word.strip("-"):
        return False
    return len(line) - len(line.lstrip()) == margin and len(last) + 1 + len(word) > plain.WIDTH


def _is_under(line: str, heading: str) -> bool:
    return bool(heading[:1].strip()) and line == "-" * len(heading)


def _is_link(line: str, above: str) -> bool:
    """True for a line of our own that is an address: no label stands before it, and it is not typed."""
    opened = not above.strip() or line.startswith(" ") or (above.endswith(":") and not _LABEL.fullmatch(above))
    return opened and bool(_ADDRESS.fullmatch(line))

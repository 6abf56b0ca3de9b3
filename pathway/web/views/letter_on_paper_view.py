"""A kept letter as it goes on paper from the browser: its own words, and the address for the envelope's window."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markupsafe import Markup

from notifications import plain
from pathway.engine.referrers import finding_address
from rules.errors import InvalidInput
from storage.queries.letters.letter_list_rows import LetterLine
from storage.tables import Letter

# More lines than this are printed smaller, so that all of them show in the window.
FIT = 5
_BODY = re.compile(r"<body\b[^>]*>(.*)</body\s*>", re.IGNORECASE | re.DOTALL)
_STYLE = re.compile(r'\sstyle="[^"]*"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The lines of the envelope, and the letter: ``html`` without the e-mail's styles, or ``text`` where there is none.

    ``has_head``: the letter itself begins with the council's name.
    """

    address: tuple[str, ...]
    html: Markup
    text: str
    has_head: bool

    @property
    def is_long(self) -> bool:
        """True where the address has more lines than fit at full size."""
        return len(self.address) > FIT


def on_paper(line: LetterLine, *, by_hand: bool = False) -> Paper:
    """The letter with the address that is known now, or without any to be given by hand. Nothing is rendered again."""
    html = words_of(line.letter)
    return Paper(
        address=() if by_hand else _envelope(line),
        html=html,
        text=line.letter.text,
        has_head='class="letterhead"' in html,
    )


def words_of(letter: Letter) -> Markup:
    """The letter's own HTML as kept, without the frame and the styles of an e-mail; empty where it has none."""
    body = _BODY.search(letter.html)
    # What people typed was escaped when the letter was written: a quotation mark stands in attributes of ours only.
    return Markup(_STYLE.sub("", body[1] if body else letter.html))  # noqa: S704 - as kept


def _envelope(line: LetterLine) -> tuple[str, ...]:
    try:
        lines = finding_address.envelope(line.contact, line.letter).lines
    except InvalidInput:
        return ()
    name = plain.one_line(line.letter.recipient_name)
    return lines if not name or lines[0].casefold() == name.casefold() else (name, *lines)

"""Letters on paper: A4 as tagged PDF (PDF/UA-1), with the recipient's address in the window of the envelope.

WeasyPrint and Pango are wanted only here, and only when a letter is printed: where they are missing, ``available``
says what to install and everything else works on.
"""

from __future__ import annotations

import logging
import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape, unescape
from typing import TYPE_CHECKING

from markupsafe import Markup

from notifications import plain
from notifications.letters.postal import PostalAddress
from notifications.rendering import TemplateSet
from rules.errors import InvalidInput

if TYPE_CHECKING:
    from weasyprint import Document, Page

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Where on the first page the address has to be, in millimetres from the left and the top of the sheet."""

    left: float
    top: float
    width: float
    height: float


# A DL envelope (110 x 220 mm) usually has its window of 90 x 35 mm 20 mm from the left and 18 mm from the bottom; that
# is what such envelopes look like, no standard was at hand to check it: measure yours, and choose another window.
# A4 folded in three (99 x 210 mm) slides in it by 11 mm up and down and by 10 mm sideways. Only this part of the sheet
# shows wherever it has slid to.
DL = Window(left=20, top=57, width=80, height=24)
# The address zone of GOV.UK Notify's letter specification for PDFs made elsewhere (C5 envelope).
NOTIFY = Window(left=24.6, top=40, width=95.4, height=26.2)

_LARGEST_LEADING = 4.8  # millimetres from line to line of the address: 11.5 points of type
_SIZE = 0.84  # of the leading
# Pango and fontconfig keep things for a whole process, and no page is fast enough to gain by two at once.
_ONE_AT_A_TIME = threading.Lock()
_FONTS = '"Liberation Sans", Arial, "DejaVu Sans", sans-serif'
_BODY = re.compile(r"<body\b[^>]*>(.*)</body\s*>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLetter:
    """One kept letter and where it goes. ``text`` and ``html`` are printed as kept: the HTML, or the text without one.

    ``sender`` are the lines at the upper right: address, telephone. ``council_name`` heads them where the kept letter
    has no head of its own. ``recipient_name`` stands above the address.
    """

    council_name: str
    sender: tuple[str, ...]
    recipient_name: str
    address: PostalAddress
    reference: str
    written_at: datetime
    subject: str
    text: str
    html: str = ""


@cache
def available() -> str:
    """The empty string where letters can be printed; else what is missing, with what to install, as sentences."""
    try:
        import weasyprint
    except ImportError:
        return "Letters can't be made as PDF: there is no WeasyPrint. Install it with: pip install weasyprint"
    except OSError as error:
        missing = plain.one_line(str(error)).split(":")[0]
        return f"Letters can't be made as PDF: {missing}. Install with: apt-get install {PACKAGES}"
    if b"/FontFile" not in weasyprint.HTML(string="<p>a").write_pdf(uncompressed_pdf=True):
        return "Letters can't be made as PDF: there is no font. Install one with: apt-get install fonts-liberation"
    return ""


def pdf(letter: PaperLetter, *, window: Window = DL) -> bytes:
    """The letter as PDF/UA-1; equal letters give equal bytes. Nothing that it names is fetched.

    Raises InvalidInput at ``paper`` where ``available`` says what is missing.
    """
    with _ONE_AT_A_TIME:
        return _written(_laid_out(letter, window))


def pdf_of_many(letters: Iterable[PaperLetter], *, window: Window = DL, sides: int = 2) -> bytes:
    """One PDF of all letters, each numbered by itself. Raises InvalidInput as ``pdf`` does, and where there are none.

    With two ``sides`` every letter gets an even number of pages: else a printer that prints on both sides would put one
    person's letter on the back of another's.
    """
    with _ONE_AT_A_TIME:
        documents = [_laid_out(letter, window) for letter in letters]
        if not documents:
            raise InvalidInput.of("letters", "There is no letter to print", "Choose at least one")
        pages = [page for document in documents for page in _sheets(document, sides)]
        return _written(documents[0].copy(pages))


def words(letter: PaperLetter) -> tuple[str, ...]:
    """Everything on the sheet that somebody may have typed, without markup, as it is drawn."""
    kept = unescape(re.sub("<[^>]*>", "\n", _inner(letter))) or letter.text
    sender = map(plain.one_line, letter.sender)
    return (plain.untied(kept), letter.subject, *address_lines(letter), letter.council_name, *sender)


def boxes(signs: Iterable[str]) -> frozenset[str]:
    """Those of some characters that no font of a letter has, so that each would be an empty box. Raises as ``pdf``."""
    from weasyprint import LOGGER

    heard = _Heard()
    # No letter joined with "q" is a character of its own: "a" would make "â" of a mark that no font has.
    page = "".join(f"<p>{'q' if unicodedata.combining(sign) else ''}{escape(sign)}</p>" for sign in signs)
    with _ONE_AT_A_TIME:
        LOGGER.addHandler(heard)
        try:
            _written(_rendered(f"<html lang='en-GB'><title>-</title><body style='font-family: {_FONTS}'>{page}"))
        finally:
            LOGGER.removeHandler(heard)
    return frozenset(heard.signs)


class _Heard(logging.Handler):
    """WeasyPrint logs each character without a shape while it draws, with its code."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.signs: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps the character of one line."""
        if ".notdef" in str(record.msg) and isinstance(record.args, tuple):
            self.signs.add(str(record.args[0]))


def _laid_out(letter: PaperLetter, window: Window) -> Document:
    if missing := available():
        raise InvalidInput.of("paper", missing, "Until then print the letter from its page, with the browser")
    return _rendered(_page(letter, window))


def _rendered(html: str) -> Document:
    from weasyprint import HTML, URLFetcher

    # A letter holds text that people typed: nothing in it may make this machine open a file or call another.
    return HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=())).render(pdf_variant="pdf/ua-1")


def _written(document: Document) -> bytes:
    made: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return made


def _sheets(document: Document, sides: int) -> Iterator[Page]:
    yield from document.pages
    for _ in range(-len(document.pages) % sides):
        yield from _rendered('<html lang="en-GB"><style>@page { size: A4 }</style><body></body>').pages


def _page(letter: PaperLetter, window: Window) -> str:
    address = address_lines(letter)
    leading = _leading(address, window)
    facts = {
        "subject": letter.subject,
        "letterhead": 'class="letterhead"' in letter.html,
        "council_name": letter.council_name,
        "sender": [line for line in map(plain.one_line, letter.sender) if line],
        "reference": letter.reference,
        "written_at": letter.written_at,
        "address": address,
        "window": window,
        "leading": round(leading, 2),
        "size": round(leading * _SIZE, 2),
        "text": letter.text.strip(),
        "html": Markup(_inner(letter)),  # noqa: S704 - as kept: escaped when it was written
    }
    return TemplateSet().html("paper/letter.html", facts)


def _inner(letter: PaperLetter) -> str:
    body = _BODY.search(letter.html)
    return body[1] if body else letter.html


def address_lines(letter: PaperLetter) -> tuple[str, ...]:
    """The lines in the window: the name, unless it stands in the address already, and the address."""
    name = plain.one_line(letter.recipient_name)
    typed_too = letter.address.lines[0].casefold() == name.casefold()
    return letter.address.lines if typed_too or not name else (name, *letter.address.lines)


def _leading(lines: tuple[str, ...], window: Window) -> float:
    by_height = window.height / len(lines)
    by_width = window.width / (max(map(_breadth, lines)) * _SIZE)
    return min(_LARGEST_LEADING, by_height, by_width)


def _breadth(line: str) -> float:
    """At most this many times the size of the type, in any of the fonts: a line of an address must not be broken."""
    return sum(1.0 if sign in "WMmw@%&" else 0.8 if sign.isupper() else 0.64 for sign in line)

"""What stands on the pages of a PDF, and where, read back with libraries that did not write it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pypdfium2
from pypdf import PdfReader

MM = 25.4 / 72


@contextmanager
def opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(content)
    try:
        yield document
    finally:
        document.close()


def texts(content: bytes) -> list[str]:
    """The text of each page."""
    with opened(content) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def words(content: bytes) -> list[str]:
    return " ".join(texts(content)).split()


def boxes(content: bytes, page: int = 0) -> dict[str, tuple[float, float, float, float]]:
    """Left, top, right and bottom of each run of text on one page, in millimetres from the upper left."""
    with opened(content) as document:
        height, text = document[page].get_height(), document[page].get_textpage()
        rects = [text.get_rect(number) for number in range(text.count_rects())]
        return {
            text.get_text_bounded(*rect).strip(): (
                rect[0] * MM,
                (height - rect[3]) * MM,
                rect[2] * MM,
                (height - rect[1]) * MM,
            )
            for rect in rects
        }


def catalogue(content: bytes) -> dict[str, object]:
    """The document's own facts: language, marks, metadata."""
    return dict(PdfReader(BytesIO(content)).trailer["/Root"])


def tags(content: bytes) -> list[str]:
    """The kinds of the elements in reading order: Document, Div, P ..."""
    root = PdfReader(BytesIO(content)).trailer["/Root"]["/StructTreeRoot"]
    return list(_kinds(root))


def _kinds(node: object) -> Iterator[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            yield from _kinds(child)
    elif isinstance(node, dict):
        if "/S" in node:
            yield str(node["/S"])[1:]
        yield from _kinds(node.get("/K"))

"""The kinds of files that are kept with a record."""

from __future__ import annotations

from enum import StrEnum


class FileKind(StrEnum):
    """What a file is, told by its content: nothing else is kept with a record."""

    PDF = "PDF"
    JPEG = "JPEG image"
    PNG = "PNG image"
    GIF = "GIF image"
    TIFF = "TIFF image"
    WEBP = "WebP image"
    WORD = "Word document"
    OLD_WORD = "Word document of before 2007"
    EMAIL = "e-mail"
    OUTLOOK = "Outlook e-mail"

    @property
    def ending(self) -> str:
        """How the name of such a file ends."""
        return {
            FileKind.PDF: "pdf",
            FileKind.JPEG: "jpg",
            FileKind.PNG: "png",
            FileKind.GIF: "gif",
            FileKind.TIFF: "tiff",
            FileKind.WEBP: "webp",
            FileKind.WORD: "docx",
            FileKind.OLD_WORD: "doc",
            FileKind.EMAIL: "eml",
            FileKind.OUTLOOK: "msg",
        }[self]

"""What a file is, told by its content and never by its name; what is none of the kinds known is not kept."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from rules.errors import Fault, InvalidInput
from rules.file_words import FileKind

LARGEST = 10 * 1024 * 1024
MOST_FILES = 5
PLACE = "files"
KNOWN = "A PDF, an image (JPEG, PNG, GIF, TIFF, WebP), a Word document or an e-mail"

_SIGNS: tuple[tuple[bytes, FileKind], ...] = (
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"GIF87a", FileKind.GIF),
    (b"GIF89a", FileKind.GIF),
    (b"II*\x00", FileKind.TIFF),
    (b"MM\x00*", FileKind.TIFF),
)
_PDF_WITHIN = 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADERS = re.compile(rb"\A(?:[!-9;-~]{1,70}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)+", re.ASCII)
_NEEDED = (b"from:", (b"date:", b"subject:", b"message-id:", b"received:"))
_HEAD = 64_000
_LONGEST_NAME = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as somebody gave it: its name there, and its content."""

    name: str
    content: bytes


def kind_of(content: bytes) -> FileKind | None:
    """What a file is; None for what is none of the kinds that are kept, and for a Word document with macros."""
    for sign, kind in _SIGNS:
        if content.startswith(sign):
            return kind
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return FileKind.PDF
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return FileKind.WEBP
    if content.startswith(b"PK\x03\x04"):
        return FileKind.WORD if _is_word(content) else None
    if content.startswith(_OLE):
        return _ole(content)
    return FileKind.EMAIL if _is_email(content) else None


def _is_word(content: bytes) -> bool:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        return False
    return "word/document.xml" in names and not any(name.endswith("vbaProject.bin") for name in names)


def _ole(content: bytes) -> FileKind | None:
    """The names of what is inside stand in the container in UTF-16."""
    if "__properties_version1.0".encode("utf-16-le") in content:
        return FileKind.OUTLOOK
    has_macros = "_VBA_PROJECT".encode("utf-16-le") in content
    return FileKind.OLD_WORD if "WordDocument".encode("utf-16-le") in content and not has_macros else None


def _is_email(content: bytes) -> bool:
    head = content[:_HEAD]
    found = _HEADERS.match(head)
    if found is None or b"\x00" in head:
        return False
    names = [line.lower() for line in found[0].splitlines()]
    first, others = _NEEDED
    return any(line.startswith(first) for line in names) and any(line.startswith(others) for line in names)


def refuse(upload: Upload) -> Fault | None:
    """What is wrong with a file, with its name and a remedy; None where it can be kept."""
    name = shown_name(upload.name)
    if not upload.content:
        return Fault(place=PLACE, problem=f"{name} is empty", remedy="Choose the file again")
    if len(upload.content) > LARGEST:
        remedy = "Make it smaller, or send its parts as files of their own"
        return Fault(place=PLACE, problem=f"{name} is larger than 10 MB", remedy=remedy)
    if kind_of(upload.content) is None:
        remedy = f"{KNOWN} can be kept, without macros: save it as one of these"
        return Fault(place=PLACE, problem=f"{name} is of no kind that is kept, whatever its name says", remedy=remedy)
    return None


def refuse_any(uploads: tuple[Upload, ...]) -> None:
    """Raises InvalidInput at ``files`` naming every file that can't be kept, and for more than five."""
    faults = [fault for upload in uploads if (fault := refuse(upload))]
    if len(uploads) > MOST_FILES:
        remedy = "Add the others as another piece of information"
        faults.append(Fault(place=PLACE, problem=f"There are more than {MOST_FILES} files", remedy=remedy))
    if faults:
        raise InvalidInput(faults)


def shown_name(name: str) -> str:
    """A file's name without a folder and without signs that could mislead; it never says where a file goes."""
    last = re.split(r"[/\\]", name)[-1]
    clean = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*').strip(" .")
    return clean[-_LONGEST_NAME:] or "file"


def kept_name(name: str, kind: FileKind) -> str:
    """The same with the ending of what the file really is."""
    shown = shown_name(name)
    stem = shown.rsplit(".", 1)[0] if "." in shown else shown
    return f"{stem or 'file'}.{kind.ending}"

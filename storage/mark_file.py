"""The mark beside a database that is a file: who copies or restores the one without the other can be told by it."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from storage.sessions import Database

SUFFIX = ".mark"


@dataclass(frozen=True, slots=True)
class Mark:
    """What the file says, and which file it is: a copy of it is another one."""

    words: str
    place: str


def beside(database: Database) -> Path | None:
    """The file of the mark; None where the database is no file."""
    if database.dialect != "sqlite":
        return None
    file = Path(str(database.engine.url.database))
    return file.with_name(f"{file.name}{SUFFIX}")


def read(path: Path) -> Mark | None:
    """The mark, or None where there is none that can be read."""
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            return Mark(words=file.read(100).strip(), place=str(os.fstat(file.fileno()).st_ino))
    except OSError:
        return None


def write(path: Path, words: str) -> str:
    """Writes the mark into the file, which stays the same file, and to the disk; returns its place. Raises OSError."""
    is_new = not path.exists()
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+", encoding="ascii") as file:
        file.write(f"{words}\n")
        file.truncate()
        file.flush()
        os.fsync(file.fileno())
        if is_new:
            _give_to_owner(file.fileno(), path)
        return str(os.fstat(file.fileno()).st_ino)


def _give_to_owner(number: int, path: Path) -> None:
    # Whoever the database belongs to: a command that root typed must lock nobody out.
    with suppress(OSError):
        owner = path.with_name(path.name.removesuffix(SUFFIX)).stat()
        os.fchown(number, owner.st_uid, owner.st_gid)

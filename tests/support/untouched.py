"""A block in which Python opens no file for writing, makes none and removes none."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_CHANGES = {"os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "shutil.move"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
_watched: list[list[str]] = []


def _listen(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watched:
        return
    name = str(arguments[0]) if arguments else ""
    if "__pycache__" in name or name == os.devnull:
        return
    if event in _CHANGES or (event == "open" and arguments[2] & _WRITING):
        _watched[-1].append(f"{event} {name}")


sys.addaudithook(_listen)  # can't be taken away again, but listens only inside the block


@contextmanager
def files() -> Iterator[list[str]]:
    """The list of what was written to in the block; empty where nothing was."""
    _watched.append([])
    try:
        yield _watched[-1]
    finally:
        _watched.pop()


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of change of every file, but for the side files in which SQLite keeps its readers' marks."""
    return {
        str(path): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }

"""Collecting what came back: from a mailbox, or from a folder into which somebody drops message files."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from notifications.returned import imap
from notifications.returned.bounce_reports import MOST
from notifications.returned.received import CannotCollect, Received, Source
from rules.errors import InvalidInput

FIELD = imap.FIELD
DONE = "done"


@dataclass(frozen=True, slots=True)
class DropFolder:
    """A folder of message files (``*.eml``); what was recorded is moved to ``done`` below it.

    Whoever drops a file writes it under another name first and renames it, so that it is whole when it is seen.
    """

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    @contextmanager
    def opened(self, us: str = "") -> Iterator[Source]:  # noqa: ARG002 - the hash alone tells what we have seen
        """The folder as a source; CannotCollect where it is not there."""
        if not self.path.is_dir():
            raise CannotCollect(f"There is no folder {self.path}. Make it, or name another in {FIELD}.")
        yield self

    def waiting(self) -> Iterator[Received]:
        """Each file, by name; CannotCollect at the end where one can't be read."""
        unread: list[str] = []
        for path in sorted(self.path.glob("*.eml")):
            try:
                yield _of_file(path)
            except FileNotFoundError:  # another process was faster
                continue
            except OSError as error:
                unread.append(f"{path.name} ({error.strerror})")
        if unread:
            raise CannotCollect(f"Can't be read in {self.path}: {', '.join(unread)}. Check the rights of the files.")

    def done(self, received: Received) -> None:
        """Move the file to ``done``, unless it is gone or is another one by now; never over another file there."""
        path = self.path / received.place
        try:
            if _of_file(path).key != received.key:
                return
            (self.path / DONE).mkdir(exist_ok=True)
            path.replace(self._free(path, received.key))
        except FileNotFoundError:
            return
        except OSError as error:
            remedy = f"Let this program write in {self.path / DONE}."
            raise CannotCollect(f"{path} was recorded and can't be moved ({error.strerror}). {remedy}") from None

    def leave(self, received: Received) -> None:
        """Nothing: the file stays, and its hash tells that it is recorded."""

    def _free(self, path: Path, key: str) -> Path:
        target = self.path / DONE / path.name
        # Other content under the same name gets its hash into the name; the same content may replace itself.
        return target.with_stem(f"{path.stem}-{key[:16]}") if target.exists() else target


def named(setting: str) -> DropFolder | imap.ImapMailbox:
    """The source that a setting names: ``imaps://user:secret@host/INBOX``, or ``file:///path`` or a plain path.

    Raises InvalidInput at PATHWAY_RETURNED_MAIL; nothing is opened. ``opened()`` of what comes back gives the Source.
    """
    text = setting.strip()
    if text.partition("://")[0] in imap.PORTS:
        return imap.ImapMailbox.from_url(text)
    path = Path(unquote(urlsplit(text).path)) if text.startswith("file://") else Path(text)
    if not text or not path.is_absolute() or "://" in str(path):
        problem = "names neither a mailbox nor a folder by its whole path"
        raise InvalidInput.of(FIELD, problem, "Write imaps://USER:SECRET@mail.example.org/INBOX or /path/of/a/folder")
    return DropFolder(path)


def opened(setting: str, us: str = "") -> AbstractContextManager[Source]:
    """The source that a setting names, ready to be read by the installation ``us`` and closed at the end."""
    return named(setting).opened(us)


def _of_file(path: Path) -> Received:
    if not stat.S_ISREG(path.lstat().st_mode):
        raise OSError(errno.EINVAL, "it is no ordinary file")
    # No link is followed: whoever may drop files must not have others read, or moved, by this program.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        return Received.of(file.read(MOST), path.name)

"""What was received and waits to be recorded: the interface of a mailbox and of a folder of message files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from notifications.returned.bounce_reports import MOST
from rules.errors import PathwayError


class CannotCollect(PathwayError):
    """Returned mail can't be collected just now; nothing is lost, it waits where it is."""

    status = 503


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One received e-mail: its first million bytes, and the place where its source finds it again.

    ``key`` is a hash of the content. The same message has the same key when it is offered again, after somebody was
    killed between recording it and saying that it is done: record each key once.
    """

    content: bytes
    place: str
    key: str

    @classmethod
    def of(cls, content: bytes, place: str) -> Received:
        """The message with this content at this place."""
        return cls(content=content[:MOST], place=place, key=hashlib.sha256(content[:MOST]).hexdigest())


class Source(Protocol):
    """Where received mail waits. Say ``done`` or ``leave`` only after the message was recorded and that was committed.

    ``us`` names the installation: what it has left is not given to it again, but to every other.
    """

    def waiting(self) -> Iterator[Received]:
        """Each message that nobody has done; CannotCollect where one can't be had, after all others were given."""
        ...

    def done(self, received: Received) -> None:
        """Put the message among those that were dealt with; saying it twice does no harm."""
        ...

    def leave(self, received: Received) -> None:
        """Mark the message as seen by us, and leave it where it is for whomever it is about; twice does no harm."""
        ...

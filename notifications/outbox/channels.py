"""What the outbox needs of whoever carries its messages: a channel, and the connections that it opens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from notifications.answers import Answer
from notifications.outbox.queue import Claimed


class Connection(Protocol):
    """One way to the other side, used for one message after another by one task; no fault of it is an exception."""

    @property
    def in_doubt(self) -> bool:
        """True while the other side may already have the message that is being sent."""
        ...

    async def open(self) -> Answer | None:
        """See that messages can be sent; what keeps us from it, or None."""
        ...

    async def send(self, message: Claimed) -> Answer:
        """Hand one message over and return what was said about it, or why nobody could be asked."""
        ...

    async def quit(self) -> None:
        """Say goodbye and close."""
        ...

    def drop(self) -> None:
        """Close without a word."""
        ...


class Channel(Protocol):
    """A mail server, or a service such as GOV.UK Notify. As text it is what the history calls it."""

    @property
    def longest(self) -> float:
        """How long one message can take, in seconds."""
        ...

    def connections(self, count: int) -> Sequence[Connection]:
        """So many connections, none of them open. Raises InvalidInput where the settings can't be used."""
        ...

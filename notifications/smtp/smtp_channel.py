"""A mail server as a channel of the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from notifications.answers import Answer
from notifications.outbox.channels import Channel
from notifications.outbox.queue import Claimed
from notifications.smtp import mailer
from notifications.smtp.servers import MailServer

NOT_PRINTED = "This is a letter on paper, and GOV.UK Notify is not set up any more: print it and record it as posted"


class _Connection(mailer.Connection):
    """A connection to a mail server, which prints nothing."""

    async def send(self, message: Claimed) -> Answer:
        if message.by_post:
            return Answer(accepted=False, final=True, code=None, text=NOT_PRINTED)
        return await super().send(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """The channel that a mail server is."""

    server: MailServer

    @property
    def longest(self) -> float:
        """How long one message can take, in seconds."""
        return self.server.patience.message

    def connections(self, count: int) -> Sequence[_Connection]:
        """So many connections. Raises InvalidInput where the certificates to be trusted can't be read."""
        trust = self.server.trust()
        return [_Connection(self.server, trust) for _ in range(count)]

    def __str__(self) -> str:
        return str(self.server)


def channel(to: MailServer | Channel) -> Channel:
    """A channel as it is, and a mail server as the channel that it is."""
    return Smtp(server=to) if isinstance(to, MailServer) else to

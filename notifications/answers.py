"""What a mail server said about one message, or about itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer. ``accepted``: the server took the message. ``final``: asking again would change nothing.

    ``server_down``: the answer is about the server and not about this message. It can't be reached, or (with ``final``)
    it is set up so that nothing can be sent before a person mends it. ``code`` is the reply code where one came.
    ``perhaps_taken``: the connection broke when the server may have had the message already; it can arrive twice.
    ``server`` is host and port. ``provider_id`` is GOV.UK Notify's name for what it accepted.
    """

    accepted: bool
    final: bool
    code: int | None
    text: str
    server_down: bool = False
    perhaps_taken: bool = False
    server: str = ""
    provider_id: str = ""

    @property
    def reply(self) -> str:
        """The server's reply as it was said: its code and its words."""
        return f"{self.code} {self.text}" if self.code else self.text

    def __str__(self) -> str:
        return f"{self.reply} ({self.server})" if self.server else self.reply

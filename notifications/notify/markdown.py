"""The body of a message for GOV.UK Notify, in the Markdown that it reads, from the parts of the message."""

from __future__ import annotations

from notifications.notify import from_html, from_text
from notifications.outbox.mime import Parts


def body_of(parts: Parts) -> str:
    """The whole body. Letters have HTML, which says what is what; what goes to colleagues and staff is plain text."""
    own = parts.sender.rpartition("@")[2]
    if parts.html is None:
        return from_text.body_of(parts.text, own=own)
    return from_html.body_of(parts.html, own=own)
